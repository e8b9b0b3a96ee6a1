import assert from 'node:assert/strict';
import { EmulatorError } from '../../../engine/emulator/errors.ts';
import {
  LATEST,
  MAX_SPEED,
  parseTime,
  SimulatedClock,
  type TimeChange,
} from '../../../engine/emulator/simulated-clock.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

/** A system whose clocks stand where the test puts them. */
function system() {
  const time = { wall: NOON, steady: 1000 };
  const pass = (ms: number): void => {
    time.wall += ms;
    time.steady += ms;
  };
  return { time, pass, clock: new SimulatedClock({ wall: () => time.wall, steady: () => time.steady }) };
}

describe('simulated clock', () => {
  it('follows the system, also when its clock is set', () => {
    const { time, clock } = system();
    assert.deepEqual(clock.time, { now: NOON, speed: 1, frozen: false, real: true });
    time.wall -= 5000;
    assert.equal(clock.now(), NOON - 5000);
  });

  const YEAR = Date.UTC(2030, 0, 1);
  const cases: readonly [string, readonly TimeChange[], number][] = [
    ['frozen', [{ frozen: true }], NOON],
    ['frozen at a moment', [{ to: YEAR, frozen: true }], YEAR],
    ['put to a moment it goes on', [{ to: YEAR }], YEAR + 10_000],
    ['put on by an hour', [{ by: 3_600_000 }], NOON + 3_610_000],
    ['put back by an hour', [{ by: -3_600_000 }], NOON - 3_590_000],
    ['60 times as fast', [{ speed: 60 }], NOON + 600_000],
    ['half as fast', [{ speed: 0.5 }], NOON + 5000],
    ['a speed set while frozen waits', [{ frozen: true }, { speed: 60 }], NOON],
    ['a jump while frozen', [{ frozen: true }, { by: 1000 }], NOON + 1000],
    ['frozen and let go', [{ frozen: true }, { frozen: false }], NOON + 10_000],
    ['back to real', [{ to: YEAR, speed: 60, frozen: true }, { real: true }], NOON + 10_000],
    ['back to real, but frozen', [{ to: YEAR }, { real: true, frozen: true }], NOON],
    ['no change', [{}], NOON + 10_000],
  ];
  for (const [name, changes, expected] of cases) {
    it(`${name}, ten seconds later`, () => {
      const { pass, clock } = system();
      for (const change of changes) clock.change(change);
      pass(10_000);
      assert.equal(clock.now(), expected);
    });
  }

  it('keeps where it is when its speed changes', () => {
    const { pass, clock } = system();
    clock.change({ speed: 100 });
    pass(1000);
    clock.change({ speed: 2 });
    pass(1000);
    assert.equal(clock.now(), NOON + 100_000 + 2000);
  });

  it('does not go along when the system clock is set, once it is its own', () => {
    const { time, clock } = system();
    clock.change({ by: 1000 });
    time.wall += 86_400_000;
    assert.equal(clock.now(), NOON + 1000);
    assert.equal(clock.time.real, false);
  });

  it('stops at its last moment', () => {
    const { pass, clock } = system();
    clock.change({ to: LATEST - 1000, speed: MAX_SPEED });
    pass(60_000);
    assert.equal(clock.now(), LATEST);
  });

  const wrong: readonly TimeChange[] = [
    { speed: 0 },
    { speed: -1 },
    { speed: Number.NaN },
    { speed: MAX_SPEED + 1 },
    { to: -1 },
    { to: Number.NaN },
    { to: LATEST + 1 },
    { by: Number.NEGATIVE_INFINITY },
  ];
  for (const change of wrong) {
    it(`refuses ${JSON.stringify(change)} and stays as it was`, () => {
      const { clock } = system();
      assert.throws(
        () => clock.change(change),
        (error) => error instanceof EmulatorError && error.code === 'bad-time',
      );
      assert.equal(clock.time.real, true);
    });
  }

  const texts: readonly [string, number | undefined][] = [
    ['2026-01-01', Date.UTC(2026, 0, 1)],
    ['2026-01-01T00:00Z', Date.UTC(2026, 0, 1)],
    ['2026-01-01T00:00', Date.UTC(2026, 0, 1)],
    ['2026-01-01T00:00:30.5+01:00', Date.UTC(2025, 11, 31, 23, 0, 30, 500)],
    ['yesterday', undefined],
    ['2026-13-01', undefined],
    ['', undefined],
    ['1767225600000', undefined],
    ['1950-01-01', undefined],
  ];
  for (const [text, expected] of texts) {
    it(`reads "${text}"`, () => {
      if (expected === undefined) assert.throws(() => parseTime(text), EmulatorError);
      else assert.equal(parseTime(text), expected);
    });
  }
});
