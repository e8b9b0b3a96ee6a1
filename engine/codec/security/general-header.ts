import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';

/** The five OCTET STRINGs that open general-ciphering and general-signing. Any of them may be empty. */
export interface GeneralHeader {
  readonly transactionId: Uint8Array;
  readonly originatorSystemTitle: Uint8Array;
  readonly recipientSystemTitle: Uint8Array;
  readonly dateTime: Uint8Array;
  readonly otherInformation: Uint8Array;
}

export function readGeneralHeader(r: Reader): GeneralHeader {
  return {
    transactionId: r.octetString('transaction-id'),
    originatorSystemTitle: r.octetString('originator-system-title'),
    recipientSystemTitle: r.octetString('recipient-system-title'),
    dateTime: r.octetString('date-time'),
    otherInformation: r.octetString('other-information'),
  };
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
