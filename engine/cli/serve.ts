import packageJson from '../../package.json' with { type: 'json' };
import { ApiListenError, listenApi, type RunningApi } from '../api/listen.ts';
import type { EmulatorControl } from '../api/routes/emulators.ts';
import { newToken } from '../api/token.ts';
import { EmulatorError } from '../emulator/errors.ts';
import { EmulatorPool } from '../emulator/pool.ts';
import type { EmulatorInstance } from '../emulator/types.ts';
import { StoreError } from '../store/errors.ts';
import { openSqlite } from '../store/open-sqlite.ts';
import { Store } from '../store/store.ts';
import { compileOrThrow } from './compile-all.ts';
import { writeControlFile } from './control-file.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { KeysFileError } from './keys-of-templates.ts';
import { startMeters } from './start-meters.ts';

export interface ServeCommand {
  readonly db: string;
  readonly host: string;
  readonly port: number;
  /** JSON file with keys and passwords for meters that are started over REST. */
  readonly keys?: string;
}

/** `dlms serve`: REST over the database until Ctrl-C. 0 stopped, 1 the store or the port cannot be had, 2 usage. */
export async function serve({ db, host, port, keys }: ServeCommand, io: CliIo): Promise<ExitCode> {
  let store: Store | undefined;
  const pool = new EmulatorPool();
  try {
    store = new Store(await openSqlite(db));
    const control = { pool, token: newToken(), start: starter(pool, keys, io) };
    const api = await startApi(store, () => pool.list(), host, port, control);
    const file = writeControlFile(api.url, control.token);
    io.out(`REST at ${api.url}, its description at ${api.url}/docs. Ctrl-C stops.\n`);
    io.err(`Emulators are controlled by dlms emulator, or with the token in ${file.path}\n`);
    await aborted(io.signal);
    file.remove();
    await api.close();
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof ApiListenError)) throw error;
    io.err(`dlms serve: ${error.message}\nWhat to do: ${error.next}\n`);
    return error.code === 'not-loopback' ? exitCodes.usage : exitCodes.failed;
  } finally {
    await pool.stopAll();
    await store?.close();
  }
}

/** Starts templates of this machine for clients of the API. */
function starter(pool: EmulatorPool, keys: string | undefined, io: CliIo): NonNullable<EmulatorControl['start']> {
  return async ({ path, ...request }) => {
    const files = [path];
    try {
      return await startMeters(pool, { files, ...request, ...optional(keys) }, compileOrThrow(files), io);
    } catch (error) {
      if (!(error instanceof KeysFileError)) throw error;
      throw new EmulatorError('secret-missing', error.message, error.next);
    }
  };
}

function optional(keys: string | undefined): { keys?: string } {
  return keys === undefined ? {} : { keys };
}

/** The API over a store and the emulators of this process. Throws ApiListenError. */
export function startApi(
  store: Store,
  emulators: () => readonly EmulatorInstance[],
  host: string,
  port: number,
  control?: EmulatorControl,
): Promise<RunningApi> {
  const context = { store, emulators, version: packageJson.version, now: Date.now };
  return listenApi(control === undefined ? context : { ...context, control }, host, port);
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
