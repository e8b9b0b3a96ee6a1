/**
 * Frame check sequence of HDLC frame type 3: CRC-16/X-25 (polynomial 1021 reflected to 8408, start FFFF, complement
 * at the end). Source: GB 8.4.6, vectors `fcs-*` (`03 3F` gives `5B EC` on the wire, low octet first).
 */
const TABLE = buildTable();

function buildTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let octet = 0; octet < 256; octet++) {
    let register = octet;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0x8408 : register >> 1;
    table[octet] = register;
  }
  return table;
}

/** Check sequence over `octets[from, to)` as a number; on the wire its low octet goes first. */
export function fcs16(octets: Uint8Array, from = 0, to = octets.length): number {
  let register = 0xffff;
  for (let i = from; i < to; i++) register = (register >> 8) ^ TABLE[(register ^ octets[i]!) & 0xff]!;
  return register ^ 0xffff;
}

/** Reads a check sequence as it stands on the wire, low octet first. */
export function readFcs(octets: Uint8Array, at: number): number {
  return octets[at]! | (octets[at + 1]! << 8);
}

/** Writes `fcs16` over `octets[from, at)` to `octets[at]` and `octets[at + 1]`. */
export function writeFcs(octets: Uint8Array, from: number, at: number): void {
  const fcs = fcs16(octets, from, at);
  octets[at] = fcs & 0xff;
  octets[at + 1] = fcs >> 8;
}
