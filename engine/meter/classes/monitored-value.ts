import type { Data } from '../../codec/axdr/data.ts';
import { readAttributeData } from '../attribute-access.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { dataToNumber } from '../values/value.ts';
import type { Target } from './class-logic.ts';
import { invokeInside } from './reactions.ts';

const SCRIPT_TABLE = 9;
const EXECUTE = 1;

/**
 * The number in the attribute a value_definition names (class, logical name, attribute: Blue Book 4.5.4, 4.5.6) at the
 * target's time; NaN where there is none.
 */
export function monitoredNumber(target: Target, definition: Data): number {
  const [classId, name, attribute] = elementsOf(definition);
  if (classId === undefined || name?.t !== 'octet-string' || name.v.length !== 6 || attribute === undefined)
    return Number.NaN;
  const object = target.meter.blueprint.findByOctets(dataToNumber(classId), name.v);
  if (object === undefined) return Number.NaN;
  return dataToNumber(readAttributeData({ meter: target.meter, object, time: target.time }, dataToNumber(attribute)));
}

/** Has the script of an action_item (script table, script) executed, by the meter's own will. */
export function runAction(target: Target, action: Data | undefined): void {
  const [name, selector] = elementsOf(action);
  if (name?.t !== 'octet-string' || name.v.length !== 6 || selector === undefined) return;
  const object = target.meter.blueprint.findByOctets(SCRIPT_TABLE, name.v);
  if (object === undefined || dataToNumber(selector) === 0) return;
  invokeInside({ meter: target.meter, object, time: target.time, local: true }, EXECUTE, selector);
}
