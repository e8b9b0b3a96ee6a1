import type { CodecErrorCode, Decoded } from '../result.ts';

export function failed(code: CodecErrorCode, offset: number, found: string, expected: string): Decoded<never> {
  return { ok: false, error: { code, layer: 'iec62056-21', offset, found, expected }, deviations: [] };
}

/** Octets shown in messages. */
const MAX_SHOWN = 64;

/** Text of a line with control characters shown as `<0D>`, for messages; a line without any is `nothing`. */
export function shown(characters: Uint8Array): string {
  if (characters.length === 0) return 'nothing';
  return Array.from(characters.subarray(0, MAX_SHOWN), (character) =>
    character >= 0x20 && character < 0x7f
      ? String.fromCharCode(character)
      : `<${character.toString(16).toUpperCase().padStart(2, '0')}>`,
  ).join('');
}

/** Characters of a text of ASCII. */
export function asciiOctets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Text of octets below 80h. */
export function asciiText(octets: Uint8Array): string {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
}
