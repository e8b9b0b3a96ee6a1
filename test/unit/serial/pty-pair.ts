import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Two pseudo terminals joined by socat: what is written to one is read from the other, as on a serial line. */
export interface PtyPair {
  readonly a: string;
  readonly b: string;
  /** Cuts the line, as when an adapter is unplugged. */
  close(): Promise<void>;
}

/** Title part that says why the tests of a suite are skipped; undefined where socat is installed. */
export function whyNoPtys(): string | undefined {
  return spawnSync('socat', ['-V']).status === 0 ? undefined : 'skipped: socat is not installed';
}

/** Skips the calling suite or test where there is no socat, and says so. */
export function needsSocat(context: Mocha.Context): void {
  const reason = whyNoPtys();
  if (reason === undefined) return;
  console.log(`      ${reason}`);
  context.skip();
}

export async function openPtyPair(): Promise<PtyPair> {
  const folder = mkdtempSync(path.join(tmpdir(), 'dlms-pty-'));
  const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
  const socat: ChildProcess = spawn('socat', [`pty,raw,echo=0,link=${a}`, `pty,raw,echo=0,link=${b}`], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    socat.once('exit', () => resolve());
    socat.once('error', () => resolve());
  });
  for (let tries = 0; tries < 200 && !(existsSync(a) && existsSync(b)); tries++) await pause(10);
  return {
    a,
    b,
    close: async () => {
      socat.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
