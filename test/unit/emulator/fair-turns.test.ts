import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { FairTurns } from '../../../engine/emulator/fair-turns.ts';

describe('fair turns of connections', () => {
  it('does work at once while the turn lasts', () => {
    const turns = new FairTurns(() => 0);
    const done: number[] = [];
    for (const piece of [1, 2, 3])
      assert.equal(
        turns.take(() => done.push(piece)),
        true,
      );
    assert.deepEqual(done, [1, 2, 3]);
  });

  it('keeps what comes later for the next turns, in its order, and lets timers in between', async () => {
    let now = 0;
    const turns = new FairTurns(() => now);
    const done: (number | string)[] = [];
    // Each piece takes 4 ms: three of them fill a turn of 10.
    const taken = [1, 2, 3, 4, 5, 6, 7, 8].map((piece) =>
      turns.take(() => {
        now += 4;
        done.push(piece);
      }),
    );
    assert.deepEqual(taken, [true, true, true, false, false, false, false, false]);
    setImmediate(() => done.push('loop'));
    await sleep(20);
    assert.deepEqual(done, [1, 2, 3, 4, 5, 6, 'loop', 7, 8]);
    assert.equal(
      turns.take(() => done.push(9)),
      true,
      'afterwards work is done at once again',
    );
  });

  it('goes on with the others after a piece that throws', async () => {
    let now = 0;
    const turns = new FairTurns(() => now);
    const done: number[] = [];
    turns.take(() => {
      now = 100;
    });
    const faults: unknown[] = [];
    const hear = (error: unknown): void => void faults.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', hear);
    turns.take(() => {
      throw new Error('a fault');
    });
    turns.take(() => done.push(1));
    await sleep(20);
    process.off('uncaughtException', hear);
    for (const other of others) process.on('uncaughtException', other);
    assert.equal(faults.length, 1);
    assert.deepEqual(done, [1]);
  });
});
