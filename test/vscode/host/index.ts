import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import SpecAndReport from '../../support/spec-and-report.ts';

/** Milliseconds; the first test waits for the extension, the language server and the engine to start. */
const testLimit = 30_000;

/**
 * Called by VS Code inside the extension host, a desktop's or code-server's; runs every bundled test file beside it. The numbers
 * go to the report file, because code-server was seen to hand out exit code 0 for an empty suite and for a crash.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: testLimit, forbidOnly: true, reporter: SpecAndReport, color: false });
  for (const name of readdirSync(import.meta.dirname).sort()) {
    if (name.endsWith('.test.cjs')) mocha.addFile(path.join(import.meta.dirname, name));
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} of the host tests failed`);
}
