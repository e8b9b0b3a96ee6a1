import { encodeApdu } from '../../codec/apdu-codec.ts';
import { utf8FromText } from '../../codec/axdr/text.ts';
import { momentOctets } from '../classes/clock.ts';
import type { VirtualMeter } from '../meter.ts';

/** What a meter with the quirk pushes while it is called: the time and its logical device name. */
export function unaskedPush(meter: VirtualMeter, time: number): Uint8Array {
  return encodeApdu({
    kind: 'data-notification',
    longInvokeId: 0,
    dateTime: momentOctets(meter, time),
    data: { t: 'structure', v: [{ t: 'octet-string', v: utf8FromText(meter.logicalDeviceName) }] },
  });
}
