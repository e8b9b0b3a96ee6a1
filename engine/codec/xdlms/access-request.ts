import { readDataList } from '../axdr/decode-data.ts';
import { writeDataList } from '../axdr/encode-data.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { readAccessSpecifications, writeAccessSpecifications } from './access-specification.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDateTimeOctets, writeDateTimeOctets } from './date-time-octets.ts';
import { readLongInvoke } from './long-invoke.ts';
import type { AccessRequest } from './types.ts';

/** Access-Request (tag D9h). There is one Data for each specification, null-data for GET. */
export function readAccessRequest(r: Reader): AccessRequest {
  r.begin('access-request', XDLMS_CLAUSE);
  r.tag('tag', 'access-request');
  const longInvokeId = readLongInvoke(r);
  const dateTime = readDateTimeOctets(r);
  const spec = readAccessSpecifications(r);
  const data = readDataList(r, 'access-request-list-of-data');
  r.close();
  return { kind: 'access-request', longInvokeId, dateTime, spec, data };
}

export function writeAccessRequest(w: Writer, apdu: AccessRequest): void {
  w.octet(0xd9);
  w.u32(apdu.longInvokeId, 'longInvokeId');
  writeDateTimeOctets(w, apdu.dateTime);
  writeAccessSpecifications(w, apdu.spec);
  writeDataList(w, apdu.data, 'data');
}
