import type { Data } from '../axdr/data.ts';

/** certificate_entity of class 64 (BB 4.4.7; security.md 8), in the order of its numbers. */
export const CERTIFICATE_ENTITIES = ['server', 'client', 'certification-authority', 'other'] as const;
export type CertificateEntity = (typeof CERTIFICATE_ENTITIES)[number];

/** certificate_type of class 64, in the order of its numbers. The first three are also the ids of key pairs. */
export const CERTIFICATE_TYPES = ['digital-signature', 'key-agreement', 'tls', 'other'] as const;
export type CertificateType = (typeof CERTIFICATE_TYPES)[number];
export type KeyPairId = Exclude<CertificateType, 'other'>;

/** One element of the attribute certificates (class 64 version 1, attribute 6). */
export interface CertificateInfo {
  readonly entity: CertificateEntity;
  readonly type: CertificateType;
  /** Contents of the INTEGER of the certificate. */
  readonly serial: Uint8Array;
  /** Names in DER; some meters send text. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Empty when the certificate has none. */
  readonly subjectAltName: Uint8Array;
}

/** By what export_certificate and remove_certificate know a certificate. */
export type CertificateIdentification =
  | {
      readonly by: 'entity';
      readonly entity: CertificateEntity;
      readonly type: CertificateType;
      readonly systemTitle: Uint8Array;
    }
  | { readonly by: 'serial'; readonly serial: Uint8Array; readonly issuer: Uint8Array };

const BY_ENTITY = 0;
const BY_SERIAL = 1;

const octetString = (v: Uint8Array): Data => ({ t: 'octet-string', v });
const enumeration = (v: number): Data => ({ t: 'enum', v });

/** The element of attribute 6 that tells of a certificate. */
export function certificateInfoData(info: CertificateInfo): Data {
  return {
    t: 'structure',
    v: [
      enumeration(CERTIFICATE_ENTITIES.indexOf(info.entity)),
      enumeration(CERTIFICATE_TYPES.indexOf(info.type)),
      octetString(info.serial),
      octetString(info.issuer),
      octetString(info.subject),
      octetString(info.subjectAltName),
    ],
  };
}

/** Reads attribute 6; undefined when it is no list of certificates. Texts in place of octets are taken. */
export function certificateInfosFromData(data: Data): readonly CertificateInfo[] | undefined {
  if (data.t !== 'array') return undefined;
  const infos: CertificateInfo[] = [];
  for (const element of data.v) {
    const [entityData, typeData, ...rest] = element.t === 'structure' ? element.v : [];
    const entity = entityData?.t === 'enum' ? CERTIFICATE_ENTITIES[entityData.v] : undefined;
    const type = typeData?.t === 'enum' ? CERTIFICATE_TYPES[typeData.v] : undefined;
    const [serial, issuer, subject, subjectAltName] = rest.map(octetsOf);
    if (entity === undefined || type === undefined || serial === undefined || issuer === undefined) return undefined;
    if (subject === undefined) return undefined;
    infos.push({ entity, type, serial, issuer, subject, subjectAltName: subjectAltName ?? new Uint8Array(0) });
  }
  return infos;
}

/** Parameter of export_certificate and remove_certificate: certificate_identification. */
export function certificateIdentificationData(wanted: CertificateIdentification): Data {
  const options: Data =
    wanted.by === 'entity'
      ? {
          t: 'structure',
          v: [
            enumeration(CERTIFICATE_ENTITIES.indexOf(wanted.entity)),
            enumeration(CERTIFICATE_TYPES.indexOf(wanted.type)),
            octetString(wanted.systemTitle),
          ],
        }
      : { t: 'structure', v: [octetString(wanted.serial), octetString(wanted.issuer)] };
  return { t: 'structure', v: [enumeration(wanted.by === 'entity' ? BY_ENTITY : BY_SERIAL), options] };
}

/** Reads a certificate_identification; undefined when the Data is none. */
export function certificateIdentificationFromData(data: Data): CertificateIdentification | undefined {
  const [kind, options] = data.t === 'structure' ? data.v : [];
  if (kind?.t !== 'enum' || options?.t !== 'structure') return undefined;
  const [first, second, third] = options.v;
  if (kind.v === BY_SERIAL) {
    const [serial, issuer] = [octetsOf(first), octetsOf(second)];
    return serial === undefined || issuer === undefined ? undefined : { by: 'serial', serial, issuer };
  }
  const entity = first?.t === 'enum' ? CERTIFICATE_ENTITIES[first.v] : undefined;
  const type = second?.t === 'enum' ? CERTIFICATE_TYPES[second.v] : undefined;
  const systemTitle = octetsOf(third);
  if (kind.v !== BY_ENTITY || entity === undefined || type === undefined || systemTitle === undefined) return undefined;
  return { by: 'entity', entity, type, systemTitle };
}

/** Parameter of generate_key_pair and generate_certificate_request. */
export function keyPairData(pair: KeyPairId): Data {
  return enumeration(CERTIFICATE_TYPES.indexOf(pair));
}

export function keyPairFromData(data: Data | null): KeyPairId | undefined {
  const type = data?.t === 'enum' ? CERTIFICATE_TYPES[data.v] : undefined;
  return type === 'other' ? undefined : type;
}

function octetsOf(data: Data | undefined): Uint8Array | undefined {
  if (data?.t === 'octet-string') return data.v;
  return data?.t === 'visible-string' || data?.t === 'utf8-string' ? new TextEncoder().encode(data.v) : undefined;
}
