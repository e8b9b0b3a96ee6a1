import type { Data } from '../axdr/data.ts';
import { readData } from '../axdr/decode-data.ts';
import { writeData } from '../axdr/encode-data.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDateTimeOctets, writeDateTimeOctets } from './date-time-octets.ts';
import { readDescribedValues } from './described-values.ts';
import { readLongInvoke } from './long-invoke.ts';
import type { DataNotification, DataNotificationConfirm } from './types.ts';

/** Data-Notification (tag 0Fh): what meters push. */
export function readDataNotification(r: Reader): DataNotification {
  r.begin('data-notification', XDLMS_CLAUSE);
  r.tag('tag', 'data-notification');
  const longInvokeId = readLongInvoke(r);
  const dateTime = readDateTimeOctets(r);
  const data = readBody(r);
  r.close();
  return { kind: 'data-notification', longInvokeId, dateTime, data };
}

/** What is Data up to the end is read as such; only what is not may be values behind descriptors. */
function readBody(r: Reader): Data {
  if (r.strict) return readPlainBody(r);
  const plain = r.attempt(readWholeBody);
  if ('value' in plain) return plain.value;
  const described = r.attempt(readDescribedValues);
  // The error of the plain body tells more, and its fields show how far it went.
  return 'value' in described ? described.value : readPlainBody(r);
}

function readWholeBody(r: Reader): Data {
  const data = readPlainBody(r);
  r.expectEnd('the notification');
  return data;
}

function readPlainBody(r: Reader): Data {
  return readData(r, 'notification-body');
}

export function writeDataNotification(w: Writer, apdu: DataNotification): void {
  w.octet(0x0f);
  w.u32(apdu.longInvokeId, 'longInvokeId');
  writeDateTimeOctets(w, apdu.dateTime);
  writeData(w, apdu.data, 'data');
}

/** Data-Notification-Confirm (tag 10h) of newer editions. */
export function readDataNotificationConfirm(r: Reader): DataNotificationConfirm {
  r.begin('data-notification-confirm', XDLMS_CLAUSE);
  r.tag('tag', 'data-notification-confirm');
  const longInvokeId = readLongInvoke(r);
  const dateTime = readDateTimeOctets(r);
  r.close();
  return { kind: 'data-notification-confirm', longInvokeId, dateTime };
}

export function writeDataNotificationConfirm(w: Writer, apdu: DataNotificationConfirm): void {
  w.octet(0x10);
  w.u32(apdu.longInvokeId, 'longInvokeId');
  writeDateTimeOctets(w, apdu.dateTime);
}
