import type { FastifyInstance } from 'fastify';
import packageJson from '../../package.json' with { type: 'json' };
import { createApi } from '../api/server.ts';
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

/** Where REST answers when nothing else is said. */
export const defaultApiPort = 8430;

/** `dlms serve`: REST over the database until Ctrl-C. 0 stopped, 1 the store or the port cannot be used, 2 usage. */
export async function serve({ db, host, port }: ServeCommand, io: CliIo): Promise<ExitCode> {
  if (!isLoopback(host)) {
    io.err(
      `dlms serve: ${host} can be reached from other machines, and this version has no logins yet.\n` +
        'What to do: use 127.0.0.1 and put a reverse proxy with authentication in front.\n',
    );
    return exitCodes.usage;
  }
  let store: Store;
  try {
    store = new Store(await openSqlite(db));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    io.err(`dlms serve: ${error.message}\nWhat to do: ${error.next}\n`);
    return exitCodes.failed;
  }
  try {
    const app = await listen({ store, host, port, emulators: () => [] }, io);
    if (app === undefined) return exitCodes.failed;
    io.out(`REST at http://${host}:${port}, its description at http://${host}:${port}/docs. Ctrl-C stops.\n`);
    await aborted(io.signal);
    await app.close();
    return exitCodes.ok;
  } finally {
    await store.close();
  }
}

/** Starts the API; undefined (said on stderr) when the port cannot be had. */
export async function listen(
  {
    store,
    host,
    port,
    emulators,
  }: {
    readonly store: Store;
    readonly host: string;
    readonly port: number;
    readonly emulators: () => readonly EmulatorInstance[];
  },
  io: CliIo,
): Promise<FastifyInstance | undefined> {
  const app = await createApi({ store, emulators, version: packageJson.version, now: Date.now });
  try {
    await app.listen({ host, port });
    return app;
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const known =
      code === 'EADDRINUSE'
        ? `port ${port} on ${host} is in use by another program. Give another with --port.`
        : code === 'EACCES'
          ? `the system does not allow listening on ${host}:${port}. Ports below 1024 need privileges; give another with --port.`
          : undefined;
    if (known === undefined) throw error;
    io.err(`dlms: ${known}\n`);
    return undefined;
  }
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
