import assert from 'node:assert/strict';
import path from 'node:path';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { readAttributeData, writeAttribute } from '../../../engine/meter/attribute-access.ts';
import { invokeInside } from '../../../engine/meter/classes/reactions.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import { exportState, readState, restoreState } from '../../../engine/meter/meter-state.ts';
import { MAX_MADE_UP } from '../../../engine/meter/schedule/due-source.ts';
import { compileTemplate, diskFiles } from '../../../engine/template/index.ts';
import type { Expression } from '../../../engine/template/model.ts';
import {
  calendarOf,
  captures,
  day,
  entry,
  hex,
  moment,
  rawMoment,
  scheduled,
  scheduleOf,
  season,
  singleAction,
  slot,
  specialDay,
  specialDaysOf,
  tariff,
  until,
  week,
} from './support/schedules.ts';

const at = (iso: string): number => Date.parse(iso);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function target(meter: VirtualMeter, name: string, now: number) {
  const object = meter.blueprint.byName(name);
  assert.ok(object, name);
  return { meter, object, time: now };
}

const structure = (...v: Data[]): Data => ({ t: 'structure', v });
const long = (v: number): Data => ({ t: 'long-unsigned', v });

/** Local time is Central European: one hour before UTC in winter, two in summer. */
const moments: readonly (readonly [name: string, entry: Expression, from: string, to: string, expected: string[]])[] = [
  [
    'every day at midnight',
    moment('00:00', '*-*-*'),
    '2026-01-01T00:00Z',
    '2026-01-03T12:00Z',
    ['2026-01-01T23:00Z', '2026-01-02T23:00Z'],
  ],
  [
    'every hour',
    moment('*:15', '*-*-*'),
    '2026-01-01T00:00Z',
    '2026-01-01T02:30Z',
    ['2026-01-01T00:15Z', '2026-01-01T01:15Z', '2026-01-01T02:15Z'],
  ],
  [
    'every minute of an hour',
    moment('08:*', '2026-01-01'),
    '2026-01-01T07:57Z',
    '2026-01-01T09:00Z',
    ['2026-01-01T07:58Z', '2026-01-01T07:59Z'],
  ],
  [
    'the first of every month, in winter and in summer',
    moment('00:00', '*-*-01'),
    '2026-02-15T00:00Z',
    '2026-05-02T00:00Z',
    ['2026-02-28T23:00Z', '2026-03-31T22:00Z', '2026-04-30T22:00Z'],
  ],
  [
    'the last day of a month, also of February',
    moment('12:00', '*-*-last'),
    '2028-01-30T00:00Z',
    '2028-04-01T00:00Z',
    ['2028-01-31T11:00Z', '2028-02-29T11:00Z', '2028-03-31T10:00Z'],
  ],
  [
    'the second last day',
    rawMoment('0c000000', 'fffffffdff'),
    '2026-02-01T00:00Z',
    '2026-03-01T00:00Z',
    ['2026-02-27T11:00Z'],
  ],
  [
    'the 31st skips short months',
    moment('00:00', '*-*-31'),
    '2026-03-31T12:00Z',
    '2026-06-15T00:00Z',
    ['2026-05-30T22:00Z'],
  ],
  [
    'the 29th of February comes every fourth year',
    moment('00:00', '*-02-29'),
    '2024-03-01T00:00Z',
    '2032-03-01T00:00Z',
    ['2028-02-28T23:00Z', '2032-02-28T23:00Z'],
  ],
  [
    'every Monday',
    rawMoment('06000000', 'ffffffff01'),
    '2026-06-01T12:00Z',
    '2026-06-16T00:00Z',
    ['2026-06-08T04:00Z', '2026-06-15T04:00Z'],
  ],
  [
    'the last Sunday of a month',
    rawMoment('06000000', 'fffffffe07'),
    '2026-05-01T00:00Z',
    '2026-07-01T00:00Z',
    ['2026-05-31T04:00Z', '2026-06-28T04:00Z'],
  ],
  [
    'the first Monday from the 8th on',
    rawMoment('06000000', 'ffffff0801'),
    '2026-06-01T00:00Z',
    '2026-08-01T00:00Z',
    ['2026-06-08T04:00Z', '2026-07-13T04:00Z'],
  ],
  [
    'a date that tells the wrong weekday never comes',
    rawMoment('06000000', '07ea061001'),
    '2026-06-01T00:00Z',
    '2026-08-01T00:00Z',
    [],
  ],
  [
    'one date with its weekday',
    rawMoment('06000000', '07ea061002'),
    '2026-06-01T00:00Z',
    '2026-08-01T00:00Z',
    ['2026-06-16T04:00Z'],
  ],
  ['one date of the past', moment('06:00', '2025-06-16'), '2026-06-01T00:00Z', '2026-08-01T00:00Z', []],
  [
    'what the clock skips in March is executed when it is put forward',
    moment('02:30', '*-*-*'),
    '2026-03-28T00:00Z',
    '2026-03-30T12:00Z',
    ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'what the clock repeats in October is executed once',
    moment('02:30', '*-*-*'),
    '2026-10-24T12:00Z',
    '2026-10-26T12:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'every hour of the day the clock is put forward',
    moment('*:00', '*-*-*'),
    '2026-03-28T23:30Z',
    '2026-03-29T03:30Z',
    ['2026-03-29T00:00Z', '2026-03-29T01:00Z', '2026-03-29T02:00Z', '2026-03-29T03:00Z'],
  ],
  [
    'the day summer time begins and the day it ends',
    rawMoment('0c000000', 'fffffeffff'),
    '2026-01-01T00:00Z',
    '2027-04-01T00:00Z',
    ['2026-03-29T10:00Z', '2027-03-28T10:00Z'],
  ],
  [
    'nothing at all for an entry without any part',
    rawMoment('ffffffff', 'ffffffffff'),
    '2026-01-01T00:00Z',
    '2026-01-02T00:00Z',
    [],
  ],
  [
    'nothing for octets that are no date',
    rawMoment('00000000', '07ea0d01ff'),
    '2026-01-01T00:00Z',
    '2026-01-02T00:00Z',
    [],
  ],
];

describe('single action schedule', () => {
  for (const [name, execution, from, to, expected] of moments) {
    it(name, () => {
      const asked = until(scheduled(at(from), singleAction(9, execution)), at(to));
      assert.deepEqual(captures(asked), expected);
    });
  }

  it('gives the same whether the meter is asked once or all the time', () => {
    const model = () => scheduled(at('2026-03-27T00:00Z'), singleAction(9, moment('*:30', '*-*-*')));
    const often = model();
    for (let now = at('2026-03-27T00:00Z'); now <= at('2026-03-31T00:00Z'); now += 7 * 60_000) until(often, now);
    assert.deepEqual(captures(often), captures(until(model(), at('2026-03-31T00:00Z'))));
  });

  it('says when it is due next, and is not looked at before', () => {
    const meter = until(
      scheduled(at('2026-01-01T00:00Z'), singleAction(9, moment('00:00', '*-*-01'))),
      at('2026-01-10T00:00Z'),
    );
    assert.equal(new Date(meter.dueAt).toISOString(), '2026-01-31T23:00:00.000Z');
    const never = until(scheduled(at('2026-01-01T00:00Z'), singleAction(9)), at('2026-01-10T00:00Z'));
    assert.equal(never.dueAt, Number.POSITIVE_INFINITY);
    assert.equal(scheduled(0).dueAt, Number.POSITIVE_INFINITY, 'a model without schedules is never looked at');
  });

  it(`makes up for the last ${MAX_MADE_UP} executions, however long nobody asked`, () => {
    const meter = scheduled(
      at('2006-01-01T00:00Z'),
      singleAction(9, moment('*:*', '*-*-*')),
      singleAction(2, moment('00:00', '*-*-01')),
    );
    const before = performance.now();
    until(meter, at('2026-01-01T12:00Z'));
    assert.ok(performance.now() - before < 1000);
    const done = captures(meter);
    assert.equal(done.length, MAX_MADE_UP);
    assert.equal(done.at(-1), '2026-01-01T12:00Z');
    assert.equal(tariff(meter), 2);
  });

  it('takes a new time from the moment it is written, and not for what has passed', () => {
    const meter = until(scheduled(at('2026-01-01T00:00Z'), singleAction(9)), at('2026-01-05T00:00Z'));
    const noon = at('2026-01-05T12:00Z');
    const daily = (time: string): Data => ({ t: 'array', v: [structure(hex(time), hex('ffffffffff'))] });
    assert.equal(writeAttribute(target(meter, 'single_9', noon), 4, null, daily('08000000')), 'success');
    until(meter, noon + HOUR);
    assert.deepEqual(captures(meter), []);
    assert.deepEqual(captures(until(meter, noon + DAY)), ['2026-01-06T07:00Z']);
  });

  it('follows the clock a client sets: skipped moments are executed, small corrections repeat nothing', () => {
    const meter = until(
      scheduled(at('2026-01-01T00:00Z'), singleAction(9, moment('12:00', '*-*-*'))),
      at('2026-01-01T10:00Z'),
    );
    const shift = (minutes: number, now: string): VirtualMeter => {
      until(meter, at(now));
      const clock = target(meter, 'clock', at(now));
      for (let left = minutes * 60; left !== 0; left -= Math.sign(left) * Math.min(900, Math.abs(left))) {
        invokeInside(clock, 6, { t: 'long', v: Math.sign(left) * Math.min(900, Math.abs(left)) });
      }
      return until(meter, at(now) + 1);
    };
    shift(120, '2026-01-01T10:00Z');
    assert.equal(captures(meter).length, 1, 'noon was skipped at 11:00');
    shift(-120, '2026-01-01T10:30Z');
    until(meter, at('2026-01-01T11:00:00Z'));
    assert.equal(captures(meter).length, 2, 'noon comes again');
    shift(-1, '2026-01-01T11:00:30Z');
    until(meter, at('2026-01-01T13:00Z'));
    assert.equal(captures(meter).length, 2, 'a correction of a minute repeats nothing');
  });

  it('keeps how far it came over a restart', () => {
    const model = () => scheduled(at('2026-01-01T00:00Z'), singleAction(9, moment('12:00', '*-*-*')));
    const meter = until(model(), at('2026-01-02T12:00Z'));
    const again = model();
    restoreState(again, readState(JSON.parse(JSON.stringify(exportState(meter))), again));
    assert.equal(captures(until(again, at('2026-01-03T12:00Z'))).length, 3);
  });
});

describe('schedule', () => {
  const done = (from: string, to: string, ...entries: Expression[]): string[] =>
    captures(until(scheduled(at(from), scheduleOf(...entries), specialDaysOf(specialDay(1, '*-06-03', 2))), at(to)));

  it('executes on its weekdays, between its dates', () => {
    const workdays = entry({ script: 9, weekdays: '1111100', begin: '2026-06-04', end: '2026-06-09' });
    assert.deepEqual(done('2026-06-01T00:00Z', '2026-06-20T00:00Z', workdays), [
      '2026-06-04T10:00Z',
      '2026-06-05T10:00Z',
      '2026-06-08T10:00Z',
      '2026-06-09T10:00Z',
    ]);
  });

  it('comes again every year, also over the turn of the year', () => {
    const winter = entry({ script: 9, begin: '*-12-31', end: '*-01-01' });
    assert.deepEqual(done('2025-06-01T00:00Z', '2026-12-31T12:00Z', winter), [
      '2025-12-31T11:00Z',
      '2026-01-01T11:00Z',
      '2026-12-31T11:00Z',
    ]);
  });

  it('on special days only where the entry names them', () => {
    const ordinary = entry({ script: 9 });
    assert.deepEqual(done('2026-06-02T00:00Z', '2026-06-05T00:00Z', ordinary), [
      '2026-06-02T10:00Z',
      '2026-06-04T10:00Z',
    ]);
    const special = entry({ script: 9, weekdays: '0000000', specials: '001' });
    assert.deepEqual(done('2026-06-02T00:00Z', '2026-06-05T00:00Z', special), ['2026-06-03T10:00Z']);
  });

  it('passes over what is not enabled; enable_disable, insert and delete change it', () => {
    const meter = scheduled(
      at('2026-01-01T00:00Z'),
      scheduleOf(entry({ index: 3, script: 9, enable: false }), entry({ index: 7, script: 9, at: '13:00' })),
    );
    const schedule = target(meter, 'schedule', at('2026-01-01T06:00Z'));
    until(meter, schedule.time);
    invokeInside(schedule, 1, structure(long(7), long(7), long(1), long(3)));
    until(meter, at('2026-01-02T00:00Z'));
    assert.deepEqual(captures(meter), ['2026-01-01T11:00Z']);
    const entries = readAttributeData(schedule, 2);
    assert.ok(entries.t === 'array' && entries.v[0]?.t === 'structure');
    const inserted = { ...entries.v[0], v: entries.v[0].v.with(0, long(5)).with(4, hex('0e000000')) };
    invokeInside({ ...schedule, time: at('2026-01-02T00:00Z') }, 2, inserted);
    until(meter, at('2026-01-03T00:00Z'));
    assert.deepEqual(captures(meter).slice(1), ['2026-01-02T11:00Z', '2026-01-02T13:00Z']);
    invokeInside({ ...schedule, time: at('2026-01-03T00:00Z') }, 3, structure(long(3), long(4)));
    until(meter, at('2026-01-04T00:00Z'));
    assert.deepEqual(captures(meter).slice(3), ['2026-01-03T13:00Z']);
    assert.deepEqual(schedule.object.logic.invoke?.(schedule, 2, long(1)), { result: 'type-unmatched' });
    assert.deepEqual(schedule.object.logic.invoke?.(schedule, 1, null), { result: 'type-unmatched' });
  });

  it('after the clock was put forward executes what is still valid', () => {
    const meter = scheduled(
      at('2026-01-01T00:00Z'),
      scheduleOf(
        entry({ script: 1, at: '12:00', window: 30 }),
        entry({ index: 2, script: 2, at: '11:30', window: 120 }),
      ),
    );
    const clock = target(meter, 'clock', at('2026-01-01T10:00Z'));
    until(meter, clock.time);
    for (let quarters = 0; quarters < 8; quarters += 1) invokeInside(clock, 6, { t: 'long', v: 900 });
    until(meter, clock.time + 1);
    assert.equal(tariff(meter), 2, 'at 13:00 noon is an hour ago and valid for half an hour only');
  });
});

describe('activity calendar', () => {
  const WEEK = {
    seasons: [season('winter', '*-10-01', 'w'), season('summer', '*-04-01', 's')],
    weeks: [week('w', 1, 1, 1, 1, 1, 2, 2), week('s', 3, 3, 3, 3, 3, 3, 3)],
    days: [
      day(1, slot('06:00', 1), slot('22:00', 2)),
      day(2, slot('00:00', 2)),
      day(3, slot('00:00', 3), slot('12:00', 4)),
    ],
  };
  const FLAT = {
    seasons: [season('all', '*-01-01', 'a')],
    weeks: [week('a', 1, 1, 1, 1, 1, 1, 1)],
    days: [day(1, slot('00:00', 4))],
  };
  const SPECIAL = specialDaysOf(specialDay(1, '*-01-01', 2), specialDay(2, '2026-12-24', 2));

  const inForce: readonly (readonly [now: string, tariff: number, why: string])[] = [
    ['2026-01-07T04:59Z', 2, 'Wednesday before six, since 22:00 of the day before'],
    ['2026-01-07T05:00Z', 1, 'six'],
    ['2026-01-07T20:59Z', 1, 'before 22:00'],
    ['2026-01-07T21:00Z', 2, '22:00'],
    ['2026-01-10T12:00Z', 2, 'Saturday'],
    ['2026-01-12T05:00Z', 1, 'Monday'],
    ['2026-03-31T21:59Z', 2, 'last evening of winter'],
    ['2026-03-31T22:00Z', 3, 'summer begins with its first day'],
    ['2026-04-01T10:00Z', 4, 'noon of a summer day'],
    ['2026-09-30T21:59Z', 4, 'last evening of summer'],
    ['2026-10-01T04:00Z', 1, 'winter'],
    ['2026-12-24T12:00Z', 2, 'a special day of one year, a Thursday'],
    ['2027-01-01T12:00Z', 2, 'a special day of every year, a Friday'],
  ];

  it('has the tariff of season, week, day and special days, whenever it is asked', () => {
    const steady = scheduled(at('2026-01-06T12:00Z'), calendarOf(WEEK), SPECIAL);
    for (const [now, expected, why] of inForce) {
      assert.equal(tariff(until(steady, at(now))), expected, `asked all the time: ${now} ${why}`);
      const once = scheduled(at('2026-01-06T12:00Z'), calendarOf(WEEK), SPECIAL);
      assert.equal(tariff(until(once, at(now))), expected, `asked once: ${now} ${why}`);
      const fresh = scheduled(at(now), calendarOf(WEEK), SPECIAL);
      assert.equal(tariff(until(fresh, at(now))), expected, `switched on: ${now} ${why}`);
    }
  });

  it('puts its passive tables in place by method, and at their time', () => {
    const meter = until(scheduled(at('2026-01-07T12:00Z'), calendarOf(WEEK, FLAT)), at('2026-01-07T12:00Z'));
    assert.equal(tariff(meter), 1);
    invokeInside(target(meter, 'calendar', at('2026-01-07T12:00Z')), 1, { t: 'integer', v: 0 });
    assert.equal(tariff(until(meter, at('2026-01-07T12:00Z'))), 4);
    // 2026-01-08 12:00 local, standard time.
    const timed = scheduled(at('2026-01-07T12:00Z'), calendarOf(WEEK, FLAT, '07ea0108ff0c000000ffc400'));
    assert.equal(tariff(until(timed, at('2026-01-08T10:59Z'))), 1);
    assert.equal(tariff(until(timed, at('2026-01-08T11:00Z'))), 4);
    const late = scheduled(at('2026-01-07T12:00Z'), calendarOf(WEEK, FLAT, '07ea0108ff0c000000ffc400'));
    assert.equal(tariff(until(late, at('2026-02-01T21:30Z'))), 4, 'also where nobody asked for long');
  });

  it('follows new tables and special days at once', () => {
    const now = at('2026-01-07T12:00Z');
    const meter = until(scheduled(now, calendarOf(WEEK), SPECIAL), now);
    const special = target(meter, 'special', now);
    invokeInside(special, 1, structure(long(9), hex('07ea0107ff'), { t: 'unsigned', v: 2 }));
    assert.equal(tariff(until(meter, now)), 2);
    invokeInside(special, 2, long(9));
    assert.equal(tariff(until(meter, now)), 1);
    assert.deepEqual(special.object.logic.invoke?.(special, 2, long(9)), { result: 'object-unavailable' });
    writeAttribute(target(meter, 'calendar', now), 5, null, { t: 'array', v: [] });
    assert.equal(until(meter, now).dueAt, Number.POSITIVE_INFINITY);
  });

  it('gives way to the schedule at the same moment', () => {
    const meter = scheduled(at('2026-01-06T12:00Z'), scheduleOf(entry({ script: 4, at: '06:00' })), calendarOf(WEEK));
    assert.equal(tariff(until(meter, at('2026-01-07T05:00Z'))), 4);
  });
});

describe('end of billing by schedule', () => {
  const sample = path.join(import.meta.dirname, '../../../samples/acme-a1000.dlmsmeter');
  const model = compileTemplate(sample, diskFiles).model?.meters.find(({ name }) => name === 'acme_a1000');

  it('captures one row a month, with the maximum of the month before it is reset', () => {
    assert.ok(model);
    const meter = until(createMeter(model, { startedAt: at('2026-01-15T00:00Z') }), at('2026-07-15T00:00Z'));
    const profile = target(meter, 'billing_profile', at('2026-07-15T00:00Z'));
    const rows = readAttributeData(profile, 2);
    assert.ok(rows.t === 'array');
    const maxima = rows.v.map((row) =>
      row.t === 'structure' && row.v[6]?.t === 'double-long-unsigned' ? row.v[6].v : 0,
    );
    const months = rows.v.map((row) => {
      const octets = row.t === 'structure' && row.v[0]?.t === 'octet-string' ? row.v[0].v : new Uint8Array(12);
      return `${octets[2]}-${octets[3]}`;
    });
    assert.deepEqual(months, [
      '2-1',
      '3-1',
      '4-1',
      '5-1',
      '6-1',
      '7-1',
      '8-1',
      '9-1',
      '10-1',
      '11-1',
      '12-1',
      '1-1',
      '2-1',
      '3-1',
      '4-1',
      '5-1',
      '6-1',
      '7-1',
    ]);
    assert.ok(
      maxima.every((maximum) => maximum > 500),
      maxima.join(' '),
    );
    const demand = readAttributeData(target(meter, 'max_demand_import', profile.time), 2);
    assert.ok(demand.t === 'double-long-unsigned' && demand.v > 500, 'a new month has a maximum of its own');
  });
});
