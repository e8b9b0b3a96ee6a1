import { readData } from '../axdr/decode-data.ts';
import { writeData } from '../axdr/encode-data.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { describeDateTimeOctets } from './date-time-octets.ts';
import { readDescriptor, writeDescriptor } from './descriptor.ts';
import type { EventNotification } from './types.ts';

/** Event-Notification-Request (tag C2h). */
export function readEventNotification(r: Reader): EventNotification {
  r.begin('event-notification', XDLMS_CLAUSE);
  r.tag('tag', 'event-notification');
  const time = r.present('time') ? r.octetString('time') : null;
  if (r.sink !== null && time !== null) describeDateTimeOctets(r.sink, time);
  const attr = readDescriptor(r, 'cosem-attribute-descriptor');
  const data = readData(r, 'attribute-value');
  r.close();
  return { kind: 'event-notification', time, attr, data };
}

export function writeEventNotification(w: Writer, apdu: EventNotification): void {
  w.octet(0xc2);
  if (apdu.time === null || apdu.time === undefined) w.octet(0);
  else {
    w.octet(1);
    w.octetString(apdu.time, 'time');
  }
  writeDescriptor(w, apdu.attr, 'attr');
  writeData(w, apdu.data, 'data');
}
