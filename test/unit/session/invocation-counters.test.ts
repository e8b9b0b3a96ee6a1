import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { CounterFile } from '../../../engine/session/counter-file.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import {
  type CounterStore,
  counterName,
  HIGHEST_COUNTER,
  InvocationCounters,
  MemoryCounterStore,
  RESERVED_COUNTERS,
} from '../../../engine/session/invocation-counters.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, at) => at);
const OTHER_KEY = Uint8Array.from({ length: 16 }, (_, at) => at + 1);
const TITLE = Uint8Array.of(0x4d, 0x4d, 0x4d, 0, 0, 0, 0, 1);
const OTHER_TITLE = Uint8Array.of(0x4d, 0x4d, 0x4d, 0, 0, 0, 0, 2);

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error.code;
  }
  return assert.fail('did not fail');
}

describe('invocation counters', () => {
  it('are counted per key, title and direction', () => {
    const counters = new InvocationCounters();
    assert.deepEqual(
      [0, 1, 2].map(() => counters.sent(KEY, TITLE).next()),
      [0, 1, 2],
    );
    assert.equal(counters.sent(OTHER_KEY, TITLE).next(), 0);
    assert.equal(counters.sent(KEY, OTHER_TITLE).next(), 0);
    assert.ok(counters.received(KEY, TITLE).accept(0));
    assert.ok(counters.received(KEY, OTHER_TITLE).accept(0));
    assert.equal(counters.sent(KEY, TITLE).next(), 3);
  });

  it('go on from what a meter expects, never back', () => {
    const counter = new InvocationCounters().sent(KEY, TITLE);
    counter.atLeast(1000);
    assert.equal(counter.next(), 1000);
    counter.atLeast(5);
    assert.equal(counter.next(), 1001);
  });

  it('end with the highest, and the key is used up', () => {
    const store = new MemoryCounterStore();
    const counter = new InvocationCounters(store).sent(KEY, TITLE);
    counter.atLeast(HIGHEST_COUNTER - 1);
    assert.equal(counter.next(), HIGHEST_COUNTER - 1);
    assert.equal(counter.next(), HIGHEST_COUNTER);
    assert.equal(
      codeOf(() => counter.next()),
      'limit',
    );
    assert.equal(
      codeOf(() => new InvocationCounters(store).sent(KEY, TITLE).next()),
      'limit',
    );
  });

  it('are accepted when they grow, and only then', () => {
    const counter = new InvocationCounters().received(KEY, TITLE);
    assert.equal(counter.last, -1);
    for (const [value, accepted] of [
      [0, true],
      [0, false],
      [7, true],
      [7, false],
      [6, false],
      [8, true],
      [HIGHEST_COUNTER, true],
      [HIGHEST_COUNTER, false],
    ] as const)
      assert.equal(counter.accept(value), accepted, `${value}`);
    assert.equal(counter.last, HIGHEST_COUNTER);
  });

  it('never repeat, wherever the process ends', () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ do: fc.constant('next' as const), times: fc.integer({ min: 1, max: 400 }) }),
      },
      { weight: 2, arbitrary: fc.constant({ do: 'crash' as const }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('raise' as const), to: fc.integer({ min: 0, max: 9000 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = new MemoryCounterStore();
        let counters = new InvocationCounters(store);
        let last = -1;
        let lost = 0;
        for (const one of steps) {
          if (one.do === 'crash') {
            counters = new InvocationCounters(store);
            lost++;
          } else if (one.do === 'raise') counters.sent(KEY, TITLE).atLeast(one.to);
          else
            for (let i = 0; i < one.times; i++) {
              const next = counters.sent(KEY, TITLE).next();
              assert.ok(next > last);
              last = next;
            }
        }
        const used = steps.reduce((sum, one) => sum + (one.do === 'next' ? one.times : 0), 0);
        assert.ok(last < 9000 + used + (lost + 1) * RESERVED_COUNTERS, 'a crash costs no more than one block');
      }),
      { seed: 20261126, numRuns: 200 },
    );
  });

  it('are written once per block, before the first of it is handed out', () => {
    const writes: number[] = [];
    const store: CounterStore = { load: () => 500, save: (_name, value) => void writes.push(value) };
    const counter = new InvocationCounters(store).sent(KEY, TITLE);
    assert.deepEqual(writes, []);
    for (let i = 0; i < RESERVED_COUNTERS; i++) assert.equal(counter.next(), 500 + i);
    assert.deepEqual(writes, [500 + RESERVED_COUNTERS]);
    counter.next();
    assert.deepEqual(writes, [500 + RESERVED_COUNTERS, 500 + 2 * RESERVED_COUNTERS]);
  });

  it('are not used when they cannot be kept', () => {
    let works = false;
    const store = new MemoryCounterStore();
    const failing: CounterStore = {
      load: (name) => store.load(name),
      save: (name, value) => {
        if (!works) throw new Error('disk full');
        store.save(name, value);
      },
    };
    const counters = new InvocationCounters(failing);
    assert.equal(
      codeOf(() => counters.sent(KEY, TITLE).next()),
      'counter-store',
    );
    assert.equal(
      codeOf(() => counters.received(KEY, TITLE).accept(3)),
      'counter-store',
    );
    works = true;
    assert.equal(counters.sent(KEY, TITLE).next(), 0);
    assert.ok(counters.received(KEY, TITLE).accept(3));
  });

  for (const bad of [-1, 0.5, Number.NaN, 2 ** 32 + 1])
    it(`do not begin anew where ${bad} is stored`, () => {
      const counters = new InvocationCounters({ load: () => bad, save: () => assert.fail('written') });
      assert.equal(
        codeOf(() => counters.sent(KEY, TITLE)),
        'counter-store',
      );
      assert.equal(
        codeOf(() => counters.received(KEY, TITLE)),
        'counter-store',
      );
    });

  it('are named by a hash of the key, which is not in the name', () => {
    const name = counterName(KEY, TITLE, 'sent');
    assert.match(name, /^[0-9a-f]{32}\/4d4d4d0000000001\/sent$/);
    assert.ok(!name.includes(Buffer.from(KEY).toString('hex').slice(0, 8)));
    assert.notEqual(name, counterName(OTHER_KEY, TITLE, 'sent'));
  });
});

describe('a file of invocation counters', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-counters-'));
    file = path.join(folder, 'counters.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps counters of both directions over runs', () => {
    const first = new CounterFile(file);
    const counters = new InvocationCounters(first);
    assert.equal(counters.sent(KEY, TITLE).next(), 0);
    assert.ok(counters.received(KEY, TITLE).accept(41));
    first.close();
    const second = new CounterFile(file);
    const again = new InvocationCounters(second);
    assert.equal(again.sent(KEY, TITLE).next(), RESERVED_COUNTERS);
    assert.equal(again.received(KEY, TITLE).accept(41), false);
    assert.ok(again.received(KEY, TITLE).accept(42));
    second.close();
    assert.deepEqual(readdirSync(folder), ['counters.json']);
    assert.ok(!readFileSync(file, 'utf8').includes('000102'));
  });

  it('survives a process that ended while writing: the old counters hold', () => {
    const first = new CounterFile(file);
    new InvocationCounters(first).sent(KEY, TITLE).next();
    first.close();
    writeFileSync(`${file}.new`, '{"format": 1, "coun');
    const second = new CounterFile(file);
    assert.equal(new InvocationCounters(second).sent(KEY, TITLE).next(), RESERVED_COUNTERS);
    second.close();
  });

  it('serves one process at a time, and the next after one that is gone', () => {
    const first = new CounterFile(file);
    assert.throws(() => new CounterFile(file), /in use by process/);
    first.close();
    // Processes have numbers far below this one.
    writeFileSync(`${file}.lock`, '999999999');
    new CounterFile(file).close();
    writeFileSync(`${file}.lock`, '');
    new CounterFile(file).close();
  });

  it('is not overwritten when it is something else', () => {
    for (const text of ['', 'x', '[]', '{"format": 2}', '{"format": 1}', '{"format": 1, "counters": {"a": "b"}}']) {
      writeFileSync(file, text);
      assert.throws(() => new CounterFile(file), /is no file of invocation counters/);
      assert.equal(readFileSync(file, 'utf8'), text);
      assert.deepEqual(readdirSync(folder), ['counters.json']);
    }
  });
});
