import type { Enumeration } from '../enumeration.ts';
import { fromHex } from '../hex.ts';
import type { XmlElement } from './xml-element.ts';
import { placeInText, type XmlErrorCode, XmlFailure } from './xml-failure.ts';
import { nameFromXml } from './xml-names.ts';

/** Numbers as the octets of the wire in hex, or, as some translators print them, decimal with a sign. */
export type NumberNotation = 'hex' | 'decimal';

/** Names of one element: the one that is written first, then those that other translators use. */
export type ElementNames = string | readonly string[];

/**
 * One element being read: values of its children by name, in any order, each once. Names are compared without regard
 * to case, underscores and hyphens, as translators of the field differ in them. Throws XmlFailure.
 */
export class ElementReader {
  readonly #element: XmlElement;
  readonly #text: string;
  readonly #path: string;
  readonly #left: Set<XmlElement>;
  /** How numbers are written in this text. */
  readonly numbers: NumberNotation;

  /** `text` is what the element was parsed from, for the places in errors. */
  constructor(element: XmlElement, text: string, numbers: NumberNotation = 'hex', parentPath = '') {
    this.#element = element;
    this.#text = text;
    this.numbers = numbers;
    this.#path = parentPath === '' ? element.name : `${parentPath}/${element.name}`;
    this.#left = new Set(element.children);
  }

  get name(): string {
    return this.#element.name;
  }

  is(names: ElementNames): boolean {
    return hasName(this.#element, names);
  }

  attribute(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const entry = Object.entries(this.#element.attributes).find(([key]) => key.toLowerCase() === wanted);
    return entry?.[1];
  }

  fail(code: XmlErrorCode, found: string, expected: string): never {
    const place = placeInText(this.#text, this.#element.at);
    throw new XmlFailure({ code, found, expected, ...place, path: this.#path });
  }

  /** Runs a read that throws TypeError or RangeError for values, and reports them at this element. */
  checked<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      return this.fail('bad-value', error.message, 'a value of this element');
    }
  }

  #reader(element: XmlElement): ElementReader {
    return new ElementReader(element, this.#text, this.numbers, this.#path);
  }

  /** Reads one child and makes sure that nothing in it was left over. */
  #inside<T>(element: XmlElement, read: (x: ElementReader) => T): T {
    this.#left.delete(element);
    const reader = this.#reader(element);
    const value = read(reader);
    reader.end();
    return value;
  }

  has(names: ElementNames): boolean {
    return this.#find(names) !== undefined;
  }

  #find(names: ElementNames): XmlElement | undefined {
    for (const element of this.#left) if (hasName(element, names)) return element;
    return undefined;
  }

  /** A child that may be missing. */
  optional<T>(names: ElementNames, read: (x: ElementReader) => T): T | undefined {
    const element = this.#find(names);
    return element === undefined ? undefined : this.#inside(element, read);
  }

  /** A child that must be there. */
  child<T>(names: ElementNames, read: (x: ElementReader) => T): T {
    const element = this.#find(names);
    if (element === undefined) {
      const wanted = typeof names === 'string' ? names : names[0]!;
      return this.fail('missing-element', this.#shownLeft(), `an element ${wanted}`);
    }
    return this.#inside(element, read);
  }

  /** The only child left. */
  only<T>(what: string, read: (x: ElementReader) => T): T {
    const [first, ...more] = this.#left;
    if (first === undefined) return this.fail('missing-element', 'nothing', what);
    if (more.length > 0) return this.#reader(more[0]!).fail('unknown-element', more[0]!.name, `only one of ${what}`);
    return this.#inside(first, read);
  }

  /** All children left, in order. `Qty` must be their number where it is given. */
  list<T>(read: (x: ElementReader) => T): T[] {
    const elements = [...this.#left];
    const quantity = this.attribute('Qty');
    if (quantity !== undefined && Number.parseInt(quantity, this.#radix) !== elements.length) {
      const found = `Qty ${quantity} and ${elements.length} elements`;
      this.fail('bad-quantity', found, `the number of elements, ${this.numbers}`);
    }
    return elements.map((element) => this.#inside(element, read));
  }

  /** Octets of `Value` in hex. */
  octets(): Uint8Array {
    const value = this.attribute('Value');
    if (value === undefined) return this.fail('missing-element', 'no Value', 'a Value attribute');
    return this.checked(() => fromHex(value));
  }

  get #radix(): number {
    return this.numbers === 'hex' ? 16 : 10;
  }

  /** `Value` as an unsigned number of so many octets; leading zeros may be left out. */
  number(octets: number): number {
    const value = this.attribute('Value');
    if (value === undefined) return this.fail('missing-element', 'no Value', 'a Value attribute');
    if (this.numbers === 'decimal') return Number(this.decimal(8 * octets, false));
    if (!/^[0-9a-f]+$/i.test(value) || value.replace(/^0+/, '').length > 2 * octets) {
      this.fail('bad-value', `'${value}'`, `up to ${2 * octets} hex digits`);
    }
    return Number.parseInt(value, 16);
  }

  /** `Value` as a decimal number that fits into so many bits, negative ones in two's complement. */
  decimal(bits: number, signed: boolean): bigint {
    const value = this.attribute('Value') ?? '';
    const number = /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
    if (number === undefined || (signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number)) !== number) {
      return this.fail(
        'bad-value',
        `'${value}'`,
        `a decimal number of ${bits} bits, ${signed ? 'signed' : 'unsigned'}`,
      );
    }
    return BigInt.asUintN(bits, number);
  }

  boolean(): boolean {
    const value = this.attribute('Value')?.toLowerCase();
    if (value === 'true' || value === 'false') return value === 'true';
    return this.number(1) !== 0;
  }

  /** `Value` as a name of an enumeration or its number in hex. */
  enumerated<Name extends string>(names: Enumeration<Name>): Name | `unknown(${number})` {
    const value = this.attribute('Value');
    if (value === undefined) return this.fail('missing-element', 'no Value', 'a Value attribute');
    const name = nameFromXml(names, value, this.#radix);
    return name ?? this.fail('bad-value', `'${value}'`, `a ${names.describe()}`);
  }

  /** Nothing may be left over in an element that has been read. */
  end(): void {
    const [left] = this.#left;
    if (left !== undefined) this.#reader(left).fail('unknown-element', left.name, `an element of ${this.name}`);
    if (this.#element.text !== '') this.fail('bad-value', `text '${this.#element.text.slice(0, 40)}'`, 'elements only');
  }

  #shownLeft(): string {
    const names = [...this.#left].map(({ name }) => name);
    return names.length === 0 ? 'no further elements' : names.slice(0, 5).join(', ');
  }
}

function hasName(element: XmlElement, names: ElementNames): boolean {
  const name = plainName(element.name);
  return typeof names === 'string' ? plainName(names) === name : names.some((other) => plainName(other) === name);
}

/** A name without what spellings differ in. */
export function plainName(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}
