import assert from 'node:assert/strict';
import { activityLine } from '../../../engine/cli/activity-line.ts';
import type { EmulatorActivity } from '../../../engine/emulator/types.ts';

const idle: EmulatorActivity = {
  figures: { sessions: 1, requests: 20, octetsIn: 5, octetsOut: 6, errors: 0, refused: 0 },
  requestsPerSecond: 7,
  octetsPerSecond: 900,
  top: [],
  time: { now: Date.UTC(2026, 0, 1), speed: 1, frozen: false, real: true },
};

describe('line of live figures', () => {
  const cases: readonly [string, Partial<EmulatorActivity>, string][] = [
    ['real time, nobody busy', {}, 'sessions 1  requests 20 (7/s)  octets 900/s  errors 0'],
    [
      'refused connections',
      { figures: { ...idle.figures, refused: 3 } },
      'sessions 1  requests 20 (7/s)  octets 900/s  errors 0  refused 3',
    ],
    [
      'simulated time',
      { time: { ...idle.time, real: false, speed: 60 } },
      'sessions 1  requests 20 (7/s)  octets 900/s  errors 0  2026-01-01T00:00:00Z, speed 60',
    ],
    [
      'frozen, with a busy meter',
      {
        time: { ...idle.time, real: false, frozen: true },
        top: [{ meter: 'm', serial: '0001', requestsPerSecond: 5, requests: 9, sessions: 1 }],
      },
      'sessions 1  requests 20 (7/s)  octets 900/s  errors 0  2026-01-01T00:00:00Z, frozen  busiest 0001 (5/s)',
    ],
    [
      'pushes',
      { pushes: { sent: 4, failed: 0, failedTries: 1, skipped: 0, waiting: 2, octets: 99 } },
      'sessions 1  requests 20 (7/s)  octets 900/s  errors 0  pushes 4',
    ],
    [
      'pushes that did not arrive',
      { pushes: { sent: 4, failed: 2, failedTries: 6, skipped: 0, waiting: 0, octets: 99 } },
      'sessions 1  requests 20 (7/s)  octets 900/s  errors 0  pushes 4  pushes failed 2',
    ],
  ];
  for (const [name, part, expected] of cases) {
    it(name, () => assert.equal(activityLine({ ...idle, ...part }), expected));
  }
});
