import type { CertificateEntity, CertificateType } from '../../codec/security/certificate-data.ts';
import { type CertificateFacts, readCertificate } from '../../codec/security/certificates.ts';
import type { SecurityModel } from '../../template/model.ts';
import type { VirtualMeter } from '../meter.ts';
import type { HeldCertificate } from './certificate-store.ts';

/** Whose a certificate is: an authority's by its use, the meter's or a client's by its title. */
export function entityOf(facts: CertificateFacts, ownTitle: Uint8Array): CertificateEntity {
  const { systemTitle, uses } = facts;
  if (uses.includes('certificate-signing')) return 'certification-authority';
  if (systemTitle === undefined) return 'other';
  return systemTitle.every((octet, at) => octet === ownTitle[at]) ? 'server' : 'client';
}

/** What a certificate is for; one for both uses is that of TLS. */
export function typeOf({ uses }: CertificateFacts): CertificateType {
  if (uses.includes('certificate-signing')) return 'other';
  const signs = uses.includes('digital-signature');
  if (uses.includes('key-agreement')) return signs ? 'tls' : 'key-agreement';
  return signs ? 'digital-signature' : 'other';
}

/** Certificates the template gives to a security block: the meter's own, and clients' where they are no bare keys. */
export function templateCertificates(meter: VirtualMeter, security: SecurityModel): readonly HeldCertificate[] {
  const held: HeldCertificate[] = [];
  const add = (reference: SecurityModel['certificate'], entity: CertificateEntity, type: CertificateType): void => {
    const octets = meter.secret(reference);
    const read = octets === undefined ? undefined : readCertificate(octets);
    if (read?.ok === true) held.push({ entity, type, facts: read.certificate });
  };
  add(security.certificate, 'server', 'digital-signature');
  add(security.clientSigningKey, 'client', 'digital-signature');
  add(security.clientAgreementKey, 'client', 'key-agreement');
  return held;
}

/** Certificate of the meter's signing key in DER, as the AARE carries it (GB 9.4.2). */
export function ownCertificate(meter: VirtualMeter, security: SecurityModel | undefined): Uint8Array | undefined {
  if (security === undefined) return undefined;
  return meter.certificatesOf(security).of('server', 'digital-signature')?.der;
}
