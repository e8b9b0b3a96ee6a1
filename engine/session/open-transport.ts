import { DEFAULT_FORMAT, DEFAULT_SPEED, parseFormat } from '../serial/settings.ts';
import type { Connection } from './connection.ts';
import { SessionError } from './errors.ts';
import { openSerial } from './serial.ts';
import { openTcp } from './tcp.ts';
import type { Transport, TransportEvents } from './transport.ts';
import { openUdp } from './udp.ts';

/** Opens the transport of a connection. Rejects with SessionError. */
export function openTransport(
  connection: Pick<Connection, 'host' | 'port' | 'transport' | 'serial'>,
  options: { readonly timeoutMs: number; readonly events: TransportEvents; readonly signal?: AbortSignal },
): Promise<Transport> {
  const { host, port, transport = 'tcp', serial = {} } = connection;
  if (transport !== 'serial' && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    const next = 'give the port the meter listens on, 4059 for most';
    return Promise.reject(new SessionError('not-supported', `port ${port} is not in 1..65535`, { next }));
  }
  if (transport === 'udp') return openUdp({ host, port, ...options });
  if (transport === 'tcp') return openTcp({ host, port, ...options });
  const { speed = DEFAULT_SPEED, format } = serial;
  const known = format === undefined ? DEFAULT_FORMAT : parseFormat(format);
  if (known === undefined) {
    const next = 'give data bits, parity and stop bits such as 8N1, 8E1 or 7E1';
    return Promise.reject(new SessionError('not-supported', `character format "${format}"`, { next }));
  }
  const { events, signal } = options;
  return openSerial({ path: host, settings: { speed, ...known }, events, ...(signal === undefined ? {} : { signal }) });
}
