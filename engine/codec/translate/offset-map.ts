import type { CodecError, Deviation, Field } from '../result.ts';

interface Piece {
  /** Where the piece begins in the octets handed to the inner decoder. */
  readonly at: number;
  /** Where it came from. */
  readonly from: number;
  readonly length: number;
}

/**
 * Places of an inner decoder's octets in the octets they were taken from: a payload may have been put together from the
 * information fields of several frames. Places behind the end map to the end of the last piece.
 */
export class OffsetMap {
  readonly #pieces: Piece[] = [];
  #length = 0;

  static shift(from: number): OffsetMap {
    return new OffsetMap().add(from, Number.MAX_SAFE_INTEGER);
  }

  add(from: number, length: number): this {
    if (length > 0) this.#pieces.push({ at: this.#length, from, length });
    this.#length += length;
    return this;
  }

  /** Adds all of another map, so that what it places follows. */
  append(other: OffsetMap): this {
    for (const { from, length } of other.#pieces) this.add(from, length);
    return this;
  }

  place(offset: number): number {
    const last = this.#pieces.findLast(({ at }) => at <= offset);
    return last ? last.from + Math.min(offset - last.at, last.length) : offset;
  }

  #run(offset: number, to: number): number {
    const last = this.#pieces.findLast(({ at }) => at <= offset);
    return last ? Math.max(1, Math.min(to, last.at + last.length) - offset) : to - offset;
  }

  /** Map of the part `[from, to)` alone, counted from its own start. */
  part(from: number, to: number): OffsetMap {
    const map = new OffsetMap();
    for (let at = from; at < to; ) {
      const length = this.#run(at, to);
      map.add(this.place(at), length);
      at += length;
    }
    return map;
  }

  error(error: CodecError): CodecError {
    return { ...error, offset: this.place(error.offset) };
  }

  deviations(deviations: readonly Deviation[]): Deviation[] {
    return deviations.map((deviation) => ({ ...deviation, offset: this.place(deviation.offset) }));
  }

  /** The end of a field is placed by its last octet, so that it does not reach into the next piece's header. */
  fields(fields: readonly Field[]): Field[] {
    return fields.map((field) => {
      const from = this.place(field.from);
      const to = field.to > field.from ? this.place(field.to - 1) + 1 : from;
      const placed: Field = { ...field, from, to };
      if (field.children) placed.children = this.fields(field.children);
      return placed;
    });
  }
}
