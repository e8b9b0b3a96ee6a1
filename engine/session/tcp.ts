import { createConnection } from 'node:net';
import { afterPoll } from './deadline.ts';
import { SessionError } from './errors.ts';
import { cancelled, connectTimeout, type Transport, type TransportOptions, transportError } from './transport.ts';

/** Opens a TCP connection. Rejects with SessionError: refused, timeout, unreachable, unknown host, cancelled. */
export function openTcp(options: TransportOptions): Promise<Transport> {
  const { host, port, events, signal } = options;
  if (signal?.aborted === true) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, noDelay: true });
    let state: 'connecting' | 'open' | 'ended' = 'connecting';
    const end = (reason: SessionError | null): void => {
      if (state === 'ended') return;
      const was = state;
      state = 'ended';
      callOff();
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      if (reason === null) return;
      if (was === 'connecting') reject(reason);
      else events.closed(reason);
    };
    const callOff = afterPoll(options.timeoutMs, () => end(connectTimeout(host, port)));
    const abort = (): void => end(cancelled());
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('error', (error) => end(transportError(error, host, port)));
    socket.on('close', () =>
      end(
        new SessionError('closed', `connection to ${host}:${port} was closed by the meter`, { next: 'connect again' }),
      ),
    );
    socket.on('data', (octets) => {
      if (state === 'open') events.data(octets);
    });
    socket.on('connect', () => {
      if (state !== 'connecting') return;
      state = 'open';
      callOff();
      resolve({
        kind: 'tcp',
        write: (octets) => {
          if (state === 'open') socket.write(octets);
        },
        close: () => end(null),
      });
    });
  });
}
