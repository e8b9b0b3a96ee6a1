import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fromHex } from '../../../engine/codec/hex.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';

const sharedFolder = process.env.DLMS_SHARED ?? path.resolve(import.meta.dirname, '../../../../shared');

/** Absolute path of shared material; undefined when it is not there, and the test is skipped. */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const full = path.join(sharedFolder, ...parts);
  return existsSync(full) ? full : undefined;
}

/** One item of frames.jsonl, as far as the tests of this room use it. */
export interface FrameItem {
  readonly id: string;
  readonly what: string;
  readonly layer: string;
  readonly hex: string;
  readonly op?: string;
  readonly in?: Readonly<Record<string, string>>;
  readonly keys?: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, unknown>> & { readonly kind: string };
}

export function frameItems(): FrameItem[] | undefined {
  const file = sharedPath('frames', 'frames.jsonl');
  if (file === undefined) return undefined;
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as FrameItem);
}

const KEY_NAMES = ['guek', 'gak', 'gbek', 'dedicatedKey', 'systemTitle'] as const;

/** The keys of an item as a key ring; names that a key ring does not have are left out. */
export function keyRingOf(keys: Readonly<Record<string, string>> | undefined): KeyRing {
  const ring: { -readonly [K in keyof KeyRing]: KeyRing[K] } = {};
  for (const name of KEY_NAMES) {
    const hex = keys?.[name];
    if (hex !== undefined) ring[name] = fromHex(hex);
  }
  return ring;
}
