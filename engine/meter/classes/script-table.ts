import { executeScriptOf } from '../schedule/execute-script.ts';
import { numberIn } from '../schedule/schedule-data.ts';
import { type ClassLogic, SUCCESS } from './class-logic.ts';

const EXECUTE = 1;

/** Script table (class 9, Blue Book 4.5.2): executing a script that is not in the table is refused. */
export const scriptTable: ClassLogic = {
  invoke(target, method, params) {
    if (method !== EXECUTE) return undefined;
    const selector = numberIn(params ?? undefined);
    if (Number.isNaN(selector)) return { result: 'type-unmatched' };
    return executeScriptOf(target, selector) ? SUCCESS : { result: 'object-unavailable' };
  },
};
