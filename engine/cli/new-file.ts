import { closeSync, openSync, writeSync } from 'node:fs';

/** Only its owner may read it. */
export const SECRET_MODE = 0o600;
export const PUBLIC_MODE = 0o644;

/** A file that did not exist before: opened at once, so that nothing irreversible begins before there is a place for its result. */
export class NewFile {
  readonly name: string;
  readonly #handle: number;

  /** Throws Error with what to do when the file exists or cannot be made. */
  constructor(name: string, mode: number) {
    this.name = name;
    try {
      this.#handle = openSync(name, 'wx', mode);
    } catch (error) {
      const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (exists) throw new Error(`${name} exists already: give the name of a new file, or move it away`);
      throw new Error(`${name} cannot be made: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Writes the contents and closes the file. */
  finish(text: string): void {
    writeSync(this.#handle, text);
    closeSync(this.#handle);
  }
}

/** Writes a file that must not exist yet. Throws Error with what to do. */
export function writeNewFile(name: string, text: string, mode: number): void {
  new NewFile(name, mode).finish(text);
}
