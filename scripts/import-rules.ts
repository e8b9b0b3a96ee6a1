/** The arrows between the rooms of the house (ARCHITECTURE.md), as data. scripts/check-imports.ts judges the sources by it. */

/** A folder whose files share one set of rules. */
export interface Room {
  /** Path from the repository root, of a folder or one file; a file belongs to the room with the longest match. */
  readonly folder: string;
  /** Rooms it may import values and types from. Its own files are always allowed. */
  readonly imports: readonly string[];
  /** Rooms, or single files of rooms, it may import types from and nothing else. */
  readonly importsTypesOf?: readonly string[];
  /** npm packages it may import; `'any'` for rooms that are never shipped. */
  readonly packages: readonly string[] | 'any';
  /** Node modules it may import, without the `node:` prefix; `'any'` for rooms that do I/O. */
  readonly node: readonly string[] | 'any';
  /** Its functions give the same for the same arguments: no clock, no randomness, no timers, no console. */
  readonly pure?: true;
  /** Shown with every finding. */
  readonly why: string;
}

/** One file that may do what its room may not. */
export interface Exception {
  readonly file: string;
  readonly node?: readonly string[];
  /** May import a module whose name is only known at run time. */
  readonly computedImports?: true;
  readonly why: string;
}

const pureWhy =
  'it is sans-I/O: octets, values and time come in as arguments, so that TCP, serial, pcap and tests share it';

const engineRooms: readonly Room[] = [
  {
    folder: 'engine/codec',
    imports: [],
    packages: ['fast-xml-parser'],
    node: ['crypto'],
    pure: true,
    why: 'the codec turns octets into values and back, and is the ground everything else stands on; node:crypto is for primitives, fast-xml-parser for APDUs as text',
  },
  { folder: 'engine/link', imports: ['engine/codec'], packages: [], node: [], pure: true, why: pureWhy },
  {
    folder: 'engine/serial',
    imports: [],
    packages: ['serialport'],
    node: 'any',
    why: 'it opens serial ports for clients and meters alike and knows no protocol',
  },
  {
    folder: 'engine/cosem',
    imports: ['engine/codec'],
    packages: [],
    node: [],
    pure: true,
    why: 'interface classes, units and OBIS names are facts about values; they need nothing but the codec',
  },
  {
    folder: 'engine/template',
    imports: ['engine/cosem', 'engine/codec', 'schemas'],
    packages: ['chevrotain', 'yaml', 'ajv', 'ajv-formats'],
    node: [],
    pure: true,
    why: 'the language is parsed from text handed in, in the editor as well as in the engine',
  },
  {
    folder: 'engine/meter',
    imports: ['engine/template', 'engine/link', 'engine/cosem', 'engine/codec'],
    packages: [],
    node: [],
    pure: true,
    why: pureWhy,
  },
  {
    folder: 'engine/emulator',
    imports: ['engine/meter', 'engine/template', 'engine/serial', 'engine/link', 'engine/cosem', 'engine/codec'],
    packages: [],
    node: 'any',
    why: 'it puts virtual meters on transports and knows no client side',
  },
  {
    folder: 'engine/session',
    imports: ['engine/serial', 'engine/link', 'engine/cosem', 'engine/codec'],
    packages: [],
    node: 'any',
    why: 'it is the client of a meter and must not know how our own meters are made',
  },
  {
    folder: 'engine/discovery',
    imports: ['engine/session', 'engine/link', 'engine/cosem', 'engine/codec'],
    packages: ['cidr-tools', 'ipaddr.js', 'p-limit'],
    node: 'any',
    why: 'it collects evidence; what the evidence means is decided in the rooms above it',
  },
  {
    folder: 'engine/fingerprint',
    imports: ['engine/discovery', 'engine/cosem', 'engine/codec'],
    packages: [],
    node: ['crypto'],
    pure: true,
    why: 'a fingerprint is a pure function of evidence and can be computed again offline',
  },
  {
    folder: 'engine/profile',
    imports: ['engine/fingerprint', 'engine/discovery', 'engine/template', 'engine/cosem', 'engine/codec', 'schemas'],
    packages: ['yaml', 'ajv', 'ajv-formats'],
    node: ['crypto'],
    pure: true,
    why: 'a profile is a pure function of evidence and can be computed again offline',
  },
  {
    folder: 'engine/store',
    imports: [],
    importsTypesOf: [
      'engine/discovery',
      'engine/fingerprint',
      'engine/profile',
      'engine/session',
      'engine/codec',
      'engine/cosem',
    ],
    packages: ['kysely', 'better-sqlite3'],
    node: 'any',
    why: 'it keeps documents made elsewhere and runs none of the code that makes them',
  },
  {
    folder: 'engine/api',
    imports: [
      'engine/store',
      'engine/profile',
      'engine/fingerprint',
      'engine/discovery',
      'engine/session',
      'engine/emulator',
      'engine/template',
      'engine/cosem',
      'engine/codec',
      'schemas',
      'package.json',
    ],
    packages: ['fastify', '@fastify/swagger', '@fastify/swagger-ui', 'ajv', 'ajv-formats'],
    node: 'any',
    importsTypesOf: ['engine/rpc/protocol.ts'],
    why: 'REST stands on top of the engine and beside rpc and cli, which start it; the shapes it answers with are those of rpc',
  },
];

/** Shapes that travel in the messages of engine/rpc/protocol.ts, declared in the rooms they come from. */
const contractTypes = ['engine/rpc/protocol.ts', 'engine/codec/result.ts', 'engine/discovery/types.ts'];

const engineFolders = engineRooms.map((room) => room.folder);

const productRooms: readonly Room[] = [
  ...engineRooms,
  {
    folder: 'engine/rpc/protocol.ts',
    imports: [],
    importsTypesOf: engineFolders,
    packages: ['vscode-jsonrpc'],
    node: [],
    why: 'the contract is loaded by the extension host too, and must not bring the engine with it',
  },
  {
    folder: 'engine/rpc',
    imports: ['engine/rpc/protocol.ts', ...engineFolders, 'schemas', 'package.json'],
    packages: ['vscode-jsonrpc'],
    node: 'any',
    why: 'it is the engine as a process; the editor reaches it over a pipe, never by import',
  },
  {
    folder: 'engine/cli',
    imports: ['engine/rpc/protocol.ts', 'engine/rpc', ...engineFolders, 'schemas', 'package.json'],
    packages: ['commander', 'yaml'],
    node: 'any',
    why: 'the command line runs without an editor',
  },
  {
    folder: 'server/protocol.ts',
    imports: [],
    packages: [],
    node: [],
    why: 'the contract is loaded by the extension host too, and must not bring the server with it',
  },
  {
    folder: 'server',
    imports: ['server/protocol.ts', 'engine/template', 'engine/cosem', 'engine/codec', 'schemas'],
    packages: ['vscode-languageserver', 'vscode-languageserver-textdocument', 'yaml'],
    node: ['fs', 'fs/promises', 'path', 'url', 'process', 'perf_hooks'],
    why: 'the language server works in untrusted workspaces: opening a file never opens a socket, and it must run in any editor',
  },
  {
    folder: 'client',
    imports: ['engine/rpc/protocol.ts', 'server/protocol.ts', 'webview/messages.ts'],
    importsTypesOf: contractTypes,
    packages: ['vscode', 'vscode-languageclient', 'vscode-jsonrpc'],
    node: 'any',
    why: 'the extension host stays thin: it talks to the engine by rpc, to the server by LSP, to the pages by messages',
  },
  { folder: 'webview/shape.ts', imports: [], packages: [], node: [], why: 'it checks messages at both ends' },
  {
    folder: 'webview/messages.ts',
    imports: ['webview/shape.ts'],
    importsTypesOf: contractTypes,
    packages: [],
    node: [],
    why: 'messages are plain data, known to the extension host and to the pages',
  },
  {
    folder: 'webview',
    imports: ['webview/messages.ts', 'webview/shape.ts'],
    importsTypesOf: contractTypes,
    packages: ['@vscode/webview-ui-toolkit', '@vscode/codicons', '@tanstack/virtual-core'],
    node: [],
    why: 'pages run in a browser frame: DOM and messages only',
  },
  { folder: 'schemas', imports: [], packages: [], node: [], why: 'schemas are data' },
  { folder: 'package.json', imports: [], packages: [], node: [], why: 'the version is read from it' },
];

const productFolders = productRooms.map((room) => room.folder);

export const rooms: readonly Room[] = [
  ...productRooms,
  { folder: 'test/support', imports: [], packages: ['mocha'], node: 'any', why: 'helpers of all tests know no room' },
  {
    folder: 'test/vscode/host',
    imports: ['test/support'],
    importsTypesOf: ['engine/rpc/protocol.ts', 'server/protocol.ts'],
    packages: ['vscode', 'mocha'],
    node: 'any',
    why: 'the host suite runs inside the extension host and uses the extension only through VS Code',
  },
  {
    folder: 'test/vscode',
    imports: ['scripts', 'test/support'],
    packages: ['playwright-core', 'esbuild', 'oxc-parser', 'mocha', '@vscode/test-electron'],
    node: 'any',
    why: 'the harness sees the product as a packed extension only',
  },
  {
    folder: 'test',
    imports: [...productFolders, 'scripts', 'test/support', 'test/vscode'],
    packages: 'any',
    node: 'any',
    why: 'tests may look into every room, but `vscode` exists only inside the extension host',
  },
  {
    folder: 'bench',
    imports: [...productFolders, 'test/support'],
    packages: 'any',
    node: 'any',
    why: 'measurements drive the rooms from outside',
  },
  {
    folder: 'scripts',
    imports: [...engineFolders, 'schemas'],
    packages: 'any',
    node: 'any',
    why: 'tools may read the rooms; no room may need a tool',
  },
];

/** Exists only inside the extension host: `packages: 'any'` does not include it. */
export const editorOnlyPackages: readonly string[] = ['vscode'];

export const exceptions: readonly Exception[] = [
  {
    file: 'engine/template/load-files.ts',
    node: ['fs', 'path'],
    why: 'it reads the files a template uses; everything else of the language takes text',
  },
  {
    file: 'scripts/protocol-page.ts',
    computedImports: true,
    why: 'it looks up the values of all limits, wherever they are declared',
  },
  {
    file: 'test/vscode/run-ui-tests.ts',
    computedImports: true,
    why: 'it plays the stories named on the command line',
  },
];
