import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmulatorError } from './errors.ts';

/** Two ends of a line that exists in this machine only. */
export interface PtyPair {
  /** Path for the meter. */
  readonly meter: string;
  /** Path for clients, as they would give that of a serial port. */
  readonly client: string;
  close(): void;
}

/** How long the program may take to make the pair, ms. */
const PATIENCE = 5000;
const POLL = 20;

/**
 * A pair of pseudo terminals, which Node cannot make itself: the program `socat` does it and runs as long as the pair is
 * needed. @throws EmulatorError `serial-port`
 */
export async function openPtyPair(program = 'socat'): Promise<PtyPair> {
  const folder = mkdtempSync(join(tmpdir(), 'dlms-pty-'));
  const [meter, client] = [join(folder, 'meter'), join(folder, 'client')];
  const made = spawn(program, [`pty,raw,echo=0,link=${meter}`, `pty,raw,echo=0,link=${client}`], { stdio: 'ignore' });
  const close = (): void => {
    made.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  let failure: string | undefined;
  made.on('error', (error) => {
    failure = 'code' in error && error.code === 'ENOENT' ? `${program} is not installed` : error.message;
  });
  made.on('exit', () => {
    failure ??= `${program} ended`;
  });
  for (const deadline = performance.now() + PATIENCE; performance.now() < deadline; ) {
    if (failure === undefined && existsSync(meter) && existsSync(client)) return { meter, client, close };
    if (failure !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  close();
  throw new EmulatorError(
    'serial-port',
    `a pair of pseudo terminals cannot be made: ${failure ?? `${program} does not make it`}`,
    'Install socat, or make a pair with another program and give one end with --listen serial:PATH.',
  );
}
