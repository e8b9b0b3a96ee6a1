import { SerialError } from '../serial/errors.ts';
import { type OpenSerialPort, openSerialPort } from '../serial/port.ts';
import { octetTime, type SerialSettings } from '../serial/settings.ts';
import { SessionError, type SessionErrorCode } from './errors.ts';
import { cancelled, type Transport, type TransportEvents } from './transport.ts';

export interface SerialTransportOptions {
  /** `/dev/ttyUSB0`, `COM3`. */
  readonly path: string;
  readonly settings: SerialSettings;
  readonly signal?: AbortSignal;
  readonly events: TransportEvents;
}

const CODES: Readonly<Record<SerialError['code'], SessionErrorCode>> = {
  'no-driver': 'serial-driver',
  'no-such-port': 'port-unknown',
  'not-permitted': 'not-permitted',
  busy: 'port-busy',
  'bad-settings': 'port-failed',
  failed: 'port-failed',
  closed: 'closed',
};

/** Opens a serial port to a meter. Rejects with SessionError. */
export async function openSerial({ path, settings, signal, events }: SerialTransportOptions): Promise<Transport> {
  if (signal?.aborted === true) throw cancelled();
  let port: OpenSerialPort | undefined;
  let ended: SessionError | 'closed' | undefined;
  let current = settings;
  const end = (reason: SessionError | 'closed'): void => {
    if (ended !== undefined) return;
    ended = reason;
    signal?.removeEventListener('abort', abort);
    if (port === undefined) return;
    void port.close();
    if (reason !== 'closed') events.closed(reason);
  };
  const abort = (): void => end(cancelled());
  signal?.addEventListener('abort', abort, { once: true });
  const opened = await openSerialPort(path, settings, {
    data: (octets) => {
      if (ended === undefined) events.data(octets);
    },
    closed: (error) => end(inOurTerms(error)),
  }).catch((error: unknown) => {
    signal?.removeEventListener('abort', abort);
    throw error instanceof SerialError ? inOurTerms(error) : error;
  });
  const before = ended;
  if (before !== undefined) {
    await opened.close();
    throw before;
  }
  port = opened;
  return {
    kind: 'serial',
    write: (octets) => opened.write(octets),
    setSpeed: (speed) => {
      current = { ...current, speed };
      opened.setSpeed(speed);
    },
    octetTime: () => octetTime(current),
    close: () => end('closed'),
  };
}

function inOurTerms(error: SerialError): SessionError {
  return new SessionError(CODES[error.code], error.message, { next: error.next });
}
