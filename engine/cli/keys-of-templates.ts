import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CliIo } from './io.ts';

/** Public keys of sample templates, used if `--keys` is left out and the file lies beside a template. */
const DEMO_KEYS = 'demo.keys.json';

/** A file of keys that is none. */
export class KeysFileError extends Error {
  override readonly name = 'KeysFileError';
  readonly code = 'keys-file';
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

/**
 * Keys and passwords for the meters of template files: those of `keys`, else the public ones that lie beside a template.
 * @throws KeysFileError
 */
export function keysOfTemplates(
  files: readonly string[],
  keys: string | undefined,
  io: Pick<CliIo, 'err'>,
): Readonly<Record<string, string>> {
  if (keys !== undefined) return readSecrets(keys);
  const beside = files.map((file) => join(dirname(file), DEMO_KEYS)).find((path) => existsSync(path));
  if (beside === undefined) return {};
  io.err(`Keys and passwords from ${beside}, which is public.\n`);
  return readSecrets(beside);
}

function readSecrets(path: string): Readonly<Record<string, string>> {
  const next = 'Give a JSON file such as {"my-meter/guek": "hex:00112233...", "my-meter/reader": "text:12345678"}.';
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The parser's message would quote the file, and with it a key.
    throw new KeysFileError(`${path} cannot be read as JSON`, next);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new KeysFileError(`${path} is not a JSON object`, next);
  }
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (typeof value !== 'string') throw new KeysFileError(`${path}: ${name} is not a text`, next);
    values[name] = value.startsWith('env:') ? (process.env[value.slice(4)] ?? '') : value;
    if (values[name] === '') throw new KeysFileError(`${path}: the environment has no ${value.slice(4)}`, next);
  }
  return values;
}
