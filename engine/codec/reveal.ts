import type { Apdu } from './apdu.ts';
import { decodeApdu } from './apdu-codec.ts';
import { apduToJson, type Json, type JsonObject } from './apdu-json.ts';
import { toHex } from './hex.ts';
import type { CodecError, Decoded, DecodeOptions, Deviation, Field } from './result.ts';
import { isSignedBy } from './security/sign.ts';
import type { CipheredApdu, GeneralSigning, KeyRing, ProtectedApdu } from './security/types.ts';
import { unprotect } from './security/unprotect.ts';

/** APDUs nested in each other that are followed. Real ones: general-ciphering around general-signing around a service. */
export const MAX_NESTED_APDUS = 8;

/** An APDU with what its protection hides. */
export interface Revealed {
  readonly apdu: Apdu;
  /** The APDU inside of a protected one, as octets, when it was deciphered or verified with the keys. */
  readonly plain?: Uint8Array;
  /** `plain` decoded. Offsets of its fields count from the start of `plain`. */
  readonly inner?: Revealed;
  /** Set when the APDU inside has an authentication tag that could not be verified for want of a key. */
  readonly tagUnverified?: true;
  /** Set when the signature of a signed APDU was verified with the originator's public key. */
  readonly signatureVerified?: true;
  /** Protected user-information of AARQ, AARE, RLRQ and RLRE. */
  readonly userInformation?: Revealed;
  readonly fields?: readonly Field[];
}

export interface RevealOptions extends DecodeOptions {
  readonly keys?: KeyRing;
}

/**
 * Decodes an APDU and goes on into what it protects, as far as the keys allow. Without a key the APDU stays as it is;
 * with a key that does not fit, an authentication tag or a signature that does not match, the result is
 * `not-decipherable`.
 * An inner APDU that was deciphered and verified and then cannot be decoded is an error of its own; not verified, it is
 * taken for the work of a wrong key.
 */
export function revealApdu(octets: Uint8Array, options: RevealOptions = {}): Decoded<Revealed> {
  const deviations: Deviation[] = [];
  const result = reveal(octets, options, deviations, 0);
  if (!result.ok) return { ...result, deviations };
  const { fields } = result.value;
  return fields === undefined
    ? { ok: true, value: result.value, deviations }
    : { ok: true, value: result.value, deviations, fields };
}

function reveal(octets: Uint8Array, options: RevealOptions, deviations: Deviation[], depth: number): Decoded<Revealed> {
  const decoded = decodeApdu(octets, options);
  deviations.push(...decoded.deviations);
  if (!decoded.ok) return decoded;
  const opened = open(decoded.value, options, deviations, depth);
  if (!opened.ok) return opened;
  const value = decoded.fields === undefined ? opened.value : { ...opened.value, fields: decoded.fields };
  return { ok: true, value, deviations };
}

function open(apdu: Apdu, options: RevealOptions, deviations: Deviation[], depth: number): Decoded<Revealed> {
  if (depth >= MAX_NESTED_APDUS) return { ok: true, value: { apdu }, deviations };
  if (isAssociation(apdu)) {
    const information = apdu.userInformation;
    if (information === undefined || !isProtected(information)) return { ok: true, value: { apdu }, deviations };
    const inside = open(information, options, deviations, depth + 1);
    return inside.ok ? { ok: true, value: { apdu, userInformation: inside.value }, deviations } : inside;
  }
  if (!isProtected(apdu)) return { ok: true, value: { apdu }, deviations };
  if (apdu.kind === 'general-signing') return openSigned(apdu, options, deviations, depth);
  if (hasKeyFor(apdu, options.keys)) {
    const opened = unprotect(apdu, options.keys, {
      allowUnverified: true,
      ...(options.strict === true ? { arc: 'dlms-ua' } : {}),
    });
    if (!opened.ok) return { ok: false, error: opened.error, deviations };
    const { plain, header, verified } = opened;
    deviations.push(...opened.deviations);
    const parts = header.authenticated && !verified ? ({ plain, tagUnverified: true } as const) : { plain };
    const inside = nested(apdu, parts, plain, options, deviations, depth);
    if (inside.ok || verified || !header.encrypted) return inside;
    return { ok: false, error: wrongKey(inside.error, plain), deviations };
  }
  if (apdu.security.encrypted || apdu.security.compressed) return { ok: true, value: { apdu }, deviations };
  return nested(apdu, { tagUnverified: true }, apdu.security.payload, options, deviations, depth);
}

/** Without a tag that was verified, octets that make no sense are what a wrong key gives. */
function wrongKey({ layer, code, found }: CodecError, plain: Uint8Array): CodecError {
  const begin = toHex(plain.subarray(0, 4));
  return {
    code: 'not-decipherable',
    layer: 'security',
    offset: 0,
    found: `deciphered octets ${begin}... that are no APDU (${layer}: ${code}, ${found})`,
    expected: 'the encryption key this APDU was made with, and the system title of its originator',
  };
}

/** A signature is verified when the ring has the key. Some profiles leave it empty and rely on the tag around it. */
function openSigned(
  apdu: GeneralSigning,
  options: RevealOptions,
  deviations: Deviation[],
  depth: number,
): Decoded<Revealed> {
  const key = options.keys?.peerSigningKey;
  if (key === undefined || apdu.signature.length === 0) {
    return nested(apdu, {}, apdu.content, options, deviations, depth);
  }
  if (isSignedBy(apdu, key)) {
    return nested(apdu, { signatureVerified: true }, apdu.content, options, deviations, depth);
  }
  const found = 'a signature that does not match';
  const expected = 'the signature of the owner of peerSigningKey';
  return {
    ok: false,
    error: { code: 'not-decipherable', layer: 'security', offset: 0, found, expected },
    deviations,
  };
}

type RevealedParts = Pick<Revealed, 'plain' | 'tagUnverified' | 'signatureVerified'>;

function nested(
  apdu: Apdu,
  parts: RevealedParts,
  octets: Uint8Array,
  options: RevealOptions,
  deviations: Deviation[],
  depth: number,
): Decoded<Revealed> {
  const inner = reveal(octets, options, deviations, depth + 1);
  if (inner.ok) return { ok: true, value: { apdu, ...parts, inner: inner.value }, deviations };
  // What is readable without keys is an extra: the protected APDU itself was decoded.
  if (parts.plain !== undefined) return inner;
  const { signatureVerified } = parts;
  return { ok: true, value: signatureVerified === undefined ? { apdu } : { apdu, signatureVerified }, deviations };
}

function isAssociation(apdu: Apdu): apdu is Extract<Apdu, { kind: 'aarq' | 'aare' | 'rlrq' | 'rlre' }> {
  return apdu.kind === 'aarq' || apdu.kind === 'aare' || apdu.kind === 'rlrq' || apdu.kind === 'rlre';
}

function isProtected(value: { readonly kind: string }): value is ProtectedApdu {
  return 'security' in value || value.kind === 'general-signing';
}

/** Whether the ring has the keys this APDU asks for, so that a failure is worth reporting. */
function hasKeyFor(apdu: CipheredApdu, keys: KeyRing | undefined): keys is KeyRing {
  if (keys === undefined) return false;
  const { security } = apdu;
  if (!security.authenticated && !security.encrypted) return true;
  if (!security.encrypted && keys.gak === undefined) return false;
  if (apdu.kind === 'general-ciphering' && apdu.keyInfo !== null) {
    const { wrappedKey, agreedKey, identifiedKey } = apdu.keyInfo;
    if (identifiedKey === undefined && keys.contentKey !== undefined) return true;
    if (wrappedKey !== undefined) return keys.kek !== undefined;
    if (agreedKey !== undefined) {
      // Key-ciphered-data is empty where both keys are static, and brings the other one where it is ephemeral.
      return (
        keys.agreementKey !== undefined && (agreedKey.keyCipheredData.length > 0 || keys.peerAgreementKey !== undefined)
      );
    }
    return (identifiedKey === 'broadcast' ? keys.gbek : keys.guek) !== undefined;
  }
  if (apdu.kind === 'general-ded-ciphering' || apdu.kind.startsWith('ded-')) return keys.dedicatedKey !== undefined;
  return (security.keySet === 'broadcast' ? keys.gbek : keys.guek) !== undefined;
}

/** `apduToJson` with `plain`, `inner`, `tagUnverified` and `signatureVerified` where something was revealed. */
export function revealedToJson(revealed: Revealed): JsonObject {
  const json: { [name: string]: Json | undefined } = { ...apduToJson(revealed.apdu) };
  if (revealed.plain !== undefined) json.plain = toHex(revealed.plain);
  if (revealed.tagUnverified) json.tagUnverified = true;
  if (revealed.signatureVerified) json.signatureVerified = true;
  if (revealed.inner !== undefined) json.inner = revealedToJson(revealed.inner);
  if (revealed.userInformation !== undefined) json.userInformation = revealedToJson(revealed.userInformation);
  return json;
}
