import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a process that runs emulators can be reached, and the token it wants. */
export interface ControlFile {
  /** `http://127.0.0.1:8431`. */
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

/** Folder of control files; only its owner may look into it. `DLMS_CONTROL_DIR` puts it elsewhere. */
function folder(): string {
  const runtime = process.env.XDG_RUNTIME_DIR ?? join(homedir(), '.local', 'state');
  return process.env.DLMS_CONTROL_DIR ?? join(runtime, 'dlms-workbench');
}

/** Lets other commands of the same user find this process; the result takes the file away again. */
export function writeControlFile(url: string, token: string): { readonly path: string; remove(): void } {
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  chmodSync(folder(), 0o700);
  const path = join(folder(), `control-${process.pid}-${new URL(url).port}.json`);
  const content: ControlFile = { url, token, pid: process.pid };
  // Written beside and moved into place: a reader sees all of it or nothing.
  writeFileSync(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return { path, remove: () => rmSync(path, { force: true }) };
}

/** Processes that can be controlled. Files of those that are no more are removed. */
export function readControlFiles(): ControlFile[] {
  let names: string[];
  try {
    names = readdirSync(folder());
  } catch {
    return [];
  }
  return names.filter((name) => /^control-.*\.json$/.test(name)).flatMap((name) => read(join(folder(), name)));
}

function read(path: string): ControlFile[] {
  try {
    const { url, token, pid } = JSON.parse(readFileSync(path, 'utf8')) as Partial<ControlFile>;
    if (typeof url !== 'string' || typeof token !== 'string' || typeof pid !== 'number') return [];
    if (isRunning(pid)) return [{ url, token, pid }];
    rmSync(path, { force: true });
    return [];
  } catch {
    // A file that is no control file is nobody's to reach.
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process has no file here; but it runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
