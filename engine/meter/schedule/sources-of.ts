import { DATA_TAGS } from '../../codec/axdr/data-types.ts';
import type { Expression } from '../../template/model.ts';
import { readAttributeData } from '../attribute-access.ts';
import type { CosemObject } from '../blueprint.ts';
import type { Target } from '../classes/class-logic.ts';
import type { VirtualMeter } from '../meter.ts';
import { activatePassiveCalendar } from './activate-calendar.ts';
import { type DueSource, RANK } from './due-source.ts';
import { yearOf } from './local-calendar.ts';
import { octetsIn, patternIn } from './schedule-data.ts';
import { scheduleEntries } from './schedule-entries.ts';
import { ACTIVITY_CALENDAR, SCHEDULE, SINGLE_ACTION_SCHEDULE } from './schedule-objects.ts';
import { momentsOn, singleActions } from './single-actions.ts';
import { type SpecialDayOf, specialDays } from './special-days.ts';
import { tariffCalendar } from './tariff-calendar.ts';

const SPECIAL_DAYS = 11;
const ACTIVATE_AT = 10;

/** What the schedules and calendars of a meter say at the moment. */
export function sourcesOf(schedules: readonly CosemObject[], at: Omit<Target, 'object'>): readonly DueSource[] {
  return schedules.flatMap((object) => sourcesOfObject({ ...at, object }));
}

/** Attributes that say when something is executed, by class. */
const SAYING: ReadonlyMap<number, readonly number[]> = new Map([
  [SCHEDULE, [2]],
  [SPECIAL_DAYS, [2]],
  [ACTIVITY_CALENDAR, [3, 4, 5, ACTIVATE_AT]],
  [SINGLE_ACTION_SCHEDULE, [2, 4]],
]);

/** As `readSources`; what only the template says is the same for all meters of a model and read once. */
function sourcesOfObject(target: Target): readonly DueSource[] {
  const { meter, object } = target;
  const { templateSources, objects } = meter.blueprint;
  const concerned = [object, ...objects.filter(({ model }) => model.class === SPECIAL_DAYS)];
  if (!concerned.every((one) => isAsInTemplate(meter, one))) return readSources(target);
  const known = templateSources.get(object.index) ?? readSources(target);
  templateSources.set(object.index, known);
  return known;
}

function isAsInTemplate(meter: VirtualMeter, object: CosemObject): boolean {
  return (SAYING.get(object.model.class) ?? []).every((attribute) => {
    const expression = object.attributes.get(attribute)?.expression;
    return meter.written(object.index, attribute) === undefined && (expression === undefined || isFixed(expression));
  });
}

/** Whether an expression is the same for all meters at all times: literals, and structures of them. */
function isFixed(expression: Expression): boolean {
  switch (expression.k) {
    case 'number':
    case 'text':
    case 'boolean':
    case 'octets':
    case 'duration':
      return true;
    case 'list':
      return expression.items.every(isFixed);
    case 'call':
      return (
        expression.name === 'logical_name' ||
        (Object.hasOwn(DATA_TAGS, expression.name) && expression.args.every(isFixed))
      );
    default:
      return false;
  }
}

function readSources(target: Target): readonly DueSource[] {
  const data = (attribute: number) => readAttributeData(target, attribute);
  switch (target.object.model.class) {
    case SCHEDULE:
      return scheduleEntries(data(2), specialDaysFor(target));
    case SINGLE_ACTION_SCHEDULE:
      return singleActions(data(2), data(4));
    default: {
      const tables = { seasons: data(3), weeks: data(4), days: data(5) };
      const calendar = tariffCalendar(tables, specialDaysFor(target));
      return [...activation(target), ...(calendar === undefined ? [] : [calendar])];
    }
  }
}

/** Special days of the same channel (value group B), else the first table there is. */
function specialDaysFor({ meter, object, time }: Target): SpecialDayOf {
  const tables = meter.blueprint.objects.filter(({ model }) => model.class === SPECIAL_DAYS);
  const table = tables.find(({ logicalName }) => logicalName[1] === object.logicalName[1]) ?? tables[0];
  return specialDays(table && readAttributeData({ meter, object: table, time }, 2));
}

/** The passive calendar takes over at activate_passive_calendar_time, where date and time are given in full. */
function activation(target: Target): readonly DueSource[] {
  const { object } = target;
  const data = readAttributeData(target, ACTIVATE_AT);
  const pattern = octetsIn(data)?.length === 12 ? patternIn(data) : undefined;
  const { year, month, day, hour, minute } = pattern ?? {};
  if (pattern === undefined || [year, month, day, hour, minute].includes(undefined)) return [];
  return [
    {
      rank: RANK.activation,
      ...yearOf(pattern),
      on: (localDay, calendar) =>
        momentsOn(pattern, localDay, calendar).map((at) => ({
          at,
          run: (meter, time) => activatePassiveCalendar({ meter, object, time }),
        })),
    },
  ];
}
