import assert from 'node:assert/strict';
import path from 'node:path';
import { EngineConnection, type EngineExit } from '../../../client/engine/engine-connection.ts';
import type { Log } from '../../../client/log.ts';
import { ListScans } from '../../../engine/rpc/protocol.ts';

const bundle = path.join(import.meta.dirname, 'fixtures/engine.ts');

/** Starts the fixture with a behaviour; collects what is logged and how it ends. */
async function start(behaviour: string) {
  const lines: string[] = [];
  const exits: EngineExit[] = [];
  const add = (line: string) => void lines.push(line);
  const log: Log = { info: add, warn: add, error: add };
  process.env.FAKE_ENGINE = behaviour;
  try {
    const engine = await EngineConnection.start(bundle, { databasePath: '/db' }, log, (exit) => exits.push(exit));
    return { engine, lines, exits };
  } finally {
    delete process.env.FAKE_ENGINE;
  }
}

describe('the engine process', function () {
  this.timeout(20_000);

  it('is started, answers, logs what it prints, and ends when asked', async () => {
    const { engine, lines, exits } = await start('well');
    assert.deepEqual(await engine.request0(ListScans), []);
    await engine.stop();
    assert.deepEqual(exits, [{ asked: true, reason: 'exit code 0' }]);
    assert.ok(lines.includes('engine: a line for the log'));
    assert.ok(lines.some((line) => line.startsWith('engine /db started on Node')));
    await engine.stop();
  });

  it('that does not start is an error that says why', async () => {
    await assert.rejects(start('exits-at-start'), { code: 'not-started', message: /exit code 7/ });
  });

  it('that dies fails the request and tells of it', async () => {
    const { engine, exits } = await start('dies');
    await assert.rejects(engine.request0(ListScans), { code: 'stopped', message: /scan\/list/ });
    assert.deepEqual(exits, [{ asked: false, reason: 'exit code 3' }]);
  });

  it('that does not end is killed', async () => {
    const { engine, exits } = await start('hangs');
    await engine.stop();
    assert.deepEqual(exits, [{ asked: true, reason: 'signal SIGKILL' }]);
  });
});
