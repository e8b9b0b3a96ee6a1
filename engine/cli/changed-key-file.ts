import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toHex } from '../codec/hex.ts';
import { KEY_RING_NAMES } from '../codec/security/key-id.ts';
import type { SecurityKey } from '../codec/security/key-transfer.ts';

const FILE = 'file:';

/**
 * Text of a key file with new keys in place of those of another, so that it can be given by `--keys` afterwards. What
 * the other file takes from elsewhere (`env:`, `file:`) stays there; paths are made to count from the new file.
 * Throws Error when the other file is no key file.
 */
export function changedKeyFile(keys: readonly SecurityKey[], file: string, from: string | undefined): string {
  const kept = from === undefined ? {} : membersOf(from, file);
  const changed = Object.fromEntries(keys.map(({ id, key }) => [KEY_RING_NAMES[id], toHex(key)]));
  return `${JSON.stringify({ ...kept, ...changed }, null, 2)}\n`;
}

function membersOf(from: string, file: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(readFileSync(from, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`key file ${from} is not a JSON object`);
  const moved = (value: unknown): unknown => {
    if (typeof value !== 'string' || !value.startsWith(FILE)) return value;
    const place = path.resolve(path.dirname(from), value.slice(FILE.length));
    return `${FILE}${path.relative(path.dirname(path.resolve(file)), place)}`;
  };
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, moved(value)]));
}
