import { structureFunctions } from './structure-functions.ts';
import { dataTypes } from './words.ts';

/** What an argument or a result is. `number` follows its operands' unit; `value` is anything. */
export type FunctionType =
  | 'number'
  | 'power'
  | 'text'
  | 'duration'
  | 'date-time'
  | 'bits'
  | 'object'
  | 'value'
  | 'word'
  | 'security'
  | 'attribute'
  | 'method';

export interface ArgumentSpec {
  readonly name: string;
  readonly type: FunctionType;
  readonly doc: string;
  /** Left out, `otherwise` holds. */
  readonly optional?: boolean;
  readonly otherwise?: string;
  /** May be repeated at the end. */
  readonly repeated?: boolean;
  /** The words there are, of arguments that take one. */
  readonly words?: readonly string[];
}

/** How the unit of a result follows from the arguments. */
export type UnitRule =
  /** That of the first argument. */
  | { readonly rule: 'same' }
  /** Integral over time of the first argument: W gives Wh. */
  | { readonly rule: 'integral' }
  | { readonly rule: 'fixed'; readonly unit: string }
  /** A plain number that takes the unit of what it is added to. */
  | { readonly rule: 'none' };

/** Where a function may be used. */
export type FunctionPlace = 'value' | 'clock' | 'behaviour' | 'fleet-serial' | 'fleet-address' | 'fleet-vary';

export interface FunctionSpec {
  readonly name: string;
  readonly doc: string;
  /** In this order; arguments may also be given by name. */
  readonly args: readonly ArgumentSpec[];
  readonly result: FunctionType;
  readonly unit: UnitRule;
  readonly places: readonly FunctionPlace[];
}

const VALUES: readonly FunctionPlace[] = ['value', 'behaviour', 'fleet-vary'];

/**
 * Functions of expressions. All are pure: of their arguments, the meter's seed and serial number, and simulated time.
 * A name of an object stands for the number in its attribute 2 as it is on the wire, without scaler.
 */
export const functionSpecs: readonly FunctionSpec[] = [
  {
    name: 'household',
    doc: 'Load of a household in W: a base, peaks in the morning and in the evening, more at weekends; its days differ from each other and from those of other meters.',
    args: [
      { name: 'base', type: 'number', doc: 'W that are always taken.' },
      { name: 'peak', type: 'number', doc: 'W in the highest hour.' },
      { name: 'people', type: 'number', doc: 'Number of people.', optional: true, otherwise: '2' },
    ],
    result: 'power',
    unit: { rule: 'fixed', unit: 'W' },
    places: VALUES,
  },
  {
    name: 'integrate',
    doc: 'Integral over time in hours since the epoch of the simulation: W gives Wh, m³/h gives m³. Never falls if the argument is never negative.',
    args: [{ name: 'of', type: 'number', doc: 'What is integrated.' }],
    result: 'number',
    unit: { rule: 'integral' },
    places: VALUES,
  },
  {
    name: 'maximum',
    doc: 'Largest average over a period, since the last reset: maximum demand.',
    args: [
      { name: 'of', type: 'number', doc: 'What is averaged.' },
      { name: 'over', type: 'duration', doc: 'Averaging period.', optional: true, otherwise: '15min' },
      {
        name: 'since',
        type: 'word',
        doc: '`billing_reset`, `day`, `month`, `year` or `start`.',
        optional: true,
        otherwise: 'billing_reset',
      },
    ],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'time_of',
    doc: 'When the value of an object last changed by its own rule, e.g. when the maximum was reached.',
    args: [{ name: 'object', type: 'object', doc: 'The object.' }],
    result: 'date-time',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'share',
    doc: 'The part of a counter that fell into a tariff; the parts of all tariffs add up to the whole.',
    args: [
      { name: 'of', type: 'number', doc: 'The whole.' },
      { name: 'tariff', type: 'number', doc: 'Number of the tariff, from 1.' },
      {
        name: 'tariffs',
        type: 'number',
        doc: 'How many tariffs there are.',
        optional: true,
        otherwise: 'the tariffs the template takes shares of',
      },
    ],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'noise',
    doc: 'A number around zero that changes with time; two thirds of the time it is within the amplitude.',
    args: [{ name: 'amplitude', type: 'number', doc: 'Standard deviation.' }],
    result: 'number',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'sine',
    doc: 'A sine wave around zero.',
    args: [
      { name: 'period', type: 'duration', doc: 'Length of a wave.' },
      { name: 'amplitude', type: 'number', doc: 'Height above zero.' },
      { name: 'phase', type: 'duration', doc: 'Time by which it is late.', optional: true, otherwise: '0s' },
    ],
    result: 'number',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'sun',
    doc: 'How high the sun stands: 0 at night, up to 1 at the zenith.',
    args: [
      { name: 'latitude', type: 'number', doc: 'Degrees north.' },
      { name: 'longitude', type: 'number', doc: 'Degrees east.', optional: true, otherwise: '0' },
    ],
    result: 'number',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'uniform',
    doc: 'A random number between two bounds: in a value one for each meter for ever, in a fault a new one each time.',
    args: [
      { name: 'from', type: 'value', doc: 'Lower bound.' },
      { name: 'to', type: 'value', doc: 'Upper bound.' },
    ],
    result: 'value',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'pick',
    doc: 'One of its arguments at random: for each meter always the same one.',
    args: [{ name: 'choice', type: 'value', doc: 'What may be picked.', repeated: true }],
    result: 'value',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'clamp',
    doc: 'The value, but not below or above the bounds.',
    args: [
      { name: 'value', type: 'number', doc: 'The value.' },
      { name: 'low', type: 'number', doc: 'Lower bound.' },
      { name: 'high', type: 'number', doc: 'Upper bound.' },
    ],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'max',
    doc: 'The largest argument.',
    args: [{ name: 'value', type: 'number', doc: 'A value.', repeated: true }],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'min',
    doc: 'The smallest argument.',
    args: [{ name: 'value', type: 'number', doc: 'A value.', repeated: true }],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'round',
    doc: 'The nearest whole number.',
    args: [{ name: 'value', type: 'number', doc: 'The value.' }],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'floor',
    doc: 'The whole number below.',
    args: [{ name: 'value', type: 'number', doc: 'The value.' }],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'abs',
    doc: 'The value without its sign.',
    args: [{ name: 'value', type: 'number', doc: 'The value.' }],
    result: 'number',
    unit: { rule: 'same' },
    places: VALUES,
  },
  {
    name: 'sqrt',
    doc: 'The square root.',
    args: [{ name: 'value', type: 'number', doc: 'The value.' }],
    result: 'number',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'now',
    doc: 'Simulated time.',
    args: [],
    result: 'date-time',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'invocation_counter',
    doc: 'The invocation counter the meter expects next from clients that use the keys of a security block.',
    args: [{ name: 'of', type: 'security', doc: 'The security block.', optional: true, otherwise: 'the only one' }],
    result: 'number',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'last',
    doc: 'The last characters of a text as a number where one is needed: `serial.last(2)`.',
    args: [
      { name: 'of', type: 'text', doc: 'The text.' },
      { name: 'count', type: 'number', doc: 'How many characters.' },
    ],
    result: 'value',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'bits',
    doc: 'A bit-string from its digits, the first bit first: `bits("00010000")`.',
    args: [{ name: 'digits', type: 'text', doc: 'Zeros and ones.' }],
    result: 'bits',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'octets',
    doc: 'The ASCII octets of a text, for octet-strings inside structures.',
    args: [{ name: 'text', type: 'text', doc: 'The text.' }],
    result: 'value',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'logical_name',
    doc: 'The six octets of the OBIS code of an object.',
    args: [{ name: 'object', type: 'object', doc: 'The object.' }],
    result: 'value',
    unit: { rule: 'none' },
    places: VALUES,
  },
  {
    name: 'simulated',
    doc: "The meter's clock: simulated time with a drift. Setting the clock moves it.",
    args: [
      {
        name: 'drift',
        type: 'number',
        doc: 'Seconds the clock gains, or loses if negative.',
        optional: true,
        otherwise: '0',
      },
      { name: 'per', type: 'duration', doc: 'Time in which it does.', optional: true, otherwise: '1d' },
    ],
    result: 'date-time',
    unit: { rule: 'none' },
    places: ['value', 'clock'],
  },
  {
    name: 'from',
    doc: 'Serial numbers from here on.',
    args: [{ name: 'first', type: 'number', doc: 'Number of the first meter.' }],
    result: 'value',
    unit: { rule: 'none' },
    places: ['fleet-serial'],
  },
  {
    name: 'spread',
    doc: 'Each meter on its own address of a network.',
    args: [{ name: 'network', type: 'text', doc: 'Network, `"127.1.0.0/16"`.' }],
    result: 'value',
    unit: { rule: 'none' },
    places: ['fleet-address'],
  },
  {
    name: 'one',
    doc: 'All meters on one address, with a port each, `one("127.0.0.1"), ports from 40000`, or behind one port, `one("127.0.0.1:4059"), saps from 1`.',
    args: [{ name: 'address', type: 'text', doc: 'Address.' }],
    result: 'value',
    unit: { rule: 'none' },
    places: ['fleet-address'],
  },
];

/** Every data type is also a function that makes a value of it, for the insides of arrays and structures. */
export const typeConstructors: ReadonlySet<string> = new Set(dataTypes);

const byName: ReadonlyMap<string, FunctionSpec> = new Map(
  [...functionSpecs, ...structureFunctions].map((spec) => [spec.name, spec]),
);

/** Every function, those of time first. */
export function allFunctions(): readonly FunctionSpec[] {
  return [...functionSpecs, ...structureFunctions];
}

/** A function by its name; data types are in `typeConstructors`. */
export function functionSpec(name: string): FunctionSpec | undefined {
  return byName.get(name);
}

/** Parts of a clock object that expressions may ask for: `clock.hour`. */
export const clockParts: readonly string[] = ['year', 'month', 'day', 'weekday', 'hour', 'minute', 'second'];

/** Words for `since:` of `maximum`. */
export const sinceWords: readonly string[] = ['billing_reset', 'day', 'month', 'year', 'start'];
