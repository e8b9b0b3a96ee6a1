/** Numbers at places of a capture, with the byte order of its writer. Reads outside give undefined. */
export class OctetView {
  readonly octets: Uint8Array;
  readonly #view: DataView;

  constructor(octets: Uint8Array) {
    this.octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  get length(): number {
    return this.octets.length;
  }

  u8(at: number): number | undefined {
    return this.octets[at];
  }

  u16(at: number, littleEndian = false): number | undefined {
    return at + 2 <= this.length ? this.#view.getUint16(at, littleEndian) : undefined;
  }

  u32(at: number, littleEndian = false): number | undefined {
    return at + 4 <= this.length ? this.#view.getUint32(at, littleEndian) : undefined;
  }

  i64(at: number, littleEndian = false): bigint | undefined {
    return at + 8 <= this.length ? this.#view.getBigInt64(at, littleEndian) : undefined;
  }
}
