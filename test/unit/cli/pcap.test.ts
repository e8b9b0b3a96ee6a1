import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionFilter } from '../../../engine/cli/connection-filter.ts';
import { runCli } from '../../../engine/cli/program.ts';
import { tracedOctets } from '../../../engine/cli/trace-file.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { readCapture } from '../../../engine/codec/pcap/capture.ts';
import { syntheticTcp, type TracedOctets } from '../../../engine/codec/pcap/synthetic-tcp.ts';
import { writePcapng } from '../../../engine/codec/pcap/write-pcapng.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { wrapped } from '../codec/pcap-dialogue-kit.ts';
import { memoryIo } from './memory-io.ts';

const GUEK = '000102030405060708090a0b0c0d0e0f';
const GAK = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';
const TITLE = '4d4d4d0000bc614e';
const AARQ =
  '6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400007e1f04b0';
const AARE = '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000501f01f40007';
const SCALER = ['c001c100030100010800ff0300', 'c401c1000202 0f00 161e'.replaceAll(' ', '')] as const;
const ENERGY = ['c001c100030100010800ff0200', 'c401c100060001e240'] as const;
const SECRET = ['c001c1000f0000280000ff0700', 'c401c1000908 6162636465666768'.replace(' ', '')] as const;

function glo(apdu: string): Uint8Array {
  const keys = { guek: fromHex(GUEK), gak: fromHex(GAK) };
  const options = { service: 'glo', suite: 0, authenticated: true, encrypted: true } as const;
  return protect(fromHex(apdu), { ...options, invocationCounter: 1, systemTitle: fromHex(TITLE), keys });
}

const entries: TracedOctets[] = [
  ['tx', AARQ] as const,
  ['rx', AARE] as const,
  ...[SCALER, ENERGY, SECRET].flatMap(([request, response]) => [['tx', request] as const, ['rx', response] as const]),
  ['tx', toHex(glo('c001c100010000600100ff0200'))] as const,
].map(([direction, apdu], i) => ({ time: 1_700_000_000_000 + 100 * i, direction, octets: wrapped(direction, apdu) }));

describe('dlms pcap', () => {
  let folder: string;
  let capture: string;
  let keys: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlms-pcap-'));
    capture = join(folder, 'capture.pcapng');
    keys = join(folder, 'keys.json');
    await writeFile(capture, writePcapng(syntheticTcp(entries), 'test'));
    await writeFile(
      keys,
      JSON.stringify([
        { guek: 'ff'.repeat(16), gak: GAK },
        { guek: GUEK, gak: GAK, systemTitle: TITLE },
      ]),
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(...args: string[]) {
    const io = memoryIo();
    return { code: await runCli(args, io), out: io.stdout, err: io.stderr };
  }

  it('shows what was asked and answered, with names, units and no passwords', async () => {
    const { code, out } = await run('pcap', capture);
    assert.equal(code, 0, out);
    assert.match(out, /^tcp 192\.0\.2\.1:49152 > 192\.0\.2\.2:4059, wrapper$/m);
    assert.match(out, /get 1-0:1\.8\.0\.255 #2 \(Active energy import[^)]*\), total: value\) = 123\.456 kWh$/m);
    assert.match(out, /#7 \(.*secret\) = \*{8}$/m);
    assert.doesNotMatch(out, /abcdefgh|6162636465666768|glo-get-request/i);
    assert.match(out, /^12 packets, 1 connections$/m);
  });

  it('shows every APDU with --messages, those that keys open as what they are', async () => {
    const without = await run('pcap', '--messages', capture);
    assert.match(without.out, /-> 16\/1 glo-get-request$/m);
    assert.match(without.err, /1 protected APDUs stay closed: give their keys with --keys FILE/);
    assert.equal(without.code, 0);
    const { out, err } = await run('pcap', '--messages', '--keys', keys, capture);
    assert.equal(err, '');
    assert.match(out, /-> 16\/1 get-request-normal 0-0:96\.1\.0\.255 #2 in glo-get-request$/m);
    assert.match(out, /get 0-0:96\.1\.0\.255 #2 \(.*\) =\s+\(no answer\)$/m);
    assert.match(out, /<- 16\/1 aare accepted null$/m);
  });

  it('says which APDUs the keys do not open, exit code 1', async () => {
    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, JSON.stringify({ guek: 'ff'.repeat(16), gak: GAK, systemTitle: TITLE }));
    const { code, out } = await run('pcap', '--keys', wrong, capture);
    assert.equal(code, 1);
    assert.match(out, /glo-get-request: security: not-decipherable/);
  });

  it('prints JSON and JSON lines with the same events', async () => {
    const { code, out } = await run('pcap', '--json', '--keys', keys, capture);
    assert.equal(code, 0);
    const { packets, problems, connections } = JSON.parse(out);
    assert.deepEqual([packets, problems, connections.length], [12, [], 1]);
    const [{ events, framing }] = connections;
    assert.equal(framing, 'wrapper');
    const energy = events[2].items[0];
    assert.deepEqual(energy.data, { t: 'double-long-unsigned', v: 123456 });
    assert.deepEqual([energy.obis, energy.index, energy.text], ['1-0:1.8.0.255', 2, '123.456 kWh']);
    const secret = events[3].items[0];
    assert.deepEqual([secret.index, secret.data, secret.text], [7, undefined, '********']);
    const lines = (await run('pcap', '--jsonl', '--keys', keys, capture)).out.trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      parsed.slice(1).map(({ connection: _, ...event }) => event),
      events,
    );
    assert.equal(parsed[0].type, 'connection');
  });

  it('masks the password in messages', async () => {
    const { out } = await run('pcap', '--json', '--messages', capture);
    assert.ok(out.includes('2a2a2a2a2a2a2a2a') && !out.includes('3132333435363738'));
  });

  it('shows only the connections wanted', async () => {
    assert.match((await run('pcap', '--filter', '4059', capture)).out, /1 connections/);
    assert.match((await run('pcap', '--filter', '192.0.2.9', capture)).out, /0 connections/);
  });

  for (const [what, args, message] of [
    ['no file', ['pcap'], /missing required argument/],
    ['a file that is not there', ['pcap', 'no-such.pcap'], /no-such\.pcap/],
    ['a file that is no capture', ['pcap', 'package.json'], /neither like pcap/],
    ['a filter that is none', ['pcap', '--filter', 'meter', 'package.json'], /--filter meter/],
    ['two forms', ['pcap', '--json', '--jsonl', 'package.json'], /cannot be used with/],
    ['keys that are not there', ['pcap', '--keys', 'no-such.json', 'package.json'], /no-such\.json/],
    ['trace export without a file to write', ['trace', 'export', 'package.json'], /--pcapng/],
    ['trace export of no trace', ['trace', 'export', '--pcapng', 'x.pcapng', 'LICENSE'], /neither JSON lines nor hex/],
  ] as const) {
    it(`${what}: usage error with a reason`, async () => {
      const { code, err } = await run(...args);
      assert.equal(code, 2);
      assert.match(err, message);
    });
  }

  describe('dlms trace export', () => {
    async function exported(input: string, ...options: string[]): Promise<{ text: string; octets: Uint8Array }> {
      const target = join(folder, 'out.pcapng');
      const { code, err } = await run('trace', 'export', input, '--pcapng', target, ...options);
      assert.equal(code, 0, err);
      const octets = await readFile(target);
      return { text: octets.toString('utf8'), octets };
    }

    it('gives a capture comments, and keeps its packets', async () => {
      const { text, octets } = await exported(capture, '--keys', keys);
      const [before, after] = [readCapture(await readFile(capture)), readCapture(octets)];
      assert.deepEqual(after.connections, before.connections);
      assert.ok(text.includes('get 1-0:1.8.0.255 #2') && text.includes('= 123.456 kWh'));
      assert.ok(
        text.includes('<AssociationRequest>') &&
          text.includes('get-request-normal 0-0:96.1.0.255 #2 in glo-get-request'),
      );
    });

    it('shows no password in its comments', async () => {
      const { text } = await exported(capture);
      assert.ok(!text.includes('6162636465666768') && !text.includes('Value="3132333435363738"'));
    });

    it('makes packets for evidence and logs', async () => {
      const lines = entries.map(({ time, direction, octets }) =>
        JSON.stringify({ time, kind: direction, hex: toHex(octets) }),
      );
      const evidence = join(folder, 'evidence.jsonl');
      await writeFile(evidence, [JSON.stringify({ kind: 'connect', time: 0 }), ...lines].join('\n'));
      const log = join(folder, 'log.txt');
      await writeFile(
        log,
        entries.map(({ direction, octets }) => `${direction.toUpperCase()}: ${toHex(octets)}`).join('\n'),
      );
      for (const file of [evidence, log]) {
        const { octets, text } = await exported(file);
        const [connection] = readCapture(octets).connections;
        assert.deepEqual(
          connection?.chunks.map(({ octets: chunk }) => toHex(chunk)),
          entries.map((entry) => toHex(entry.octets)),
        );
        assert.ok(text.includes('= 123.456 kWh'));
      }
    });
  });
});

describe('trace files', () => {
  it('take an array, and leave out what is no link octets', () => {
    const json = JSON.stringify([
      { time: 5, direction: 'tx', layer: 'link', hex: '01' },
      { time: 5, direction: 'tx', layer: 'apdu', hex: '02' },
      { time: 6, direction: 'note', hex: '' },
    ]);
    assert.deepEqual(tracedOctets(json), [{ time: 5, direction: 'tx', octets: Uint8Array.of(1) }]);
  });

  for (const [text, message] of [
    ['{"kind":"tx"', /line 1: not JSON/],
    ['{"kind":"tx","time":1}', /line 1: expected "time"/],
    ['{"kind":"rx","time":1,"hex":"zz"}', /line 1: hex text/],
    ['0102', /line 1: no direction/],
    ['[5]', /\[0\]: not an object/],
  ] as const) {
    it(`say what is wrong with ${text}`, () => assert.throws(() => tracedOctets(text), message));
  }
});

describe('connection filter', () => {
  const connection = { client: '[2001:db8::1]:50000', server: '192.0.2.2:4059' };
  for (const [text, expected] of [
    ['4059', true],
    [':4059', true],
    ['4060', false],
    ['192.0.2.2', true],
    ['192.0.2.2:4059', true],
    ['192.0.2.2:50000', false],
    ['192.0.2', undefined],
    ['2001:db8::1', true],
    ['[2001:DB8::1]', true],
    ['[2001:db8::1]:50000', true],
    ['[2001:db8::1]:4059', false],
    ['70000', undefined],
    ['meter.example', undefined],
  ] as const) {
    it(`${text}: ${expected ?? 'refused'}`, () => {
      if (expected === undefined) assert.throws(() => connectionFilter(text), /--filter/);
      else assert.equal(connectionFilter(text)(connection), expected);
    });
  }
});
