import type { AttributeDescriptor } from '../codec/xdlms/types.ts';

/** Attributes whose value is a password or a key, by class (BB 4; the attribute tables of engine/cosem). */
const SECRET_ATTRIBUTES: ReadonlyMap<number, readonly number[]> = new Map([
  // Association LN: LLS password or HLS secret.
  [15, [7]],
  // IEC local port setup: pass_p1, pass_p2, pass_w5.
  [19, [7, 8, 9]],
  // PPP setup: PPP_authentication, with user name and password.
  [44, [5]],
  // SMTP setup: login_password.
  [46, [4]],
  // G3-PLC MAC setup: mac_key_table.
  [91, [5]],
  // NTP setup: authentication_keys, client_key.
  [100, [6, 7]],
  // ZigBee SAS startup: link_key, network_key.
  [101, [10, 11]],
]);

/** True when the value of the attribute is a password or a key: it is neither traced nor shown. */
export function holdsSecret(attribute: Pick<AttributeDescriptor, 'class' | 'index'>): boolean {
  return SECRET_ATTRIBUTES.get(attribute.class)?.includes(attribute.index) === true;
}
