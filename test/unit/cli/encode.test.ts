import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { decode } from '../../../engine/cli/decode.ts';
import { encode } from '../../../engine/cli/encode.ts';
import { runCli } from '../../../engine/cli/program.ts';
import { memoryIo } from './memory-io.ts';

const GET = 'c001c100080000010000ff0200';
const WRAPPER = `000100100001000d${GET}`;

async function decoded(input: string, form: 'json' | 'xml'): Promise<string> {
  const io = memoryIo();
  assert.equal(await decode({ input, layer: 'auto', [form]: true }, Readable.from([]), io), 0, io.stderr);
  return io.stdout;
}

async function encoded(input: string, to: 'hex' | 'json' | 'xml' = 'hex') {
  const io = memoryIo();
  const code = await encode({ input, to }, Readable.from([]), io);
  return { code, out: io.stdout.trimEnd(), err: io.stderr };
}

describe('dlms encode', () => {
  it('gives the octets of XML and JSON of an APDU', async () => {
    for (const form of ['json', 'xml'] as const) {
      assert.deepEqual(await encoded(await decoded(GET, form)), { code: 0, out: GET, err: '' });
    }
  });

  it('gives the octets of JSON of a frame, and of XML of its APDU', async () => {
    assert.equal((await encoded(await decoded(WRAPPER, 'json'))).out, WRAPPER);
    assert.equal((await encoded(await decoded(WRAPPER, 'xml'))).out, GET);
  });

  it('turns JSON into XML and back', async () => {
    const xml = await decoded(GET, 'xml');
    const json = (await encoded(xml, 'json')).out;
    assert.equal(JSON.parse(json).kind, 'get-request');
    assert.equal((await encoded(json, 'xml')).out, xml.trimEnd());
  });

  it('reads standard input and files', async () => {
    const io = memoryIo();
    assert.equal(await encode({ input: '-' }, Readable.from(['<Unsigned ', 'Value="05"/>']), io), 0);
    assert.equal(io.stdout, '1105\n');
    const folder = await mkdtemp(join(tmpdir(), 'dlms-encode-'));
    try {
      const file = join(folder, 'apdu.xml');
      await writeFile(file, `\uFEFF<?xml version="1.0"?>\n${await decoded(GET, 'xml')}`);
      assert.equal((await encoded(file)).out, GET);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  for (const [what, input, code, message] of [
    ['XML with a wrong value', '<Unsigned Value="1FF"/>', 1, /bad-value at line 1, column 1 in Unsigned/],
    ['XML that is none', '<Unsigned', 1, /not-well-formed/],
    ['XML with entities', '<!DOCTYPE a [<!ENTITY b "c">]><Unsigned Value="&b;"/>', 1, /forbidden/],
    ['JSON of nothing', '{}', 1, /"kind"/],
    ['JSON with a value out of range', '{"t":"unsigned","v":300}', 1, /300/],
    ['neither', '{"t":', 2, /neither JSON nor XML/],
    ['a file that is not there', 'no-such-file.json', 2, /no-such-file/],
  ] as const) {
    it(`${what}: exit code ${code} and the reason`, async () => {
      const result = await encoded(input);
      assert.equal(result.code, code);
      assert.equal(result.out, '');
      assert.match(result.err, message);
    });
  }

  it('takes --to on the command line, and decode --xml only alone', async () => {
    const io = memoryIo();
    assert.equal(await runCli(['encode', '--to', 'xml', '{"t":"unsigned","v":5}'], io), 0);
    assert.equal(io.stdout, '<Unsigned Value="05" />\n');
    assert.equal(await runCli(['decode', '--xml', '--json', GET], memoryIo()), 2);
  });

  it('decode --xml says why octets have no XML', async () => {
    const io = memoryIo();
    assert.equal(await decode({ input: 'c401c1', layer: 'apdu', xml: true }, Readable.from([]), io), 1);
    assert.equal(io.stdout, '');
    assert.match(io.stderr, /truncated/);
  });
});
