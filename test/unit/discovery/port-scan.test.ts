import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { DeadlineQueue } from '../../../engine/discovery/deadline-queue.ts';
import {
  type PortScanOptions,
  type PortState,
  type PortTarget,
  scanPorts,
} from '../../../engine/discovery/port-scan.ts';
import { RateLimit } from '../../../engine/discovery/rate-limit.ts';
import { afterPoll } from '../../../engine/session/deadline.ts';
import { closeServer, listen } from '../session/fake-meter.ts';

const monotonic = (): number => performance.now();

/** Keeps the event loop busy, as a scan of thousands does. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/**
 * A port that drops connection attempts, as a firewall does: a stopped process whose accept queue is full.
 */
async function silentListener(): Promise<{ readonly port: number; stop(): void }> {
  const listener = spawn(process.execPath, [
    '-e',
    `const s = require('node:net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      console.log(s.address().port); setTimeout(() => process.kill(process.pid, 'SIGSTOP'), 20); });`,
  ]);
  const listening = await new Promise<number>((resolve) =>
    listener.stdout.once('data', (text) => resolve(Number(text))),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  const queued = Array.from({ length: 4 }, () => connect(listening, '127.0.0.1').on('error', () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    port: listening,
    stop: () => {
      for (const socket of queued) socket.destroy();
      listener.kill('SIGKILL');
    },
  };
}

function target(address: string, port: number): PortTarget {
  return { target: { host: address, address, single: false }, port };
}

async function run(
  targets: Iterable<PortTarget>,
  options: Partial<PortScanOptions> = {},
): Promise<Map<string, PortState['state']>> {
  const states = new Map<string, PortState['state']>();
  await scanPorts(targets, {
    concurrency: 64,
    rate: 0,
    timeoutMs: 200,
    signal: new AbortController().signal,
    monotonic,
    onState: ({ target: { address }, port }, state) => {
      const key = `${address}:${port}`;
      assert.ok(!states.has(key), `${key} was told twice`);
      states.set(key, state.state);
      if (state.state === 'open') state.socket.discard();
    },
    ...options,
  });
  return states;
}

describe('port stage', () => {
  let server: Worker;
  let port: number;
  // A thread of its own accepts: a server behind the blocked event loop would let its accept queue overflow.
  before(async () => {
    server = new Worker(
      `const { parentPort } = require('node:worker_threads');
       const server = require('node:net').createServer((socket) => socket.on('error', () => undefined).resume());
       server.listen(0, '0.0.0.0', () => parentPort.postMessage(server.address().port));`,
      { eval: true },
    );
    port = await new Promise<number>((resolve) => server.once('message', resolve));
  });
  after(async () => {
    await server.terminate();
  });

  it('tells open from closed, each target once', async () => {
    const other = createServer();
    const closed = await listen(other);
    await closeServer(other);
    const targets = Array.from({ length: 300 }, (_, i) =>
      target(`127.3.${i >> 8}.${i & 255}`, i % 3 === 0 ? closed : port),
    );
    const states = await run(targets);
    assert.equal(states.size, 300);
    assert.equal([...states.values()].filter((state) => state === 'closed').length, 100);
    assert.equal([...states.values()].filter((state) => state === 'open').length, 200);
  });

  it('loses no live host while the event loop is blocked for longer than the timeout', async () => {
    const blocker = setInterval(() => block(300), 1);
    try {
      const targets = Array.from({ length: 400 }, (_, i) => target(`127.4.${i >> 8}.${i & 255}`, port));
      const states = await run(targets, { timeoutMs: 200, concurrency: 256 });
      const open = [...states.values()].filter((state) => state === 'open').length;
      assert.equal(open, 400, `recall ${open}/400`);
    } finally {
      clearInterval(blocker);
    }
  });

  it('asks the silent a second time before it calls them silent', async () => {
    const silent = await silentListener();
    try {
      const started = performance.now();
      const states = await run([target('127.0.0.1', silent.port)], { timeoutMs: 150 });
      assert.deepEqual([...states.values()], ['silent']);
      const elapsed = performance.now() - started;
      assert.ok(elapsed >= 290, `two passes of 150 ms took ${elapsed.toFixed(0)} ms`);
    } finally {
      silent.stop();
    }
  });

  it('keeps to the rate', async () => {
    const started = performance.now();
    await run(
      Array.from({ length: 30 }, (_, i) => target(`127.5.0.${i}`, port)),
      { rate: 100 },
    );
    const elapsed = performance.now() - started;
    assert.ok(elapsed > 220, `30 attempts at 100 a second took ${elapsed.toFixed(0)} ms`);
  });

  it('keeps to the concurrency', async () => {
    let now = 0;
    let most = 0;
    const slow = createServer({ pauseOnConnect: true }, (socket) => {
      now++;
      most = Math.max(most, now);
      socket.on('close', () => now--);
      socket.resume();
    });
    const slowPort = await listen(slow);
    await run(
      Array.from({ length: 60 }, () => target('127.0.0.1', slowPort)).map((item, i) => ({
        ...item,
        target: { ...item.target, host: `${i}` },
      })),
      {
        concurrency: 4,
        onState: (_, state) => state.state === 'open' && state.socket.discard(),
      },
    );
    await closeServer(slow);
    // Connections that end on our side are still counted by the server for a moment.
    assert.ok(most <= 12, `${most} connections at once`);
  });

  it('stops at once when it is cancelled', async () => {
    const controller = new AbortController();
    const states = new Map<string, string>();
    const started = performance.now();
    const endless = (function* (): Generator<PortTarget> {
      for (let i = 0; ; i++) yield target(`127.6.${(i >> 8) & 255}.${i & 255}`, port);
    })();
    setTimeout(() => controller.abort(), 50);
    await scanPorts(endless, {
      concurrency: 16,
      rate: 2000,
      timeoutMs: 5000,
      signal: controller.signal,
      monotonic,
      onState: ({ target: { address } }, state) => {
        states.set(address, state.state);
        if (state.state === 'open') state.socket.discard();
      },
    });
    assert.ok(performance.now() - started < 1000);
    assert.ok(states.size > 0);
  });

  it('waits while the stages behind it have enough to do', async () => {
    let may = false;
    setTimeout(() => {
      may = true;
    }, 100);
    const started = performance.now();
    await run([target('127.0.0.1', port)], { mayContinue: () => may });
    assert.ok(performance.now() - started >= 90);
  });
});

describe('deadlines', () => {
  it('one deadline after a blocked loop lets what had arrived come first', async () => {
    const order: string[] = [];
    const server = createServer((socket) => socket.end('x'));
    const port = await listen(server);
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      afterPoll(20, () => {
        order.push('expired');
        resolve();
      });
      socket.on('data', () => order.push('data'));
      // The server's answer is in the kernel long before the loop turns again.
      setTimeout(() => block(150), 5);
    });
    await closeServer(server);
    assert.deepEqual(order, ['data', 'expired']);
  });

  it('a queue judges entries by the time before the poll phase', async () => {
    const expired: string[] = [];
    const queue = new DeadlineQueue<{ name: string; settled: boolean }>(30, monotonic, (entry) =>
      expired.push(entry.name),
    );
    const settled = { name: 'settled', settled: false };
    queue.add({ name: 'silent', settled: false });
    queue.add(settled);
    setImmediate(() => {
      settled.settled = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    queue.stop();
    assert.deepEqual(expired, ['silent']);
  });

  it('a rate limit does not save up for a burst', () => {
    let now = 0;
    const limit = new RateLimit(100, () => now);
    now = 10_000;
    let taken = 0;
    while (limit.take() === 0) taken++;
    assert.ok(taken <= 5, `${taken} at once after a pause`);
    assert.ok(limit.take() > 0);
  });
});
