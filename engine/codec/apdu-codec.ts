import { readAare, writeAare } from './acse/aare.ts';
import { readAarq, writeAarq } from './acse/aarq.ts';
import { readRlre, readRlrq, writeRlre, writeRlrq } from './acse/release.ts';
import type { Apdu } from './apdu.ts';
import { octetToHex } from './hex.ts';
import { decodeWith, type Reader } from './reader.ts';
import type { Decoded, DecodeOptions } from './result.ts';
import { cipheredKindOf } from './security/ciphered-services.ts';
import { readGeneralCiphering, writeGeneralCiphering } from './security/general-ciphering.ts';
import { readGeneralGloCiphering, writeGeneralGloCiphering } from './security/general-glo-ciphering.ts';
import { readGeneralSigning, writeGeneralSigning } from './security/general-signing.ts';
import { readServiceCiphering, writeServiceCiphering } from './security/service-ciphering.ts';
import { wireOctetsOf } from './wire-octets.ts';
import { Writer } from './writer.ts';
import { readAccessRequest, writeAccessRequest } from './xdlms/access-request.ts';
import { readAccessResponse, writeAccessResponse } from './xdlms/access-response.ts';
import { readActionRequest, writeActionRequest } from './xdlms/action-request.ts';
import { readActionResponse, writeActionResponse } from './xdlms/action-response.ts';
import { readConfirmedServiceError, writeConfirmedServiceError } from './xdlms/confirmed-service-error.ts';
import {
  readDataNotification,
  readDataNotificationConfirm,
  writeDataNotification,
  writeDataNotificationConfirm,
} from './xdlms/data-notification.ts';
import { readEventNotification, writeEventNotification } from './xdlms/event-notification.ts';
import { readExceptionResponse, writeExceptionResponse } from './xdlms/exception-response.ts';
import { readGateway, writeGateway } from './xdlms/gateway.ts';
import { readGeneralBlockTransfer, writeGeneralBlockTransfer } from './xdlms/general-block-transfer.ts';
import { readGetRequest, writeGetRequest } from './xdlms/get-request.ts';
import { readGetResponse, writeGetResponse } from './xdlms/get-response.ts';
import { readInformationReport, writeInformationReport } from './xdlms/information-report.ts';
import { readInitiateRequest, writeInitiateRequest } from './xdlms/initiate-request.ts';
import { readInitiateResponse, writeInitiateResponse } from './xdlms/initiate-response.ts';
import { readReadRequest, readReadResponse, writeReadRequest, writeReadResponse } from './xdlms/read.ts';
import { readSetRequest, writeSetRequest } from './xdlms/set-request.ts';
import { readSetResponse, writeSetResponse } from './xdlms/set-response.ts';
import { readWriteRequest, readWriteResponse, writeWriteRequest, writeWriteResponse } from './xdlms/write.ts';

/**
 * Decodes one APDU, told apart by its first octet (Green Book 9.5; ACSE 9.4.2). All octets must be used up.
 * Protected APDUs are taken apart but not deciphered; see security/unprotect.ts and reveal.ts.
 */
export function decodeApdu(octets: Uint8Array, options?: DecodeOptions): Decoded<Apdu> {
  return decodeWith(octets, 'xdlms', options, readApdu);
}

/** Reads the APDU at the reader's position, up to its end. */
export function readApdu(r: Reader): Apdu {
  r.layer = 'xdlms';
  const tag = r.peek();
  switch (tag) {
    case 0x01:
      return readInitiateRequest(r);
    case 0x05:
      return readReadRequest(r);
    case 0x06:
    case 0x16:
      return readWriteRequest(r);
    case 0x08:
      return readInitiateResponse(r);
    case 0x0c:
      return readReadResponse(r);
    case 0x0d:
      return readWriteResponse(r);
    case 0x0e:
      return readConfirmedServiceError(r);
    case 0x0f:
      return readDataNotification(r);
    case 0x10:
      return readDataNotificationConfirm(r);
    case 0x18:
      return readInformationReport(r);
    case 0x60:
      return readAarq(r);
    case 0x61:
      return readAare(r);
    case 0x62:
      return readRlrq(r);
    case 0x63:
      return readRlre(r);
    case 0xc0:
      return readGetRequest(r);
    case 0xc1:
      return readSetRequest(r);
    case 0xc2:
      return readEventNotification(r);
    case 0xc3:
      return readActionRequest(r);
    case 0xc4:
      return readGetResponse(r);
    case 0xc5:
      return readSetResponse(r);
    case 0xc7:
      return readActionResponse(r);
    case 0xd8:
      return readExceptionResponse(r);
    case 0xd9:
      return readAccessRequest(r);
    case 0xda:
      return readAccessResponse(r);
    case 0xdb:
    case 0xdc:
      return readGeneralGloCiphering(r);
    case 0xdd:
      return readGeneralCiphering(r);
    case 0xdf:
      return readGeneralSigning(r);
    case 0xe0:
      return readGeneralBlockTransfer(r);
    case 0xe6:
    case 0xe7:
      return readGateway(r);
    default:
      if (tag < 0) return r.fail('truncated', 'no octets', 'an APDU');
      if (cipheredKindOf(tag) !== undefined) return readServiceCiphering(r);
      return r.fail('bad-tag', octetToHex(tag), 'the tag of an APDU');
  }
}

/**
 * Encodes one APDU. A value that came from `decodeApdu` gives the octets it came from.
 * @throws {RangeError | TypeError} with the path to a value that does not fit its field.
 */
export function encodeApdu(apdu: Apdu): Uint8Array {
  const received = wireOctetsOf(apdu);
  if (received !== undefined) return received;
  const w = new Writer();
  writeApdu(w, apdu);
  return w.result();
}

/** Writes one APDU in canonical form. */
export function writeApdu(w: Writer, apdu: Apdu): void {
  switch (apdu.kind) {
    case 'aarq':
      writeAarq(w, apdu);
      break;
    case 'aare':
      writeAare(w, apdu);
      break;
    case 'rlrq':
      writeRlrq(w, apdu);
      break;
    case 'rlre':
      writeRlre(w, apdu);
      break;
    case 'initiate-request':
      writeInitiateRequest(w, apdu);
      break;
    case 'initiate-response':
      writeInitiateResponse(w, apdu);
      break;
    case 'confirmed-service-error':
      writeConfirmedServiceError(w, apdu);
      break;
    case 'get-request':
      writeGetRequest(w, apdu);
      break;
    case 'get-response':
      writeGetResponse(w, apdu);
      break;
    case 'set-request':
      writeSetRequest(w, apdu);
      break;
    case 'set-response':
      writeSetResponse(w, apdu);
      break;
    case 'action-request':
      writeActionRequest(w, apdu);
      break;
    case 'action-response':
      writeActionResponse(w, apdu);
      break;
    case 'read-request':
      writeReadRequest(w, apdu);
      break;
    case 'read-response':
      writeReadResponse(w, apdu);
      break;
    case 'write-request':
    case 'unconfirmed-write-request':
      writeWriteRequest(w, apdu);
      break;
    case 'write-response':
      writeWriteResponse(w, apdu);
      break;
    case 'information-report':
      writeInformationReport(w, apdu);
      break;
    case 'event-notification':
      writeEventNotification(w, apdu);
      break;
    case 'data-notification':
      writeDataNotification(w, apdu);
      break;
    case 'data-notification-confirm':
      writeDataNotificationConfirm(w, apdu);
      break;
    case 'exception-response':
      writeExceptionResponse(w, apdu);
      break;
    case 'access-request':
      writeAccessRequest(w, apdu);
      break;
    case 'access-response':
      writeAccessResponse(w, apdu);
      break;
    case 'general-block-transfer':
      writeGeneralBlockTransfer(w, apdu);
      break;
    case 'gateway-request':
    case 'gateway-response':
      writeGateway(w, apdu);
      break;
    case 'general-glo-ciphering':
    case 'general-ded-ciphering':
      writeGeneralGloCiphering(w, apdu);
      break;
    case 'general-ciphering':
      writeGeneralCiphering(w, apdu);
      break;
    case 'general-signing':
      writeGeneralSigning(w, apdu);
      break;
    default:
      writeServiceCiphering(w, apdu);
  }
}
