import type { Data } from '../../codec/axdr/data.ts';
import { physicalAddress } from '../physical-address.ts';
import type { ClassLogic, Target } from './class-logic.ts';
import { isGiven } from './register.ts';

/** comm_speed 5: 9600 baud. */
const BAUD_9600 = 5;
/** Lower address bits of a device address with both parts in one number are seven wide. */
const DEFAULT_INTER_OCTET_MS = 25;

/** Attribute of IEC HDLC setup as the `hdlc` block of the model has it. */
function fromModel(target: Target, attribute: number): Data | undefined {
  const { hdlc } = target.meter.model;
  // Version 0 has one octet for the sizes, version 1 two.
  const size = (value: number): Data =>
    target.object.model.version === 0 ? { t: 'unsigned', v: Math.min(value, 0xff) } : { t: 'long-unsigned', v: value };
  switch (attribute) {
    case 2:
      return { t: 'enum', v: BAUD_9600 };
    case 3:
      return { t: 'unsigned', v: hdlc.windowTransmit };
    case 4:
      return { t: 'unsigned', v: hdlc.windowReceive };
    case 5:
      return size(hdlc.maxInfoTransmit);
    case 6:
      return size(hdlc.maxInfoReceive);
    case 7:
      return { t: 'long-unsigned', v: DEFAULT_INTER_OCTET_MS };
    case 8:
      return { t: 'long-unsigned', v: Math.min(Math.round(hdlc.inactivityTimeoutMs / 1000), 0xffff) };
    case 9:
      return { t: 'long-unsigned', v: physicalAddress(target.meter) };
    default:
      return undefined;
  }
}

/** IEC HDLC setup (class 23, Blue Book 4.7.2): how the meter's HDLC ports are really set. */
export const hdlcSetup: ClassLogic = {
  read(target, attribute, selection) {
    if (selection !== null || isGiven(target, attribute)) return undefined;
    const data = fromModel(target, attribute);
    return data === undefined ? undefined : { data };
  },
};
