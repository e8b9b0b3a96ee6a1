import type { Data } from '../../codec/axdr/data.ts';
import { readAttributeData, writeAttribute } from '../attribute-access.ts';
import type { Target } from '../classes/class-logic.ts';
import { invokeInside } from '../classes/reactions.ts';
import type { VirtualMeter } from '../meter.ts';
import { elementsOf, numberIn, octetsIn, type ScriptReference } from './schedule-data.ts';

const SCRIPT_TABLE = 9;
const SCRIPTS = 2;
/** service_id of an action_specification. */
const WRITE = 1;
const EXECUTE = 2;
/** Scripts may execute scripts this deep; a table that leads to itself ends here. */
const MAX_SCRIPT_DEPTH = 8;
const NULL_DATA: Data = { t: 'null-data' };

/**
 * Does what a script of a table says, in the order of its actions (Blue Book 4.5.2). An action that cannot be done is
 * passed over, as a meter has nobody to tell. False if the table has no such script.
 */
export function executeScriptOf(target: Target, selector: number): boolean {
  const script = elementsOf(readAttributeData(target, SCRIPTS))
    .map(elementsOf)
    .find(([identifier]) => numberIn(identifier) === selector);
  if (script === undefined) return false;
  const depth = (target.depth ?? 0) + 1;
  if (depth > MAX_SCRIPT_DEPTH) return true;
  const actions = elementsOf(script[1]);
  // Each action takes a moment, so that what one captures is what was there before the next resets it. What a schedule
  // executes begins when it is due; for a client all of it is done by now.
  const begin = target.association === undefined ? target.time : target.time - Math.max(0, actions.length - 1);
  for (const [index, action] of actions.entries()) act({ ...target, depth, time: begin + index }, elementsOf(action));
  return true;
}

/** As `executeScriptOf`, for a script named by the logical name of its table. */
export function executeScript(meter: VirtualMeter, { table, selector }: ScriptReference, time: number): boolean {
  const object = meter.blueprint.findByOctets(SCRIPT_TABLE, table);
  return object !== undefined && executeScriptOf({ meter, object, time }, selector);
}

function act(from: Target, [service, classId, name, index, parameter]: readonly Data[]): void {
  const logicalName = octetsIn(name);
  const number = numberIn(index);
  if (logicalName === undefined || !Number.isInteger(number)) return;
  const object = from.meter.blueprint.findByOctets(numberIn(classId), logicalName);
  if (object === undefined) return;
  const target = { ...from, object };
  if (numberIn(service) === WRITE) writeAttribute(target, number, null, parameter ?? NULL_DATA);
  if (numberIn(service) === EXECUTE) invokeInside(target, number, parameter ?? null);
}
