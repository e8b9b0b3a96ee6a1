import type { Enumeration } from '../enumeration.ts';
import { toHex } from '../hex.ts';
import { hexOf, nameToXml } from './xml-names.ts';

const INDENT = '  ';

/** Writes elements, one a line, indented. Values are hex digits and names: nothing in them needs escaping. */
export class XmlWriter {
  #text = '';
  readonly #open: string[] = [];

  result(): string {
    return this.#text;
  }

  #line(markup: string): void {
    this.#text += `${INDENT.repeat(this.#open.length)}${markup}\n`;
  }

  /** An element around what `inside` writes. `quantity` becomes `Qty`, four hex digits or more. */
  element(name: string, inside: () => void, quantity?: number): void {
    this.#line(quantity === undefined ? `<${name}>` : `<${name} Qty="${hexOf(quantity, 2)}">`);
    this.#open.push(name);
    inside();
    this.#open.pop();
    this.#line(`</${name}>`);
  }

  /** An element around a list, with its length as `Qty`. */
  list<T>(name: string, list: readonly T[], write: (value: T) => void): void {
    this.element(name, () => list.forEach(write), list.length);
  }

  empty(name: string): void {
    this.#line(`<${name} />`);
  }

  /** An element with `Value`; further attributes as they are. */
  value(name: string, value: string, more = ''): void {
    this.#line(`<${name} Value="${value}"${more} />`);
  }

  number(name: string, value: number, octets: number): void {
    this.value(name, hexOf(value, octets));
  }

  octets(name: string, octets: Uint8Array, more = ''): void {
    this.value(name, toHex(octets).toUpperCase(), more);
  }

  boolean(name: string, value: boolean): void {
    this.value(name, value ? '01' : '00');
  }

  enumerated(name: string, names: Enumeration<string>, value: string): void {
    this.value(name, nameToXml(names, value));
  }

  /** A named bit, as in conformance blocks. */
  named(name: string, bit: string): void {
    this.#line(`<${name} Name="${bit}" />`);
  }

  /** Lines of text as a comment. Two hyphens may not stand in one. */
  comment(text: string): void {
    const lines = text.trimEnd().replaceAll('--', '- -').split('\n');
    if (lines.length === 1) {
      this.#line(`<!-- ${lines[0]} -->`);
      return;
    }
    this.#line('<!--');
    for (const line of lines) this.#line(`${INDENT}${line}`);
    this.#line('-->');
  }
}
