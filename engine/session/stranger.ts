import { toHex } from '../codec/hex.ts';
import { judgeFirstOctets, type StreamKind } from './first-octets.ts';

/** Octets kept of what came before anything was understood. */
export const FIRST_OCTETS_KEPT = 64;
const OCTETS_SHOWN = 8;

/** What answers in place of a meter, in words for a SessionError. */
export interface Stranger {
  readonly found: string;
  readonly cause: string;
  readonly next: string;
}

type Advice = Omit<Stranger, 'found'>;

const NO_METER: Advice = {
  cause: 'this port belongs to something that does not speak DLMS',
  next: 'check host and port: meters often listen on 4059, serial servers on a port of their own',
};

const ADVICE: Readonly<Partial<Record<StreamKind, Advice>>> = {
  http: NO_METER,
  ssh: NO_METER,
  tls: { cause: 'this port wants TLS, or belongs to something else', next: 'check host and port' },
  telnet: {
    cause: 'a serial server in telnet mode mixes its own octets into the stream',
    next: 'set the port of the serial server to raw TCP',
  },
  'm-bus': { cause: 'the port speaks M-Bus', next: 'listen for pushes instead: dlms listen' },
  'mode-e': {
    cause: 'the meter is in the opening of IEC 62056-21',
    next: 'use HDLC with the mode E opening',
  },
  text: NO_METER,
  binary: {
    cause: 'the framing is another one, the line settings are wrong, or this is no meter',
    next: 'try the other framing (wrapper/HDLC), on a serial line also speed and character format',
  },
};

/**
 * Judges what came from the other side when none of it was understood. Undefined without octets, and where they look
 * like the framing that was spoken: then it is a meter, and broken in another way.
 */
export function judgeStranger(octets: Uint8Array, framing: 'wrapper' | 'hdlc'): Stranger | undefined {
  const guess = judgeFirstOctets(octets);
  if (guess === undefined) return undefined;
  const found =
    guess.kind === 'binary'
      ? `what answers begins with ${toHex(octets.subarray(0, OCTETS_SHOWN)).replace(/..(?=.)/g, '$& ')}`
      : `what answers looks like ${guess.description}`;
  if (guess.kind === 'dlms-wrapper' || guess.kind === 'dlms-hdlc') {
    const spoken = guess.kind === 'dlms-hdlc' ? 'hdlc' : 'wrapper';
    if (spoken === framing) return undefined;
    const name = spoken === 'hdlc' ? 'HDLC' : 'the wrapper';
    return { found, cause: `the meter speaks ${name} on this port`, next: `use framing ${spoken}` };
  }
  return { found, ...(ADVICE[guess.kind] ?? NO_METER) };
}
