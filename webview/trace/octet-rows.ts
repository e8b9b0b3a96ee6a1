/** Octets laid out as rows of sixteen. Pure. */
export const octetsPerRow = 16;

export interface OctetRow {
  /** Offset of the first octet. */
  readonly offset: number;
  /** Two hex digits each; at most `octetsPerRow`. */
  readonly octets: readonly string[];
}

export function rowCount(hex: string): number {
  return Math.ceil(hex.length / 2 / octetsPerRow);
}

export function octetRow(hex: string, row: number): OctetRow {
  const offset = row * octetsPerRow;
  const octets: string[] = [];
  for (let at = offset * 2; at < hex.length && octets.length < octetsPerRow; at += 2)
    octets.push(hex.slice(at, at + 2));
  return { offset, octets };
}

/** The printable ASCII character of an octet, else a middle dot. */
export function printable(octet: string): string {
  const code = Number.parseInt(octet, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}

/** `001a`: offset in hex, as wide as the last offset needs but never under four digits. */
export function offsetLabel(offset: number, length: number): string {
  return offset.toString(16).padStart(Math.max(4, length.toString(16).length), '0');
}
