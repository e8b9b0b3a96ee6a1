import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { momentOctets } from './clock.ts';
import { isGiven } from './register.ts';

const CAPTURE_TIME = 6;
const START_TIME_CURRENT = 7;
const PERIOD = 8;
const DEFAULT_PERIOD_S = 900;

/** Start of the measuring period a moment lies in; periods begin at multiples of their length. */
function periodStart(target: Target): number {
  const seconds = dataToNumber(readAttributeData(target, PERIOD));
  const period = (seconds > 0 ? seconds : DEFAULT_PERIOD_S) * 1000;
  return Math.floor(target.time / period) * period;
}

/** Demand register (class 5, Blue Book 4.3.4): its times follow from the period, its averages from the template. */
export const demandRegister: ClassLogic = {
  read(target, attribute, selection) {
    if (selection !== null || isGiven(target, attribute)) return undefined;
    if (attribute !== CAPTURE_TIME && attribute !== START_TIME_CURRENT) return undefined;
    return { data: { t: 'octet-string', v: momentOctets(target.meter, periodStart(target)) } };
  },
  // Averages are worked out from the load of every moment; there is nothing to start anew.
  invoke: (_target, method) => (method === 1 || method === 2 ? SUCCESS : undefined),
};
