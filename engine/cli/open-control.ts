import packageJson from '../../package.json' with { type: 'json' };
import { listenControlApi } from '../api/listen.ts';
import { newToken } from '../api/token.ts';
import { EmulatorError } from '../emulator/errors.ts';
import type { EmulatorPool } from '../emulator/pool.ts';
import { writeControlFile } from './control-file.ts';

/** An API that answers, and how to end it. */
export interface OpenControl {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens the control of emulators on loopback, at a free port unless told otherwise, and leaves the token where other
 * commands of the same user find it. @throws EmulatorError `bad-listen`, ApiListenError
 */
export async function openControl(pool: EmulatorPool, where = '127.0.0.1:0'): Promise<OpenControl> {
  const [, host, port] = /^(\[[^\]]+\]|[^:/]+):(\d{1,5})$/.exec(where) ?? [];
  if (host === undefined || Number(port) > 0xffff) {
    throw new EmulatorError(
      'bad-listen',
      `--control: found "${where}", expected HOST:PORT or nothing`,
      'Give for example --control 127.0.0.1:8431, or put --control behind the files.',
    );
  }
  const token = newToken();
  const api = await listenControlApi(
    { control: { pool, token }, version: packageJson.version },
    host.replace(/^\[|\]$/g, ''),
    Number(port),
  );
  const file = writeControlFile(api.url, token);
  return {
    url: api.url,
    close: async () => {
      file.remove();
      await api.close();
    },
  };
}
