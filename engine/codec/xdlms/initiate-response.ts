import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readConformance, writeConformance } from './conformance.ts';
import { writeQoS } from './initiate-request.ts';
import type { InitiateResponse } from './types.ts';

/** InitiateResponse (tag 08h): what the server grants, carried in AARE and RLRE user-information. */
export function readInitiateResponse(r: Reader): InitiateResponse {
  r.begin('initiate-response', XDLMS_CLAUSE);
  r.tag('tag', 'initiate-response');
  const negotiatedQoS = r.present('negotiated-quality-of-service') ? r.i8('negotiated-quality-of-service') : null;
  const dlmsVersion = r.u8('negotiated-dlms-version-number');
  const conformance = readConformance(r, 'negotiated-conformance');
  const maxPdu = r.u16('server-max-receive-pdu-size');
  const vaaName = r.u16('vaa-name');
  r.close();
  return { kind: 'initiate-response', negotiatedQoS, dlmsVersion, conformance, maxPdu, vaaName };
}

export function writeInitiateResponse(w: Writer, apdu: InitiateResponse): void {
  w.octet(0x08);
  writeQoS(w, apdu.negotiatedQoS, 'negotiatedQoS');
  w.u8(apdu.dlmsVersion, 'dlmsVersion');
  writeConformance(w, apdu.conformance);
  w.u16(apdu.maxPdu, 'maxPdu');
  w.u16(apdu.vaaName, 'vaaName');
}
