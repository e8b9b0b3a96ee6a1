import type { Apdu } from '../apdu.ts';
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
import { ElementReader } from './element-reader.ts';
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
import { type XmlError, XmlFailure } from './xml-failure.ts';
import { XmlWriter } from './xml-writer.ts';

/** An APDU, or one Data, read from XML. */
export type XmlPdu = { readonly apdu: Apdu } | { readonly data: Data };

export type XmlResult =
  | { readonly ok: true; readonly value: XmlPdu }
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

/** The APDU or Data of a text. Never throws, whatever the text. */
export function pduFromXml(text: string): XmlResult {
  try {
    const x = new ElementReader(parseXml(text), text);
    const value: XmlPdu = isDataElement(x) ? { data: readDataXml(x) } : { apdu: readApduXml(x) };
    x.end();
    return { ok: true, value };
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
  [['GatewayRequest'], (x) => readGatewayXml(x, 'gateway-request')],
  [['GatewayResponse'], (x) => readGatewayXml(x, 'gateway-response')],
];

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
