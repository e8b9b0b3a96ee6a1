import { drawPrivateKey } from '../codec/security/curves.ts';
import { protect } from '../codec/security/protect.ts';
import { type ContentKeySource, protectGeneral } from '../codec/security/protect-general.ts';
import { signApdu } from '../codec/security/sign.ts';
import { securitySuite } from '../codec/security/suites.ts';
import type { KeyRing } from '../codec/security/types.ts';
import { missing, SessionError } from './errors.ts';
import type { ClientParams, ContentKeyKind } from './params.ts';

const NOTHING = new Uint8Array(0);
const TITLE_LENGTH = 8;

/** Form of a ciphered APDU. */
export type CipheredForm = 'glo' | 'ded' | 'general-glo' | 'general-ded';

/** What is needed to protect one APDU of the client. */
export interface OwnProtection {
  readonly params: ClientParams;
  readonly keys: KeyRing;
  /** System title of the meter; undefined until it is known. */
  readonly serverTitle: Uint8Array | undefined;
  /** Transaction-id of general-ciphering and general-signing: new for each APDU. */
  readonly transactionId: Uint8Array;
  readonly random: (length: number) => Uint8Array;
  /** Next counter of the global key. Asked only when that key protects. */
  readonly nextCounter: () => number;
}

/** Puts a plain APDU into general-signing. Throws SessionError `secret-missing`. */
export function signOwn(plain: Uint8Array, own: OwnProtection): Uint8Array {
  const { signingKey } = own.keys;
  if (signingKey === undefined) throw missing('signingKey', 'private key of the client for signatures');
  return signApdu(plain, { ...header(own), originatorSystemTitle: clientTitle(own), signingKey });
}

/** Ciphers a plain or signed APDU. Throws SessionError `secret-missing`, `not-supported`. */
export function cipherOwn(plain: Uint8Array, own: OwnProtection, form: CipheredForm): Uint8Array {
  const { params, keys } = own;
  const authenticated = params.protection === 'auth' || params.protection === 'authenc';
  const encrypted = params.protection === 'enc' || params.protection === 'authenc';
  const { contentKey } = params;
  if (contentKey === undefined || contentKey === 'identified') need(keys, 'guek', 'encryption key');
  if (authenticated) need(keys, 'gak', 'authentication key');
  const base = { suite: params.suite, authenticated, encrypted, systemTitle: clientTitle(own), keys };
  if (contentKey === undefined) return protect(plain, { ...base, service: form, invocationCounter: own.nextCounter() });
  return protectGeneral(plain, {
    ...base,
    ...header(own),
    contentKey: keySource(contentKey, own),
    // A key made for one APDU begins at 0 (security.md 4).
    invocationCounter: contentKey === 'identified' ? own.nextCounter() : 0,
  });
}

function keySource(kind: ContentKeyKind, own: OwnProtection): ContentKeySource {
  const { keys, random, params } = own;
  const suite = securitySuite(params.suite);
  if (kind === 'identified' || suite === undefined) return { kind: 'identified', key: 'unicast' };
  if (kind === 'wrapped') {
    need(keys, 'kek', 'master key');
    return { kind, key: new Uint8Array(random(suite.keyLength)) };
  }
  if (suite.curve === undefined)
    throw new SessionError('not-supported', `agreed keys in security suite ${suite.id}, which has no key agreement`, {
      next: 'use suite 1 or 2',
    });
  need(keys, 'peerAgreementKey', 'public key of the meter for key agreement');
  if (own.serverTitle?.length !== TITLE_LENGTH) throw missing('serverTitle', 'system title of the meter');
  // The answer comes under a key agreed on the same way.
  need(keys, 'agreementKey', 'private key of the client for key agreement');
  if (kind === 'static') return { kind };
  need(keys, 'signingKey', 'private key of the client for signatures');
  need(keys, 'peerSigningKey', 'public key of the meter for signatures');
  return { kind, ephemeralKey: drawPrivateKey(suite.curve, random) };
}

function header(own: OwnProtection) {
  return {
    transactionId: own.transactionId,
    recipientSystemTitle: own.serverTitle ?? NOTHING,
    dateTime: NOTHING,
    otherInformation: NOTHING,
  };
}

function clientTitle(own: OwnProtection): Uint8Array {
  const { systemTitle } = own.params.secrets;
  if (systemTitle === undefined) throw missing('systemTitle', 'system title of the client');
  return systemTitle;
}

function need(keys: KeyRing, name: keyof KeyRing, what: string): void {
  if (keys[name] === undefined) throw missing(name, what);
}
