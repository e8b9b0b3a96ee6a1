import type { FunctionSpec } from './functions.ts';

/** transport_service of send_destination_and_method (Blue Book 4.4.8) by the words for it. */
export const pushServices: Readonly<Record<string, number>> = {
  tcp: 0,
  udp: 1,
  ftp: 2,
  smtp: 3,
  sms: 4,
  hdlc: 5,
  mbus: 6,
  zigbee: 7,
  gateway: 8,
  coap: 9,
  unreliable_coap: 10,
};

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
  {
    ...common,
    name: 'entry',
    doc: 'An entry of a schedule that is enabled: its number, its script, and when it is executed.',
    args: [
      { name: 'index', type: 'number', doc: 'Number of the entry.' },
      { name: 'table', type: 'object', doc: 'The script table.' },
      { name: 'script', type: 'number', doc: 'Number of the script.' },
      { name: 'time', type: 'text', doc: 'Time of day, `"06:00"`.' },
      {
        name: 'weekdays',
        type: 'text',
        doc: 'Days of the week from Monday to Sunday, `"1111100"`.',
        optional: true,
        otherwise: 'every day',
      },
      {
        name: 'special_days',
        type: 'text',
        doc: 'Special days by their day_id from 0 on, `"001"` for those of day_id 2.',
        optional: true,
        otherwise: 'none',
      },
      { name: 'begin', type: 'text', doc: 'First day, `"*-04-01"`.', optional: true, otherwise: 'no limit' },
      { name: 'end', type: 'text', doc: 'Last day, `"*-09-30"`.', optional: true, otherwise: 'no limit' },
      {
        name: 'validity',
        type: 'number',
        doc: 'Minutes within which it is made up for after the clock was put forward.',
        optional: true,
        otherwise: 'for ever',
      },
    ],
  },
  {
    ...common,
    name: 'special_day',
    doc: 'A special day: its number, its date and the day profile that holds on it.',
    args: [
      { name: 'index', type: 'number', doc: 'Number of the entry.' },
      { name: 'date', type: 'text', doc: 'Date, `"*-12-25"` for every year.' },
      { name: 'day', type: 'number', doc: 'Number of the day profile.' },
    ],
  },
  {
    ...common,
    name: 'push_object',
    doc: 'What a push setup pushes: an attribute, or one element of it.',
    args: [
      { name: 'attribute', type: 'attribute', doc: '`object.attribute`.' },
      {
        name: 'element',
        type: 'number',
        doc: 'Number of the element of a structure or array.',
        optional: true,
        otherwise: '0, the whole attribute',
      },
    ],
  },
  {
    ...common,
    name: 'destination',
    doc: 'Where a push setup pushes to and how (send_destination_and_method). The emulator sends over tcp, udp and hdlc.',
    args: [
      { name: 'service', type: 'word', doc: 'The transport service.', words: Object.keys(pushServices) },
      {
        name: 'address',
        type: 'text',
        doc: 'Address and port, `"127.0.0.1:4059"`.',
        optional: true,
        otherwise: 'the connections clients have open',
      },
    ],
  },
  {
    ...common,
    name: 'window',
    doc: 'A communication window of a push setup, every day from one time to another.',
    args: [
      { name: 'from', type: 'text', doc: 'Time of day, `"22:00"`.' },
      { name: 'to', type: 'text', doc: 'Time of day, `"06:00"`.' },
    ],
  },
];
