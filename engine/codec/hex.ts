const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Up to so many octets are written faster digit by digit than through a Buffer. */
const SHORT = 16;

/** Octets as lower-case hex without separators, e.g. `c001c1`. */
export function toHex(octets: Uint8Array): string {
  if (octets.length > SHORT) return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex');
  let text = '';
  for (let i = 0; i < octets.length; i++) text += DIGITS[octets[i]!];
  return text;
}

/** One octet as two lower-case hex digits. */
export function octetToHex(octet: number): string {
  return DIGITS[octet & 0xff]!;
}

/**
 * Octets of a hex text. Upper and lower case; blanks, line ends, `:` and `-` between octets are skipped.
 * @throws {TypeError} when anything else is in the text or a digit is missing; names the position.
 */
export function fromHex(text: string): Uint8Array {
  const octets = new Uint8Array(text.length >> 1);
  let length = 0;
  let high = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = digitOf(code);
    if (digit >= 0) {
      if (high < 0) high = digit;
      else {
        octets[length++] = (high << 4) | digit;
        high = -1;
      }
    } else if (high >= 0 || !isSeparator(code)) {
      throw new TypeError(`hex text: '${text.charAt(i)}' at position ${i}, expected a hex digit`);
    }
  }
  if (high >= 0) throw new TypeError(`hex text: ends after half an octet, expected an even number of digits`);
  return octets.subarray(0, length);
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  return -1;
}

function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d || code === 0x3a || code === 0x2d;
}
