import { toHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readConformance, writeConformance } from './conformance.ts';
import { readMaxPdu, writeQoS } from './initiate-request.ts';
import type { InitiateResponse } from './types.ts';

/** Name of the virtual application association in each kind of referencing. */
const VAA_LOGICAL_NAMES = 0x0007;
const VAA_SHORT_NAMES = 0xfa00;

/** InitiateResponse (tag 08h): what the server grants, carried in AARE and RLRE user-information. */
export function readInitiateResponse(r: Reader): InitiateResponse {
  r.begin('initiate-response', XDLMS_CLAUSE);
  r.tag('tag', 'initiate-response');
  const negotiatedQoS = r.present('negotiated-quality-of-service') ? r.i8('negotiated-quality-of-service') : null;
  const dlmsVersion = r.u8('negotiated-dlms-version-number');
  const conformance = readConformance(r, 'negotiated-conformance');
  const maxPdu = readMaxPdu(r, 'server-max-receive-pdu-size');
  const vaaName = r.u16('vaa-name');
  if (r.sink !== null) r.sink.describe(describeVaaName(vaaName));
  r.close();
  return { kind: 'initiate-response', negotiatedQoS, dlmsVersion, conformance, maxPdu, vaaName };
}

function describeVaaName(name: number): string {
  if (name === VAA_LOGICAL_NAMES) return `${name} (logical names)`;
  const hex = toHex(Uint8Array.of(name >> 8, name));
  return name === VAA_SHORT_NAMES ? `${hex} (short names)` : hex;
}

export function writeInitiateResponse(w: Writer, apdu: InitiateResponse): void {
  w.octet(0x08);
  writeQoS(w, apdu.negotiatedQoS, 'negotiatedQoS');
  w.u8(apdu.dlmsVersion, 'dlmsVersion');
  writeConformance(w, apdu.conformance);
  w.u16(apdu.maxPdu, 'maxPdu');
  w.u16(apdu.vaaName, 'vaaName');
}
