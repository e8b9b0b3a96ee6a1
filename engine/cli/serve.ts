import packageJson from '../../package.json' with { type: 'json' };
import { ApiListenError, listenApi, type RunningApi } from '../api/listen.ts';
import type { EmulatorInstance } from '../emulator/types.ts';
import { StoreError } from '../store/errors.ts';
import { openSqlite } from '../store/open-sqlite.ts';
import { Store } from '../store/store.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';

export interface ServeCommand {
  readonly db: string;
  readonly host: string;
  readonly port: number;
}

/** `dlms serve`: REST over the database until Ctrl-C. 0 stopped, 1 the store or the port cannot be had, 2 usage. */
export async function serve({ db, host, port }: ServeCommand, io: CliIo): Promise<ExitCode> {
  let store: Store | undefined;
  try {
    store = new Store(await openSqlite(db));
    const api = await startApi(store, () => [], host, port);
    io.out(`REST at ${api.url}, its description at ${api.url}/docs. Ctrl-C stops.\n`);
    await aborted(io.signal);
    await api.close();
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof ApiListenError)) throw error;
    io.err(`dlms serve: ${error.message}\nWhat to do: ${error.next}\n`);
    return error.code === 'not-loopback' ? exitCodes.usage : exitCodes.failed;
  } finally {
    await store?.close();
  }
}

/** The API over a store and the emulators of this process. Throws ApiListenError. */
export function startApi(
  store: Store,
  emulators: () => readonly EmulatorInstance[],
  host: string,
  port: number,
): Promise<RunningApi> {
  return listenApi({ store, emulators, version: packageJson.version, now: Date.now }, host, port);
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
