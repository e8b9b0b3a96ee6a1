/** Offset, optional colon, octets in groups, and perhaps two blanks with the characters behind them. */
const DUMP_LINE = /^\s*([0-9a-f]{4,8})(?::\s|\s{2,})\s*((?:[0-9a-f]{2,8}(?: {1,2}|$))*[0-9a-f]{2,8})(?:\s{2,}.*|\s*)$/i;
const OCTETS_PER_LINE = 32;
const MAX_LINE = 512;

/**
 * Octets of a hex dump as xxd, hexdump -C or Wireshark write it, or undefined when the text is none: every line begins
 * with the offset of its first octet.
 */
export function parseHexDump(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    if (line.length > MAX_LINE) return undefined;
    const match = DUMP_LINE.exec(line.replace(/\s*\|.*\|\s*$/, ''));
    if (!match) {
      // hexdump ends with a line that has only the length.
      if (octets.length > 0 && Number.parseInt(line.trim(), 16) === octets.length) continue;
      return undefined;
    }
    if (Number.parseInt(match[1]!, 16) !== octets.length) return undefined;
    const digits = match[2]!.replaceAll(' ', '');
    if (digits.length % 2 !== 0 || digits.length > 2 * OCTETS_PER_LINE) return undefined;
    for (let i = 0; i < digits.length; i += 2) octets.push(Number.parseInt(digits.slice(i, i + 2), 16));
  }
  return octets.length > 0 ? Uint8Array.from(octets) : undefined;
}
