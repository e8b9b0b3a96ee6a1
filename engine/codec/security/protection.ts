import { type GcmInput, gcmIv, gcmOpen, gcmSeal, gcmStream } from './gcm.ts';
import { type SecurityControl, securityControlOctet } from './security-header.ts';
import type { SecuritySuite } from './suites.ts';
import type { SecurityHeader } from './types.ts';

/** Keys and numbers of one protected APDU, independent of the form it is carried in. */
export interface ProtectionInput {
  readonly suite: SecuritySuite;
  /** Encryption key (block cipher key). */
  readonly key: Uint8Array;
  /** Authentication key; unused when not authenticated. */
  readonly authenticationKey: Uint8Array;
  /** System title of the sender, 8 octets. */
  readonly systemTitle: Uint8Array;
  /** The five fields of general-ciphering with their lengths; empty otherwise. */
  readonly header: Uint8Array;
}

/** Protects a plain APDU: the table of GB 9.2.7.2.4. */
export function sealPayload(
  input: ProtectionInput,
  control: SecurityControl,
  invocationCounter: number,
  plain: Uint8Array,
): SecurityHeader {
  const sc = securityControlOctet(control);
  const gcm = gcmInput(input, invocationCounter);
  const head = { sc, ...control, ic: invocationCounter };
  if (!control.authenticated) return { ...head, payload: control.encrypted ? gcmStream(gcm, plain) : plain };
  if (!control.encrypted) return { ...head, payload: plain, tag: gcmSeal(gcm, aad(input, sc, plain)).tag };
  const { ciphertext, tag } = gcmSeal(gcm, aad(input, sc), plain);
  return { ...head, payload: ciphertext, tag };
}

/** The plain APDU; undefined when the authentication tag is to be verified and does not match. */
export function openPayload(input: ProtectionInput, security: SecurityHeader, verify: boolean): Uint8Array | undefined {
  const gcm = gcmInput(input, security.ic);
  const { sc, payload, tag } = security;
  if (!verify || tag === undefined) {
    return security.encrypted ? gcmStream(gcm, payload) : payload;
  }
  if (security.encrypted) return gcmOpen(gcm, aad(input, sc), payload, tag);
  return gcmOpen(gcm, aad(input, sc, payload), new Uint8Array(0), tag) === undefined ? undefined : payload;
}

function gcmInput(input: ProtectionInput, invocationCounter: number): GcmInput {
  return { suite: input.suite, key: input.key, iv: gcmIv(input.systemTitle, invocationCounter) };
}

/** Additional authenticated data: SC, AK, the general header, and the plain APDU when it is only authenticated. */
function aad(input: ProtectionInput, sc: number, plain?: Uint8Array): Uint8Array {
  const { authenticationKey, header } = input;
  const octets = new Uint8Array(1 + authenticationKey.length + header.length + (plain?.length ?? 0));
  octets[0] = sc;
  octets.set(authenticationKey, 1);
  octets.set(header, 1 + authenticationKey.length);
  if (plain !== undefined) octets.set(plain, 1 + authenticationKey.length + header.length);
  return octets;
}
