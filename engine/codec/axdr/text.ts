/** Longest piece handed to String.fromCharCode at once, which takes its characters as arguments. */
const PIECE = 4096;

/** One character per octet, so that no octet is lost: visible-string holds ASCII, and sometimes national code pages. */
export function textFromOctets(octets: Uint8Array): string {
  if (octets.length <= PIECE) return String.fromCharCode(...octets);
  let text = '';
  for (let from = 0; from < octets.length; from += PIECE) {
    text += String.fromCharCode(...octets.subarray(from, from + PIECE));
  }
  return text;
}

/** The inverse of `textFromOctets`; undefined when a character does not fit one octet. */
export function octetsFromText(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return undefined;
    octets[i] = code;
  }
  return octets;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Text of UTF-8 octets; undefined when they are not UTF-8. */
export function textFromUtf8(octets: Uint8Array): string | undefined {
  try {
    return utf8.decode(octets);
  } catch {
    return undefined;
  }
}

export function utf8FromText(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}
