import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runCli } from '../../../engine/cli/program.ts';
import { needsSocat, openPtyPair, type PtyPair } from '../serial/pty-pair.ts';
import { memoryIo } from './memory-io.ts';

const sample = path.resolve(import.meta.dirname, '../../../samples/glacier-g4.dlmsmeter');

const TEMPLATE = `use: ${JSON.stringify(sample)}
meter optical extends glacier_g4 {
  transport eye serial { baud: 9600   mode_e: yes, identification "/GLC5\\\\2G4", address "4711" }
}
meter wired extends glacier_g4 {
  transport line serial { baud: 2400   parity: even }
}
`;

describe('dlms emulate and dlms read on a serial line', () => {
  let pair: PtyPair;
  let folder: string;
  before(async function () {
    needsSocat(this);
    folder = await mkdtemp(path.join(tmpdir(), 'dlms-serial-'));
    await writeFile(path.join(folder, 'eye.dlmsmeter'), TEMPLATE);
    await writeFile(path.join(folder, 'keys.json'), JSON.stringify({ 'glacier-demo/reader': 'text:12345678' }));
    pair = await openPtyPair();
  });
  after(async () => {
    await pair?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  async function withMeter(meter: string, use: () => Promise<void>): Promise<void> {
    const ctrlC = new AbortController();
    const io = { ...memoryIo(), signal: ctrlC.signal };
    const files = [path.join(folder, 'eye.dlmsmeter'), '--keys', path.join(folder, 'keys.json')];
    const running = runCli(['emulate', ...files, '--meter', meter, '--listen', `serial:${pair.a}`], io);
    for (let tries = 0; tries < 300 && !io.stdout.includes('READY'); tries++) await pause(10);
    assert.match(io.stdout, new RegExp(`${meter} .*hdlc +serial:${pair.a}`), io.stderr);
    try {
      await use();
    } finally {
      ctrlC.abort();
      assert.equal(await running, 0);
    }
  }

  async function readName(...args: string[]) {
    const io = memoryIo();
    const code = await runCli(['read', `serial:${pair.b}`, '0-0:42.0.0.255', '--json', ...args], io);
    return { code, stdout: io.stdout, stderr: io.stderr };
  }

  it('opens an optical port by mode E', () =>
    withMeter('optical', async () => {
      const read = await readName('--mode-e', '--device-address', '4711');
      assert.equal(read.code, 0, read.stderr);
      assert.match(read.stdout, /GLC00000001/);
    }));

  it('reads HDLC without opening at 2400 8E1', () =>
    withMeter('wired', async () => {
      const read = await readName('--baud', '2400', '--line', '8E1');
      assert.equal(read.code, 0, read.stderr);
      assert.match(read.stdout, /GLC00000001/);
    }));

  it('says what to do when the line is silent', async () => {
    const read = await readName('--timeout', '200');
    assert.equal(read.code, 1);
    assert.match(read.stdout, /no-answer-to-snrm/);
  });
});
