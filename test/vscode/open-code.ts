/**
 * Opens VS Code with the packed extension and a copy of samples/ for a person with a browser.
 *
 *   node test/vscode/open-code.ts [--port N] [--workspace DIR] [--vsix FILE]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageVsix } from '../../scripts/package-vsix.ts';
import { createScratch } from './scratch.ts';
import { type CodeServer, installExtension, startCodeServer } from './server.ts';
import { prepareServer, repositoryRoot, SetupError } from './setup.ts';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8137' },
    workspace: { type: 'string', default: path.join(repositoryRoot, 'samples') },
    vsix: { type: 'string' },
  },
});

/** A person may see things move, unlike a test. */
const settings = { 'workbench.reduceMotion': 'auto' };

const scratch = createScratch();
let server: CodeServer | undefined;
process.once('exit', () => scratch.remove());
const stop = async () => {
  await server?.stop();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

try {
  const lane = prepareServer();
  const vsix = options.vsix ?? (await packageVsix());
  await installExtension(lane, scratch, path.resolve(vsix));
  const workspace = scratch.workspace(path.resolve(options.workspace));
  server = await startCodeServer({ lane, scratch, port: Number(options.port), settings });
  console.log(`\n  VS Code is at  ${server.url}/?folder=${encodeURIComponent(workspace)}\n`);
  console.log('  The workspace is a copy; it is removed, with all settings, when you stop with Ctrl-C.');
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}
