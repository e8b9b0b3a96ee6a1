import { DEFAULT_HDLC_PARAMETERS } from '../codec/hdlc/parameters.ts';
import { HdlcClientLink } from '../link/hdlc-client-link.ts';
import { ModeEClientLink } from '../link/mode-e-client-link.ts';
import { longestOpening, timeOnLine } from '../link/mode-e-opening.ts';
import type { ClientLink } from '../link/types.ts';
import { WrapperClientLink } from '../link/wrapper-client-link.ts';
import { DEFAULT_SPEED } from '../serial/settings.ts';
import type { Connection } from './connection.ts';
import { SessionError } from './errors.ts';

/** Information field this client proposes: the largest of the standard, what the meter takes decides. */
const MAX_INFO_PROPOSED = 2030;
/** A frame is asked for once more before the channel gives up. */
const RETRIES = 1;

/** Addresses of the wrapper have two octets (IEC 62056-47). */
const MAX_WPORT = 0xffff;
/** A frame of a slow line that is lost should cost no more, ms. */
const MAX_FRAME_TIME = 500;

/** The client link for a connection. Throws SessionError `not-supported` for addresses outside of the link's range. */
export function linkFor(connection: LinkedConnection, timeoutMs: number): ClientLink {
  const { client, server, framing, transport, modeE, serial } = connection;
  try {
    if (framing === 'wrapper') {
      if (transport === 'serial' || modeE !== undefined) throw wrapperOnLine();
      return new WrapperClientLink({
        client: wPort(client, 'client'),
        server: wPort(server, 'server'),
        datagrams: transport === 'udp',
      });
    }
    if (transport === 'udp') throw hdlcInDatagrams();
    const speed = transport === 'serial' ? (serial?.speed ?? DEFAULT_SPEED) : undefined;
    if (modeE === undefined) return hdlcLink(connection, timeoutMs, speed);
    const hdlc = (chosen: number) => hdlcLink(connection, timeoutMs, transport === 'serial' ? chosen : undefined);
    return new ModeEClientLink({ ...modeE, peer: { client, server }, hdlc });
  } catch (error) {
    if (error instanceof RangeError)
      throw new SessionError('not-supported', error.message, { next: 'give an address within the range' });
    throw error;
  }
}

/** Milliseconds the link needs before the first octet of HDLC or wrapper may go out. */
export function openingTime({ modeE }: Pick<Connection, 'modeE'>): number {
  return modeE === undefined ? 0 : longestOpening(modeE);
}

/** `speed` of a serial line, bit/s. */
function hdlcLink({ client, server, hdlc }: LinkedConnection, timeoutMs: number, speed?: number): HdlcClientLink {
  const bytes = hdlc?.addressBytes ?? 1;
  const octetTime = speed === undefined ? 0 : timeOnLine(1, speed);
  const info = speed === undefined ? MAX_INFO_PROPOSED : informationUpTo(MAX_FRAME_TIME / octetTime);
  return new HdlcClientLink({
    client,
    server: bytes === 1 ? { upper: server } : { upper: server, lower: hdlc?.lower ?? 0 },
    addressBytes: bytes,
    parameters: { maxInfoTx: info, maxInfoRx: info, ...hdlc?.parameters },
    responseTimeout: Math.max(1, Math.floor(timeoutMs / (RETRIES + 1))),
    octetTime,
    retries: RETRIES,
  });
}

function wPort(address: number, name: string): number {
  if (Number.isInteger(address) && address >= 0 && address <= MAX_WPORT) return address;
  throw new RangeError(`${name} address ${address} is not in 0..${MAX_WPORT}`);
}

function informationUpTo(octets: number): number {
  return Math.min(MAX_INFO_PROPOSED, Math.max(DEFAULT_HDLC_PARAMETERS.maxInfoTx, Math.floor(octets)));
}

function wrapperOnLine(): SessionError {
  return new SessionError('not-supported', 'the wrapper does not go over a serial line or behind a mode E opening', {
    next: 'choose HDLC as framing',
  });
}

function hdlcInDatagrams(): SessionError {
  return new SessionError('not-supported', 'HDLC does not go over UDP: its frames need an order', {
    next: 'choose the wrapper as framing, or TCP',
  });
}

type LinkedConnection = Pick<Connection, 'framing' | 'client' | 'server' | 'hdlc' | 'transport' | 'serial' | 'modeE'>;
