import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS } from './class-logic.ts';

const SCRIPTS = 2;
const EXECUTE = 1;

/** Script table (class 9, Blue Book 4.5.2): executing a script that is not in the table is refused. */
export const scriptTable: ClassLogic = {
  invoke(target, method, params) {
    if (method !== EXECUTE) return undefined;
    if (params === null || Number.isNaN(dataToNumber(params))) return { result: 'type-unmatched' };
    const scripts = readAttributeData(target, SCRIPTS);
    const known = scripts.t === 'array' ? scripts.v : [];
    const wanted = dataToNumber(params);
    const found = known.some((script) => {
      const identifier = script.t === 'structure' ? script.v[0] : undefined;
      return identifier !== undefined && dataToNumber(identifier) === wanted;
    });
    return found ? SUCCESS : { result: 'object-unavailable' };
  },
};
