import type { KeyRing } from '../../codec/security/types.ts';
import type { SortedSecrets } from './named-secrets.ts';
import { candidates } from './open-with-keys.ts';

/** Key rings handed to a decoder that tries each of them on every APDU. */
export const MAX_RINGS = 500;

/** The secrets as key rings for decoders that learn system titles by themselves, the most probable first. */
export function keyRings(secrets: SortedSecrets): KeyRing[] {
  const rings: KeyRing[] = [];
  for (const { ring } of candidates(secrets, [])) {
    rings.push(ring);
    if (rings.length === MAX_RINGS) break;
  }
  return rings;
}
