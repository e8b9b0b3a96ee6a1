import { octetToHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import { describeCodecError } from '../result.ts';
import { cipheredKindOf } from '../security/ciphered-services.ts';
import { readGeneralCiphering, writeGeneralCiphering } from '../security/general-ciphering.ts';
import { readGeneralGloCiphering, writeGeneralGloCiphering } from '../security/general-glo-ciphering.ts';
import { readGeneralSigning, writeGeneralSigning } from '../security/general-signing.ts';
import { readServiceCiphering, writeServiceCiphering } from '../security/service-ciphering.ts';
import type { ProtectedApdu } from '../security/types.ts';
import { Writer } from '../writer.ts';
import { readConfirmedServiceError, writeConfirmedServiceError } from '../xdlms/confirmed-service-error.ts';
import { readInitiateRequest, writeInitiateRequest } from '../xdlms/initiate-request.ts';
import { readInitiateResponse, writeInitiateResponse } from '../xdlms/initiate-response.ts';
import type { ConfirmedServiceError, InitiateRequest, InitiateResponse } from '../xdlms/types.ts';
import type { Undecodable } from './types.ts';

export type RequestInformation = InitiateRequest | ProtectedApdu | Undecodable;
export type ResponseInformation = InitiateResponse | ConfirmedServiceError | ProtectedApdu | Undecodable;
type UserInformation = RequestInformation | ResponseInformation;

const OCTET_STRING = 0x04;

/** user-information (BEh) of AARQ and RLRQ: an xDLMS APDU in an OCTET STRING. */
export function readRequestInformation(r: Reader): RequestInformation {
  r.begin('user-information');
  r.tag('tag', 'user-information');
  const outer = r.enter(r.length('user-information length'), 'user-information');
  const value = readString(r, readRequestApdu);
  r.leave(outer, 'user-information');
  r.close();
  return value;
}

/**
 * user-information (BEh) of AARE and RLRE. With `ignoreLength` the OCTET STRING inside says where it ends; with
 * `rejected`, the AARE refuses the association and what stands here may be anything.
 */
export function readResponseInformation(r: Reader, ignoreLength: boolean, rejected: boolean): ResponseInformation {
  r.begin('user-information');
  r.tag('tag', 'user-information');
  const length = r.length('user-information length');
  const outer = r.enter(ignoreLength ? r.remaining : length, 'user-information');
  const value = rejected ? readOrKeep(r, readResponseString) : readResponseString(r);
  r.leave(outer, 'user-information');
  r.close();
  return value;
}

function readResponseString(r: Reader): ResponseInformation {
  const value = readString(r, readResponseApdu);
  r.expectEnd('user-information');
  return value;
}

/**
 * The association part of the APDU is worth having even when the xDLMS part is not understood, so a failure inside of
 * the OCTET STRING is a deviation: the octets are kept with the reason.
 */
function readString<T>(r: Reader, read: (r: Reader) => T): T | Undecodable {
  r.expect(OCTET_STRING, 'OCTET STRING');
  const outer = r.enter(r.length('OCTET STRING length'), 'user-information');
  const value = readOrKeep(r, read);
  r.leave(outer, 'user-information');
  return value;
}

function readOrKeep<T>(r: Reader, read: (r: Reader) => T): T | Undecodable {
  const attempt = r.attempt(read);
  r.layer = 'acse';
  if ('value' in attempt) return attempt.value;
  if (r.strict) throw attempt.failure;
  const why = describeCodecError(attempt.failure.error);
  r.deviate('user-information-undecodable', why, attempt.failure.error.code);
  return { kind: 'undecodable', octets: r.take(r.remaining, 'undecodable'), why };
}

function readRequestApdu(r: Reader): InitiateRequest | ProtectedApdu {
  r.layer = 'xdlms';
  const apdu = r.peek() === 0x01 ? readInitiateRequest(r) : readProtected(r, 'an InitiateRequest');
  r.expectEnd('user-information');
  return apdu;
}

function readResponseApdu(r: Reader): InitiateResponse | ConfirmedServiceError | ProtectedApdu {
  r.layer = 'xdlms';
  const tag = r.peek();
  const apdu =
    tag === 0x08
      ? readInitiateResponse(r)
      : tag === 0x0e
        ? readConfirmedServiceError(r)
        : readProtected(r, 'an InitiateResponse or ConfirmedServiceError');
  r.expectEnd('user-information');
  return apdu;
}

function readProtected(r: Reader, expected: string): ProtectedApdu {
  const tag = r.peek();
  if (tag === 0xdb || tag === 0xdc) return readGeneralGloCiphering(r);
  if (tag === 0xdd) return readGeneralCiphering(r);
  if (tag === 0xdf) return readGeneralSigning(r);
  if (cipheredKindOf(tag) !== undefined) return readServiceCiphering(r);
  return r.fail('bad-tag', tag < 0 ? 'nothing' : octetToHex(tag), `${expected}, plain or protected`);
}

export function writeUserInformation(w: Writer, information: UserInformation): void {
  const apdu = new Writer();
  apdu.enter('userInformation');
  writeApdu(apdu, information);
  const string = new Writer(apdu.length + 6);
  string.octet(OCTET_STRING);
  string.octetString(apdu.result(), 'userInformation');
  w.octet(0xbe);
  w.octetString(string.result(), 'userInformation');
}

function writeApdu(w: Writer, information: UserInformation): void {
  switch (information.kind) {
    case 'undecodable':
      w.octets(information.octets, 'octets');
      break;
    case 'initiate-request':
      writeInitiateRequest(w, information);
      break;
    case 'initiate-response':
      writeInitiateResponse(w, information);
      break;
    case 'confirmed-service-error':
      writeConfirmedServiceError(w, information);
      break;
    case 'general-glo-ciphering':
    case 'general-ded-ciphering':
      writeGeneralGloCiphering(w, information);
      break;
    case 'general-ciphering':
      writeGeneralCiphering(w, information);
      break;
    case 'general-signing':
      writeGeneralSigning(w, information);
      break;
    default:
      writeServiceCiphering(w, information);
  }
}
