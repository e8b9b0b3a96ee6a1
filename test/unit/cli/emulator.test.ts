import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmulateCommand, emulate } from '../../../engine/cli/emulate.ts';
import type { CliIo } from '../../../engine/cli/io.ts';
import { runCli } from '../../../engine/cli/program.ts';
import { serve } from '../../../engine/cli/serve.ts';
import { openPtyPair } from '../../../engine/emulator/pty-pair.ts';
import { PushListener } from '../../../engine/session/push-listener.ts';
import { pushAndBreaker } from '../emulator/support/push-template.ts';
import { needsSocat } from '../serial/pty-pair.ts';
import { memoryIo } from './memory-io.ts';

const METER = `meter plain {
  identity { vendor: "Test" flag: "TST" model: "P1" firmware: "1" serial: "{n:04}" logical_device_name: "TSTP1{serial}" referencing: LN }
  transport lan tcp { port: 4059 framing: wrapper }
  transport eye serial { baud: 9600 }
  association public { client: 16 authentication: none context: LN, no-ciphering conformance: get max_pdu: 1024 }
  rights open { public: get }
  object ldn 0-0:42.0.0.255 data { rights: open value: octet-string = identity.logical_device_name }
}
`;

/** What `dlms ARGS` prints and how it ends. */
async function dlms(...args: string[]) {
  const io = memoryIo();
  const code = await runCli(args, io);
  return { code, out: io.stdout, err: io.stderr };
}

describe('dlms emulator', () => {
  let folder: string;
  let meter: string;
  let before: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-control-'));
    meter = path.join(folder, 'plain.dlmsmeter');
    writeFileSync(meter, METER);
    before = process.env.DLMS_CONTROL_DIR;
    process.env.DLMS_CONTROL_DIR = path.join(folder, 'control');
  });
  afterEach(() => {
    if (before === undefined) delete process.env.DLMS_CONTROL_DIR;
    else process.env.DLMS_CONTROL_DIR = before;
    rmSync(folder, { recursive: true });
  });

  /** Runs `dlms emulate` until `act` is done. */
  async function emulating(command: Partial<EmulateCommand>, act: (err: () => string) => Promise<void>) {
    const controller = new AbortController();
    let err = '';
    let acted: Promise<void> | undefined;
    const io: CliIo = {
      out: (text) => {
        if (text.startsWith('READY')) acted = act(() => err).finally(() => controller.abort());
      },
      err: (text) => {
        err += text;
      },
      interactive: false,
      columns: 80,
      signal: controller.signal,
    };
    const code = await emulate({ files: [meter], ...command }, io);
    await acted;
    return { code, err };
  }

  it('controls what runs in another process', async () => {
    const { code } = await emulating({ listen: '127.0.92.0/24:0', count: 2, control: true }, async () => {
      const [file] = readdirSync(path.join(folder, 'control'));
      assert.equal(statSync(path.join(folder, 'control', file ?? '')).mode & 0o777, 0o600);
      assert.match((await dlms('emulator', 'list')).out, /^emulator-1 +plain +2 +0 +0 +\S+, real$/m);
      assert.match((await dlms('emulator', 'scale', '4')).out, /^emulator-1: 4 meters on 4 endpoints/);
      const frozen = await dlms('emulator', 'time', '--to', '2030-06-01', '--freeze');
      assert.equal(frozen.out, '2030-06-01T00:00:00Z, frozen\n');
      assert.equal((await dlms('emulator', 'time', '--by', '-60')).out, '2030-05-31T23:59:00Z, frozen\n');
      assert.equal((await dlms('emulator', 'time', '--run', '--speed', '60', '--json')).code, 0);
      assert.match((await dlms('emulator', 'time', '--real')).out, /, real$/m);
      assert.match((await dlms('emulator', 'status')).out, /^since the start: 0 requests/m);
      assert.match((await dlms('emulator', 'meter', '0003')).out, /nobody is connected/);
      writeFileSync(meter, METER.replace('"1"', '"2"'));
      assert.match((await dlms('emulator', 'reload')).out, /4 meters/);
      writeFileSync(meter, METER.replace('firmware', 'firmwear'));
      const broken = await dlms('emulator', 'reload');
      assert.equal(broken.code, 1);
      assert.match(broken.err, /\[template-invalid\]/);
      assert.match((await dlms('emulator', 'quirk', 'grumpy', 'on')).err, /no quirk or fault "grumpy"/);
      assert.equal((await dlms('emulator', 'stop')).out, 'Stopped.\n');
    });
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(path.join(folder, 'control')), []);
  });

  it('makes a meter push, shows what arrived, and presses its button', async () => {
    const listener = await PushListener.open({ source: { kind: 'tcp', host: '127.0.0.1', port: 0 } });
    writeFileSync(meter, METER.replace(/\}\n$/, `${pushAndBreaker(listener.port ?? 0)}}\n`));
    await emulating({ listen: '127.0.92.0/24:0', control: true }, async () => {
      assert.match((await dlms('emulator', 'status')).out, /^pushes: 0 sent \(0 octets\)/m);
      const pushed = listener[Symbol.asyncIterator]().next();
      assert.match((await dlms('emulator', 'push', '0001', 'push')).out, /^0001 pushes\./);
      const { value } = await pushed;
      assert.ok(value !== undefined && 'octets' in value);
      const sent = /^pushes: 1 sent \([1-9]\d* octets\), 0 waiting, 0 failed/m;
      let { out } = await dlms('emulator', 'status');
      for (let tries = 0; tries < 20 && !sent.test(out); tries += 1) ({ out } = await dlms('emulator', 'status'));
      assert.match(out, sent);
      const nowhere = await dlms('emulator', 'push', '0001', 'nowhere');
      assert.equal(nowhere.code, 1);
      assert.match(nowhere.err, /does not say where to push \[meter-refuses\]\nGive the template/);
      assert.match((await dlms('emulator', 'status')).out, /^the last push that failed: .*where to push/m);
      assert.match((await dlms('emulator', 'push', '77')).err, /no meter with the serial 77 \[unknown-name\]/);
      assert.equal((await dlms('emulator', 'press', '0001')).out, 'breaker is ready for reconnection.\n');
      assert.equal((await dlms('emulator', 'press', '0001', 'breaker')).out, 'breaker is connected.\n');
      assert.match((await dlms('emulator', 'press', '0001', 'fixed')).err, /\[meter-refuses\]\nChoose a control_mode/);
    }).finally(() => listener.close());
  });

  const wrong: readonly [string, string[], number, RegExp][] = [
    ['nothing runs', ['list'], 1, /\[nothing-runs\]\nStart dlms emulate with --control/],
    ['another machine', ['list', '--control', '192.0.2.1:80'], 2, /\[bad-control\]/],
    ['no token', ['list', '--control', '127.0.0.1:9'], 1, /\[no-token\]/],
    ['no number', ['scale', 'many'], 2, /Found "many"/],
    ['no state', ['quirk', 'x', 'maybe'], 2, /on, off, default/],
    ['no seconds', ['time', '--by', 'soon'], 2, /Found "soon"/],
  ];
  for (const [what, args, code, says] of wrong) {
    it(`says so when there is ${what}`, async () => {
      const found = await dlms('emulator', ...args);
      assert.equal(found.code, code);
      assert.match(found.err, says);
    });
  }

  it('starts and stops templates in a server', async () => {
    const controller = new AbortController();
    const io = { ...memoryIo(), signal: controller.signal };
    const served = serve({ db: path.join(folder, 'db.sqlite'), host: '127.0.0.1', port: 0 }, io);
    while (!existsSync(path.join(folder, 'control'))) await new Promise((resolve) => setTimeout(resolve, 10));
    const started = await dlms('emulator', 'start', meter, '--count', '2', '--listen', '127.0.95.0/24:0');
    assert.equal(started.out, 'emulator-1: 2 meters on 2 endpoints.\n');
    const again = await dlms('emulator', 'start', meter, '--listen', '127.0.96.0/24:0', '--json');
    assert.equal(JSON.parse(again.out).id, 'emulator-2');
    const which = await dlms('emulator', 'status');
    assert.equal(which.code, 2);
    assert.match(which.err, /\[several-emulators\]/);
    assert.equal((await dlms('emulator', 'stop', '--id', 'emulator-1')).code, 0);
    const missing = await dlms('emulator', 'start', path.join(folder, 'none.dlmsmeter'));
    assert.match(missing.err, /cannot be read \[template-invalid\]/);
    controller.abort();
    assert.equal(await served, 0);
  });

  it('does not find processes that are no more', async () => {
    const control = path.join(folder, 'control');
    await emulating({ listen: '127.0.0.1:0', control: true }, async () => {
      const dead = path.join(control, 'control-1-1.json');
      writeFileSync(dead, JSON.stringify({ url: 'http://127.0.0.1:1', token: 'x', pid: 2 ** 22 + 1 }));
      writeFileSync(path.join(control, 'control-junk.json'), '{');
      assert.match((await dlms('emulator', 'list')).out, /emulator-1/);
      assert.equal(existsSync(dead), false);
    });
  });

  it('control stays on loopback', async () => {
    const { code, err } = await emulating({ listen: '127.0.0.1:0', control: '0.0.0.0:0' }, async () => {});
    assert.equal(code, 2);
    assert.match(err, /\[not-loopback\]/);
  });

  it('says where --control took a file for an address', async () => {
    const { code, err } = await emulating({ listen: '127.0.0.1:0', control: 'a/plain.dlmsmeter' }, async () => {});
    assert.equal(code, 2);
    assert.match(err, /expected HOST:PORT or nothing.*\n.*behind the files/);
  });

  const badTimes: readonly Partial<EmulateCommand>[] = [{ time: 'noon' }, { time: '1900-01-01' }, { speed: 0 }];
  for (const command of badTimes) {
    it(`emulate refuses ${JSON.stringify(command)}`, async () => {
      const { code, err } = await emulating({ listen: '127.0.0.1:0', ...command }, async () => {});
      assert.equal(code, 2);
      assert.match(err, /\[bad-time\]/);
    });
  }

  it('emulate keeps state in a file, and says when it cannot', async () => {
    const state = path.join(folder, 'state.sqlite');
    assert.equal((await emulating({ listen: '127.0.0.1:0', state }, async () => {})).code, 0);
    assert.equal(statSync(state).mode & 0o777, 0o600);
    const junk = await emulating({ listen: '127.0.0.1:0', state: meter }, async () => {});
    assert.equal(junk.code, 1);
    assert.match(junk.err, /cannot be opened.*\[open-failed\]/);
  });

  it('emulate makes a line within this machine', async function () {
    needsSocat(this);
    await emulating({ listen: 'pty' }, async (err) => {
      const client = /^Clients open serial:(\S+)$/m.exec(err())?.[1] ?? '';
      const read = await dlms('read', `serial:${client}`, '0-0:42.0.0.255');
      assert.match(read.out, /TSTP10001/);
    });
  });

  it('says what to run where there is no program that makes one', async () => {
    await assert.rejects(openPtyPair('dlms-no-such-program'), {
      code: 'serial-port',
      message: /dlms-no-such-program is not installed/,
      next: /socat/,
    });
  });
});
