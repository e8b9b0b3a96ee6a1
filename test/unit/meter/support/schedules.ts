import type { Data } from '../../../../engine/codec/axdr/data.ts';
import { fromHex } from '../../../../engine/codec/hex.ts';
import { createMeter, type VirtualMeter } from '../../../../engine/meter/meter.ts';
import { runDue } from '../../../../engine/meter/schedule/run-due.ts';
import { dateOctets, timeOctets } from '../../../../engine/template/compile/calendar-octets.ts';
import type { Expression, ObjectModel } from '../../../../engine/template/model.ts';
import { call, meterModel, number, object, standardObjects, text } from './models.ts';

/** What schedules are made of, as expressions of a model. */

const octets = (hex: string): Expression => call('octet-string', [{ k: 'octets', hex }]);
const structure = (...parts: Expression[]): Expression => call('structure', parts);
export const array = (...items: Expression[]): Expression => call('array', items);
const long = (value: number): Expression => call('long-unsigned', [number(value)]);
const small = (value: number): Expression => call('unsigned', [number(value)]);

export const SCRIPTS = '00000a0064ff';
export const time = (written: string): Expression => octets(timeOctets(written) ?? '');
export const date = (written: string): Expression => octets(dateOctets(written) ?? '');
export const run = (script: number): Expression => structure(octets(SCRIPTS), long(script));
export const moment = (at: string, on: string): Expression => structure(time(at), date(on));
export const rawMoment = (at: string, on: string): Expression => structure(octets(at), octets(on));
export const slot = (at: string, script: number): Expression => structure(time(at), octets(SCRIPTS), long(script));
export const day = (id: number, ...slots: Expression[]): Expression => structure(small(id), array(...slots));
export const week = (name: string, ...days: number[]): Expression =>
  structure(call('octet-string', [text(name)]), ...days.map(small));
export const season = (name: string, start: string, weekName: string): Expression =>
  structure(
    call('octet-string', [text(name)]),
    octets(`${dateOctets(start)}ffffffff8000ff`),
    call('octet-string', [text(weekName)]),
  );
export const specialDay = (index: number, on: string, id: number): Expression =>
  structure(long(index), date(on), small(id));

export interface EntryOptions {
  readonly index?: number;
  readonly enable?: boolean;
  readonly script?: number;
  readonly at?: string;
  /** Minutes; 0xFFFF for ever. */
  readonly window?: number;
  /** Monday first. */
  readonly weekdays?: string;
  readonly specials?: string;
  readonly begin?: string;
  readonly end?: string;
}

/** An entry of a schedule (class 10). */
export function entry(options: EntryOptions): Expression {
  const { index = 1, enable = true, script = 1, at = '12:00', window = 0xffff } = options;
  return structure(
    long(index),
    call('boolean', [{ k: 'boolean', value: enable }]),
    octets(SCRIPTS),
    long(script),
    time(at),
    long(window),
    call('bit-string', [text(options.weekdays ?? '1111111')]),
    call('bit-string', [text(options.specials ?? '')]),
    date(options.begin ?? '*-*-*'),
    date(options.end ?? '*-*-*'),
  );
}

/** Central European Time with its summer time. */
const CLOCK: ObjectModel = object({
  name: 'clock',
  obis: '0-0:1.0.0.255',
  class: 8,
  attributes: {
    2: { value: call('now') },
    3: { type: 'long', value: number(-60) },
    7: { type: 'integer', value: number(60) },
    8: { type: 'boolean', value: { k: 'boolean', value: true } },
  },
});

const write = (tariff: number): Expression =>
  structure(call('enum', [number(1)]), long(1), octets('0000600e00ff'), call('integer', [number(2)]), small(tariff));
const capture = structure(
  call('enum', [number(2)]),
  long(7),
  octets('0000620100ff'),
  call('integer', [number(2)]),
  call('integer', [number(0)]),
);
const script = (id: number, ...actions: Expression[]): Expression => structure(long(id), array(...actions));

/** Scripts 1 to 4 make that the tariff, script 9 captures the log. */
const TABLES: readonly ObjectModel[] = [
  object({ name: 'tariff', obis: '0-0:96.14.0.255', attributes: { 2: { type: 'unsigned', value: number(0) } } }),
  object({
    name: 'scripts',
    obis: '0-0:10.0.100.255',
    class: 9,
    attributes: {
      2: { value: array(...[1, 2, 3, 4].map((id) => script(id, write(id))), script(9, capture)) },
    },
  }),
  object({
    name: 'log',
    obis: '0-0:98.1.0.255',
    class: 7,
    attributes: { 4: { value: number(0) }, 8: { value: number(5000) } },
  }),
];

/** A meter with a clock of Central European Time, four tariffs, and these schedules. */
export function scheduled(startedAt: number, ...objects: readonly ObjectModel[]): VirtualMeter {
  const others = standardObjects.filter(({ name }) => name !== 'clock');
  return createMeter(meterModel({ objects: [...others, CLOCK, ...TABLES, ...objects] }), { startedAt });
}

export const singleAction = (script_: number, ...moments: Expression[]): ObjectModel =>
  object({
    name: `single_${script_}`,
    obis: `0-0:15.0.${script_}.255`,
    class: 22,
    attributes: { 2: { value: run(script_) }, 3: { value: number(1) }, 4: { value: array(...moments) } },
  });

export const scheduleOf = (...entries: Expression[]): ObjectModel =>
  object({ name: 'schedule', obis: '0-0:12.0.0.255', class: 10, attributes: { 2: { value: array(...entries) } } });

export const specialDaysOf = (...entries: Expression[]): ObjectModel =>
  object({ name: 'special', obis: '0-0:11.0.0.255', class: 11, attributes: { 2: { value: array(...entries) } } });

export interface Tables {
  readonly seasons: readonly Expression[];
  readonly weeks: readonly Expression[];
  readonly days: readonly Expression[];
}

export function calendarOf(active: Tables, passive?: Tables, activateAt?: string): ObjectModel {
  const tables = (from: number, { seasons, weeks, days }: Tables) => ({
    [from]: { value: array(...seasons) },
    [from + 1]: { value: array(...weeks) },
    [from + 2]: { value: array(...days) },
  });
  return object({
    name: 'calendar',
    obis: '0-0:13.0.0.255',
    class: 20,
    attributes: {
      ...tables(3, active),
      ...(passive === undefined ? {} : tables(7, passive)),
      ...(activateAt === undefined ? {} : { 10: { value: octets(activateAt) } }),
    },
  });
}

/** Lets a meter do what is due up to a time. */
export function until(meter: VirtualMeter, now: number): VirtualMeter {
  if (now >= meter.dueAt) runDue(meter, now);
  return meter;
}

/** Moments at which script 9 was executed, as ISO texts. */
export function captures(meter: VirtualMeter): string[] {
  const log = meter.blueprint.byName('log');
  return (meter.remembered(log?.index ?? -1)?.captures ?? []).map((at) =>
    new Date(at).toISOString().replace(/:00\.000Z$/, 'Z'),
  );
}

/** The tariff in force; 0 as long as nothing was executed. */
export function tariff(meter: VirtualMeter): number {
  const data = meter.written(meter.blueprint.byName('tariff')?.index ?? -1, 2);
  return data?.t === 'unsigned' ? data.v : 0;
}

export const hex = (value: string): Data => ({ t: 'octet-string', v: fromHex(value) });
