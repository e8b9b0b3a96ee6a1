import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format, readSources } from '../../../scripts/check-imports.ts';
import { checkImports, type Finding } from '../../../scripts/import-check.ts';
import { exceptions, type Room, rooms } from '../../../scripts/import-rules.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const table = { rooms, exceptions };

function check(files: Record<string, string>): Finding[] {
  return checkImports(new Map(Object.entries(files)), table);
}

describe('architecture: imports', () => {
  it('hold in the whole tree', () => {
    const sources = readSources(root);
    assert.ok(sources.size > 40, `only ${sources.size} files were read`);
    assert.deepEqual(checkImports(sources, table).map(format), []);
  });

  it('have a table whose rooms name each other and form no circle', () => {
    const byFolder = new Map(rooms.map((room) => [room.folder, room]));
    assert.equal(byFolder.size, rooms.length);
    const above = (room: Room, way: readonly string[]) => {
      assert.ok(!way.includes(room.folder), `circle of rooms: ${[...way, room.folder].join(' -> ')}`);
      for (const name of room.imports) {
        const other = byFolder.get(name);
        assert.ok(other, `${room.folder} names the unknown room ${name}`);
        above(other, [...way, room.folder]);
      }
      for (const name of room.importsTypesOf ?? []) {
        assert.ok(byFolder.has(name) || existsSync(path.join(root, name)), `${room.folder} names the unknown ${name}`);
      }
    };
    for (const room of rooms) above(room, []);
  });

  const wrong: {
    name: string;
    file: string;
    source: string;
    code: Finding['code'];
    at: [number, number];
    says: RegExp;
  }[] = [
    {
      name: 'vscode in the engine',
      file: 'engine/emulator/fleet.ts',
      source: "import path from 'node:path';\nimport * as vscode from 'vscode';\n",
      code: 'wrong-package',
      at: [2, 25],
      says: /engine\/emulator -> package vscode: no such arrow/,
    },
    {
      name: 'vscode in a test that runs in plain Node',
      file: 'test/unit/client/tree.test.ts',
      source: "import type * as vscode from 'vscode';",
      code: 'wrong-package',
      at: [1, 30],
      says: /test may import .*packages: any but vscode/,
    },
    {
      name: 'the language server library in the engine',
      file: 'engine/template/hover.ts',
      source: "import type { Hover } from 'vscode-languageserver/node.js';",
      code: 'wrong-package',
      at: [1, 28],
      says: /package vscode-languageserver \(types only\)/,
    },
    {
      name: 'codec importing session',
      file: 'engine/codec/hdlc/frame.ts',
      source: "import { read } from '../../session/reader.ts';",
      code: 'wrong-arrow',
      at: [1, 22],
      says: /engine\/codec -> engine\/session: imports .*may import {2}rooms: none.*why: the codec turns octets/s,
    },
    {
      name: 'a type-only import against the arrow',
      file: 'engine/session/client.ts',
      source: "import type { Meter } from '../meter/meter.ts';",
      code: 'wrong-arrow',
      at: [1, 28],
      says: /engine\/session -> engine\/meter: imports \.\.\/meter\/meter\.ts \(types only\)/,
    },
    {
      name: 'a dynamic import against the arrow',
      file: 'engine/discovery/scan.ts',
      source: "export const load = async () => {\n  await import('../emulator/fleet.ts');\n};",
      code: 'wrong-arrow',
      at: [2, 16],
      says: /engine\/discovery -> engine\/emulator/,
    },
    {
      name: 'an import type expression against the arrow',
      file: 'engine/codec/axdr/data.ts',
      source: "export type T = import('../../template/model.ts').MeterModel;",
      code: 'wrong-arrow',
      at: [1, 24],
      says: /engine\/codec -> engine\/template/,
    },
    {
      name: 're-exports against the arrow',
      file: 'engine/cosem/index.ts',
      source: "export * from '../session/reader.ts';",
      code: 'wrong-arrow',
      at: [1, 15],
      says: /engine\/cosem -> engine\/session/,
    },
    {
      name: 'the engine in the extension host',
      file: 'client/engine.ts',
      source: "import type { Engine } from '../engine/rpc/engine.ts';",
      code: 'wrong-arrow',
      at: [1, 29],
      says: /client -> engine\/rpc: imports .*the extension host stays thin/s,
    },
    {
      name: 'the engine in the contract of the engine',
      file: 'engine/rpc/protocol.ts',
      source: "import { scan } from '../discovery/scan.ts';",
      code: 'wrong-arrow',
      at: [1, 22],
      says: /engine\/rpc\/protocol\.ts -> engine\/discovery: .* as values/,
    },
    {
      name: 'a value from a room that gives types only',
      file: 'webview/pages/scan/main.ts',
      source: "import { StartScan } from '../../../engine/rpc/protocol.ts';",
      code: 'wrong-arrow',
      at: [1, 27],
      says: /as values; only `import type` is allowed here/,
    },
    {
      name: 'inline type names, which stay as an import at run time',
      file: 'webview/pages/scan/main.ts',
      source: "import { type ScanSummary } from '../../../engine/rpc/protocol.ts';",
      code: 'wrong-arrow',
      at: [1, 34],
      says: /only `import type` is allowed here/,
    },
    {
      name: 'a page that reaches past the messages',
      file: 'client/panels/scan.ts',
      source: "import type { Row } from '../../webview/pages/scan/rows.ts';",
      code: 'wrong-arrow',
      at: [1, 26],
      says: /client -> webview/,
    },
    {
      name: 'sockets in the codec',
      file: 'engine/codec/wrapper/tcp.ts',
      source: "import net from 'node:net';",
      code: 'wrong-node-module',
      at: [1, 17],
      says: /engine\/codec -> node:net: no such arrow.*node modules: crypto/s,
    },
    {
      name: 'files in a sans-I/O room, without the node: prefix',
      file: 'engine/meter/state.ts',
      source: "import { readFileSync } from 'fs';",
      code: 'wrong-node-module',
      at: [1, 30],
      says: /engine\/meter -> node:fs/,
    },
    {
      name: 'sockets in the language server',
      file: 'server/hover.ts',
      source: "import { createServer } from 'node:http';",
      code: 'wrong-node-module',
      at: [1, 30],
      says: /opening a file never opens a socket/,
    },
    {
      name: 'node in a page',
      file: 'webview/pages/scan/main.ts',
      source: "import path from 'node:path';",
      code: 'wrong-node-module',
      at: [1, 18],
      says: /webview -> node:path/,
    },
    {
      name: 'the clock in a pure room',
      file: 'engine/meter/clock.ts',
      source: 'const a = new Date(0);\nexport const now = () => Date.now();',
      code: 'ambient',
      at: [2, 26],
      says: /Date\.now: engine\/meter is pure, take the value as an argument/,
    },
    {
      name: 'the date of today in a pure room',
      file: 'engine/template/today.ts',
      source: 'export const today = () => new Date();',
      code: 'ambient',
      at: [1, 28],
      says: /new Date\(\)/,
    },
    {
      name: 'randomness in the codec',
      file: 'engine/codec/security/iv.ts',
      source: "import { createHash, randomBytes } from 'node:crypto';",
      code: 'ambient',
      at: [1, 22],
      says: /randomBytes of node:crypto/,
    },
    {
      name: 'timers in a link',
      file: 'engine/link/retry.ts',
      source: 'export const later = (f: () => void) => setTimeout(f, 10);',
      code: 'ambient',
      at: [1, 41],
      says: /setTimeout\(\)/,
    },
    {
      name: 'an import that cannot be read',
      file: 'engine/session/load.ts',
      source: 'export const load = (name: string) => import(name);',
      code: 'unreadable',
      at: [1, 46],
      says: /computed/,
    },
    {
      name: 'a syntax error',
      file: 'engine/session/broken.ts',
      source: "import { from './a.ts'",
      code: 'unreadable',
      at: [1, 15],
      says: /syntax error/,
    },
    {
      name: 'a folder the table does not know',
      file: 'engine/helpers/misc.ts',
      source: '',
      code: 'no-room',
      at: [1, 1],
      says: /engine\/helpers\/misc\.ts is in no room/,
    },
  ];
  for (const { name, file, source, code, at, says } of wrong) {
    it(`refuse ${name}`, () => {
      const findings = check({ [file]: source });
      assert.equal(findings.length, 1, findings.map(format).join('\n'));
      const [finding] = findings;
      assert.deepEqual({ code: finding?.code, at: [finding?.line, finding?.column] }, { code, at });
      assert.match(finding?.message ?? '', says);
    });
  }

  it('allow what design.md allows', () => {
    const files = {
      'client/extension.ts':
        "import * as vscode from 'vscode';\nimport { StartScan } from '../engine/rpc/protocol.ts';\n",
      'client/panels/scan.ts': "import type { Message } from '../../webview/messages.ts';",
      'server/main.ts': "import { parse } from '../engine/template/parse.ts';\nimport path from 'node:path';",
      'engine/store/store.ts': "import type { Evidence } from '../discovery/types.ts';\nimport fs from 'node:fs';",
      'engine/codec/security/gcm.ts': "import { createCipheriv } from 'node:crypto';",
      'test/vscode/host/activation.test.ts': "import * as vscode from 'vscode';",
    };
    assert.deepEqual(check(files).map(format), []);
  });

  it('refuse circles between rooms, also of types', () => {
    const findings = checkImports(
      new Map([
        ['one/a.ts', "import { b } from './b.ts';"],
        ['one/b.ts', "import type { C } from '../two/c.ts';"],
        ['two/c.ts', "export * from '../one/a.ts';"],
      ]),
      {
        exceptions: [],
        rooms: [
          { folder: 'one', imports: ['two'], packages: [], node: [], why: '' },
          { folder: 'two', imports: ['one'], packages: [], node: [], why: '' },
        ],
      },
    );
    assert.deepEqual(findings.map(format), [
      'one/a.ts:1:19 cycle  these files of different rooms import each other in a circle: ' +
        'one/a.ts -> one/b.ts -> two/c.ts -> one/a.ts',
    ]);
  });

  it('let one named file do what its room may not', () => {
    const file = 'engine/template/files.ts';
    const sources = new Map([[file, "import fs from 'node:fs';\nimport net from 'node:net';"]]);
    const findings = checkImports(sources, { rooms, exceptions: [{ file, node: ['fs'], why: '' }] });
    assert.deepEqual(
      findings.map(({ line }) => line),
      [2],
    );
  });

  it('end the command with 1 and a link to the place', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'dlms-imports-'));
    try {
      mkdirSync(path.join(folder, 'engine/codec'), { recursive: true });
      writeFileSync(path.join(folder, 'engine/codec/planted.ts'), "\nimport * as vscode from 'vscode';\n");
      const command = path.join(root, 'scripts/check-imports.ts');
      const { status, stderr } = spawnSync(process.execPath, [command, folder], { encoding: 'utf8' });
      assert.match(
        stderr,
        /^engine\/codec\/planted\.ts:2:25 wrong-package {2}engine\/codec -> package vscode: no such arrow/,
      );
      assert.equal(status, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
