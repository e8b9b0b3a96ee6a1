import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { completeLockfile, isPrebuiltHere, type Lockfile } from '../../../scripts/lockfile.ts';

const file = path.resolve(import.meta.dirname, '../../../package-lock.json');

describe('package-lock.json', () => {
  it('is complete, so that npm ci takes it on every platform (else run: node scripts/lockfile.ts)', () => {
    const lockfile: Lockfile = JSON.parse(readFileSync(file, 'utf8'));
    const complete = completeLockfile(lockfile, isPrebuiltHere);
    const missing = Object.keys(complete.packages).filter((folder) => lockfile.packages[folder] === undefined);
    assert.deepEqual(missing, []);
    assert.deepEqual(complete, lockfile);
  });

  it('names no registry', () => {
    assert.doesNotMatch(readFileSync(file, 'utf8'), /"resolved":/);
  });

  const incomplete: Lockfile = {
    packages: {
      '': {},
      'node_modules/lint': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: { '@lint/cli-linux-x64': '2.0.0', '@lint/cli-linux-arm64-musl': '2.0.0' },
      },
      'node_modules/@lint/cli-linux-x64': { version: '2.0.0', dev: true, optional: true },
      'node_modules/sql': { version: '1.0.0' },
    },
  };

  it('gets the platform packages its registry did not offer, and keeps node-gyp away from prebuilt ones', () => {
    const { packages } = completeLockfile(incomplete, (folder) => folder === 'node_modules/sql');
    assert.deepEqual(packages['node_modules/@lint/cli-linux-arm64-musl'], {
      version: '2.0.0',
      cpu: ['arm64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    });
    assert.deepEqual(packages['node_modules/sql'], { version: '1.0.0', gypfile: false });
    assert.equal(Object.keys(packages).length, 5);
  });

  it('is left alone when a platform cannot be told', () => {
    const strange = { packages: { 'node_modules/a': { optionalDependencies: { 'a-native': '1.0.0' } } } };
    assert.throws(() => completeLockfile(strange, () => false), /lock it by hand/);
  });
});
