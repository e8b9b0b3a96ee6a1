import assert from 'node:assert/strict';
import { Memory } from '../../../client/model/memory.ts';

/** As much of VS Code's Memento as there is to it. */
function memento() {
  const held = new Map<string, unknown>();
  return {
    held,
    keys: () => [...held.keys()],
    get: (key: string, otherwise?: unknown) => (held.has(key) ? held.get(key) : otherwise),
    update: async (key: string, value: unknown) => {
      held.set(key, value);
    },
  };
}

describe('what was chosen last time', () => {
  it('is kept by subject, the newest choice of each', async () => {
    const memory = new Memory(memento());
    await memory.remember('connection', 'a', 1);
    await memory.remember('connection', 'b', 2);
    await memory.remember('connection', 'a', 3);
    assert.equal(memory.recall('connection', 'a'), 3);
    assert.equal(memory.recall('connection', 'b'), 2);
    assert.equal(memory.recall('connection', 'c'), undefined);
    assert.equal(memory.recall('listener', 'a'), undefined);
  });

  it('forgets what was used longest ago', async () => {
    const memory = new Memory(memento());
    for (let i = 0; i < 101; i++) await memory.remember('connection', `m${i}`, i);
    assert.equal(memory.recall('connection', 'm0'), undefined);
    assert.equal(memory.recall('connection', 'm1'), 1);
  });
});
