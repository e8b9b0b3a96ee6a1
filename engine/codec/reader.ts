import type { DeviationId } from './deviations.ts';
import type { Enumeration } from './enumeration.ts';
import { DecodeFailure } from './failure.ts';
import { FieldSink, shownOctets } from './field-sink.ts';
import { octetToHex } from './hex.ts';
import type { CodecErrorCode, Decoded, DecodeOptions, Deviation, Field, Layer } from './result.ts';
import { rememberWireOctets } from './wire-octets.ts';

/**
 * Longest element whose fields are recorded, octets. An octet makes up to two fields of a hundred octets of memory and
 * more each; the largest APDU of a meter has 65,535 octets, and longer ones put together from blocks hold images.
 */
export const MAX_OCTETS_WITH_FIELDS = 1024 * 1024;

/** Deviations kept of one element. Those behind are tolerated as the first ones were, and no longer told one by one. */
export const MAX_DEVIATIONS = 10_000;

/**
 * Cursor over octets, shared by all decoders of the codec.
 *
 * Octets handed out are views of the input. All multi-octet numbers are big-endian. `end` bounds the element being
 * read and moves inward with `enter`. With a sink every read leaves a field behind; without one the cost is a test
 * for null. Reads give up by throwing DecodeFailure, which only `decodeWith` and `attempt` catch.
 */
export class Reader {
  readonly octets: Uint8Array;
  readonly strict: boolean;
  readonly sink: FieldSink | null;
  readonly deviations: Deviation[] = [];
  /** Layer named in errors and deviations; decoders set it when they take over. */
  layer: Layer;
  pos = 0;
  end: number;
  /** False once something was read that the encoder would write with other octets. See wire-octets.ts. */
  canonical = true;

  constructor(octets: Uint8Array, layer: Layer, options?: DecodeOptions) {
    this.octets = octets;
    this.layer = layer;
    this.end = octets.length;
    this.strict = options?.strict === true;
    this.sink = options?.fields === true ? new FieldSink() : null;
  }

  get remaining(): number {
    return this.end - this.pos;
  }

  fail(code: CodecErrorCode, found: string, expected: string, offset = this.pos): never {
    throw new DecodeFailure({ code, layer: this.layer, offset, found, expected });
  }

  /** Accepts a named departure from the standard, or refuses it in strict mode. */
  deviate(id: DeviationId, description: string, code: CodecErrorCode, offset = this.pos): void {
    if (this.strict) this.fail(code, `deviation ${id}: ${description}`, 'what the standard says (strict mode)', offset);
    this.canonical = false;
    if (this.deviations.length < MAX_DEVIATIONS) this.deviations.push({ id, layer: this.layer, offset, description });
  }

  #need(count: number, what: string): void {
    if (count > this.end - this.pos) {
      this.fail('truncated', `${this.end - this.pos} octets left`, `${count} octets of ${what}`);
    }
  }

  /** The next octet, without reading it. -1 at the end. */
  peek(ahead = 0): number {
    const at = this.pos + ahead;
    return at < this.end ? this.octets[at]! : -1;
  }

  u8(name: string): number {
    this.#need(1, name);
    const value = this.octets[this.pos++]!;
    if (this.sink !== null) this.sink.leaf(name, this.pos - 1, this.pos, String(value));
    return value;
  }

  i8(name: string): number {
    this.#need(1, name);
    const value = (this.octets[this.pos++]! << 24) >> 24;
    if (this.sink !== null) this.sink.leaf(name, this.pos - 1, this.pos, String(value));
    return value;
  }

  u16(name: string): number {
    this.#need(2, name);
    const value = (this.octets[this.pos]! << 8) | this.octets[this.pos + 1]!;
    this.pos += 2;
    if (this.sink !== null) this.sink.leaf(name, this.pos - 2, this.pos, String(value));
    return value;
  }

  u32(name: string): number {
    this.#need(4, name);
    const o = this.octets;
    const p = this.pos;
    const value = ((o[p]! << 24) | (o[p + 1]! << 16) | (o[p + 2]! << 8) | o[p + 3]!) >>> 0;
    this.pos += 4;
    if (this.sink !== null) this.sink.leaf(name, p, this.pos, String(value));
    return value;
  }

  /** A view of the next `count` octets. */
  take(count: number, name: string): Uint8Array {
    this.#need(count, name);
    const view = this.octets.subarray(this.pos, this.pos + count);
    this.pos += count;
    if (this.sink !== null) this.sink.leaf(name, this.pos - count, this.pos, shownOctets(view));
    return view;
  }

  /** A tag that has been told apart already: steps over it and notes what it means. */
  tag(name: string, meaning: string): void {
    const value = this.octets[this.pos++]!;
    if (this.sink !== null) this.sink.leaf(name, this.pos - 1, this.pos, `${meaning} (${octetToHex(value)})`);
  }

  /** An octet that must have this value. */
  expect(value: number, name: string): void {
    this.#need(1, name);
    const found = this.octets[this.pos]!;
    if (found !== value) this.fail('bad-tag', octetToHex(found), `${name} ${octetToHex(value)}`);
    this.pos++;
    if (this.sink !== null) this.sink.leaf(name, this.pos - 1, this.pos, octetToHex(value));
  }

  /**
   * Length in length coding (A-XDR and BER alike): one octet below 80h, otherwise 80h + n and n octets.
   * The value is not yet compared with what is left. A-XDR knows no second form of the same length: leading zeros are
   * a deviation there, and legal in BER. What it is the length of is put together from `name` and `suffix` only where
   * somebody reads it.
   */
  length(name = 'length', suffix = ''): number {
    const from = this.pos;
    const first = from < this.end ? this.octets[from]! : 0xff;
    if (first >= 0x80) return this.#longLength(name + suffix);
    this.pos = from + 1;
    if (this.sink !== null) this.sink.leaf(name + suffix, from, this.pos, String(first));
    return first;
  }

  #longLength(name: string): number {
    this.#need(1, name);
    const from = this.pos;
    const count = this.octets[this.pos++]! & 0x7f;
    if (count === 0) this.fail('bad-length', '80 (indefinite length)', `definite ${name}`, from);
    this.#need(count, name);
    let value = 0;
    for (let i = 0; i < count; i++) {
      value = value * 256 + this.octets[this.pos++]!;
      if (value > 0xffffffff) this.fail('limit', `${name} of more than 4 GiB`, 'at most FFFFFFFF', from);
    }
    if (value < 0x80 || value < 256 ** (count - 1)) {
      if (this.layer === 'acse') this.canonical = false;
      else this.deviate('length-not-minimal', `${name} ${value} in ${count + 1} octets`, 'bad-length', from);
    }
    if (this.sink !== null) this.sink.leaf(name, from, this.pos, String(value));
    return value;
  }

  /** Length and that many octets, as in a variable OCTET STRING. */
  octetString(name: string): Uint8Array {
    return this.take(this.length(name, ' length'), name);
  }

  /** Number of elements. Each takes at least one octet, so a count beyond what is left is refused before any work. */
  count(name: string): number {
    const from = this.pos;
    const count = this.length(name);
    if (count > this.end - this.pos) {
      this.fail('truncated', `${name} ${count} with ${this.end - this.pos} octets left`, 'an octet or more each', from);
    }
    return count;
  }

  /** Presence octet of an OPTIONAL or DEFAULT element: 00 absent, otherwise present; 01 is sent. */
  present(name: string): boolean {
    this.#need(1, name);
    const value = this.octets[this.pos]!;
    if (value > 1) this.deviate('presence-not-01', `presence octet ${octetToHex(value)} of ${name}`, 'bad-value');
    this.pos++;
    if (this.sink !== null) {
      this.sink.leaf(`${name} presence`, this.pos - 1, this.pos, value === 0 ? 'absent (0)' : `present (${value})`);
    }
    return value !== 0;
  }

  /** BOOLEAN: 00 false, others true; 01 is sent. */
  boolean(name: string): boolean {
    this.#need(1, name);
    const value = this.octets[this.pos]!;
    if (value > 1) this.deviate('boolean-not-01', `${name} true as ${octetToHex(value)}`, 'bad-value');
    this.pos++;
    if (this.sink !== null) this.sink.leaf(name, this.pos - 1, this.pos, value === 0 ? 'false' : `true (${value})`);
    return value !== 0;
  }

  /** One octet by its name; numbers without a name become `unknown(n)`. */
  enumerated<Name extends string>(names: Enumeration<Name>, name: string): Name | `unknown(${number})` {
    this.#need(1, name);
    const value = this.octets[this.pos++]!;
    const text = names.nameOf(value);
    if (this.sink !== null) this.sink.leaf(name, this.pos - 1, this.pos, `${text} (${value})`);
    return text;
  }

  /** One octet of a CHOICE, which must be one of those known. */
  choice<Name extends string>(names: Enumeration<Name>, name: string): Name {
    this.#need(1, name);
    const value = this.octets[this.pos]!;
    const text = names.known(value);
    if (text === undefined) this.fail('bad-tag', octetToHex(value), names.describe());
    this.pos++;
    if (this.sink !== null) this.sink.leaf(name, this.pos - 1, this.pos, `${text} (${value})`);
    return text;
  }

  /** Opens a composite field at the current octet. */
  begin(name: string, clause?: string): void {
    if (this.sink !== null) this.sink.begin(name, this.pos, clause);
  }

  /** Closes the composite field opened last. */
  close(value?: string): void {
    if (this.sink !== null) this.sink.end(this.pos, value);
  }

  /** Bounds the following reads to `length` octets; returns the outer end for `leave`. */
  enter(length: number, what: string): number {
    this.#need(length, what);
    const outer = this.end;
    this.end = this.pos + length;
    return outer;
  }

  /** Ends a bounded element, which must have been read completely. */
  leave(outer: number, what: string): void {
    this.expectEnd(what);
    this.end = outer;
  }

  expectEnd(what: string): void {
    if (this.pos < this.end) this.fail('trailing', `${this.end - this.pos} octets left over`, `the end of ${what}`);
  }

  /**
   * Reads something whose failure the caller can live with. On failure the position, deviations and open fields are
   * put back and the failure returned.
   */
  attempt<T>(read: (r: Reader) => T): { readonly value: T } | { readonly failure: DecodeFailure } {
    const { pos, end, layer, canonical } = this;
    const deviations = this.deviations.length;
    const mark = this.sink?.mark();
    try {
      return { value: read(this) };
    } catch (failure) {
      if (!(failure instanceof DecodeFailure)) throw failure;
      if (mark !== undefined) this.sink?.unwind(mark);
      this.pos = pos;
      this.end = end;
      this.layer = layer;
      this.canonical = canonical;
      this.deviations.length = deviations;
      return { failure };
    }
  }
}

/**
 * The public boundary of every decoder: reads one element that must use up all octets, and turns a DecodeFailure into
 * a result. Whatever the octets, nothing is thrown. A value whose canonical encoding differs keeps its octets.
 */
export function decodeWith<T extends object>(
  octets: Uint8Array,
  layer: Layer,
  options: DecodeOptions | undefined,
  read: (r: Reader) => T,
): Decoded<T> {
  if (octets.length > MAX_OCTETS_WITH_FIELDS && options?.fields === true)
    return { ...decodeWith(octets, layer, { ...options, fields: false }, read), fields: tooLong(octets) };
  const r = new Reader(octets, layer, options);
  try {
    const value = read(r);
    if (r.pos < r.end && options?.allowTrailing === true) readTrailing(r);
    r.expectEnd('the element');
    if (!r.canonical) rememberWireOctets(value, octets);
    if (r.sink === null) return { ok: true, value, deviations: r.deviations };
    return { ok: true, value, deviations: r.deviations, fields: r.sink.roots };
  } catch (failure) {
    if (!(failure instanceof DecodeFailure)) throw failure;
    if (r.sink === null) return { ok: false, error: failure.error, deviations: r.deviations };
    r.sink.closeAll(r.pos);
    return { ok: false, error: failure.error, deviations: r.deviations, fields: r.sink.roots };
  }
}

/** The one field of an element that is too long for fields. */
function tooLong(octets: Uint8Array): Field[] {
  const value = `${octets.length} octets: fields are shown up to ${MAX_OCTETS_WITH_FIELDS}`;
  return [{ name: 'element', from: 0, to: octets.length, value }];
}

function readTrailing(r: Reader): void {
  r.deviate('trailing-octets', `${r.remaining} octets after the element`, 'trailing');
  r.take(r.remaining, 'trailing octets');
}
