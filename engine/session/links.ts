import { HdlcClientLink } from '../link/hdlc-client-link.ts';
import type { ClientLink } from '../link/types.ts';
import { WrapperClientLink } from '../link/wrapper-client-link.ts';
import type { Connection } from './connection.ts';
import { SessionError } from './errors.ts';

/** Information field this client proposes: the largest of the standard, what the meter takes decides. */
const MAX_INFO_PROPOSED = 2030;
/** A frame is asked for once more before the channel gives up. */
const RETRIES = 1;

/** The client link for a connection. Throws SessionError `not-supported` for addresses outside of the link's range. */
export function linkFor(
  connection: Pick<Connection, 'framing' | 'client' | 'server' | 'hdlc' | 'transport'>,
  timeoutMs: number,
): ClientLink {
  const { client, server, hdlc } = connection;
  try {
    if (connection.framing === 'wrapper')
      return new WrapperClientLink({ client, server, datagrams: connection.transport === 'udp' });
    const bytes = hdlc?.addressBytes ?? 1;
    return new HdlcClientLink({
      client,
      server: bytes === 1 ? { upper: server } : { upper: server, lower: hdlc?.lower ?? 0 },
      addressBytes: bytes,
      parameters: { maxInfoTx: MAX_INFO_PROPOSED, maxInfoRx: MAX_INFO_PROPOSED },
      responseTimeout: Math.max(1, Math.floor(timeoutMs / (RETRIES + 1))),
      retries: RETRIES,
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw new SessionError('not-supported', error.message, { next: 'give an address within the range' });
    throw error;
  }
}
