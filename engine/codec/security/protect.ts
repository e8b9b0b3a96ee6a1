import { octetToHex } from '../hex.ts';
import { Writer } from '../writer.ts';
import { cipheredTagsOf } from './ciphered-services.ts';
import { SYSTEM_TITLE_LENGTH } from './gcm.ts';
import { sealPayload } from './protection.ts';
import { writeSecured } from './security-header.ts';
import { type SecuritySuite, securitySuite } from './suites.ts';
import type { KeyRing, SecurityHeader } from './types.ts';

const NOTHING = new Uint8Array(0);

export interface ProtectOptions {
  readonly suite: 0 | 1 | 2;
  readonly authenticated: boolean;
  readonly encrypted: boolean;
  /** Which global key; default unicast. Dedicated keys are always unicast. */
  readonly keySet?: 'unicast' | 'broadcast';
  /** System title of the sender, 8 octets. */
  readonly systemTitle: Uint8Array;
  readonly keys: KeyRing;
  /** 0..2^32-1, never used before with the same key. */
  readonly invocationCounter: number;
}

export interface ServiceProtectOptions extends ProtectOptions {
  /** Form of the protected APDU: service-specific or general, under the global or the dedicated key. */
  readonly service: 'glo' | 'ded' | 'general-glo' | 'general-ded';
}

/**
 * Protects one plain APDU (GB 9.2.7.2.4).
 * @throws {TypeError} when a key is missing or the service has no glo-/ded- form (ACCESS, data-notification: use
 * `general-glo`), {RangeError} for sizes and counters.
 */
export function protect(apdu: Uint8Array, options: ServiceProtectOptions): Uint8Array {
  const dedicated = options.service === 'ded' || options.service === 'general-ded';
  const keySet = dedicated ? 'unicast' : (options.keySet ?? 'unicast');
  const name = dedicated ? 'dedicatedKey' : keySet === 'broadcast' ? 'gbek' : 'guek';
  const key = keyOf(options.keys, name, suiteOf(options.suite));
  const security = sealWith(key, keySet, apdu, options, NOTHING);
  const w = new Writer(apdu.length + 40);
  if (options.service === 'general-glo' || options.service === 'general-ded') {
    w.octet(dedicated ? 0xdc : 0xdb);
    w.octetString(options.systemTitle, 'systemTitle');
  } else {
    const tags = cipheredTagsOf(apdu[0] ?? -1);
    if (tags === undefined) {
      throw new TypeError(`an APDU with tag ${octetToHex(apdu[0] ?? 0)} has no ${options.service}- form`);
    }
    w.octet(dedicated ? tags.ded : tags.glo);
  }
  writeSecured(w, security);
  return w.result();
}

/** Seals a plain APDU under a key of the right length. @throws {RangeError}, {TypeError} as `protect`. */
export function sealWith(
  key: Uint8Array,
  keySet: 'unicast' | 'broadcast',
  apdu: Uint8Array,
  options: Omit<ProtectOptions, 'keySet'>,
  header: Uint8Array,
): SecurityHeader {
  const { authenticated, encrypted, invocationCounter, systemTitle, keys } = options;
  const suite = suiteOf(options.suite);
  if (!Number.isInteger(invocationCounter) || invocationCounter < 0 || invocationCounter > 0xffffffff) {
    throw new RangeError(`invocation counter ${invocationCounter} is not in 0..4294967295`);
  }
  if (systemTitle.length !== SYSTEM_TITLE_LENGTH) {
    throw new RangeError(`system title of ${systemTitle.length} octets instead of ${SYSTEM_TITLE_LENGTH}`);
  }
  const authenticationKey = authenticated ? keyOf(keys, 'gak', suite) : NOTHING;
  const control = { suite: suite.id, authenticated, encrypted, keySet, compressed: false };
  return sealPayload({ suite, key, authenticationKey, systemTitle, header }, control, invocationCounter, apdu);
}

/** @throws {RangeError} for an id that is not 0, 1 or 2. */
export function suiteOf(id: number): SecuritySuite {
  const suite = securitySuite(id);
  if (suite === undefined) throw new RangeError(`security suite ${id} is not 0, 1 or 2`);
  return suite;
}

/** A symmetric key of the ring. @throws {TypeError} when it is missing, {RangeError} when its length is wrong. */
export function keyOf(
  keys: KeyRing,
  name: 'guek' | 'gbek' | 'gak' | 'dedicatedKey' | 'kek',
  suite: SecuritySuite,
): Uint8Array {
  const key = keys[name];
  if (key === undefined) throw new TypeError(`keys.${name} is missing`);
  const absent = name === 'gak' && key.length === 0;
  if (key.length !== suite.keyLength && !absent) {
    throw new RangeError(`keys.${name} has ${key.length} octets instead of ${suite.keyLength} (suite ${suite.id})`);
  }
  return key;
}
