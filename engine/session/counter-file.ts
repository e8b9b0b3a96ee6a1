import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { CounterStore } from './invocation-counters.ts';

const FORMAT = 1;

/**
 * Invocation counters in a JSON file, whole and durable at every moment: a new file is written beside it, forced to
 * disk and moved over it. A second process that opens the same file is refused, since both would hand out the same
 * counters. The file holds hashes of keys, no keys.
 */
export class CounterFile implements CounterStore {
  readonly #file: string;
  readonly #lock: string;
  readonly #values: Map<string, number>;

  /** Throws Error when the file is no counter file or another process has it open. */
  constructor(file: string) {
    this.#file = path.resolve(file);
    this.#lock = `${this.#file}.lock`;
    takeLock(this.#lock, this.#file);
    try {
      this.#values = read(this.#file);
    } catch (error) {
      rmSync(this.#lock, { force: true });
      throw error;
    }
  }

  load(name: string): number | undefined {
    return this.#values.get(name);
  }

  save(name: string, value: number): void {
    const values = new Map(this.#values).set(name, value);
    const text = `${JSON.stringify({ format: FORMAT, counters: Object.fromEntries(values) }, null, 2)}\n`;
    const beside = `${this.#file}.new`;
    write(beside, text);
    renameSync(beside, this.#file);
    syncFolder(path.dirname(this.#file));
    this.#values.set(name, value);
  }

  /** Lets other processes have the file. */
  close(): void {
    rmSync(this.#lock, { force: true });
  }
}

function read(file: string): Map<string, number> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return new Map();
    throw error;
  }
  const parsed: unknown = parse(text);
  if (typeof parsed !== 'object' || parsed === null || !('format' in parsed) || parsed.format !== FORMAT)
    throw notCounters(file);
  const counters: unknown = 'counters' in parsed ? parsed.counters : undefined;
  if (typeof counters !== 'object' || counters === null) throw notCounters(file);
  const values = new Map<string, number>();
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value !== 'number') throw notCounters(file);
    values.set(name, value);
  }
  return values;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A file that cannot be understood is not overwritten: counters in it may have been used. */
function notCounters(file: string): Error {
  return new Error(`${file} is no file of invocation counters: expected {"format": 1, "counters": {...}}`);
}

function write(file: string, text: string): void {
  const handle = openSync(file, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The move itself has to reach the disk. Windows has no handle of a folder, and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Takes the lock, also from a process that is gone. */
function takeLock(lock: string, file: string): void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(lock, 'wx', 0o600);
      try {
        writeSync(handle, String(process.pid));
      } finally {
        closeSync(handle);
      }
      return;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      const owner = Number(readFileSync(lock, 'utf8'));
      if (attempt > 0 || isAlive(owner)) {
        throw new Error(`${file} is in use by process ${owner}; if that is no client of yours, remove ${lock}`);
      }
      rmSync(lock, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
