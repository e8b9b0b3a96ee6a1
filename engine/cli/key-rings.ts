import { readFile } from 'node:fs/promises';
import type { KeyRing } from '../codec/security/types.ts';
import { keyRingFromJson } from './key-ring.ts';

/**
 * Key rings of a file: one object of keys, or an array of them, as a capture of several meters needs. Throws Error
 * that never holds a value.
 */
export async function keyRingsOfFile(file: string): Promise<readonly KeyRing[]> {
  const text = await readFile(file, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`key file ${file} is not JSON: expected {"guek": "...", "gak": "..."} or an array of such objects`);
  }
  return (Array.isArray(json) ? json : [json]).map(keyRingFromJson);
}
