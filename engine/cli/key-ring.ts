import { fromHex } from '../codec/hex.ts';
import type { KeyRing } from '../codec/security/types.ts';

const NAMES = ['guek', 'gak', 'gbek', 'dedicatedKey', 'systemTitle'] as const;

/**
 * Keys to decipher with, from JSON: `{guek, gak, gbek, dedicatedKey, systemTitle}`, each hex, with or without `hex:`
 * in front. Other members (password, suite) belong to the same notation and are left alone.
 * Throws TypeError that names the member and never holds a value.
 */
export function keyRingFromJson(json: unknown): KeyRing {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TypeError('keys are not a JSON object {"guek": "00112233...", "gak": "...", "systemTitle": "..."}');
  }
  const ring: Partial<Record<(typeof NAMES)[number], Uint8Array>> = {};
  for (const [name, value] of Object.entries(json)) {
    const known = NAMES.find((key) => key === name);
    if (known === undefined || value === null) continue;
    if (typeof value !== 'string') throw new TypeError(`keys: ${name} is not a text of hex digits`);
    ring[known] = octets(name, value.startsWith('hex:') ? value.slice(4) : value);
  }
  return ring;
}

function octets(name: string, hex: string): Uint8Array {
  try {
    return fromHex(hex);
  } catch {
    throw new TypeError(`keys: ${name} is not a text of hex digits`);
  }
}
