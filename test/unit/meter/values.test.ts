import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMeter } from '../../../engine/meter/meter.ts';
import { extreme, scaledBy, sum } from '../../../engine/meter/values/arithmetic.ts';
import { ALL_HOURS, HOURS, middleOf } from '../../../engine/meter/values/day-values.ts';
import { household } from '../../../engine/meter/values/household.ts';
import { integralOf } from '../../../engine/meter/values/integral.ts';
import { overridable } from '../../../engine/meter/values/override.ts';
import { mix, unit, units } from '../../../engine/meter/values/random.ts';
import { tariffShare } from '../../../engine/meter/values/share.ts';
import {
  constantSignal,
  DAY,
  HOUR,
  INTEGRATION_EPOCH,
  type Signal,
  type Source,
} from '../../../engine/meter/values/signal.ts';
import { sun } from '../../../engine/meter/values/sun.ts';
import { toNumber, type Value } from '../../../engine/meter/values/value.ts';
import { noise, sine } from '../../../engine/meter/values/waves.ts';
import type { Expression } from '../../../engine/template/model.ts';
import { call, meterModel, number, object, plus, ref, text } from './support/models.ts';
import { NOW } from './support/test-client.ts';

function source(meter: number, seed = 1): Source {
  return { number: meter, seed, key: mix(seed, meter) };
}

const HOUSE = household({ base: 200, peak: 5000, people: 3 }, 17);

/** Integral by summing mid-points of steps in which the signal is constant. */
function summed(signal: Signal, from: Source, start: number, end: number, step: number): number {
  let sum = 0;
  for (let at = start; at < end; at += step) sum += (signal.at(from, at + step / 2) * step) / HOUR;
  return sum;
}

describe('random numbers', () => {
  it('are even, in range, and the same each time', () => {
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1) {
      const value = unit(42, i);
      assert.equal(value, unit(42, i));
      buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1;
    }
    for (const bucket of buckets) assert.ok(bucket > 850 && bucket < 1150, `buckets ${buckets.join(' ')}`);
  });

  it('differ between neighbouring indices, also beyond 32 bits', () => {
    const far = 2 ** 40;
    assert.notEqual(unit(1, far), unit(1, far + 1));
    assert.notEqual(unit(1, far), unit(1, 0));
    assert.notEqual(unit(1, -1), unit(1, 1));
  });
});

describe('signals with a closed integral', () => {
  const signals: readonly (readonly [string, Signal, number])[] = [
    ['household', HOUSE, 300_000],
    ['noise', noise(5, 3), 60_000],
    ['sine', sine(DAY, 10, 3 * HOUR), 60_000],
  ];
  for (const [name, signal, step] of signals) {
    it(`${name}: integral and values agree over two weeks`, () => {
      const from = source(5);
      const integral = integralOf(signal);
      const start = Date.UTC(2026, 2, 28);
      const expected = summed(signal, from, start, start + 14 * DAY, step);
      const got = integral(from, start + 14 * DAY) - integral(from, start);
      assert.ok(Math.abs(got - expected) < 1e-3 * Math.max(1, Math.abs(expected)), `${got} instead of ${expected}`);
    });
  }

  it('household stays between base and peak, at all times of all meters', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: -3 * 365 * DAY, max: 30 * 365 * DAY }),
        (n, t) => {
          const watts = HOUSE.at(source(n), INTEGRATION_EPOCH + t);
          assert.ok(watts >= 200 && watts <= 5000, `${watts} W`);
        },
      ),
      { seed: 1, numRuns: 3000 },
    );
  });

  it('a large household does not exceed the peak either', () => {
    const large = household({ base: 100, peak: 3000, people: 40 }, 5);
    for (let n = 0; n < 40; n += 1) {
      for (let at = 0; at < 7 * DAY; at += 300_000) {
        const watts = large.at(source(n), Date.UTC(2026, 0, 12) + at);
        assert.ok(watts >= 100 && watts <= 3000, `${watts} W`);
      }
    }
  });

  it('household never counts backwards, across hours, days, weeks and years', () => {
    const integral = integralOf(HOUSE);
    for (const start of [Date.UTC(2023, 11, 31, 22), Date.UTC(2026, 0, 4, 23, 50), Date.UTC(2026, 11, 31, 23)]) {
      let last = integral(source(9), start);
      for (let at = start; at < start + 3 * HOUR; at += 7919) {
        const now = integral(source(9), at);
        assert.ok(now >= last, `fell from ${last} to ${now} at ${new Date(at).toISOString()}`);
        last = now;
      }
    }
  });

  it('households differ from each other and from day to day', () => {
    const integral = integralOf(HOUSE);
    const day = (n: number, d: number) =>
      integral(source(n), INTEGRATION_EPOCH + (d + 1) * DAY) - integral(source(n), INTEGRATION_EPOCH + d * DAY);
    assert.notEqual(Math.round(day(1, 10)), Math.round(day(2, 10)));
    assert.notEqual(Math.round(day(1, 10)), Math.round(day(1, 11)));
    // 3 people use some 5 to 20 kWh a day.
    for (let d = 0; d < 365; d += 13) assert.ok(day(1, d) > 5000 && day(1, d) < 40_000, `${day(1, d)} Wh`);
  });

  it('noise has the deviation asked for and no mean', () => {
    const signal = noise(2, 11);
    let sum = 0;
    let squares = 0;
    const count = 20_000;
    for (let i = 0; i < count; i += 1) {
      const value = signal.at(source(1), INTEGRATION_EPOCH + i * 60_000);
      sum += value;
      squares += value * value;
    }
    assert.ok(Math.abs(sum / count) < 1e-9);
    assert.ok(Math.abs(Math.sqrt(squares / count) - 2) < 0.05, `${Math.sqrt(squares / count)}`);
  });

  it('the sun is down at night, up at noon, and higher in summer', () => {
    const place = sun(52.5, 13.4);
    const most = (month: number) =>
      Math.max(...Array.from({ length: 28 }, (_, day) => place.at(source(1), Date.UTC(2026, month, day + 1, 11))));
    assert.equal(place.at(source(1), Date.UTC(2026, 5, 21, 23)), 0);
    assert.ok(most(5) > 2 * most(11));
  });
});

describe('numeric integrals', () => {
  const jagged: Signal = { constant: false, at: (_source, time) => Math.max(0, Math.sin(time / DAY)) };

  it('are the same whatever was asked before', () => {
    const fresh = integralOf(jagged)(source(1), NOW);
    const used = integralOf(jagged);
    used(source(1), NOW - 400 * DAY);
    used(source(2), NOW);
    used(source(1), NOW + 90 * DAY);
    assert.equal(used(source(1), NOW), fresh);
  });

  it('are exact for what is constant within the hour', () => {
    const stairs: Signal = { constant: false, at: (_source, time) => Math.floor((time - INTEGRATION_EPOCH) / HOUR) };
    const integral = integralOf(stairs);
    assert.equal(integral(source(1), INTEGRATION_EPOCH + 50 * HOUR), (49 * 50) / 2);
    assert.equal(integral(source(1), INTEGRATION_EPOCH + 50.5 * HOUR), (49 * 50) / 2 + 25);
  });

  it('are continuous and never fall', () => {
    const integral = integralOf(jagged);
    let last = integral(source(1), NOW);
    for (let at = NOW; at < NOW + 2 * DAY; at += 600_000) {
      const now = integral(source(1), at);
      assert.ok(now >= last && now - last <= 1 / 6 + 1e-9);
      last = now;
    }
  });

  it('do not grow without bounds over many meters', () => {
    const integral = integralOf(jagged);
    for (let n = 0; n < 600; n += 1) integral(source(n), INTEGRATION_EPOCH + 2 * DAY);
    assert.equal(integral(source(0), INTEGRATION_EPOCH), 0);
  });

  it('take NaN and infinities as nothing', () => {
    const broken: Signal = { constant: false, at: () => Number.NaN };
    assert.equal(integralOf(broken)(source(1), INTEGRATION_EPOCH + DAY), 0);
  });
});

describe('day values', () => {
  const load = household({ base: 220, peak: 5200, people: 3 }, 5);
  const sunshine = scaledBy(sun(50, 10), constantSignal(2600), '*');
  const surplus = extreme('max', constantSignal(0), sum(sunshine, load, -1));
  const overridden: Source = source(9);
  const switched = overridable(load, integralOf(load), (from) =>
    from === overridden ? [{ since: NOW - DAY, value: 7 }] : undefined,
  );
  const signals: Readonly<Record<string, Signal>> = {
    load,
    sunshine,
    surplus,
    noise: noise(3, 4),
    sine: sine(DAY, 3, HOUR),
    constant: constantSignal(4),
    deficit: extreme('max', constantSignal(0), sum(load, sunshine, -1)),
    less: extreme('min', load, sunshine),
    third: scaledBy(sum(load, constantSignal(11), 1), constantSignal(3), '/'),
    switched,
    switchedSurplus: extreme('max', constantSignal(0), sum(sunshine, switched, -1)),
  };
  const days = [0, 3, 700, Math.floor((NOW - INTEGRATION_EPOCH) / DAY), 5000];
  for (const [name, signal] of Object.entries(signals)) {
    it(`of ${name} are those of its hours, to the last bit`, () => {
      const values = new Float64Array(HOURS);
      for (const from of [source(1), source(2, 8), overridden]) {
        for (const day of days) {
          signal.day?.(from, day, values, ALL_HOURS);
          const expected = Array.from(values, (_, hour) => signal.at(from, middleOf(day, hour)));
          assert.deepEqual([...values], expected);
        }
      }
    });

    it(`of ${name} make its integral`, () => {
      const from = source(3);
      const { at } = signal;
      const slow = integralOf<Source>({ constant: false, at: at.bind(signal) });
      const { integral: _closed, ...open } = signal;
      assert.equal(integralOf<Source>(open)(from, NOW), slow(from, NOW));
    });
  }

  it('are only worked out where they are wanted', () => {
    const values = new Float64Array(HOURS).fill(-1);
    load.day?.(source(1), 5, values, 1 << 7);
    assert.deepEqual(
      [...values].map((value) => value >= 0),
      Array.from(values, (_, hour) => hour === 7),
    );
  });

  it('do not ask for a load where there is no sun', () => {
    let asked = 0;
    const watched: Signal = {
      ...load,
      day: (from, day, out, wanted) => {
        for (let bits = wanted; bits !== 0; bits &= bits - 1) asked += 1;
        load.day?.(from, day, out, wanted);
      },
    };
    integralOf(extreme('max', constantSignal(0), sum(sunshine, watched, -1)))(source(1), INTEGRATION_EPOCH + 365 * DAY);
    assert.ok(asked > 1000 && asked < 12 * 365, `${asked} hours`);
  });

  it('of the sun are summed once for a fleet', () => {
    let asked = 0;
    const watched: Signal = {
      ...sunshine,
      day: (from, day, out, wanted) => {
        asked += 1;
        sunshine.day?.(from, day, out, wanted);
      },
    };
    const integral = integralOf(watched);
    const first = integral(source(1), INTEGRATION_EPOCH + 300 * DAY);
    for (let n = 2; n < 1000; n += 1) assert.equal(integral(source(n), INTEGRATION_EPOCH + 300 * DAY), first);
    assert.equal(asked, 300);
    assert.notEqual(integral(source(1, 2), INTEGRATION_EPOCH + 300 * DAY), first);
  });

  it('draws in a row are the single draws, beyond 32 bits too', () => {
    const drawn = new Float64Array(12);
    for (const first of [0, -5, 0x7ffffffa, 2 ** 40, -(2 ** 31) - 4]) {
      units(77, first, drawn);
      assert.deepEqual(
        [...drawn],
        Array.from(drawn, (_, index) => unit(77, first + index)),
      );
    }
  });
});

describe('tariff shares', () => {
  it('add up to the total and never fall, whatever the number of tariffs', () => {
    for (const tariffs of [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]) {
      let last = tariffs.map(() => 0);
      for (let total = 0; total < 5000; total += 37) {
        const now = tariffs.map((tariff) => tariffShare(total, tariff, tariffs));
        assert.equal(
          now.reduce((sum, part) => sum + part, 0),
          total,
        );
        assert.ok(now.every((part, index) => part >= (last[index] ?? 0)));
        last = now;
      }
    }
  });
});

/** Value of an expression as attribute 2 of an object without a type. */
function evaluate(expression: Expression, time = NOW, meterNumber = 3): Value {
  const model = meterModel({
    objects: [
      ...meterModel().objects,
      object({ name: 'probe', obis: '0-0:96.99.0.255', attributes: { 2: { value: expression } } }),
    ],
  });
  const meter = createMeter(model, { number: meterNumber, startedAt: NOW });
  const probe = meter.blueprint.byName('probe');
  assert.ok(probe !== undefined);
  return meter.blueprint.compiler.value(expression, 'probe.2')(meter, time);
}

const minus = (left: Expression, right: Expression): Expression => ({ k: 'binary', op: '-', left, right });

describe('expressions', () => {
  const cases: readonly (readonly [string, Expression, Value])[] = [
    ['sums', plus(number(1), number(2)), 3],
    ['clamp', call('clamp', [number(7), number(0), number(5)]), 5],
    ['max', call('max', [number(1), number(9), number(3)]), 9],
    ['min by difference', call('min', [minus(number(1), number(4)), number(0)]), -3],
    ['identity', ref('identity.model'), 'A1'],
    ['expanded identity', ref('identity.logical_device_name'), 'ACMA100000003'],
    ['last digits', call('last', [ref('identity.serial'), number(2)]), '03'],
    ['last digits as a number', plus(call('last', [ref('identity.serial'), number(2)]), number(16)), 19],
    [
      'versions are compared part by part',
      { k: 'binary', op: '<', left: ref('identity.firmware'), right: text('1.10') },
      true,
    ],
    ['hour of the clock', ref('clock.hour'), 13],
    ['weekday of the clock', ref('clock.weekday'), 1],
    ['unknown function', call('constructor', [number(1)]), undefined],
    ['bare word', { k: 'name', value: 'toString' }, 'toString'],
    ['duration', { k: 'duration', ms: 900_000 }, { k: 'duration', ms: 900_000 }],
    ['division by zero', { k: 'binary', op: '/', left: number(1), right: number(0) }, Number.POSITIVE_INFINITY],
  ];
  for (const [name, expression, expected] of cases) {
    it(name, () => assert.deepEqual(evaluate(expression), expected));
  }

  it('pick is fixed for a meter and different between meters', () => {
    const picked = call('pick', [text('a'), text('b'), text('c')]);
    const all = Array.from({ length: 60 }, (_, n) => evaluate(picked, NOW, n));
    assert.deepEqual(
      all,
      Array.from({ length: 60 }, (_, n) => evaluate(picked, NOW + DAY, n)),
    );
    assert.deepEqual(new Set(all), new Set(['a', 'b', 'c']));
  });

  it('the integral of a sum is the sum of the integrals', () => {
    const load = ref('simulate.load');
    const whole = toNumber(evaluate(call('integrate', [plus(load, call('noise', [number(3)]))])));
    const parts = toNumber(evaluate(call('integrate', [load])));
    assert.ok(Math.abs(whole - parts) < 1);
  });

  it('maximum is reached by no mean and is not less than any', () => {
    const load = ref('simulate.load');
    const peak = toNumber(evaluate(call('maximum', [load], { over: { k: 'duration', ms: 900_000 } })));
    const energy = (time: number) => toNumber(evaluate(call('integrate', [load]), time));
    let highest = 0;
    for (let end = Date.UTC(2026, 9, 31, 23) + 900_000; end <= NOW; end += 900_000) {
      highest = Math.max(highest, (energy(end) - energy(end - 900_000)) * 4);
    }
    assert.ok(Math.abs(peak - highest) < 1e-6, `${peak} instead of ${highest}`);
  });

  it('maximum of an earlier moment does not know of later ones', () => {
    const peak = call('maximum', [ref('simulate.load')]);
    const model = meterModel();
    const meter = createMeter(model, { number: 3, startedAt: NOW });
    const running = meter.blueprint.compiler.value(peak, 'probe');
    const early = Date.UTC(2026, 10, 1, 3);
    const fresh = toNumber(running(meter, early));
    assert.ok(toNumber(running(meter, NOW)) > fresh);
    assert.equal(toNumber(running(meter, early)), fresh);
  });

  it('objects that refer to one another in a circle come to an end', () => {
    const model = meterModel({
      objects: [
        object({
          name: 'a',
          obis: '0-0:96.1.1.255',
          attributes: { 2: { type: 'long', value: plus(ref('b'), number(1)) } },
        }),
        object({
          name: 'b',
          obis: '0-0:96.1.2.255',
          attributes: { 2: { type: 'long', value: plus(ref('a'), number(1)) } },
        }),
        object({
          name: 'c',
          obis: '0-0:96.1.3.255',
          attributes: { 2: { type: 'long', value: call('integrate', [ref('c')]) } },
        }),
      ],
    });
    const meter = createMeter(model, { startedAt: NOW });
    assert.equal(typeof meter.attribute(0, 2, NOW), 'number');
    assert.equal(typeof meter.attribute(2, 2, NOW), 'number');
  });
});

describe('determinism', () => {
  it('two meters with the same number and seed answer the same, another seed differs', () => {
    const read = (seed: number, n: number) => {
      const meter = createMeter(meterModel(), { number: n, seed, startedAt: NOW });
      return meter.blueprint.objects.map((item) => meter.attribute(item.index, 2, NOW));
    };
    assert.deepEqual(read(1, 4), read(1, 4));
    assert.notDeepEqual(read(1, 4), read(2, 4));
    assert.notDeepEqual(read(1, 4), read(1, 5));
  });

  it('does not depend on what was read before', () => {
    const fresh = createMeter(meterModel(), { startedAt: NOW }).attribute(4, 2, NOW);
    const used = createMeter(meterModel(), { startedAt: NOW });
    for (let at = NOW - DAY; at < NOW + DAY; at += HOUR) used.attribute(4, 2, at);
    assert.equal(used.attribute(4, 2, NOW), fresh);
  });
});
