import { CERTIFICATE_ENTITIES, CERTIFICATE_TYPES, type KeyPairId } from '../../codec/security/certificate-data.ts';
import { type CertificateFacts, readCertificate } from '../../codec/security/certificates.ts';
import type { KeyRing } from '../../codec/security/types.ts';
import type { PolicyItem, SecurityModel } from '../../template/model.ts';
import {
  type CertificateHoldings,
  CertificateStore,
  type HeldCertificate,
  MAX_CERTIFICATES,
} from '../association/certificate-store.ts';
import { ContentKeyCounters } from '../association/content-keys.ts';
import { type SecurityChange, SecurityChanges } from '../association/security-changes.ts';
import {
  counterFormat,
  listFormat,
  MeterStateError,
  mapFormat,
  octetsFormat,
  recordFormat,
  type StateFormat,
  textFormat,
  wordFormat,
} from './state-format.ts';

const POLICY: readonly PolicyItem[] = [
  'authenticated-request',
  'encrypted-request',
  'signed-request',
  'authenticated-response',
  'encrypted-response',
  'signed-response',
];
const KEY_PAIRS: readonly KeyPairId[] = ['digital-signature', 'key-agreement', 'tls'];
const SUITES = [0, 1, 2] as const;

const suiteFormat: StateFormat<SecurityModel['suite']> = {
  write: (value) => value,
  read(json, at) {
    const suite = SUITES.find((known) => known === json);
    if (suite === undefined) throw new MeterStateError(at, typeof json, 'suite 0, 1 or 2');
    return suite;
  },
};

const keyRingFormat = recordFormat<KeyRing>({
  guek: octetsFormat,
  gak: octetsFormat,
  gbek: octetsFormat,
  dedicatedKey: octetsFormat,
  contentKey: octetsFormat,
  kek: octetsFormat,
  signingKey: octetsFormat,
  agreementKey: octetsFormat,
  peerSigningKey: octetsFormat,
  peerAgreementKey: octetsFormat,
  systemTitle: octetsFormat,
});

const changeFormat = mapFormat<SecurityChange>(
  recordFormat<SecurityChange>({
    keys: keyRingFormat,
    policy: listFormat(wordFormat(POLICY)),
    suite: suiteFormat,
  }),
);

/** Keys, policies and suites clients have changed. */
export const securityChangesFormat: StateFormat<SecurityChanges> = {
  write: (changes) => changeFormat.write(new Map(changes.all())),
  read(json, at) {
    const changes = new SecurityChanges();
    for (const [security, change] of changeFormat.read(json, at)) changes.stage(security, change);
    // Nothing waits for an answer any more.
    changes.enforce();
    return changes;
  },
};

const countersFormat = mapFormat(counterFormat);

export const contentKeysFormat: StateFormat<ContentKeyCounters> = {
  write: (counters) => countersFormat.write(new Map(counters.all)),
  read: (json, at) => new ContentKeyCounters(countersFormat.read(json, at)),
};

const factsFormat: StateFormat<CertificateFacts> = {
  write: (facts) => octetsFormat.write(facts.der),
  read(json, at) {
    const read = readCertificate(octetsFormat.read(json, at));
    if (read.ok) return read.certificate;
    throw new MeterStateError(at, read.found, read.expected);
  },
};

const holdingsFormat = recordFormat<CertificateHoldings>(
  {
    held: listFormat(
      recordFormat<HeldCertificate>(
        { entity: wordFormat(CERTIFICATE_ENTITIES), type: wordFormat(CERTIFICATE_TYPES), facts: factsFormat },
        ['entity', 'type', 'facts'],
      ),
    ),
    pairs: {
      write: (pairs) => mapFormat(octetsFormat).write(new Map(pairs)),
      read: (json, at) =>
        new Map(
          [...mapFormat(octetsFormat).read(json, at)].map(([pair, key]) => [wordFormat(KEY_PAIRS).read(pair, at), key]),
        ),
    },
    distrusted: listFormat(textFormat),
  },
  ['held', 'pairs', 'distrusted'],
);

/** Certificates of one security setup, and private keys that wait for theirs. */
export const certificatesFormat: StateFormat<CertificateStore> = {
  write: (store) => holdingsFormat.write(store.holdings),
  read(json, at) {
    const { held, pairs, distrusted } = holdingsFormat.read(json, at);
    if (held.length > MAX_CERTIFICATES) {
      throw new MeterStateError(at, `${held.length} certificates`, `at most ${MAX_CERTIFICATES}`);
    }
    return new CertificateStore(held, pairs, distrusted);
  },
};
