import type { FunctionSpec } from './functions.ts';

const common = { result: 'value', unit: { rule: 'none' }, places: ['value'] } as const;

/**
 * Functions that write down the structures tables of the Blue Book are made of. They are no functions of time: the
 * compiler puts typed structures in their place, so the canonical model does not know them.
 */
export const structureFunctions: readonly FunctionSpec[] = [
  {
    ...common,
    name: 'script',
    doc: 'A script of a script table: its number and its actions (Blue Book 4.5.2).',
    args: [
      { name: 'id', type: 'number', doc: 'Number of the script, from 1.' },
      { name: 'action', type: 'value', doc: '`write(…)` or `execute(…)`.', optional: true, repeated: true },
    ],
  },
  {
    ...common,
    name: 'write',
    doc: 'An action that writes an attribute.',
    args: [
      { name: 'attribute', type: 'attribute', doc: '`object.attribute`.' },
      { name: 'value', type: 'value', doc: 'The value with its type, for example unsigned(1).' },
    ],
  },
  {
    ...common,
    name: 'execute',
    doc: 'An action that invokes a method.',
    args: [
      { name: 'method', type: 'method', doc: '`object.method`.' },
      { name: 'parameter', type: 'value', doc: 'Its parameter.', optional: true, otherwise: 'integer(0)' },
    ],
  },
  {
    ...common,
    name: 'run',
    doc: 'A script of a script table, as schedules and monitors name it: the table and the number.',
    args: [
      { name: 'table', type: 'object', doc: 'The script table.' },
      { name: 'script', type: 'number', doc: 'Number of the script.' },
    ],
  },
  {
    ...common,
    name: 'season',
    doc: 'A season of an activity calendar.',
    args: [
      { name: 'name', type: 'text', doc: 'Name of the season.' },
      { name: 'start', type: 'text', doc: 'First day, `"*-04-01"` for every year.' },
      { name: 'week', type: 'text', doc: 'Name of its week.' },
    ],
  },
  {
    ...common,
    name: 'week',
    doc: 'A week of an activity calendar: its name and the day profiles from Monday to Sunday.',
    args: [
      { name: 'name', type: 'text', doc: 'Name of the week.' },
      { name: 'day', type: 'number', doc: 'Number of a day profile; seven of them.', repeated: true },
    ],
  },
  {
    ...common,
    name: 'day',
    doc: 'A day profile of an activity calendar: its number and what happens when.',
    args: [
      { name: 'id', type: 'number', doc: 'Number of the day profile.' },
      { name: 'slot', type: 'value', doc: '`slot(…)`.', optional: true, repeated: true },
    ],
  },
  {
    ...common,
    name: 'slot',
    doc: 'What happens at a time of a day: a script of a script table.',
    args: [
      { name: 'time', type: 'text', doc: 'Time of day, `"06:00"`.' },
      { name: 'table', type: 'object', doc: 'The script table.' },
      { name: 'script', type: 'number', doc: 'Number of the script.' },
    ],
  },
  {
    ...common,
    name: 'moment',
    doc: 'A time and a date of a schedule; `*` leaves a part open: `moment("00:00", "*-*-01")` is the first of every month.',
    args: [
      { name: 'time', type: 'text', doc: 'Time of day, `"00:00"`.' },
      { name: 'date', type: 'text', doc: 'Date, `"*-*-01"`.' },
    ],
  },
];
