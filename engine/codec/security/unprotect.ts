import type { CodecError, Deviation } from '../result.ts';
import { contentKey } from './content-key.ts';
import { SYSTEM_TITLE_LENGTH } from './gcm.ts';
import { generalHeaderOctets } from './general-header.ts';
import type { AlgorithmArc } from './kdf.ts';
import { openPayload } from './protection.ts';
import { type SecuritySuite, securitySuite } from './suites.ts';
import type { CipheredApdu, KeyRing, ProtectedApdu, SecurityHeader } from './types.ts';

export type Unprotected =
  | {
      readonly ok: true;
      readonly plain: Uint8Array;
      readonly header: SecurityHeader;
      /** The authentication tag was there and matched, and an ephemeral key was signed by the originator. */
      readonly verified: boolean;
      /** The encryption key, whose invocation counters the header belongs to; undefined when nothing was protected. */
      readonly key?: Uint8Array;
      readonly deviations: readonly Deviation[];
    }
  | { readonly ok: false; readonly error: CodecError };

export interface UnprotectOptions {
  /**
   * Decipher an authenticated APDU although the ring has no authentication key: utilities hand out the encryption key
   * of a consumer interface and keep the other. Likewise without the key that verifies an ephemeral public key. The
   * result is not `verified`. Default false.
   */
  readonly allowUnverified?: boolean;
  /**
   * How algorithms are named in the derivation of agreed keys. Default: `dlms-ua`; when the tag does not match, also
   * `early-green-book`, as deviation `early-algorithm-id`. Without a tag nothing tells the two apart.
   */
  readonly arc?: AlgorithmArc;
}

const NOTHING = new Uint8Array(0);

/** Deviation id: an agreed key was derived with the algorithm identifiers of early printings of the Green Book. */
export const EARLY_ALGORITHM_ID = 'early-algorithm-id';

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
  if (security.compressed) {
    return refused('compressed content', 'content without compression: V.44 is not implemented');
  }
  if (!security.authenticated && !security.encrypted) {
    return { ok: true, plain: security.payload, header: security, verified: false, deviations: [] };
  }
  const originator = originatorTitle(apdu, keys);
  if (originator === undefined) return refused('no system title', `${SYSTEM_TITLE_LENGTH} octets of the originator`);

  const job: Job = { apdu, keys, suite, originator, unverified: options.allowUnverified === true };
  const opened = openWith(options.arc ?? 'dlms-ua', job);
  if (opened !== 'tag-mismatch') return opened;
  if (options.arc === undefined && apdu.kind === 'general-ciphering' && apdu.keyInfo?.agreedKey !== undefined) {
    const again = openWith('early-green-book', job);
    if (again !== 'tag-mismatch' && again.ok) return { ...again, deviations: [earlyAlgorithmId()] };
  }
  return refused('an authentication tag that does not match', 'the tag of this APDU and keys');
}

interface Job {
  readonly apdu: CipheredApdu;
  readonly keys: KeyRing;
  readonly suite: SecuritySuite;
  readonly originator: Uint8Array;
  readonly unverified: boolean;
}

function openWith(arc: AlgorithmArc, job: Job): Unprotected | 'tag-mismatch' {
  const { apdu, keys, suite, originator, unverified } = job;
  const { security } = apdu;
  const chosen = contentKey(apdu, { suite, keys, originator, arc, unverified });
  if (!chosen.ok) return refused(chosen.found, chosen.expected);
  const verify = security.authenticated && (keys.gak !== undefined || !unverified);
  const authenticationKey = verify ? keys.gak : NOTHING;
  if (authenticationKey === undefined) return refused('no key', 'the global authentication key (gak)');
  if (verify && authenticationKey.length !== suite.keyLength && authenticationKey.length !== 0) {
    return refused(`gak of ${authenticationKey.length} octets`, `${suite.keyLength} octets in suite ${suite.id}`);
  }
  const header = apdu.kind === 'general-ciphering' ? generalHeaderOctets(apdu) : NOTHING;
  const input = { suite, key: chosen.key, authenticationKey, systemTitle: originator, header };
  const plain = openPayload(input, security, verify);
  if (plain === undefined) return 'tag-mismatch';
  return {
    ok: true,
    plain,
    header: security,
    verified: verify && chosen.verified,
    key: chosen.key,
    deviations: [],
  };
}

/** The title in the APDU; where it has none or an empty one, that of the association. */
function originatorTitle(apdu: CipheredApdu, keys: KeyRing): Uint8Array | undefined {
  const carried =
    apdu.kind === 'general-ciphering'
      ? apdu.originatorSystemTitle
      : apdu.kind === 'general-glo-ciphering' || apdu.kind === 'general-ded-ciphering'
        ? apdu.systemTitle
        : NOTHING;
  const title = carried.length > 0 ? carried : keys.systemTitle;
  return title?.length === SYSTEM_TITLE_LENGTH ? title : undefined;
}

function earlyAlgorithmId(): Deviation {
  return {
    id: EARLY_ALGORITHM_ID,
    layer: 'security',
    offset: 0,
    description:
      'the key was agreed on with algorithm identifiers 60 85 74 06 ... of early printings of the Green Book',
  };
}

function refused(found: string, expected: string): Unprotected {
  return { ok: false, error: { code: 'not-decipherable', layer: 'security', offset: 0, found, expected } };
}
