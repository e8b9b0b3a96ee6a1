import type { CodecError } from '../result.ts';
import { contentKey } from './content-key.ts';
import { SYSTEM_TITLE_LENGTH } from './gcm.ts';
import { generalHeaderOctets } from './general-header.ts';
import { openPayload } from './protection.ts';
import { securitySuite } from './suites.ts';
import type { KeyRing, ProtectedApdu, SecurityHeader } from './types.ts';

export type Unprotected =
  | {
      readonly ok: true;
      readonly plain: Uint8Array;
      readonly header: SecurityHeader;
      /** The authentication tag was there and matched. */
      readonly verified: boolean;
    }
  | { readonly ok: false; readonly error: CodecError };

export interface UnprotectOptions {
  /**
   * Decipher an authenticated APDU although the ring has no authentication key: utilities hand out the encryption key
   * of a consumer interface and keep the other. The result is not `verified`. Default false.
   */
  readonly allowUnverified?: boolean;
}

const NOTHING = new Uint8Array(0);

/**
 * Deciphers and verifies a protected APDU (GB 9.2.7.2.4) with the keys of its originator.
 *
 * `plain` is the APDU inside. Whether the invocation counter is fresh is for the caller to judge: this function keeps
 * no state. Errors have code `not-decipherable`.
 */
export function unprotect(apdu: ProtectedApdu, keys: KeyRing, options: UnprotectOptions = {}): Unprotected {
  if (apdu.kind === 'general-signing') {
    return refused('general-signing', 'a ciphered APDU; the signed APDU is its content');
  }
  const { security } = apdu;
  const suite = securitySuite(security.suite);
  if (suite === undefined) return refused(`security suite ${security.suite}`, 'suite 0, 1 or 2');
  if (security.compressed) return refused('compressed content', 'content without compression');
  if (!security.authenticated && !security.encrypted) return opened(security.payload, security, false);

  const chosen = contentKey(apdu, keys);
  if (!chosen.ok) return refused(chosen.found, chosen.expected);
  if (chosen.key.length !== suite.keyLength) {
    return refused(`encryption key of ${chosen.key.length} octets`, `${suite.keyLength} octets in suite ${suite.id}`);
  }
  const verify = security.authenticated && (keys.gak !== undefined || options.allowUnverified !== true);
  const authenticationKey = verify ? keys.gak : NOTHING;
  if (authenticationKey === undefined) return refused('no key', 'the global authentication key (gak)');
  if (verify && authenticationKey.length !== suite.keyLength) {
    return refused(`gak of ${authenticationKey.length} octets`, `${suite.keyLength} octets in suite ${suite.id}`);
  }
  const systemTitle = originatorTitle(apdu, keys);
  if (systemTitle === undefined) return refused('no system title', `${SYSTEM_TITLE_LENGTH} octets of the originator`);

  const header = apdu.kind === 'general-ciphering' ? generalHeaderOctets(apdu) : NOTHING;
  const input = { suite, key: chosen.key, authenticationKey, systemTitle, header };
  const plain = openPayload(input, security, verify);
  if (plain === undefined) return refused('an authentication tag that does not match', 'the tag of this APDU and keys');
  return opened(plain, security, verify);
}

function opened(plain: Uint8Array, header: SecurityHeader, verified: boolean): Unprotected {
  return { ok: true, plain, header, verified };
}

/** The title in the APDU; where it has none or an empty one, that of the association. */
function originatorTitle(apdu: ProtectedApdu, keys: KeyRing): Uint8Array | undefined {
  const carried =
    apdu.kind === 'general-ciphering'
      ? apdu.originatorSystemTitle
      : apdu.kind === 'general-glo-ciphering' || apdu.kind === 'general-ded-ciphering'
        ? apdu.systemTitle
        : NOTHING;
  const title = carried.length > 0 ? carried : keys.systemTitle;
  return title?.length === SYSTEM_TITLE_LENGTH ? title : undefined;
}

function refused(found: string, expected: string): Unprotected {
  return { ok: false, error: { code: 'not-decipherable', layer: 'security', offset: 0, found, expected } };
}
