#!/usr/bin/env node
'use strict';

// The `dlms` command. Its first job is to run on a Node that is too old for the rest (better-sqlite3 is a Node-API 10 module
// and kills an older process instead of throwing), so this file keeps to syntax that any Node since 6 can read.
// Requiring dist/cli/dlms.cjs runs the command line on process.argv.

/** Node-API 10 came with Node 22.14. */
const NEEDED_NODE_API = 10;
const NEEDED_NODE = '22.14';
/** Set for the second start, so that an unusable project Node cannot start itself again and again. */
const RESTARTED = 'DLMS_NODE_RESTARTED';
const EXIT_USAGE = 2;
const EXIT_SIGNAL_BASE = 128;

main();

function main() {
  if (Number(process.versions.napi) >= NEEDED_NODE_API) return runHere();
  // The `node:` prefix of require() is understood from Node 16 on.
  const projectNode = parseInt(process.versions.node, 10) >= 16 ? findProjectNode() : undefined;
  if (projectNode === undefined || process.env[RESTARTED] !== undefined) return refuse(projectNode);
  return runWith(projectNode);
}

/** Loads the bundled command line into this process. */
function runHere() {
  const fs = require('node:fs');
  const path = require('node:path');
  // `dlms scan … | head`: a reader that has seen enough is no error.
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const bundle = path.join(__dirname, '..', 'dist', 'cli', 'dlms.cjs');
  if (!fs.existsSync(bundle)) {
    return fail([`dlms: the command line is not built: ${bundle} is missing.`, 'What to do: run  npm run build']);
  }
  require(bundle);
}

/** Runs this file again with another Node, as if that one had been started: same terminal, signals and exit code. */
function runWith(node) {
  const { spawn } = require('node:child_process');
  const { constants } = require('node:os');
  const environment = Object.assign({}, process.env, { [RESTARTED]: process.versions.node });
  const child = spawn(node, [__filename].concat(process.argv.slice(2)), { stdio: 'inherit', env: environment });
  child.on('error', (error) => fail([`dlms: could not start ${node}: ${error.message}`]));
  child.on('exit', (code, signal) => {
    process.exit(code === null ? EXIT_SIGNAL_BASE + constants.signals[signal] : code);
  });
  // Ctrl-C reaches both processes through the terminal; the child decides when to end. The others are sent to this one only.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
}

/** The binary of the npm package `node`, beside this package or in the node_modules folder it was installed into. */
function findProjectNode() {
  const fs = require('node:fs');
  const path = require('node:path');
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  let folder = path.resolve(__dirname, '..');
  for (;;) {
    const candidate = path.join(folder, 'node_modules', 'node', 'bin', binary);
    if (fs.existsSync(candidate)) return candidate;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function refuse(projectNode) {
  fail([
    `dlms: found Node ${process.versions.node} (Node-API ${process.versions.napi || 'unknown'}) at ${process.execPath}, ` +
      `needed is Node ${NEEDED_NODE} or newer (Node-API ${NEEDED_NODE_API}): its SQLite module would crash on an older one.`,
    projectNode === undefined
      ? `What to do: run  npm ci  in the DLMS Workbench folder (it brings its own Node), or install Node ${NEEDED_NODE} or newer.`
      : `What to do: ${projectNode} is too old as well; run  npm ci  again, or install Node ${NEEDED_NODE} or newer.`,
  ]);
}

function fail(lines) {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(EXIT_USAGE);
}
