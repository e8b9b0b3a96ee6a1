import type { DataNotification, DataNotificationConfirm, EventNotification } from '../xdlms/types.ts';
import { isDataElement, readDataXml, writeDataXml } from './data-xml.ts';
import {
  readAttributeXml,
  readDateTimeXml,
  readLongInvokeXml,
  writeAttributeXml,
  writeDateTimeXml,
  writeLongInvokeXml,
} from './descriptor-xml.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

export function writeDataNotificationXml(w: XmlWriter, apdu: DataNotification): void {
  w.element('DataNotification', () => {
    writeLongInvokeXml(w, apdu.longInvokeId);
    writeDateTimeXml(w, apdu.dateTime);
    w.element('NotificationBody', () => w.element('DataValue', () => writeDataXml(w, apdu.data)));
  });
}

export function readDataNotificationXml(x: ElementReader): DataNotification {
  const head = { longInvokeId: readLongInvokeXml(x), dateTime: readDateTimeXml(x) };
  const data = x.child(['NotificationBody', 'Data'], (body) => body.only('a Data', readBody));
  return { kind: 'data-notification', ...head, data };
}

function readBody(x: ElementReader): DataNotification['data'] {
  return isDataElement(x) ? readDataXml(x) : x.only('a Data', readDataXml);
}

export function writeDataNotificationConfirmXml(w: XmlWriter, apdu: DataNotificationConfirm): void {
  w.element('DataNotificationConfirm', () => {
    writeLongInvokeXml(w, apdu.longInvokeId);
    writeDateTimeXml(w, apdu.dateTime);
  });
}

export function readDataNotificationConfirmXml(x: ElementReader): DataNotificationConfirm {
  return { kind: 'data-notification-confirm', longInvokeId: readLongInvokeXml(x), dateTime: readDateTimeXml(x) };
}

export function writeEventNotificationXml(w: XmlWriter, apdu: EventNotification): void {
  w.element('EventNotificationRequest', () => {
    if (apdu.time !== null) w.octets('Time', apdu.time);
    writeAttributeXml(w, apdu.attr);
    w.element('AttributeValue', () => writeDataXml(w, apdu.data));
  });
}

export function readEventNotificationXml(x: ElementReader): EventNotification {
  const time = x.optional('Time', (value) => value.octets()) ?? null;
  const attr = readAttributeXml(x);
  const data = x.child(['AttributeValue', 'Value'], (value) => value.only('a Data', readDataXml));
  return { kind: 'event-notification', time, attr, data };
}
