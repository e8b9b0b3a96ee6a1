import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { loadDriver } from '../../../engine/serial/driver.ts';
import { SerialError } from '../../../engine/serial/errors.ts';
import { listSerialPorts } from '../../../engine/serial/list.ts';
import { type OpenSerialPort, openSerialPort } from '../../../engine/serial/port.ts';
import { describeSettings, octetTime, parseFormat } from '../../../engine/serial/settings.ts';
import { needsSocat, openPtyPair, type PtyPair } from './pty-pair.ts';

const settings = { speed: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries++) await pause(5);
  assert.ok(condition());
}

/** A port with everything it received. */
async function open(path: string) {
  const received: number[] = [];
  const errors: SerialError[] = [];
  const port: OpenSerialPort = await openSerialPort(path, settings, {
    data: (octets) => received.push(...octets),
    closed: (error) => errors.push(error),
  });
  return { port, received, errors };
}

describe('serial settings', () => {
  it('reads character formats', () => {
    assert.deepEqual(parseFormat('8N1'), { dataBits: 8, parity: 'none', stopBits: 1 });
    assert.deepEqual(parseFormat('7e1'), { dataBits: 7, parity: 'even', stopBits: 1 });
    assert.deepEqual(parseFormat('8O2'), { dataBits: 8, parity: 'odd', stopBits: 2 });
    for (const text of ['', '9N1', '8X1', '8N3', '8N']) assert.equal(parseFormat(text), undefined);
  });

  it('knows how long an octet takes', () => {
    assert.equal(octetTime({ ...settings, speed: 300 }).toFixed(3), '33.333');
    assert.equal(octetTime({ speed: 2400, dataBits: 8, parity: 'even', stopBits: 1 }).toFixed(3), '4.583');
    assert.equal(describeSettings({ speed: 2400, dataBits: 8, parity: 'even', stopBits: 1 }), '2400 8E1');
  });
});

describe('serial driver', () => {
  it('says what to do where its native part is missing', async () => {
    const missing = () =>
      Promise.reject(new Error('No native build was found for platform=plan9\n  loaded from: here'));
    const error: unknown = await loadDriver(missing).catch((reason: unknown) => reason);
    assert.ok(error instanceof SerialError);
    assert.equal(error.code, 'no-driver');
    assert.match(error.message, /No native build was found for platform=plan9$/);
    assert.match(error.next, /HOST:PORT/);
    assert.equal(typeof (await loadDriver()).SerialPort, 'function');
  });

  it('lists ports also where there is no udevadm', async () => {
    const path = process.env.PATH;
    try {
      process.env.PATH = '/nowhere';
      assert.ok(Array.isArray(await listSerialPorts()));
    } finally {
      process.env.PATH = path;
    }
  });

  it('says that a port is not there', async () => {
    await assert.rejects(open('/dev/there-is-no-such-port'), { name: 'SerialError', code: 'no-such-port' });
  });

  it('says that something is not a serial port', async () => {
    await assert.rejects(open('/dev/null'), { name: 'SerialError' });
  });
});

describe('serial ports', () => {
  let pair: PtyPair;
  before(function () {
    needsSocat(this);
  });
  beforeEach(async () => {
    pair = await openPtyPair();
  });
  afterEach(() => pair?.close());

  it('carry octets both ways, all 256 of them', async () => {
    const [a, b] = [await open(pair.a), await open(pair.b)];
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    a.port.write(all);
    b.port.write(all.toReversed());
    await until(() => a.received.length === 256 && b.received.length === 256);
    assert.deepEqual(b.received, [...all]);
    assert.deepEqual(a.received, [...all.toReversed()]);
    await a.port.close();
    await b.port.close();
    assert.deepEqual([a.errors, b.errors], [[], []]);
  });

  it('change their speed between two writes, after the first has left', async () => {
    const [a, b] = [await open(pair.a), await open(pair.b)];
    a.port.setSpeed(300);
    const started = performance.now();
    a.port.write(Uint8Array.of(1, 2, 3, 4, 5, 6));
    a.port.setSpeed(9600);
    a.port.write(Uint8Array.of(7));
    await until(() => b.received.length === 7);
    assert.deepEqual(b.received, [1, 2, 3, 4, 5, 6, 7]);
    // Six octets take 200 ms at 300 bit/s.
    assert.ok(performance.now() - started >= 195);
    await a.port.close();
    await b.port.close();
  });

  it('belong to one program at a time', async () => {
    const a = await open(pair.a);
    await assert.rejects(open(pair.a), { name: 'SerialError', code: 'busy' });
    void a.port.close();
    const again = await open(pair.a);
    await again.port.close();
  });

  it('tell when they go away', async () => {
    const a = await open(pair.a);
    await pair.close();
    await until(() => a.errors.length > 0);
    assert.deepEqual(
      a.errors.map(({ code }) => code),
      ['closed'],
    );
    a.port.write(Uint8Array.of(1));
    await a.port.close();
    assert.equal(a.errors.length, 1);
  });
});
