import { readAttributeData } from '../attribute-access.ts';
import { toData } from '../values/to-data.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS } from './class-logic.ts';

const RESET = 1;

/**
 * Classes that count what happens on a link (M-Bus diagnostic, S-FSK, PRIME, G3 and CoAP counters): reset sets every
 * dynamic number to zero.
 */
export const counters: ClassLogic = {
  invoke(target, method) {
    if (method !== RESET) return undefined;
    for (const { index, static: isStatic } of target.object.class?.attributes ?? []) {
      if (isStatic !== false) continue;
      const data = readAttributeData(target, index);
      if (!Number.isNaN(dataToNumber(data))) target.meter.write(target.object.index, index, toData(0, data.t));
      else if (data.t === 'array') target.meter.write(target.object.index, index, { t: 'array', v: [] });
    }
    return SUCCESS;
  },
};
