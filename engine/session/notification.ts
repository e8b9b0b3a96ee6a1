import type { Apdu } from '../codec/apdu.ts';
import type {
  DataNotification,
  DataNotificationConfirm,
  EventNotification,
  InformationReport,
} from '../codec/xdlms/types.ts';

/** APDUs a meter sends without being asked. */
export type NotificationApdu = DataNotification | EventNotification | InformationReport;

/** Something the meter told without being asked, between requests or in the middle of one. */
export interface Notification {
  readonly apdu: NotificationApdu;
  /** True if it came under the protection of the association. */
  readonly protected: boolean;
}

export function isNotification(apdu: Apdu): apdu is NotificationApdu {
  return apdu.kind === 'data-notification' || apdu.kind === 'event-notification' || apdu.kind === 'information-report';
}

/** Service class bit of long-invoke-id-and-priority (GB 9.5, wire.md 9). */
const CONFIRMED = 0x4000_0000;
const NO_TIME = new Uint8Array(0);

/** What the sender of a notification wants to hear: only data-notifications can ask, by their service class. */
export function confirmationOf(apdu: NotificationApdu): DataNotificationConfirm | undefined {
  if (apdu.kind !== 'data-notification' || (apdu.longInvokeId & CONFIRMED) === 0) return undefined;
  return { kind: 'data-notification-confirm', longInvokeId: apdu.longInvokeId, dateTime: NO_TIME };
}
