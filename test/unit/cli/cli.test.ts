import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { decode, decodeLine } from '../../../engine/cli/decode.ts';
import { encode } from '../../../engine/cli/encode.ts';
import { runCli } from '../../../engine/cli/program.ts';
import { table } from '../../../engine/cli/table.ts';
import { memoryIo } from './memory-io.ts';

const samples = resolve(import.meta.dirname, '../../../samples');

async function run(...args: string[]) {
  const io = memoryIo();
  return { code: await runCli(args, io), out: io.stdout, err: io.stderr };
}

const aarq = '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0';

describe('dlms', () => {
  it('lists its commands and exit codes', async () => {
    const { code, out } = await run('--help');
    assert.equal(code, 0);
    for (const name of [
      'decode',
      'encode',
      'emulate',
      'scan',
      'read',
      'security',
      'certificate',
      'lint',
      'compile',
      'serve',
    ]) {
      assert.match(out, new RegExp(`^  ${name} `, 'm'));
    }
    assert.match(out, /Exit codes/);
  });

  for (const [args, message] of [
    [['nothing'], /unknown command/],
    [['decode', '--layer', 'nonsense', '00'], /Allowed choices/],
    [['read', '127.0.0.1'], /not HOST:PORT/],
    [['read', '127.0.0.1:1', '--client', 'x'], /--client x/],
    [['scan', '127.0.0.1', '--timeout', '0'], /whole number/],
    [['scan', '999.0.0.1', '--no-db'], /999\.0\.0\.1/],
    [['scan', '192.0.2.1', '--no-db'], /--yes-public/],
    [['lint', 'no-such-file.dlmsmeter'], /cannot be read/],
    [['lint', 'package.json'], /neither a template/],
    [['compile', 'no-such-file.dlmsmeter'], /cannot be read/],
    [['serve', '--host', '0.0.0.0', '--db', ':memory:'], /other machines/],
    [['decode', 'zz'], /./],
  ] as const) {
    it(`${args.join(' ')}: usage error with a reason`, async () => {
      const { code, out, err } = await run(...args);
      assert.equal(code, 2, out + err);
      assert.match(err, message);
      assert.equal(out, '');
    });
  }

  it('compiles a template to its canonical model', async () => {
    const { code, out } = await run('compile', join(samples, 'acme-a1000.dlmsmeter'));
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).meters[0].identity.vendor, 'Acme Energy');
  });

  it('lints the samples without a finding', async () => {
    const { code, out } = await run('lint', join(samples, 'demo.dlmsmeter'), join(samples, 'common.obis.yaml'));
    assert.equal(code, 0, out);
  });

  describe('with a damaged template', () => {
    let folder: string;
    let file: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dlms-cli-'));
      file = join(folder, 'bad.dlmsmeter');
      await writeFile(file, 'meter m {\n  objekt x 1-0:1.8.0.255 register { }\n}\n');
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it('lint says where and what, exit code 1', async () => {
      const { code, out } = await run('lint', file);
      assert.equal(code, 1);
      assert.match(out, /bad\.dlmsmeter:2:3: error DLMS-\d+: .*objekt/);
      assert.match(out, /object/);
    });
    it('emulate refuses to start and says why', async () => {
      const { code, err } = await run('emulate', file);
      assert.equal(code, 1);
      assert.match(err, /bad\.dlmsmeter:2:3/);
      assert.match(err, /nothing was started/);
    });
  });

  it('serve says when its port is in use', async () => {
    const { createServer } = await import('node:net');
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, err } = await run('serve', '--db', ':memory:', '--port', port);
    server.close();
    assert.equal(code, 1);
    assert.match(err, /in use.*\nWhat to do/);
  });

  it('read says why a port does not answer', async () => {
    const { code, err, out } = await run('read', '127.0.0.1:1');
    assert.equal(code, 1);
    assert.match(out + err, /refused/);
  });
});

describe('dlms decode', () => {
  it('--explain says behind each field what it is for, and what deviations mean', async () => {
    const io = memoryIo();
    const twoOctetLength = `60811d${aarq.slice(4)}`;
    assert.equal(await decode({ input: aarq, layer: 'auto', explain: true }, Readable.from([]), io), 0);
    assert.match(io.stdout, /application-context-name: ln \(2\.16\.756\.5\.8\.1\.1\) {2}-- How objects are referenced/);
    const unexplained = memoryIo();
    assert.equal(await decode({ input: twoOctetLength, layer: 'apdu' }, Readable.from([]), unexplained), 0);
    assert.doesNotMatch(unexplained.stdout, / -- /);
    const deviating = memoryIo();
    const input = 'c401c10009810101';
    assert.equal(await decode({ input, layer: 'apdu', explain: true }, Readable.from([]), deviating), 0);
    assert.match(deviating.stdout, /length-not-minimal: .*\n {2}A length takes more octets than it needs/);
  });
  it('shows the tree with offsets and exit code 0', async () => {
    const io = memoryIo();
    assert.equal(await decode({ input: aarq, layer: 'auto' }, Readable.from([]), io), 0);
    assert.match(io.stdout, /^aarq \(apdu, 31 octets\)/);
    assert.match(io.stdout, /application-context/);
  });

  it('says where octets are wrong, exit code 1', async () => {
    const io = memoryIo();
    assert.equal(await decode({ input: 'c401c1', layer: 'apdu' }, Readable.from([]), io), 1);
    assert.match(io.stdout, /error: xdlms: truncated at octet 3/);
  });

  it('reads standard input', async () => {
    const io = memoryIo();
    assert.equal(
      await decode({ input: '-', layer: 'auto', json: true }, Readable.from(['63', ' 00 // RLRE\n']), io),
      0,
    );
    assert.equal(JSON.parse(io.stdout).kind, 'rlre');
  });

  it('answers each line of --jsonl in order, also bad ones', async () => {
    const io = memoryIo();
    const lines = [
      `{"id":1,"layer":"apdu","hex":"${aarq}"}`,
      '',
      'no json',
      '{"id":3,"layer":"apdu","hex":"c401c1"}',
      '{"id":4,"layer":"data","hex":"0600000001"}',
      '{"id":5,"layer":"crypto","hex":"00"}',
      '{"id":6}',
    ].join('\n');
    assert.equal(await decode({ layer: 'auto', jsonl: true }, Readable.from([lines]), io), 1);
    const answers = io.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      answers.map(({ id, ok, kind, error }) => [id, ok, kind, error?.code]),
      [
        [1, true, 'aarq', undefined],
        [null, false, 'error', 'bad-request'],
        [3, false, 'error', 'truncated'],
        [4, true, 'data:double-long-unsigned', undefined],
        [5, false, 'error', 'bad-request'],
        [6, false, 'error', 'bad-request'],
      ],
    );
  });

  it('deciphers with the keys of the line and never echoes them', () => {
    // GB 9.2.7.2 example: GET under suite 0, authenticated and encrypted (vectors gb-glo-get).
    const line = JSON.stringify({
      id: 'x',
      layer: 'apdu',
      hex: 'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b',
      keys: {
        guek: '000102030405060708090a0b0c0d0e0f',
        gak: 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf',
        systemTitle: '4d4d4d0000bc614e',
      },
    });
    const answer = JSON.stringify(decodeLine(line, { layer: 'auto', strict: false, keys: {} }));
    assert.match(answer, /"plain":"c0010000080000010000ff0200"/);
    assert.doesNotMatch(answer, /d0d1d2d3/);
  });
});

describe('dlms encode', () => {
  for (const hex of [aarq, '6300', 'c0010000080000010000ff0200', '0600000001', '020209060100010800ff1200ff']) {
    it(`gives back ${hex.slice(0, 20)}`, async () => {
      const decoded = memoryIo();
      await decode({ input: hex, layer: 'auto', json: true }, Readable.from([]), decoded);
      const io = memoryIo();
      assert.equal(await encode({ input: '-' }, Readable.from([decoded.stdout]), io), 0, io.stderr);
      assert.equal(io.stdout.trim(), hex);
    });
  }
  it('says what it cannot encode', async () => {
    const io = memoryIo();
    assert.equal(await encode({ input: '{"kind":"nonsense"}' }, Readable.from([]), io), 1);
    assert.match(io.stderr, /nonsense/);
    assert.equal(await encode({ input: '{' }, Readable.from([]), memoryIo()), 2);
  });
});

describe('table', () => {
  it('aligns columns and disarms control characters of meters', () => {
    assert.equal(table(['a', 'b'], [['1', 'x\u001b[2J']]), 'a  b\n-  -----\n1  x.[2J\n');
  });
});
