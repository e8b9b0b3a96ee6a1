import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmulateCommand, emulate } from '../../../engine/cli/emulate.ts';
import type { CliIo } from '../../../engine/cli/io.ts';
import { AARQ, WrapperClient } from './support/wrapper-client.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const acme = path.join(samples, 'acme-a1000.dlmsmeter');
const zenith = path.join(samples, 'zenith-z900.dlmsmeter');

const METER = `meter plain {
  identity { vendor: "Test" flag: "TST" model: "P1" firmware: "1" serial: "{n:04}" logical_device_name: "TSTP1{serial}" referencing: LN }
  transport lan tcp { port: 4059 framing: wrapper }
  association public { client: 16 authentication: none context: LN, no-ciphering conformance: get max_pdu: 1024 }
  rights open { public: get }
  object ldn 0-0:42.0.0.255 data { rights: open value: octet-string = identity.logical_device_name }
}
`;

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command until it is ready, does something, and stops it as Ctrl-C would. */
async function run(
  command: Partial<EmulateCommand>,
  whenReady: (out: string) => Promise<void> = async () => {},
): Promise<Run> {
  const controller = new AbortController();
  let out = '';
  let err = '';
  const io: CliIo = {
    out: (text) => {
      out += text;
      if (/READY|^\{/m.test(out)) {
        void whenReady(out).finally(() => controller.abort());
      }
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    columns: 80,
    signal: controller.signal,
  };
  const code = await emulate({ files: [], ...command }, io);
  return { code, out, err };
}

describe('dlms emulate', () => {
  let folder: string;
  let meter: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-emulate-'));
    meter = path.join(folder, 'plain.dlmsmeter');
    writeFileSync(meter, METER);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('prints endpoints and READY, serves until it is stopped, and ends with 0', async () => {
    let answer: string | undefined;
    const { code, out } = await run({ files: [meter], listen: '127.0.0.1:0' }, async (text) => {
      const port = Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
      const client = await WrapperClient.open('127.0.0.1', port);
      answer = await client.ask(AARQ);
      client.close();
    });
    assert.equal(code, 0);
    assert.match(out, /^METER +SERIAL +TRANSPORT +FRAMING +ADDRESS$/m);
    assert.match(out, /^plain +0001 +lan +wrapper +127\.0\.0\.1:\d+$/m);
    assert.match(out, /^READY: 1 meter on 1 endpoint\./m);
    assert.equal(answer?.slice(0, 2), '61');
  });

  it('spreads several templates evenly and takes demo keys that lie beside them', async () => {
    const { code, out, err } = await run({ files: [acme, zenith], count: 50, listen: '127.6.0.0/24:0' });
    assert.equal(code, 0);
    assert.match(err, /demo\.keys\.json, which is public/);
    assert.equal(out.match(/^acme_a1000 /gm)?.length, 12);
    assert.equal(out.match(/^zenith_z900 /gm)?.length, 12);
    assert.match(out, /and 26 more/);
    assert.match(out, /READY: 50 meters on 50 endpoints/);
  });

  it('prints one JSON document with --json', async () => {
    const { out } = await run({ files: [meter], count: 3, listen: '127.6.1.0/24:0', json: true });
    const document = JSON.parse(out) as { count: number; endpoints: { host: string; meter: string }[] };
    assert.equal(document.count, 3);
    assert.deepEqual(
      document.endpoints.map(({ host }) => host),
      ['127.6.1.1', '127.6.1.2', '127.6.1.3'],
    );
  });

  it('takes keys from a file, and values in it from the environment', async () => {
    const keys = path.join(folder, 'keys.json');
    process.env.DLMS_TEST_SECRET = 'hex:0f1e2d3c4b5a69788796a5b4c3d2e1f0';
    const values = {
      'acme-demo/guek': 'env:DLMS_TEST_SECRET',
      'acme-demo/gak': 'hex:00',
      'acme-demo/reader': 'text:x',
    };
    writeFileSync(keys, JSON.stringify(values));
    assert.equal((await run({ files: [acme], keys, listen: '127.0.0.1:0' })).code, 0);
    delete process.env.DLMS_TEST_SECRET;
    const { code, err } = await run({ files: [acme], keys, listen: '127.0.0.1:0' });
    assert.equal(code, 2);
    assert.match(err, /the environment has no DLMS_TEST_SECRET/);
  });

  const failures: readonly (readonly [string, () => Partial<EmulateCommand>, number, RegExp])[] = [
    ['a file that is not there', () => ({ files: ['missing.dlmsmeter'] }), 1, /missing\.dlmsmeter cannot be read/],
    ['an unknown fleet', () => ({ files: [acme], fleet: 'nobody' }), 2, /\[unknown-name\]\nChoose one of acme_street/],
    ['an unknown meter', () => ({ files: [meter], meter: 'nobody' }), 2, /Choose one of plain/],
    ['fleet and meter', () => ({ files: [acme], meter: 'a', fleet: 'b' }), 2, /both given/],
    ['a bad listen', () => ({ files: [meter], listen: 'nonsense:x' }), 2, /\[bad-listen\]\nWrite HOST:PORT/],
    ['an outside address', () => ({ files: [meter], listen: '192.0.2.1:4059' }), 1, /\[not-permitted\]/],
    ['too many meters', () => ({ files: [meter], count: 9, listen: '127.0.0.1:4059-4060' }), 2, /at most 2 meters/],
    ['keys that are no file', () => ({ files: [meter], keys: 'missing.json' }), 2, /cannot be read as JSON/],
  ];
  for (const [title, command, code, message] of failures) {
    it(`${title}: exit ${code} and what to do`, async () => {
      const result = await run(command());
      assert.equal(result.code, code);
      assert.match(result.err, message);
      assert.equal(result.out, '');
    });
  }

  it('names missing secrets, never a value', async () => {
    const keys = path.join(folder, 'few.json');
    writeFileSync(keys, JSON.stringify({ 'acme-demo/guek': 'hex:c0ffee' }));
    const { code, err } = await run({ files: [acme], keys });
    assert.equal(code, 1);
    assert.match(err, /2 secrets are not at hand: acme-demo\/gak, acme-demo\/reader/);
    assert.doesNotMatch(err, /c0ffee/);
  });

  it('does not quote a key file that is no JSON', async () => {
    const keys = path.join(folder, 'broken.json');
    writeFileSync(keys, '{ "acme-demo/guek": hex:c0ffee');
    assert.doesNotMatch((await run({ files: [acme], keys })).err, /c0ffee/);
  });

  it('prints errors of a template with their place and starts nothing', async () => {
    const broken = path.join(folder, 'broken.dlmsmeter');
    writeFileSync(broken, METER.replace('identity.logical_device_name', 'identity.logical_device_nam'));
    const { code, err, out } = await run({ files: [broken] });
    assert.equal(code, 1);
    assert.match(err, /broken\.dlmsmeter:6:\d+: error DLMS-\d+: .*logical_device_nam/);
    assert.match(err, /nothing was started/);
    assert.equal(out, '');
  });
});
