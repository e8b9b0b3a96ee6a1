/**
 * Names of an ENUMERATED or INTEGER. Numbers without a name are kept as `unknown(n)`, so that decoding loses nothing
 * and encoding gives the same octet back.
 */
export class Enumeration<Name extends string> {
  readonly #what: string;
  readonly #names = new Map<number, Name>();
  readonly #values = new Map<string, number>();

  constructor(what: string, names: Readonly<Record<number, Name>>) {
    this.#what = what;
    for (const [value, name] of Object.entries(names)) {
      this.#names.set(Number(value), name);
      this.#values.set(name, Number(value));
    }
  }

  /** The name of a number that has one. */
  known(value: number): Name | undefined {
    return this.#names.get(value);
  }

  nameOf(value: number): Name | `unknown(${number})` {
    return this.#names.get(value) ?? `unknown(${value})`;
  }

  /** The number of a name or of `unknown(n)`; undefined for any other text. */
  numberOf(name: string): number | undefined {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    if (!name.startsWith('unknown(') || !name.endsWith(')')) return undefined;
    const number = Number(name.slice('unknown('.length, -1));
    return Number.isInteger(number) && number >= 0 && number <= 0xff ? number : undefined;
  }

  /** All names, in the order of their numbers. */
  names(): IterableIterator<Name> {
    return this.#names.values();
  }

  /** What the names stand for and which there are, for messages. */
  describe(): string {
    return `${this.#what} (${[...this.#values.keys()].join(', ')})`;
  }
}
