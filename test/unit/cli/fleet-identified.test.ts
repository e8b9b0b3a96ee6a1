import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { scan } from '../../../engine/discovery/scan.ts';
import type { MeterFinding } from '../../../engine/discovery/types.ts';
import { EmulatorPool } from '../../../engine/emulator/pool.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import type { EmulatorInstance } from '../../../engine/emulator/types.ts';
import { completeFinding } from '../../../engine/profile/complete-finding.ts';
import { openSqlite } from '../../../engine/store/open-sqlite.ts';
import { Store } from '../../../engine/store/store.ts';
import { type CompiledTemplates, compileTemplate, diskFiles } from '../../../engine/template/index.ts';
import type { MeterModel } from '../../../engine/template/model.ts';

const samples = resolve(import.meta.dirname, '../../../samples');

/** The samples with ports moved up, so that a demo that is running is not in the way. */
function compileDemo(): CompiledTemplates {
  const { model, findings } = compileTemplate(join(samples, 'demo.dlmsmeter'), {
    readFile: (path) => diskFiles.readFile(path)?.replaceAll(/port: 40(\d\d)/g, 'port: 240$1'),
  });
  return model ?? assert.fail(findings[0]?.message ?? 'no model');
}

/** What a scan must find out, taken from the template alone. */
function truth(model: MeterModel) {
  return {
    vendor: model.identity.vendor,
    model: model.identity.model,
    referencing: model.referencing,
    authentication: model.associations.map((a) => `${a.mechanism}@${a.clientSap}`).sort(),
    suite: Math.max(-1, ...model.securities.map(({ suite }) => suite)),
  };
}

function told(finding: MeterFinding) {
  return {
    vendor: finding.classification?.vendor,
    model: finding.classification?.model,
    referencing: finding.referencing?.value,
    authentication: finding.associations.map((a) => `${a.mechanism}@${a.clientSap}`).sort(),
    suite: finding.suite?.value ?? -1,
  };
}

describe('the demo fleet', function () {
  this.timeout(120_000);
  const pool = new EmulatorPool();
  let folder: string;
  let store: Store;
  let templates: CompiledTemplates;
  let instance: EmulatorInstance;
  let findings: readonly MeterFinding[];
  let scanId: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlms-fleet-'));
    store = new Store(await openSqlite(join(folder, 'fleet.sqlite')));
    templates = compileDemo();
    const values = JSON.parse(await readFile(join(samples, 'demo.keys.json'), 'utf8'));
    instance = await pool.start('demo', { templates, fleets: 'all', secrets: secretResolver({ values }) });
    ({ findings, scanId } = await scan(
      {
        targets: ['127.0.0.0/24'],
        exclude: [],
        ports: [24059, 24060],
        rate: 0,
        timeoutMs: 2000,
        concurrency: 64,
        allowPublic: false,
      },
      { store, complete: completeFinding },
    ));
  });
  after(async () => {
    await pool.stopAll();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has at least 100 meters of six models, and every one is found', () => {
    assert.ok(instance.count >= 100);
    assert.equal(templates.meters.length, 6);
    assert.equal(findings.filter(({ outcome }) => outcome === 'identified').length, instance.count);
  });

  it('is told apart without a mistake: vendor, model, referencing, authentication and suite', () => {
    const models = new Map(templates.meters.map((model) => [model.name, model]));
    const byAddress = new Map(findings.map((finding) => [`${finding.host}:${finding.port}`, finding]));
    for (const { host, port, meter } of instance.endpoints) {
      const finding = byAddress.get(`${host}:${port}`) ?? assert.fail(`nothing found at ${host}:${port}`);
      assert.deepEqual(told(finding), truth(models.get(meter) ?? assert.fail(meter)), `${meter} at ${host}:${port}`);
    }
  });

  it('is in the SQLite file, row by row, with its evidence', async () => {
    const rows = await store.meters({ offset: 0, limit: 1000 }, { scanId });
    assert.equal(rows.length, findings.length);
    for (const finding of findings) {
      const row = rows.find(({ host, port }) => host === finding.host && port === finding.port);
      const { vendor, model, referencing, suite } = told(finding);
      assert.deepEqual(
        [row?.vendor, row?.model, row?.referencing, row?.suite ?? -1],
        [vendor ?? null, model ?? null, referencing ?? null, suite],
      );
    }
    const identified = rows.find(({ outcome }) => outcome === 'identified');
    const stored = await store.meter(identified?.id ?? '');
    assert.ok((stored?.evidence.filter(({ kind }) => kind === 'rx').length ?? 0) > 3);
  });

  it('gives meters of one model the same fingerprint of the object model, and other models another', () => {
    const byModel = new Map<string, Set<string>>();
    for (const finding of findings) {
      const name = finding.classification?.model ?? '';
      const parts = finding.fingerprint?.split(':') ?? [];
      byModel.set(name, (byModel.get(name) ?? new Set()).add(parts.at(-1) ?? ''));
    }
    for (const [model, prints] of byModel) assert.equal(prints.size, 1, `${model}: ${[...prints].join(' ')}`);
    assert.equal(new Set([...byModel.values()].flatMap((prints) => [...prints])).size, byModel.size);
  });
});
