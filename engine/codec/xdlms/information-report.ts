import { readDataList } from '../axdr/decode-data.ts';
import { writeDataList } from '../axdr/encode-data.ts';
import { octetsFromText, textFromOctets } from '../axdr/text.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import type { InformationReport } from './types.ts';
import { readVariableAccessList, writeVariableAccessList } from './variable-access.ts';

/** InformationReportRequest (tag 18h), the event of short-name referencing. */
export function readInformationReport(r: Reader): InformationReport {
  r.begin('information-report', XDLMS_CLAUSE);
  r.tag('tag', 'information-report');
  const time = r.present('current-time') ? textFromOctets(r.octetString('current-time')) : null;
  if (r.sink !== null && time !== null) r.sink.describe(time);
  const list = readVariableAccessList(r);
  const values = readDataList(r, 'list-of-data');
  r.close();
  return { kind: 'information-report', time, list, values };
}

export function writeInformationReport(w: Writer, apdu: InformationReport): void {
  w.octet(0x18);
  if (apdu.time === null || apdu.time === undefined) w.octet(0);
  else {
    const time = octetsFromText(apdu.time);
    if (time === undefined) w.typeError('time', `'${apdu.time}' is not a GeneralizedTime`);
    w.octet(1);
    w.octetString(time, 'time');
  }
  writeVariableAccessList(w, apdu.list);
  writeDataList(w, apdu.values, 'values');
}
