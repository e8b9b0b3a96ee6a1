import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '../../..');
const sample = path.join(root, 'samples/acme-a1000-push.dlmsmeter');

/** The sample, with its pushes going to a port, at once. */
const template = (port: number): string => `use: ${JSON.stringify(sample)}
meter pushing extends acme_a1000_push {
  override object push_readings {
    send_destination_and_method: destination(tcp, "127.0.0.1:${port}")
    randomisation_start_interval: 0
  }
}
`;

interface Running {
  readonly child: ChildProcess;
  text: string;
}

describe('dlms emulate and dlms listen, as processes', () => {
  const children: ChildProcess[] = [];
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-push-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => {
    for (const child of children.splice(0)) child.kill();
  });

  function dlms(...args: string[]): Running {
    const child = spawn(process.execPath, [path.join(root, 'engine/cli/main.ts'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const running: Running = { child, text: '' };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        running.text += chunk.toString();
      });
    }
    return running;
  }

  async function until(running: Running, wanted: RegExp): Promise<RegExpExecArray> {
    for (let tries = 0; tries < 1500; tries += 1) {
      const found = wanted.exec(running.text);
      if (found !== null) return found;
      await pause(10);
    }
    return assert.fail(running.text);
  }

  it('a meter of the samples pushes its readings at a quarter past, and the listener reads them with its key', async function () {
    this.timeout(20_000);
    const keys = path.join(folder, 'keys.json');
    writeFileSync(
      keys,
      JSON.stringify([{ guek: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', gak: 'a0b1c2d3e4f5061728394a5b6c7d8e9f' }]),
    );
    const listener = dlms('listen', '--port', '0', '--jsonl', '--count', '1', '--keys', keys);
    const [, port] = await until(listener, /READY: listening on tcp 127\.0\.0\.1:(\d+)/);
    // The clock of the sample is half a minute fast in the middle of a month, its schedules are not.
    const file = path.join(folder, 'pushing.dlmsmeter');
    writeFileSync(file, template(Number(port)));
    const meter = dlms(
      ...['emulate', file, '--meter', 'pushing', '--listen', '127.0.0.1:0', '--time', '2026-01-15T10:14:58Z'],
      ...['--keys', path.join(root, 'samples/demo.keys.json')],
    );
    await until(meter, /READY/);
    const [line] = await until(listener, /^\{.*\}$/m);
    const push = JSON.parse(line);
    assert.equal(push.ok, true, line);
    assert.equal(push.apdu.kind, 'data-notification');
    assert.equal(push.meterTime.slice(0, 16), '2026-01-15T11:15');
    assert.deepEqual(push.peer, { client: 103, server: 1 });
    assert.equal(push.protection.verified, true);
    assert.equal(push.values.length, 4);
  });
});
