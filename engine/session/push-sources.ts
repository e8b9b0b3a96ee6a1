import { createSocket } from 'node:dgram';
import { createServer, isIPv6, type Socket } from 'node:net';
import type { SerialSettings } from '../serial/settings.ts';
import { SessionError } from './errors.ts';
import { PushDatagrams, PushLine, type PushLineEvents } from './push-line.ts';
import { openSerial } from './serial.ts';
import { openTcp } from './tcp.ts';

/** Where pushes come from. */
export type PushSource =
  /** Meters connect, or send datagrams. */
  | { readonly kind: 'tcp' | 'udp'; readonly host: string; readonly port: number }
  /** A serial server that meters push through: this side connects. */
  | { readonly kind: 'connect'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly settings: SerialSettings };

/** Who sent something: an address with its port, or the path of a serial port without. */
export interface PushOrigin {
  readonly transport: 'tcp' | 'udp' | 'serial';
  readonly host: string;
  readonly port?: number;
}

export interface PushSourceEvents {
  /** What a sender brings is handled by these. */
  readonly line: (from: PushOrigin) => PushLineEvents;
  /** The source is gone; nothing follows. */
  readonly closed: (error: SessionError) => void;
}

export interface OpenPushSource {
  /** The port listened on; absent for serial ports. */
  readonly port?: number;
  close(): Promise<void>;
}

/** Meters connected at the same time; further ones are turned away. */
export const MAX_PUSH_CONNECTIONS = 1024;
/** A connection without an octet for so long is closed, ms. */
const IDLE_TIMEOUT = 15 * 60_000;
const CONNECT_TIMEOUT = 5000;

/** Opens a source. Rejects with SessionError `not-permitted`, `port-busy`, `unreachable` and those of a connection. */
export function openPushSource(source: PushSource, events: PushSourceEvents): Promise<OpenPushSource> {
  switch (source.kind) {
    case 'tcp':
      return listenTcp(source.host, source.port, events);
    case 'udp':
      return listenUdp(source.host, source.port, events);
    case 'connect':
      return connectTcp(source.host, source.port, events);
    case 'serial':
      return listenSerial(source.path, source.settings, events);
  }
}

function listenTcp(host: string, port: number, events: PushSourceEvents): Promise<OpenPushSource> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const from = { transport: 'tcp', host: plain(socket.remoteAddress), port: socket.remotePort ?? 0 } as const;
    const line = new PushLine(events.line(from), (octets) => socket.write(octets));
    socket.setTimeout(IDLE_TIMEOUT, () => socket.destroy());
    socket.on('data', (octets) => {
      if (!line.receive(octets)) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      line.close();
    });
  });
  server.maxConnections = MAX_PUSH_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}

function listenUdp(host: string, port: number, events: PushSourceEvents): Promise<OpenPushSource> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const datagrams = new PushDatagrams();
  socket.on('message', (octets, { address, port: from }) => {
    const origin = { transport: 'udp', host: plain(address), port: from } as const;
    datagrams.receive(octets, `${address} ${from}`, events.line(origin), (answer) =>
      socket.send(answer, from, address, () => undefined),
    );
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => reject(listenError(error, host, port)));
    socket.bind({ address: host, port, exclusive: true }, () => {
      resolve({
        port: socket.address().port,
        close: () => new Promise((closed) => socket.close(() => closed())),
      });
    });
  });
}

async function connectTcp(host: string, port: number, events: PushSourceEvents): Promise<OpenPushSource> {
  const line = new PushLine(events.line({ transport: 'tcp', host, port }), (octets) => transport.write(octets));
  const transport = await openTcp({
    host,
    port,
    timeoutMs: CONNECT_TIMEOUT,
    events: {
      data: (octets) => {
        if (line.receive(octets)) return;
        transport.close();
        events.closed(new SessionError('closed', `what ${host}:${port} sends is no stream of pushes`));
      },
      closed: (error) => {
        line.close();
        events.closed(error);
      },
    },
  });
  return { close: async () => transport.close() };
}

async function listenSerial(path: string, settings: SerialSettings, events: PushSourceEvents): Promise<OpenPushSource> {
  const line = new PushLine(events.line({ transport: 'serial', host: path }), (octets) => transport.write(octets));
  const transport = await openSerial({
    path,
    settings,
    events: {
      data: (octets) => {
        line.receive(octets);
      },
      closed: (error) => {
        line.close();
        events.closed(error);
      },
    },
  });
  return { close: async () => transport.close() };
}

/** An IPv4 address without the prefix that IPv6 sockets put before it. */
function plain(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): SessionError {
  const where = `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    const next = 'choose another port, or end the program that has it';
    return new SessionError('port-busy', `${where} is in use`, { next });
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    const next = 'choose a port from 1024 on, or run with the rights for it';
    return new SessionError('not-permitted', `this process may not listen on ${where}`, { next });
  }
  const next = 'give an address of this machine';
  return new SessionError('unreachable', `cannot listen on ${where} (${error.code ?? error.message})`, { next });
}
