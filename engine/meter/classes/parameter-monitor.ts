import type { Data } from '../../codec/axdr/data.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import { formatObis } from '../../cosem/obis/obis.ts';
import { readAttributeData } from '../attribute-access.ts';
import { copyData } from '../copy-data.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { momentOctets } from './clock.ts';

const CHANGED_PARAMETER = 2;
const CAPTURE_TIME = 3;
const PARAMETER_LIST = 4;
const MAX_PARAMETERS = 256;
const NULL_DATA: Data = { t: 'null-data' };

/** Class, logical name and attribute of a parameter_list_element. */
function isParameter(data: Data | null): data is Data {
  const [classId, name, attribute] = data?.t === 'structure' && data.v.length === 3 ? data.v : [];
  return (
    classId?.t === 'long-unsigned' && name?.t === 'octet-string' && name.v.length === 6 && attribute?.t === 'integer'
  );
}

/** `class/obis#attribute` of a parameter. */
function keyOf(parameter: Data): string {
  const [classId = NULL_DATA, name = NULL_DATA, attribute = NULL_DATA] = elementsOf(parameter);
  const obis = name.t === 'octet-string' && name.v.length === 6 ? formatObis(name.v) : '';
  return `${dataToNumber(classId)}/${obis}#${dataToNumber(attribute)}`;
}

/** Tells the parameter monitors of a meter that an attribute got another value. */
export function parameterChanged(target: Target, attribute: number): void {
  const { meter, object, time } = target;
  const { parameterMonitors } = meter.blueprint;
  if (parameterMonitors.length === 0) return;
  const key = `${object.model.class}/${object.obis}#${attribute}`;
  for (const monitor of parameterMonitors) {
    const own = { meter, object: monitor, time };
    if (!elementsOf(readAttributeData(own, PARAMETER_LIST)).some((item) => keyOf(item) === key)) continue;
    const v: readonly Data[] = [
      { t: 'long-unsigned', v: object.model.class },
      { t: 'octet-string', v: object.logicalName },
      { t: 'integer', v: attribute },
      readAttributeData(target, attribute),
    ];
    meter.write(monitor.index, CHANGED_PARAMETER, { t: 'structure', v });
    meter.write(monitor.index, CAPTURE_TIME, { t: 'date-time', v: momentOctets(meter, time) });
  }
}

function change(target: Target, add: boolean, params: Data | null): ActionOutcome {
  if (!isParameter(params)) return { result: 'type-unmatched' };
  const list = elementsOf(readAttributeData(target, PARAMETER_LIST));
  const others = list.filter((item) => keyOf(item) !== keyOf(params));
  if (add && list.length >= MAX_PARAMETERS) return { result: 'other-reason' };
  if (add ? others.length < list.length : others.length === list.length) return { result: 'object-unavailable' };
  const elements = add ? [...list, copyData(params)] : others;
  target.meter.write(target.object.index, PARAMETER_LIST, { t: 'array', v: elements });
  return SUCCESS;
}

/** Parameter monitor (class 65, Blue Book 4.5.10): which of the listed attributes was changed last, to what, and when. */
export const parameterMonitor: ClassLogic = {
  write(_target, attribute, data) {
    if (attribute === CHANGED_PARAMETER || attribute === CAPTURE_TIME) return 'read-write-denied';
    if (attribute !== PARAMETER_LIST) return undefined;
    const fits = data.t === 'array' && data.v.length <= MAX_PARAMETERS && data.v.every(isParameter);
    return fits ? undefined : 'type-unmatched';
  },
  invoke: (target, method, params) => (method === 1 || method === 2 ? change(target, method === 1, params) : undefined),
};
