import type { Apdu } from '../apdu.ts';
import { encodeApdu } from '../apdu-codec.ts';
import type { Data } from '../axdr/data.ts';
import {
  readAccessRequestXml,
  readAccessResponseXml,
  writeAccessRequestXml,
  writeAccessResponseXml,
} from './access-xml.ts';
import {
  readAareXml,
  readAarqXml,
  readRlreXml,
  readRlrqXml,
  writeAareXml,
  writeAarqXml,
  writeRlreXml,
  writeRlrqXml,
} from './acse-xml.ts';
import {
  readActionRequestXml,
  readActionResponseXml,
  writeActionRequestXml,
  writeActionResponseXml,
} from './action-xml.ts';
import { isDataElement, readDataXml, writeDataXml } from './data-xml.ts';
import { ElementReader, type NumberNotation } from './element-reader.ts';
import {
  readConfirmedServiceErrorXml,
  readExceptionResponseXml,
  writeConfirmedServiceErrorXml,
  writeExceptionResponseXml,
} from './error-xml.ts';
import { readGetRequestXml, readGetResponseXml, writeGetRequestXml, writeGetResponseXml } from './get-xml.ts';
import {
  readInitiateRequestXml,
  readInitiateResponseXml,
  writeInitiateRequestXml,
  writeInitiateResponseXml,
} from './initiate-xml.ts';
import {
  readDataNotificationConfirmXml,
  readDataNotificationXml,
  readEventNotificationXml,
  writeDataNotificationConfirmXml,
  writeDataNotificationXml,
  writeEventNotificationXml,
} from './notification-xml.ts';
import { parseXml } from './parse-xml.ts';
import { readProtectedXml, writeProtectedXml } from './protected-xml.ts';
import { readSetRequestXml, readSetResponseXml, writeSetRequestXml, writeSetResponseXml } from './set-xml.ts';
import {
  readInformationReportXml,
  readReadRequestXml,
  readReadResponseXml,
  readWriteRequestXml,
  readWriteResponseXml,
  writeInformationReportXml,
  writeReadRequestXml,
  writeReadResponseXml,
  writeWriteRequestXml,
  writeWriteResponseXml,
} from './short-name-xml.ts';
import {
  readGatewayXml,
  readGeneralBlockTransferXml,
  writeGatewayXml,
  writeGeneralBlockTransferXml,
} from './transfer-xml.ts';
import { type XmlError, type XmlErrorCode, XmlFailure } from './xml-failure.ts';
import { withoutFrames } from './xml-frames.ts';
import { XmlWriter } from './xml-writer.ts';

/** An APDU, or one Data, read from XML. */
export type XmlPdu = { readonly apdu: Apdu } | { readonly data: Data };

export type XmlResult =
  /** `numbers` tells how those of the text were read. */
  | { readonly ok: true; readonly value: XmlPdu; readonly numbers: NumberNotation }
  | { readonly ok: false; readonly error: XmlError };

/**
 * An APDU as XML in the notation of the DLMS UA tools: an element for each component by its ASN.1 name, values in
 * `Value` as hex digits or names, lengths of lists in `Qty`. Reading the text back gives an APDU with the same octets.
 * @throws {TypeError | RangeError} for values that their fields cannot hold.
 */
export function apduToXml(apdu: Apdu): string {
  const w = new XmlWriter();
  writeApduXml(w, apdu);
  return w.result();
}

/**
 * `apduToXml` with the APDU that was found inside of a protected one as a comment, which is left out when the text is
 * read back.
 */
export function apduToXmlWithInner(apdu: Apdu, innerXml: string): string {
  const w = new XmlWriter();
  writeApduXml(w, apdu);
  w.comment(innerXml.replaceAll(/<!--|-->/g, ''));
  return w.result();
}

export function dataToXml(data: Data): string {
  const w = new XmlWriter();
  writeDataXml(w, data);
  return w.result();
}

/**
 * The APDU or Data of a text. Never throws, whatever the text. Elements that stand for a frame or a list of messages
 * are looked through. Numbers are hex; a text that cannot be that, but is right with decimal ones, is read as such.
 */
export function pduFromXml(text: string): XmlResult {
  const hex = readWith(text, 'hex');
  if (hex.ok || !NUMBER_ERRORS.has(hex.error.code)) return hex;
  const decimal = readWith(text, 'decimal');
  return decimal.ok ? decimal : hex;
}

/** What goes wrong in hex with numbers that are decimal. */
const NUMBER_ERRORS: ReadonlySet<XmlErrorCode> = new Set(['bad-value', 'bad-quantity']);

function readWith(text: string, numbers: NumberNotation): XmlResult {
  try {
    const x = new ElementReader(withoutFrames(parseXml(text), text), text, numbers);
    const value: XmlPdu = isDataElement(x) ? { data: readDataXml(x) } : { apdu: readApduXml(x) };
    x.end();
    return { ok: true, value, numbers };
  } catch (failure) {
    if (!(failure instanceof XmlFailure)) throw failure;
    return { ok: false, error: failure.error };
  }
}

type Reading = readonly [names: readonly string[], read: (x: ElementReader) => Apdu];

/** Root elements. */
const READERS: readonly Reading[] = [
  [['AssociationRequest', 'Aarq'], readAarqXml],
  [['AssociationResponse', 'Aare'], readAareXml],
  [['ReleaseRequest', 'RLRQ-apdu', 'Rlrq'], readRlrqXml],
  [['ReleaseResponse', 'RLRE-apdu', 'Rlre'], readRlreXml],
  [['InitiateRequest'], readInitiateRequestXml],
  [['InitiateResponse'], readInitiateResponseXml],
  [['ConfirmedServiceError'], readConfirmedServiceErrorXml],
  [['GetRequest'], readGetRequestXml],
  [['GetResponse'], readGetResponseXml],
  [['SetRequest'], readSetRequestXml],
  [['SetResponse'], readSetResponseXml],
  [['ActionRequest'], readActionRequestXml],
  [['ActionResponse'], readActionResponseXml],
  [['ReadRequest'], readReadRequestXml],
  [['ReadResponse'], readReadResponseXml],
  [['WriteRequest'], (x) => readWriteRequestXml(x, 'write-request')],
  [['UnconfirmedWriteRequest'], (x) => readWriteRequestXml(x, 'unconfirmed-write-request')],
  [['WriteResponse'], readWriteResponseXml],
  [['InformationReportRequest', 'InformationReport'], readInformationReportXml],
  [['EventNotificationRequest', 'EventNotification'], readEventNotificationXml],
  [['DataNotification'], readDataNotificationXml],
  [['DataNotificationConfirm'], readDataNotificationConfirmXml],
  [['ExceptionResponse'], readExceptionResponseXml],
  [['AccessRequest'], readAccessRequestXml],
  [['AccessResponse'], readAccessResponseXml],
  [['GeneralBlockTransfer'], readGeneralBlockTransferXml],
  [['GatewayRequest'], (x) => readGatewayXml(x, 'gateway-request', readNestedXml)],
  [['GatewayResponse'], (x) => readGatewayXml(x, 'gateway-response', readNestedXml)],
];

function readNestedXml(x: ElementReader): Uint8Array {
  return x.checked(() => encodeApdu(readApduXml(x)));
}

function readApduXml(x: ElementReader): Apdu {
  const known = READERS.find(([names]) => x.is(names));
  if (known !== undefined) return known[1](x);
  return readProtectedXml(x) ?? x.fail('unknown-element', x.name, 'the name of an APDU or Data type');
}

function writeApduXml(w: XmlWriter, apdu: Apdu): void {
  switch (apdu.kind) {
    case 'aarq':
      writeAarqXml(w, apdu);
      break;
    case 'aare':
      writeAareXml(w, apdu);
      break;
    case 'rlrq':
      writeRlrqXml(w, apdu);
      break;
    case 'rlre':
      writeRlreXml(w, apdu);
      break;
    case 'initiate-request':
      writeInitiateRequestXml(w, apdu);
      break;
    case 'initiate-response':
      writeInitiateResponseXml(w, apdu);
      break;
    case 'confirmed-service-error':
      writeConfirmedServiceErrorXml(w, apdu);
      break;
    case 'get-request':
      writeGetRequestXml(w, apdu);
      break;
    case 'get-response':
      writeGetResponseXml(w, apdu);
      break;
    case 'set-request':
      writeSetRequestXml(w, apdu);
      break;
    case 'set-response':
      writeSetResponseXml(w, apdu);
      break;
    case 'action-request':
      writeActionRequestXml(w, apdu);
      break;
    case 'action-response':
      writeActionResponseXml(w, apdu);
      break;
    case 'read-request':
      writeReadRequestXml(w, apdu);
      break;
    case 'read-response':
      writeReadResponseXml(w, apdu);
      break;
    case 'write-request':
    case 'unconfirmed-write-request':
      writeWriteRequestXml(w, apdu);
      break;
    case 'write-response':
      writeWriteResponseXml(w, apdu);
      break;
    case 'information-report':
      writeInformationReportXml(w, apdu);
      break;
    case 'event-notification':
      writeEventNotificationXml(w, apdu);
      break;
    case 'data-notification':
      writeDataNotificationXml(w, apdu);
      break;
    case 'data-notification-confirm':
      writeDataNotificationConfirmXml(w, apdu);
      break;
    case 'exception-response':
      writeExceptionResponseXml(w, apdu);
      break;
    case 'access-request':
      writeAccessRequestXml(w, apdu);
      break;
    case 'access-response':
      writeAccessResponseXml(w, apdu);
      break;
    case 'general-block-transfer':
      writeGeneralBlockTransferXml(w, apdu);
      break;
    case 'gateway-request':
    case 'gateway-response':
      writeGatewayXml(w, apdu);
      break;
    default:
      writeProtectedXml(w, apdu);
  }
}
