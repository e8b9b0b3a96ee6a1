import { toHex } from '../../codec/hex.ts';
import { sameOctets } from '../../codec/octets.ts';
import type {
  CertificateEntity,
  CertificateIdentification,
  CertificateInfo,
  CertificateType,
  KeyPairId,
} from '../../codec/security/certificate-data.ts';
import type { CertificateFacts } from '../../codec/security/certificates.ts';
import { nameText } from '../../codec/security/x500-name.ts';

/** Certificates a security setup takes; real ones hold some ten. */
export const MAX_CERTIFICATES = 32;

/** A certificate with what class 64 calls it. */
export interface HeldCertificate {
  readonly entity: CertificateEntity;
  readonly type: CertificateType;
  readonly facts: CertificateFacts;
}

/** All a store holds, for meters that are kept over a restart. */
export interface CertificateHoldings {
  readonly held: readonly HeldCertificate[];
  /** Private keys of pairs that wait for their certificates. */
  readonly pairs: ReadonlyMap<KeyPairId, Uint8Array>;
  /** Public keys of certificates that were removed, in hex. */
  readonly distrusted: readonly string[];
}

/** Certificates of one security setup of one meter, and key pairs that wait for theirs. */
export class CertificateStore {
  #held: readonly HeldCertificate[];
  readonly #pairs: Map<KeyPairId, Uint8Array>;
  readonly #distrusted: Set<string>;

  /** `held`: those the meter was made with. */
  constructor(held: readonly HeldCertificate[], pairs?: CertificateHoldings['pairs'], distrusted?: readonly string[]) {
    this.#held = held;
    this.#pairs = new Map(pairs);
    this.#distrusted = new Set(distrusted);
  }

  get holdings(): CertificateHoldings {
    return { held: this.#held, pairs: this.#pairs, distrusted: [...this.#distrusted] };
  }

  /** Elements of the attribute certificates. */
  get infos(): readonly CertificateInfo[] {
    return this.#held.map(({ entity, type, facts }) => ({
      entity,
      type,
      serial: facts.serial,
      issuer: facts.issuerName,
      subject: facts.subjectName,
      subjectAltName: facts.subjectAltName,
    }));
  }

  /** Certificates of authorities, which others have to be issued by. */
  get authorities(): readonly CertificateFacts[] {
    return this.#held.filter(({ entity }) => entity === 'certification-authority').map(({ facts }) => facts);
  }

  /** The certificate of a party; without a title of whoever it is. */
  of(entity: CertificateEntity, type: CertificateType, title?: Uint8Array): CertificateFacts | undefined {
    return this.#held.find(
      (held) =>
        held.entity === entity &&
        held.type === type &&
        (title === undefined || sameOctets(held.facts.systemTitle, title)),
    )?.facts;
  }

  find(wanted: CertificateIdentification): CertificateFacts | undefined {
    if (wanted.by === 'entity') {
      const { entity, type, systemTitle } = wanted;
      // Authorities have no title; there is one of them, as a rule.
      return this.of(entity, type, systemTitle.length === 0 ? undefined : systemTitle);
    }
    return this.#held.find(({ facts }) => hasSerial(facts, wanted.serial) && hasIssuer(facts, wanted.issuer))?.facts;
  }

  /** Takes a certificate in place of the one its party had for the same purpose. False when there is no room. */
  add(added: HeldCertificate): boolean {
    const kept = this.#held.filter((held) => !isReplaced(held, added));
    if (kept.length >= MAX_CERTIFICATES) return false;
    this.#held = [...kept, added];
    this.#distrusted.delete(toHex(added.facts.publicKey));
    return true;
  }

  remove(facts: CertificateFacts): void {
    this.#held = this.#held.filter((held) => held.facts !== facts);
    this.#distrusted.add(toHex(facts.publicKey));
  }

  /** Whether the certificate of a public key was removed: the key is not to be used any more. */
  distrusts(publicKey: Uint8Array): boolean {
    return this.#distrusted.has(toHex(publicKey));
  }

  /** Private key of a pair that waits for its certificate. */
  waitingKey(pair: KeyPairId): Uint8Array | undefined {
    return this.#pairs.get(pair);
  }

  /** A new pair takes the place of one that got no certificate. */
  setWaitingKey(pair: KeyPairId, privateKey: Uint8Array | undefined): void {
    if (privateKey === undefined) this.#pairs.delete(pair);
    else this.#pairs.set(pair, privateKey);
  }
}

/** Authorities may have several certificates under one name, when they change their key. */
function isReplaced(held: HeldCertificate, added: HeldCertificate): boolean {
  if (sameOctets(held.facts.der, added.facts.der)) return true;
  const party = added.entity === 'server' || added.entity === 'client';
  const { systemTitle } = added.facts;
  return (
    party &&
    held.entity === added.entity &&
    held.type === added.type &&
    systemTitle !== undefined &&
    sameOctets(held.facts.systemTitle, systemTitle)
  );
}

/** Serial numbers with or without the zeros in front. */
function hasSerial({ serial }: CertificateFacts, wanted: Uint8Array): boolean {
  const plain = (octets: Uint8Array): string => toHex(octets).replace(/^(?:00)+/, '');
  return plain(serial) === plain(wanted);
}

/** The issuer in DER, or, as some clients send it, as text. */
function hasIssuer({ issuerName, issuer }: CertificateFacts, wanted: Uint8Array): boolean {
  if (sameOctets(issuerName, wanted)) return true;
  const parts = (text: string): string => text.split(/, ?/).sort().join();
  const text = parts(new TextDecoder().decode(wanted));
  return text === parts(issuer) || text === parts(nameText(issuerName) ?? '');
}
