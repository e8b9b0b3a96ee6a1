import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { cancelled, type Transport, type TransportOptions, transportError } from './transport.ts';

/**
 * UDP to one meter: one wrapper message per datagram (IEC 62056-47). Connected, so that a closed port is told apart
 * from silence where the system reports it.
 */
export async function openUdp(options: TransportOptions): Promise<Transport> {
  const { host, port, events, signal } = options;
  if (signal?.aborted === true) throw cancelled();
  const address = await resolveHost(host, port);
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    let state: 'connecting' | 'open' | 'ended' = 'connecting';
    const end = (reason: ReturnType<typeof cancelled> | null): void => {
      if (state === 'ended') return;
      const was = state;
      state = 'ended';
      signal?.removeEventListener('abort', abort);
      socket.close();
      if (reason === null) return;
      if (was === 'connecting') reject(reason);
      else events.closed(reason);
    };
    const abort = (): void => end(cancelled());
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('error', (error) => end(transportError(error, host, port)));
    socket.on('message', (octets) => {
      // Not the Buffer that datagrams are: what is decoded has the octets of every other transport.
      if (state === 'open') events.data(new Uint8Array(octets.buffer, octets.byteOffset, octets.length));
    });
    socket.connect(port, address, () => {
      if (state !== 'connecting') return;
      state = 'open';
      resolve({
        kind: 'udp',
        write: (octets) => {
          if (state === 'open') socket.send(octets);
        },
        close: () => end(null),
      });
    });
  });
}

async function resolveHost(host: string, port: number): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw transportError(error instanceof Error ? error : new Error(String(error)), host, port);
  }
}
