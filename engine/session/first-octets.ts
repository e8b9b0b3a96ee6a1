/** What the first octets of a stream look like. `dlms-*` are the framings of IEC 62056. */
export type StreamKind =
  | 'dlms-wrapper'
  | 'dlms-hdlc'
  | 'm-bus'
  | 'mode-e'
  | 'http'
  | 'ssh'
  | 'tls'
  | 'telnet'
  | 'text'
  | 'binary';

interface Guess {
  readonly kind: StreamKind;
  /** For people: what answers there. */
  readonly description: string;
}

const ASCII_SHOWN = 40;
/** Telnet negotiates with FF and WILL, WON'T, DO or DON'T (RFC 854). */
const TELNET_WILL = 0xfb;
const TELNET_DONT = 0xfe;

/** Judges the first octets a target sent (quirks.md, fingerprint order 1). Undefined without octets. */
export function judgeFirstOctets(octets: Uint8Array): Guess | undefined {
  const [first, second] = octets;
  if (first === undefined) return undefined;
  if (first === 0x00 && second === 0x01) return { kind: 'dlms-wrapper', description: 'DLMS wrapper' };
  if (first === 0x7e) return { kind: 'dlms-hdlc', description: 'HDLC' };
  const text = printablePrefix(octets);
  if (/^HTTP\/|^<!DOCTYPE|^<html/i.test(text)) return { kind: 'http', description: `an HTTP server ('${text}')` };
  if (text.startsWith('SSH-')) return { kind: 'ssh', description: `an SSH server ('${text}')` };
  if ((first === 0x15 || first === 0x16) && second === 0x03) return { kind: 'tls', description: 'a TLS server' };
  if (first === 0xff && second !== undefined && second >= TELNET_WILL && second <= TELNET_DONT)
    return { kind: 'telnet', description: 'a telnet server' };
  if (first === 0x2f && text.length > 4)
    return { kind: 'mode-e', description: `an IEC 62056-21 identification ('${text}')` };
  if (first === 0x68 && octets[3] === 0x68) return { kind: 'm-bus', description: 'wired M-Bus' };
  if (text.length >= 4) return { kind: 'text', description: `a text service ('${text}')` };
  return { kind: 'binary', description: 'octets of no known metering protocol' };
}

/** Leading printable ASCII, cut for a message. */
function printablePrefix(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets.subarray(0, ASCII_SHOWN)) {
    if (octet < 0x20 || octet > 0x7e) break;
    text += String.fromCharCode(octet);
  }
  return text;
}
