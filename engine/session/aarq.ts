import type { Aarq } from '../codec/acse/types.ts';
import type { InitiateRequest } from '../codec/xdlms/types.ts';
import { applicationContextOf, isHls, needsSystemTitle } from './authentication.ts';
import { missing, SessionError } from './errors.ts';
import type { ClientParams } from './params.ts';
import type { OctetRange } from './secret-ranges.ts';

/** ACSE functional unit `authentication` as BIT STRING content: 7 unused bits, bit 0 set (GB 9.4.2). */
const AUTHENTICATION_UNIT = Uint8Array.of(0x07, 0x80);
const DLMS_VERSION = 6;

/**
 * AARQ of one association (GB 9.4.2) with its InitiateRequest in clear; ciphering is put on afterwards.
 * `challenge` is CtoS for HLS. Throws SessionError `secret-missing`.
 */
export function buildAarq(params: ClientParams, challenge: Uint8Array | null, dedicatedKey: Uint8Array | null): Aarq {
  const { mechanism } = params;
  const { systemTitle: title, certificate } = params.secrets;
  checkSigning(params);
  if (needsSystemTitle(params) && title === undefined)
    throw new SessionError(
      'secret-missing',
      `${mechanism} with protection ${params.protection} needs a client system title`,
      {
        next: 'give systemTitle (16 hex digits) with the keys',
      },
    );
  return {
    kind: 'aarq',
    applicationContext: applicationContextOf(params),
    ...(needsSystemTitle(params) && title !== undefined ? { callingApTitle: title } : {}),
    ...(mechanism === 'hls-ecdsa' && certificate !== undefined ? { callingAeQualifier: certificate } : {}),
    ...(mechanism === 'lowest'
      ? {}
      : {
          acseRequirements: AUTHENTICATION_UNIT,
          mechanism,
          authValue: { form: 'charstring', octets: authenticationValue(params, challenge) },
        }),
    userInformation: buildInitiateRequest(params, dedicatedKey),
  };
}

/** Signatures need a suite that has them and a key: better said before the meter counts a failed login. */
function checkSigning({ mechanism, suite, secrets }: ClientParams): void {
  if (mechanism !== 'hls-ecdsa') return;
  if (suite === 0)
    throw new SessionError('not-supported', 'authentication ecdsa in security suite 0, which has no signatures', {
      next: 'use suite 1 or 2',
    });
  if (secrets.signingKey === undefined) throw missing('signingKey', 'private key of the client for signatures');
}

/** InitiateRequest in clear (GB 9.4.1). */
export function buildInitiateRequest(params: ClientParams, dedicatedKey: Uint8Array | null): InitiateRequest {
  return {
    kind: 'initiate-request',
    dedicatedKey,
    responseAllowed: true,
    proposedQoS: null,
    dlmsVersion: DLMS_VERSION,
    conformance: params.conformance,
    maxPdu: params.maxPdu,
  };
}

function authenticationValue(params: ClientParams, challenge: Uint8Array | null): Uint8Array {
  if (isHls(params.mechanism)) return challenge ?? new Uint8Array();
  const password = params.secrets.password;
  if (password === undefined)
    throw new SessionError('secret-missing', 'authentication lls needs a password', {
      next: 'give password in the key file',
    });
  return password;
}

/**
 * Where an encoded AARQ carries its LLS password: the content behind `AC len 80 len` (GB 9.4.2). Looking for the
 * password with its header keeps a short password from being found somewhere else. Lengths are short-form for the
 * passwords in use; from 126 octets on the long form is looked for as well.
 */
export function passwordRange(aarq: Uint8Array, password: Uint8Array): readonly OctetRange[] {
  const { length } = password;
  const header = length < 0x80 ? [0x80, length] : [0x80, 0x81, length];
  const needle = Buffer.concat([Uint8Array.from(header), password]);
  const at = Buffer.from(aarq.buffer, aarq.byteOffset, aarq.length).lastIndexOf(needle);
  return at < 0 || length === 0 ? [] : [{ from: at + header.length, to: at + needle.length }];
}
