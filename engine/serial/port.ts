import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { loadDriver } from './driver.ts';
import { SerialError } from './errors.ts';
import { describeSettings, octetTime, type SerialSettings } from './settings.ts';

export interface SerialPortEvents {
  readonly data: (octets: Uint8Array) => void;
  /** The port went away by itself; nothing follows. */
  readonly closed: (error: SerialError) => void;
}

/** An open serial port. */
export interface OpenSerialPort {
  readonly path: string;
  /** Octets go out in the order of the calls. */
  write(octets: Uint8Array): void;
  /** Changes the speed, bit/s, between what was written before and what is written after. */
  setSpeed(speed: number): void;
  /** No event follows. Resolves when the port is free again. */
  close(): Promise<void>;
}

/** How often it is looked whether the port is still there, ms. */
const WATCH_MS = 500;

/** Ports of this process on their way to being free: who opens one again right away has to wait for it. */
const closing = new Map<string, Promise<void>>();

/** Opens a port for this process alone. Rejects with SerialError; nothing is left open then. */
export async function openSerialPort(
  path: string,
  settings: SerialSettings,
  events: SerialPortEvents,
): Promise<OpenSerialPort> {
  const { SerialPort } = await loadDriver();
  await checkPath(path);
  await closing.get(path);
  const { speed, ...format } = settings;
  const port = new SerialPort({ path, baudRate: speed, ...format, autoOpen: false });
  let ended = false;
  let watch: NodeJS.Timeout | undefined;
  const close = (after: Promise<void>): Promise<void> => {
    ended = true;
    clearInterval(watch);
    const closed = after
      .then(() => (port.isOpen ? done((callback) => port.close(callback)) : undefined))
      .catch(() => {})
      .then(() => {
        if (closing.get(path) === closed) closing.delete(path);
      });
    closing.set(path, closed);
    return closed;
  };
  const end = (error: SerialError): void => {
    if (ended) return;
    void close(Promise.resolve());
    events.closed(error);
  };
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(openError(path, settings, error))));
  });
  port.on('data', (octets: Uint8Array) => {
    if (!ended) events.data(octets);
  });
  port.on('error', (error) => end(gone(path, error)));
  port.on('close', (error: unknown) => end(gone(path, error)));

  // On POSIX systems the driver takes a hang-up for "nothing yet" and reads again without a pause, for ever.
  watch = setInterval(() => {
    checkPath(path).catch((error: unknown) => end(gone(path, error)));
  }, WATCH_MS).unref();

  let current = settings;
  /** When the last octet has left by calculation: adapters say that they have sent what they only have buffered. */
  let sentAt = 0;
  let last: Promise<void> = Promise.resolve();
  const inOrder = (work: () => Promise<void>): void => {
    last = last.then(() => (ended ? undefined : work())).catch((error: unknown) => end(gone(path, error)));
  };
  return {
    path,
    write: (octets) =>
      inOrder(async () => {
        sentAt = Math.max(sentAt, performance.now()) + octets.length * octetTime(current);
        await done((callback) => port.write(octets, callback));
      }),
    setSpeed: (next) =>
      inOrder(async () => {
        if (next === current.speed) return;
        await done((callback) => port.drain(callback));
        const left = sentAt - performance.now();
        if (left > 0) await pause(left);
        await done((callback) => port.update({ baudRate: next }, callback));
        current = { ...current, speed: next };
      }),
    close: () => close(last),
  };
}

/** The driver tells what is wrong with a path in words only; the file system has codes for it. */
async function checkPath(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EPERM') {
      const next = 'Add this user to the group that owns the port (dialout, uucp), then log in again.';
      throw new SerialError('not-permitted', `this user may not use ${path}`, next);
    }
    const next = 'List the ports with: dlms ports. Adapters often get another number when they are plugged in again.';
    throw new SerialError('no-such-port', `there is no serial port ${path}`, next);
  }
}

function openError(path: string, settings: SerialSettings, error: Error): SerialError {
  // The driver has no codes: its words are matched where something better can be said, and shown in any case.
  if (/lock|busy|access denied/i.test(error.message)) {
    return new SerialError('busy', `${path} is in use: ${error.message}`, 'Close the other program that has the port.');
  }
  if (/baud|parity|bits|settings/i.test(error.message)) {
    const text = `${path} cannot be set to ${describeSettings(settings)}: ${error.message}`;
    return new SerialError('bad-settings', text, 'Choose a speed and a format that the adapter has.');
  }
  return new SerialError('failed', `${path} cannot be opened: ${error.message}`, 'Check the adapter and its driver.');
}

function gone(path: string, error: unknown): SerialError {
  const reason = error instanceof Error ? `: ${error.message}` : '';
  return new SerialError('closed', `${path} went away${reason}`, 'Plug the adapter in again and repeat.');
}

function done(start: (callback: (error: Error | null | undefined) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}
