import type { Enumeration } from './enumeration.ts';

/**
 * Growing buffer, shared by all encoders of the codec. Multi-octet numbers are big-endian.
 *
 * A value that does not fit its field is the mistake of a program, not of octets: the methods throw RangeError or
 * TypeError with the path to the value, e.g. `data.v[3].v: 300 is not an unsigned (0..255)`.
 */
export class Writer {
  #buffer: Uint8Array;
  #length = 0;
  /** Where in the value the encoder is; see `enter`. */
  readonly #path: (string | number)[] = [];

  constructor(capacity = 64) {
    this.#buffer = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** A copy of the octets written, no longer than they are. Short ones live in the heap, which a view would undo. */
  result(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  enter(segment: string | number): void {
    this.#path.push(segment);
  }

  leave(): void {
    this.#path.pop();
  }

  #where(name: string): string {
    let text = '';
    for (const segment of this.#path) text += typeof segment === 'number' ? `[${segment}]` : `.${segment}`;
    if (name !== '') text += `.${name}`;
    return text.startsWith('.') ? text.slice(1) : text;
  }

  rangeError(name: string, problem: string): never {
    throw new RangeError(`${this.#where(name)}: ${problem}`);
  }

  typeError(name: string, problem: string): never {
    throw new TypeError(`${this.#where(name)}: ${problem}`);
  }

  #check(value: number, min: number, max: number, name: string): void {
    if (typeof value !== 'number') this.typeError(name, `${typeof value} instead of a number`);
    if (!Number.isInteger(value) || value < min || value > max) {
      this.rangeError(name, `${value} is not an integer in ${min}..${max}`);
    }
  }

  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, at));
      this.#buffer = larger;
    }
    this.#length = needed;
    return at;
  }

  /** An octet the encoder itself chose: tag, choice, presence. */
  octet(value: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  u8(value: number, name: string): void {
    this.#check(value, 0, 0xff, name);
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  i8(value: number, name: string): void {
    this.#check(value, -0x80, 0x7f, name);
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  u16(value: number, name: string): void {
    this.#check(value, 0, 0xffff, name);
    this.#put16(value);
  }

  i16(value: number, name: string): void {
    this.#check(value, -0x8000, 0x7fff, name);
    this.#put16(value);
  }

  u32(value: number, name: string): void {
    this.#check(value, 0, 0xffffffff, name);
    this.#put32(value);
  }

  i32(value: number, name: string): void {
    this.#check(value, -0x80000000, 0x7fffffff, name);
    this.#put32(value);
  }

  u64(value: bigint, name: string): void {
    this.#check64(value, 0n, 0xffffffffffffffffn, name);
  }

  i64(value: bigint, name: string): void {
    this.#check64(value, -0x8000000000000000n, 0x7fffffffffffffffn, name);
  }

  f32(value: number, name: string): void {
    if (typeof value !== 'number') this.typeError(name, `${typeof value} instead of a number`);
    const at = this.#reserve(4);
    new DataView(this.#buffer.buffer).setFloat32(at, value);
  }

  f64(value: number, name: string): void {
    if (typeof value !== 'number') this.typeError(name, `${typeof value} instead of a number`);
    const at = this.#reserve(8);
    new DataView(this.#buffer.buffer).setFloat64(at, value);
  }

  #put16(value: number): void {
    const at = this.#reserve(2);
    this.#buffer[at] = value >> 8;
    this.#buffer[at + 1] = value;
  }

  #put32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer[at] = value >> 24;
    this.#buffer[at + 1] = value >> 16;
    this.#buffer[at + 2] = value >> 8;
    this.#buffer[at + 3] = value;
  }

  #check64(value: bigint, min: bigint, max: bigint, name: string): void {
    if (typeof value !== 'bigint') this.typeError(name, `${typeof value} instead of a bigint`);
    if (value < min || value > max) this.rangeError(name, `${value} is not in ${min}..${max}`);
    const at = this.#reserve(8);
    new DataView(this.#buffer.buffer).setBigUint64(at, BigInt.asUintN(64, value));
  }

  octets(value: Uint8Array, name: string): void {
    if (!(value instanceof Uint8Array)) this.typeError(name, `${typeof value} instead of octets`);
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
  }

  /** Octets of a fixed number, without length. */
  fixed(value: Uint8Array, size: number, name: string): void {
    this.octets(value, name);
    if (value.length !== size) this.rangeError(name, `${value.length} octets instead of ${size}`);
  }

  /** Length coding in the shortest form (A-XDR and BER alike). */
  lengthOf(length: number): void {
    if (length < 0x80) this.octet(length);
    else if (length < 0x100) {
      this.octet(0x81);
      this.octet(length);
    } else if (length < 0x10000) {
      this.octet(0x82);
      this.#put16(length);
    } else if (length < 0x1000000) {
      this.octet(0x83);
      this.octet(length >> 16);
      this.#put16(length & 0xffff);
    } else {
      this.octet(0x84);
      this.#put32(length);
    }
  }

  /** Length and octets, as in a variable OCTET STRING. */
  octetString(value: Uint8Array, name: string): void {
    if (!(value instanceof Uint8Array)) this.typeError(name, `${typeof value} instead of octets`);
    this.lengthOf(value.length);
    this.octets(value, name);
  }

  boolean(value: boolean, name: string): void {
    if (typeof value !== 'boolean') this.typeError(name, `${typeof value} instead of a boolean`);
    this.octet(value ? 1 : 0);
  }

  /** One octet by its name. */
  enumerated(names: Enumeration<string>, value: string, name: string): void {
    const number = typeof value === 'string' ? names.numberOf(value) : undefined;
    if (number === undefined) this.typeError(name, `'${value}' is not a ${names.describe()}`);
    this.octet(number);
  }

  /** Number of elements of a list, which must be one. The caller writes the elements. */
  count(list: readonly unknown[], name: string): void {
    if (!Array.isArray(list)) this.typeError(name, `${list === null ? 'null' : typeof list} instead of a list`);
    this.lengthOf(list.length);
  }

  /** Refuses null, undefined and simple values where an object belongs. */
  object(value: object, name: string): void {
    if (typeof value !== 'object' || value === null) this.typeError(name, `${value} instead of an object`);
  }
}
