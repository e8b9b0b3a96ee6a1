import { SessionError } from './errors.ts';

/** What a transport tells. Nothing comes after `closed`. */
export interface TransportEvents {
  readonly data: (octets: Uint8Array) => void;
  readonly closed: (reason: SessionError) => void;
}

/** An open way to one meter: a byte stream (TCP, serial line) or datagrams (UDP). */
export interface Transport {
  readonly kind: 'tcp' | 'udp' | 'serial';
  write(octets: Uint8Array): void;
  /** Serial lines only: the speed of what is written from now on, bit/s. */
  setSpeed?(speed: number): void;
  /** Serial lines only: milliseconds an octet takes. */
  octetTime?(): number;
  /** Ends it for good; no event follows. */
  close(): void;
}

export interface TransportOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds for the connection to be made. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly events: TransportEvents;
}

/** Error of a system call on a socket, in our terms. */
export function transportError(error: NodeJS.ErrnoException, host: string, port: number): SessionError {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'ECONNREFUSED':
      return new SessionError('connect-refused', `${where} refuses the connection`, {
        cause: 'nothing listens there, or all sessions of the meter are taken',
        next: 'check the port, or wait and try again',
      });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return new SessionError('host-unknown', `host name ${host} cannot be resolved`, {
        next: 'check the name, or give the address',
      });
    case 'ETIMEDOUT':
      return connectTimeout(host, port);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return new SessionError('unreachable', `${where} cannot be reached (${error.code})`, {
        next: 'check address, route and firewall',
      });
    case 'EACCES':
    case 'EPERM':
      return new SessionError('not-permitted', `the system does not permit a connection to ${where} (${error.code})`, {
        next: 'check the firewall and the rights of this process',
      });
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOBUFS':
      return new SessionError('no-sockets', `no socket left for ${where} (${error.code})`, {
        next: 'use a lower concurrency',
      });
    default:
      return new SessionError(
        'closed',
        `connection to ${where} was closed by the other side (${error.code ?? error.message})`,
        { next: 'connect again' },
      );
  }
}

export function connectTimeout(host: string, port: number): SessionError {
  return new SessionError('connect-timeout', `${host}:${port} does not answer`, {
    cause: 'the host is down, or a firewall drops the packets',
    next: 'check the address, or allow more time',
  });
}

export function cancelled(): SessionError {
  return new SessionError('cancelled', 'cancelled');
}
