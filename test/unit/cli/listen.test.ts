import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sourceOf } from '../../../engine/cli/listen.ts';
import { runCli } from '../../../engine/cli/program.ts';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { fromHex } from '../../../engine/codec/hex.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { frameItems } from '../codec/shared-material.ts';
import { memoryIo } from './memory-io.ts';

const NOTIFICATION = encodeApdu({
  kind: 'data-notification',
  longInvokeId: 1,
  dateTime: fromHex('07e50713010f2e2300ff8880'),
  data: {
    t: 'structure',
    v: [
      {
        t: 'structure',
        v: [
          { t: 'octet-string', v: fromHex('0100200700ff') },
          { t: 'long-unsigned', v: 2308 },
          {
            t: 'structure',
            v: [
              { t: 'integer', v: -1 },
              { t: 'enum', v: 35 },
            ],
          },
        ],
      },
      { t: 'visible-string', v: 'two\u001b[31m' },
    ],
  },
});
const MESSAGE = encodeWrapper({ source: 1, destination: 103, apdu: NOTIFICATION });

/** Starts `dlms listen` on a free port; `finished` is its exit code. */
async function start(...args: string[]) {
  const ctrlC = new AbortController();
  const io = { ...memoryIo(), signal: ctrlC.signal };
  const finished = runCli(['listen', '--port', '0', ...args], io);
  for (let tries = 0; tries < 300 && !io.stderr.includes('READY'); tries++) await pause(10);
  const port = Number(/READY: listening on (?:tcp|udp) 127\.0\.0\.1:(\d+)/.exec(io.stderr)?.[1]);
  assert.ok(port > 0, io.stderr);
  return { io, finished, port, abort: () => ctrlC.abort() };
}

async function sendTcp(port: number, octets: Uint8Array): Promise<void> {
  const socket = createConnection({ host: '127.0.0.1', port });
  await new Promise<void>((sent) => socket.end(octets, sent));
}

describe('dlms listen', () => {
  it('prints values by name and by position, and ends after so many pushes', async () => {
    const { io, finished, port } = await start('--count', '1');
    await sendTcp(port, MESSAGE);
    assert.equal(await finished, 0);
    const [head, first, second] = io.stdout.split('\n');
    assert.match(head ?? '', /127\.0\.0\.1:\d+ {2}wrapper 1 -> 103 {2}data-notification, 2021-07-19T15:46:35\+02:00/);
    assert.equal(first, '    1 1-0:32.7.0.255   Voltage L1 = 230.8 V');
    // What a meter sends cannot move the cursor.
    assert.equal(second, '    2                  value 2 = "two\\u001b[31m"');
  });

  it('prints one JSON object a push, over UDP too', async () => {
    const { io, finished, port } = await start('--udp', '--jsonl', '--count', '2');
    const socket = createSocket('udp4');
    for (const octets of [
      MESSAGE,
      Buffer.from('TEST'),
      encodeWrapper({ source: 1, destination: 103, apdu: fromHex('c001c1') }),
    ]) {
      await new Promise((sent) => socket.send(octets, port, '127.0.0.1', sent));
    }
    assert.equal(await finished, 0);
    socket.close();
    const [push, broken] = io.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(push.ok, true);
    assert.equal(push.framing, 'wrapper');
    assert.deepEqual(push.peer, { client: 103, server: 1 });
    assert.equal(push.from.transport, 'udp');
    assert.equal(push.meterTime, '2021-07-19T15:46:35+02:00 (daylight saving)');
    assert.deepEqual(push.values[0], {
      position: 1,
      name: 'Voltage L1',
      obis: '1-0:32.7.0.255',
      text: '230.8 V',
      data: { t: 'long-unsigned', v: 2308 },
    });
    assert.equal(push.apdu.kind, 'data-notification');
    assert.deepEqual([broken.ok, broken.kind, broken.error.code], [false, 'error', 'truncated']);
    assert.match(io.stderr, /\[noise\]/);
  });

  it('ends with Ctrl-C', async () => {
    const { finished, abort } = await start();
    abort();
    assert.equal(await finished, 0);
  });

  const ciphered = (frameItems() ?? []).filter(({ id }) => id === 'smart-meter-ti-8cc8de12');
  if (ciphered.length === 0) it.skip('deciphers (frames.jsonl is not on this machine)');
  for (const item of ciphered) {
    it('deciphers with the keys of a file, and never prints them', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'dlms-listen-'));
      const keys = path.join(folder, 'keys.json');
      await writeFile(keys, JSON.stringify([{ guek: '00'.repeat(16), systemTitle: '00'.repeat(8) }, item.keys]));
      const { io, finished, port } = await start('--keys', keys, '--count', '1');
      await sendTcp(port, fromHex(item.hex));
      assert.equal(await finished, 0);
      assert.match(io.stdout, /mbus 1 -> 103 {2}data-notification, .*from KFM 1010000023.*not verified/);
      assert.match(io.stdout, /1-0:32\.7\.0\.255 +Voltage L1 = 230\.8 V/);
      assert.ok(!`${io.stdout}${io.stderr}`.toLowerCase().includes((item.keys?.guek ?? '-').toLowerCase()));
      await rm(folder, { recursive: true });
    });
  }

  it('says what is wrong with its options', async () => {
    for (const [args, says] of [
      [['--baud', '2400'], /--baud and --line belong/],
      [['serial:'], /names no port/],
      [['serial:COM3', '--line', 'x'], /--line x/],
      [['serial:COM3', '--udp'], /are for listening/],
      [['meter'], /not serial:PATH or HOST:PORT/],
      [['--port', '70000'], /--port 70000/],
      [['--keys', 'no-such-file.json'], /no-such-file\.json/],
    ] as const) {
      const io = memoryIo();
      assert.equal(await runCli(['listen', ...args], io), 2, args.join(' '));
      assert.match(io.stderr, says);
    }
  });

  it('a port that is taken fails with exit code 1', async () => {
    const { finished, port, abort } = await start();
    const second = memoryIo();
    assert.equal(await runCli(['listen', '--port', `${port}`], second), 1);
    assert.match(second.stderr, /port-busy/);
    abort();
    await finished;
  });

  it('takes its pushes from a serial port or a serial server', () => {
    assert.deepEqual(sourceOf({ source: 'serial:/dev/ttyUSB0', baud: '2400', line: '8E1' }), {
      kind: 'serial',
      path: '/dev/ttyUSB0',
      settings: { speed: 2400, dataBits: 8, parity: 'even', stopBits: 1 },
    });
    assert.deepEqual(sourceOf({ source: '[::1]:4001' }), { kind: 'connect', host: '::1', port: 4001 });
    assert.deepEqual(sourceOf({}), { kind: 'tcp', host: '127.0.0.1', port: 4059 });
  });
});
