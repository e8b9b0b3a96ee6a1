import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readConformance, writeConformance } from './conformance.ts';
import type { InitiateRequest } from './types.ts';

/** InitiateRequest (tag 01h): what the client proposes, carried in AARQ and RLRQ user-information. */
export function readInitiateRequest(r: Reader): InitiateRequest {
  r.begin('initiate-request', XDLMS_CLAUSE);
  r.tag('tag', 'initiate-request');
  const dedicatedKey = r.present('dedicated-key') ? r.octetString('dedicated-key') : null;
  const responseAllowed = readResponseAllowed(r);
  const proposedQoS = r.present('proposed-quality-of-service') ? r.i8('proposed-quality-of-service') : null;
  const dlmsVersion = r.u8('proposed-dlms-version-number');
  const conformance = readConformance(r, 'proposed-conformance');
  const maxPdu = readMaxPdu(r, 'client-max-receive-pdu-size');
  r.close();
  return { kind: 'initiate-request', dedicatedKey, responseAllowed, proposedQoS, dlmsVersion, conformance, maxPdu };
}

/** Largest APDU the sender accepts; 0 is no limit. */
export function readMaxPdu(r: Reader, name: string): number {
  const octets = r.u16(name);
  if (r.sink !== null) r.sink.describe(octets === 0 ? '0 (no limit)' : `${octets} octets`);
  return octets;
}

/** BOOLEAN DEFAULT TRUE. Writing the default out is legal, but not what the encoder does. */
function readResponseAllowed(r: Reader): boolean {
  if (!r.present('response-allowed')) return true;
  const allowed = r.boolean('response-allowed');
  if (allowed) r.canonical = false;
  return allowed;
}

export function writeInitiateRequest(w: Writer, apdu: InitiateRequest): void {
  w.octet(0x01);
  if (apdu.dedicatedKey === null || apdu.dedicatedKey === undefined) w.octet(0);
  else {
    w.octet(1);
    w.octetString(apdu.dedicatedKey, 'dedicatedKey');
  }
  if (apdu.responseAllowed) w.octet(0);
  else {
    w.octet(1);
    w.octet(0);
  }
  writeQoS(w, apdu.proposedQoS, 'proposedQoS');
  w.u8(apdu.dlmsVersion, 'dlmsVersion');
  writeConformance(w, apdu.conformance);
  w.u16(apdu.maxPdu, 'maxPdu');
}

/** Integer8 OPTIONAL. */
export function writeQoS(w: Writer, quality: number | null, name: string): void {
  if (quality === null || quality === undefined) w.octet(0);
  else {
    w.octet(1);
    w.i8(quality, name);
  }
}
