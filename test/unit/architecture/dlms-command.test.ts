import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const bin = path.resolve(import.meta.dirname, '../../../bin');

describe('bin/dlms.js', () => {
  let folder: string;
  /** Where `npm ci` puts the project's own Node. */
  let projectNode: string;
  let command: string;
  /** Makes the Node that runs the command look too old for it. */
  let oldNode: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'dlms-command-'));
    cpSync(bin, path.join(folder, 'bin'), { recursive: true });
    command = path.join(folder, 'bin/dlms.js');
    projectNode = path.join(folder, 'node_modules/node/bin/node');
    oldNode = path.join(folder, 'old-node.cjs');
    const versions = `{ ...process.versions, node: '20.19.0', napi: '9' }`;
    writeFileSync(oldNode, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, text: string, mode = 0o644) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  };
  const bundle = (text: string) => write(path.join(folder, 'dist/cli/dlms.cjs'), text);
  const run = (parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, parameters, {
      encoding: 'utf8',
      timeout: 10_000,
      env: { ...process.env, ...environment },
    });

  it('runs the bundle with its arguments', () => {
    bundle('console.log(process.argv.slice(2).join()); process.exitCode = 1;');
    const { status, stdout } = run([command, 'decode', '--json']);
    assert.deepEqual([status, stdout], [1, 'decode,--json\n']);
  });

  it('says what to do when there is no bundle', () => {
    const { status, stderr } = run([command]);
    assert.match(
      stderr,
      /^dlms: the command line is not built: .*dlms\.cjs is missing\.\nWhat to do: run {2}npm run build\n$/,
    );
    assert.equal(status, 2);
  });

  it('says what was found and what is needed on an old Node without another one', () => {
    bundle('console.log("must not run")');
    const { status, stdout, stderr } = run(['--require', oldNode, command]);
    assert.match(
      stderr,
      /^dlms: found Node 20\.19\.0 \(Node-API 9\) at .*, needed is Node 22\.14 or newer \(Node-API 10\)/,
    );
    assert.match(stderr, /What to do: run {2}npm ci /);
    assert.deepEqual([status, stdout], [2, '']);
  });

  if (process.platform !== 'win32') {
    it("starts the project's own Node on an old one, and hands on arguments and exit code", () => {
      write(projectNode, '#!/bin/sh\necho "$@" | sed "s#.*/bin/#bin/#"\nexit 7\n', 0o755);
      const { status, stdout } = run(['--require', oldNode, command, 'scan', '127.0.0.1']);
      assert.deepEqual([status, stdout], [7, 'bin/dlms.js scan 127.0.0.1\n']);
    });

    it("gives up when the project's own Node is too old as well", () => {
      write(projectNode, `#!/bin/sh\nexec "${process.execPath}" --require "${oldNode}" "$@"\n`, 0o755);
      const { status, stderr } = run(['--require', oldNode, command]);
      assert.match(stderr, /node_modules\/node\/bin\/node is too old as well/);
      assert.equal(status, 2);
    });

    it('ends in peace when the reader of its output has gone', async () => {
      bundle('setInterval(() => console.log("a line"), 1);');
      const child = spawn(process.execPath, [command], { stdio: ['ignore', 'pipe', 'pipe'] });
      let complaint = '';
      child.stderr.on('data', (data) => {
        complaint += String(data);
      });
      child.stdout.once('data', () => child.stdout.destroy());
      const code = await new Promise((resolve) => child.once('exit', resolve));
      assert.deepEqual([code, complaint], [0, '']);
    });
  }
});
