import type { Apdu } from '../codec/apdu.ts';
import type { DataNotification, EventNotification, InformationReport } from '../codec/xdlms/types.ts';

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
