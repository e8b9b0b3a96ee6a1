import type { Data } from '../../codec/axdr/data.ts';
import {
  certificateIdentificationFromData,
  type KeyPairId,
  keyPairFromData,
} from '../../codec/security/certificate-data.ts';
import { makeCertificateRequest } from '../../codec/security/certificate-request.ts';
import {
  type CertificateFacts,
  type CertificateUse,
  certificateProblem,
  readCertificate,
} from '../../codec/security/certificates.ts';
import { drawPrivateKey, publicKeyOf } from '../../codec/security/curves.ts';
import { securitySuite } from '../../codec/security/suites.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import type { SecurityModel } from '../../template/model.ts';
import type { CertificateStore } from '../association/certificate-store.ts';
import { entityOf, typeOf } from '../association/certificates.ts';
import { keyRing } from '../association/keys.ts';
import { SUCCESS, type Target } from './class-logic.ts';

const GENERATE_KEY_PAIR = 4;
const GENERATE_CERTIFICATE_REQUEST = 5;
const IMPORT_CERTIFICATE = 6;
const EXPORT_CERTIFICATE = 7;
const REMOVE_CERTIFICATE = 8;

/** Uses of the certificate of a key pair. */
const USES: Readonly<Record<KeyPairId, readonly CertificateUse[]>> = {
  'digital-signature': ['digital-signature'],
  'key-agreement': ['key-agreement'],
  tls: ['digital-signature', 'key-agreement'],
};

/** Members of the key ring that key pairs are; that of TLS serves no APDU. */
const RING_NAMES = { 'digital-signature': 'signingKey', 'key-agreement': 'agreementKey' } as const;

const WRONG_TYPE: ActionOutcome = { result: 'type-unmatched' };
const UNAVAILABLE: ActionOutcome = { result: 'object-unavailable' };
const DENIED: ActionOutcome = { result: 'read-write-denied' };

/** Methods 4 to 8 of class 64 version 1: key pairs and certificates (Blue Book 4.4.7). Undefined for other methods. */
export function certificateMethod(
  target: Target,
  security: SecurityModel,
  method: number,
  params: Data | null,
): ActionOutcome | undefined {
  switch (method) {
    case GENERATE_KEY_PAIR:
      return generateKeyPair(target, security, params);
    case GENERATE_CERTIFICATE_REQUEST:
      return requestCertificate(target, security, params);
    case IMPORT_CERTIFICATE:
      return importCertificate(target, security, params);
    case EXPORT_CERTIFICATE:
      return onFound(target, security, params, (_, { der }) => octets(der));
    case REMOVE_CERTIFICATE:
      return onFound(target, security, params, (store, found) => {
        store.remove(found);
        return SUCCESS;
      });
    default:
      return undefined;
  }
}

/** The new pair is used once its certificate was imported; until then the old one serves. */
function generateKeyPair(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  const pair = keyPairFromData(params);
  const curve = securitySuite(security.suite)?.curve;
  if (pair === undefined) return WRONG_TYPE;
  if (curve === undefined || target.association === undefined) return UNAVAILABLE;
  target.meter.certificatesOf(security).setWaitingKey(pair, drawPrivateKey(curve, target.association.random));
  return SUCCESS;
}

function requestCertificate(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  const pair = keyPairFromData(params);
  if (pair === undefined) return WRONG_TYPE;
  const { meter } = target;
  const key = meter.certificatesOf(security).waitingKey(pair) ?? keyInUse(target, security, pair);
  return key === undefined ? UNAVAILABLE : octets(makeCertificateRequest(key, meter.systemTitle, USES[pair]));
}

/**
 * Takes a certificate: valid now, on the curve of the suite, issued by an authority the meter knows as soon as it knows
 * one, and, when it is the meter's own, for a key pair the meter has.
 */
function importCertificate(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  if (params?.t !== 'octet-string') return WRONG_TYPE;
  const { meter, time } = target;
  const curve = securitySuite(security.suite)?.curve;
  if (curve === undefined) return UNAVAILABLE;
  const store = meter.certificatesOf(security);
  const read = readCertificate(params.v);
  if (!read.ok || read.certificate.publicKey.length !== 2 * curve.size) return DENIED;
  const facts = read.certificate;
  if (!isTrusted(store, facts, time)) return DENIED;
  const entity = entityOf(facts, meter.systemTitle);
  const type = typeOf(facts);
  if (entity === 'server') {
    if (type === 'other') return DENIED;
    const certified = (key: Uint8Array | undefined): boolean =>
      key?.length === curve.size && publicKeyOf(curve, key).every((octet, at) => octet === facts.publicKey[at]);
    const waiting = store.waitingKey(type);
    if (waiting !== undefined && certified(waiting)) {
      if (type !== 'tls') {
        store.setWaitingKey(type, undefined);
        meter.securityChanges.stage(security.name, { keys: { [RING_NAMES[type]]: waiting } });
      }
    } else if (!certified(keyInUse(target, security, type))) return UNAVAILABLE;
  }
  return store.add({ entity, type, facts }) ? SUCCESS : { result: 'other-reason' };
}

function isTrusted(store: CertificateStore, facts: CertificateFacts, now: number): boolean {
  const [use = 'digital-signature'] = facts.uses;
  const { authorities } = store;
  if (authorities.length === 0) return certificateProblem(facts.der, { use, now }) === undefined;
  return authorities.some(({ der }) => certificateProblem(facts.der, { issuer: der, use, now }) === undefined);
}

function keyInUse(target: Target, security: SecurityModel, pair: KeyPairId): Uint8Array | undefined {
  return pair === 'tls' ? undefined : keyRing(target.meter, security)[RING_NAMES[pair]];
}

function onFound(
  target: Target,
  security: SecurityModel,
  params: Data | null,
  use: (store: CertificateStore, found: CertificateFacts) => ActionOutcome,
): ActionOutcome {
  const wanted = params === null ? undefined : certificateIdentificationFromData(params);
  if (wanted === undefined) return WRONG_TYPE;
  const store = target.meter.certificatesOf(security);
  const found = store.find(wanted);
  return found === undefined ? UNAVAILABLE : use(store, found);
}

function octets(v: Uint8Array): ActionOutcome {
  return { result: 'success', return: { data: { t: 'octet-string', v } } };
}
