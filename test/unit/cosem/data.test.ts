import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot, sharedPath } from './shared-facts.ts';

describe('COSEM data files', () => {
  it('are what the generator makes of the facts, to the octet', function () {
    const facts = sharedPath('facts');
    if (facts === undefined) return this.skip();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'cosem-data-'));
    try {
      const script = path.join(repositoryRoot, 'scripts', 'generate-cosem-data.ts');
      execFileSync(process.execPath, [script, facts, folder]);
      const names = readdirSync(folder).toSorted();
      assert.deepEqual(names, ['classes.json', 'conformance.json', 'flag-ids.json', 'obis.json', 'units.json']);
      for (const name of names) {
        const committed = readFileSync(path.join(repositoryRoot, 'engine', 'cosem', 'data', name));
        assert.ok(committed.equals(readFileSync(path.join(folder, name))), `${name} differs: run the generator`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
