import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { copyAssets } from '../../../scripts/assets.ts';
import { needsSocat, openPtyPair } from './pty-pair.ts';

/** Opens both ends of a line, sends three octets over it and prints what came. */
const PROGRAM = `
import { openSerialPort } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../../engine/serial/port.ts'))};
const [a, b] = process.argv.slice(2);
const settings = { speed: 9600, dataBits: 8, parity: 'none', stopBits: 1 };
const received = [];
const sender = await openSerialPort(a, settings, { data() {}, closed() {} });
const receiver = await openSerialPort(b, settings, {
  closed() {},
  async data(octets) {
    received.push(...octets);
    if (received.length < 3) return;
    console.log(received.join(' '));
    await Promise.all([sender.close(), receiver.close()]);
  },
});
sender.write(Uint8Array.of(1, 2, 3));
`;

describe('the serial driver in a bundle', () => {
  let folder: string;
  before(function () {
    needsSocat(this);
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-bundle-'));
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('finds its native part beside the bundle, without node_modules', async () => {
    copyAssets(folder);
    const outfile = path.join(folder, 'dist/engine/program.cjs');
    // As scripts/build.ts makes the programs; the wrapper stands for top-level await, which CommonJS does not have.
    await esbuild.build({
      stdin: { contents: wrapped(PROGRAM), resolveDir: import.meta.dirname, loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
    });
    const pair = await openPtyPair();
    const { stdout, stderr } = spawnSync(process.execPath, [outfile, pair.a, pair.b], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 15_000,
    });
    await pair.close();
    assert.equal(stdout.trim(), '1 2 3', stderr);
  });
});

function wrapped(program: string): string {
  const [, imports = '', body = ''] = /^\s*(import [^\n]*\n)([\s\S]*)$/.exec(program) ?? [];
  return `${imports}(async () => {${body}})();`;
}
