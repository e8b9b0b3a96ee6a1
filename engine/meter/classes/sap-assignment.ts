import { utf8FromText } from '../../codec/axdr/text.ts';
import type { AssignedSap, VirtualMeter } from '../meter.ts';
import type { ClassLogic } from './class-logic.ts';
import { isGiven } from './register.ts';

const SAP_ASSIGNMENT_LIST = 2;

/**
 * SAP assignment (class 17, Blue Book 4.4.6): the logical devices the associations of the model speak of, or, where
 * several meters share an address, all of these.
 */
export const sapAssignment: ClassLogic = {
  read(target, attribute, selection) {
    if (attribute !== SAP_ASSIGNMENT_LIST || selection !== null || isGiven(target, attribute)) return undefined;
    const assigned = target.meter.neighbours?.() ?? ownSaps(target.meter);
    return {
      data: {
        t: 'array',
        v: assigned.map(({ sap, logicalDeviceName }) => ({
          t: 'structure',
          v: [
            { t: 'long-unsigned', v: sap },
            { t: 'octet-string', v: utf8FromText(logicalDeviceName) },
          ],
        })),
      },
    };
  },
};

function ownSaps({ model, logicalDeviceName }: VirtualMeter): readonly AssignedSap[] {
  const saps = [...new Set(model.associations.map(({ serverSap }) => serverSap))].sort((a, b) => a - b);
  return saps.map((sap) => ({ sap, logicalDeviceName }));
}
