import { octetToHex } from '../hex.ts';
import { Writer } from '../writer.ts';
import { cipheredTagsOf } from './ciphered-services.ts';
import { SYSTEM_TITLE_LENGTH } from './gcm.ts';
import { writeGeneralCiphering } from './general-ciphering.ts';
import { type GeneralHeader, generalHeaderOctets } from './general-header.ts';
import { type ProtectionInput, sealPayload } from './protection.ts';
import { writeSecured } from './security-header.ts';
import { type SecuritySuite, securitySuite } from './suites.ts';
import type { KeyRing, SecurityHeader } from './types.ts';

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

export interface GeneralProtectOptions extends ProtectOptions, Omit<GeneralHeader, 'originatorSystemTitle'> {}

/**
 * Protects one plain APDU (GB 9.2.7.2.4).
 * @throws {TypeError} when a key is missing or the service has no glo-/ded- form (ACCESS, data-notification: use
 * `general-glo`), {RangeError} for sizes and counters.
 */
export function protect(apdu: Uint8Array, options: ServiceProtectOptions): Uint8Array {
  const dedicated = options.service === 'ded' || options.service === 'general-ded';
  const security = seal(apdu, options, dedicated, new Uint8Array(0));
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

/**
 * Protects one plain APDU in general-ciphering under an identified global key.
 * @throws as `protect`.
 */
export function protectGeneral(apdu: Uint8Array, options: GeneralProtectOptions): Uint8Array {
  const { transactionId, recipientSystemTitle, dateTime, otherInformation } = options;
  const header: GeneralHeader = {
    transactionId,
    originatorSystemTitle: options.systemTitle,
    recipientSystemTitle,
    dateTime,
    otherInformation,
  };
  const keyInfo = { identifiedKey: options.keySet ?? 'unicast' } as const;
  // The key is named by key-info; the key set bit of SC is 0 in general-ciphering (GB 9.2.7.2.4).
  const security = seal(apdu, options, false, generalHeaderOctets(header), 'unicast');
  const w = new Writer(apdu.length + 80);
  writeGeneralCiphering(w, { kind: 'general-ciphering', ...header, keyInfo, security });
  return w.result();
}

function seal(
  apdu: Uint8Array,
  options: ProtectOptions,
  dedicated: boolean,
  header: Uint8Array,
  keySet: 'unicast' | 'broadcast' = dedicated ? 'unicast' : (options.keySet ?? 'unicast'),
): SecurityHeader {
  const { authenticated, encrypted, invocationCounter, systemTitle, keys } = options;
  const suite = securitySuite(options.suite);
  if (suite === undefined) throw new RangeError(`security suite ${options.suite} is not 0, 1 or 2`);
  if (!Number.isInteger(invocationCounter) || invocationCounter < 0 || invocationCounter > 0xffffffff) {
    throw new RangeError(`invocation counter ${invocationCounter} is not in 0..4294967295`);
  }
  if (systemTitle.length !== SYSTEM_TITLE_LENGTH) {
    throw new RangeError(`system title of ${systemTitle.length} octets instead of ${SYSTEM_TITLE_LENGTH}`);
  }
  const input: ProtectionInput = {
    suite,
    key: dedicated ? keyOf(keys, 'dedicatedKey', suite) : keyOf(keys, globalKeyName(options.keySet), suite),
    authenticationKey: authenticated ? keyOf(keys, 'gak', suite) : new Uint8Array(0),
    systemTitle,
    header,
  };
  const control = { suite: suite.id, authenticated, encrypted, keySet, compressed: false };
  return sealPayload(input, control, invocationCounter, apdu);
}

function globalKeyName(keySet: 'unicast' | 'broadcast' | undefined): 'guek' | 'gbek' {
  return keySet === 'broadcast' ? 'gbek' : 'guek';
}

function keyOf(keys: KeyRing, name: 'guek' | 'gbek' | 'gak' | 'dedicatedKey', suite: SecuritySuite): Uint8Array {
  const key = keys[name];
  if (key === undefined) throw new TypeError(`keys.${name} is missing`);
  if (key.length !== suite.keyLength) {
    throw new RangeError(`keys.${name} has ${key.length} octets instead of ${suite.keyLength} (suite ${suite.id})`);
  }
  return key;
}
