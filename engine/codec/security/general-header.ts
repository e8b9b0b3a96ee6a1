import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { describeDateTimeOctets } from '../xdlms/date-time-octets.ts';
import { describeSystemTitle } from './system-title-text.ts';

/** The five OCTET STRINGs that open general-ciphering and general-signing. Any of them may be empty. */
export interface GeneralHeader {
  readonly transactionId: Uint8Array;
  readonly originatorSystemTitle: Uint8Array;
  readonly recipientSystemTitle: Uint8Array;
  readonly dateTime: Uint8Array;
  readonly otherInformation: Uint8Array;
}

export function readGeneralHeader(r: Reader): GeneralHeader {
  const transactionId = r.octetString('transaction-id');
  const originatorSystemTitle = readSystemTitle(r, 'originator-system-title');
  const recipientSystemTitle = readSystemTitle(r, 'recipient-system-title');
  const dateTime = r.octetString('date-time');
  if (r.sink !== null) describeDateTimeOctets(r.sink, dateTime);
  const otherInformation = r.octetString('other-information');
  return { transactionId, originatorSystemTitle, recipientSystemTitle, dateTime, otherInformation };
}

/** A system title as OCTET STRING; it may be empty. */
export function readSystemTitle(r: Reader, name: string): Uint8Array {
  const title = r.octetString(name);
  if (r.sink !== null) describeSystemTitle(r.sink, title);
  return title;
}

export function writeGeneralHeader(w: Writer, header: GeneralHeader): void {
  w.octetString(header.transactionId, 'transactionId');
  w.octetString(header.originatorSystemTitle, 'originatorSystemTitle');
  w.octetString(header.recipientSystemTitle, 'recipientSystemTitle');
  w.octetString(header.dateTime, 'dateTime');
  w.octetString(header.otherInformation, 'otherInformation');
}

/** The five fields with their lengths, as they enter the additional authenticated data. */
export function generalHeaderOctets(header: GeneralHeader): Uint8Array {
  const w = new Writer();
  writeGeneralHeader(w, header);
  return w.result();
}
