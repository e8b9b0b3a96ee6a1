import { utf8FromText } from '../../codec/axdr/text.ts';
import type { ClassLogic } from './class-logic.ts';
import { isGiven } from './register.ts';

const SAP_ASSIGNMENT_LIST = 2;

/** SAP assignment (class 17, Blue Book 4.4.6): the logical devices the associations of the model speak of. */
export const sapAssignment: ClassLogic = {
  read(target, attribute, selection) {
    if (attribute !== SAP_ASSIGNMENT_LIST || selection !== null || isGiven(target, attribute)) return undefined;
    const { meter } = target;
    const name = utf8FromText(meter.logicalDeviceName);
    const saps = [...new Set(meter.model.associations.map(({ serverSap }) => serverSap))].sort((a, b) => a - b);
    return {
      data: {
        t: 'array',
        v: saps.map((sap) => ({
          t: 'structure',
          v: [
            { t: 'long-unsigned', v: sap },
            { t: 'octet-string', v: name },
          ],
        })),
      },
    };
  },
};
