import assert from 'node:assert/strict';
import { scan } from '../../../engine/discovery/scan.ts';
import type { MeterFinding } from '../../../engine/discovery/types.ts';
import { completeFinding } from '../../../engine/profile/complete-finding.ts';
import type { MeterModel } from '../../../engine/template/index.ts';
import { type Fleet, sampleModels, startMeters } from './emulated.ts';

/** What a scan has to find out about every meter of a template. */
function truth(model: MeterModel): object {
  const suites = model.securities.map((security) => security.suite);
  return {
    vendor: model.identity.vendor,
    model: model.identity.model,
    referencing: model.referencing,
    associations: Object.fromEntries(
      model.associations.map((association) => [association.clientSap, association.mechanism]),
    ),
    suite: suites.length === 0 ? undefined : Math.max(...suites),
  };
}

function found(finding: MeterFinding): object {
  return {
    vendor: finding.classification?.vendor,
    model: finding.classification?.model,
    referencing: finding.referencing?.value,
    associations: Object.fromEntries(
      finding.associations.map((association) => [association.clientSap, association.mechanism]),
    ),
    suite: finding.suite?.value,
  };
}

describe('scanning the sample meters', () => {
  const models = sampleModels();
  let fleet: Fleet;
  before(async () => {
    fleet = await startMeters(models);
  });
  after(() => fleet.emulator.stop());

  it('there are at least six of them', () => assert.ok(models.length >= 6, `${models.length} sample meters`));

  for (const model of models) {
    it(`${model.name}: vendor, model, referencing, authentication and suite are what the template says`, async () => {
      for (const endpoint of fleet.endpoints.filter((item) => item.meter === model.name)) {
        const started = performance.now();
        const { findings } = await scan(
          {
            targets: [endpoint.host],
            exclude: [],
            ports: [endpoint.port],
            rate: 0,
            timeoutMs: 2000,
            concurrency: 4,
            allowPublic: false,
          },
          { complete: completeFinding },
        );
        const elapsed = performance.now() - started;
        const finding = findings[0]!;
        assert.equal(finding.outcome, 'identified', finding.reason);
        assert.deepEqual(found(finding), truth(model));
        assert.equal(finding.framing?.value, endpoint.framing);
        assert.equal(finding.serial?.value, endpoint.serial);
        assert.equal(finding.firmware?.value, model.identity.firmware);
        assert.deepEqual(finding.errors, []);
        assertEvidence(finding);
        assert.ok(elapsed < 2000, `took ${elapsed.toFixed(0)} ms`);
      }
    });
  }
});

/** Facts name records that exist, in order, and what was sent holds no credentials. */
function assertEvidence(finding: MeterFinding): void {
  const facts = [finding.framing, finding.referencing, finding.logicalDeviceName, finding.suite, finding.systemTitle];
  for (const fact of facts) {
    if (fact === undefined) continue;
    assert.ok(fact.evidence.length > 0, 'a fact without evidence');
    for (const index of fact.evidence) assert.ok(finding.evidence[index] !== undefined);
  }
  const sent = finding.evidence.filter((record) => record.kind === 'tx').map((record) => record.hex ?? '');
  // Mechanism name LLS (2.16.756.5.8.2.1) would be followed by a password.
  assert.ok(!sent.some((hex) => hex.includes('60857405080201')), 'an AARQ with LLS was sent');
  const times = finding.evidence.map((record) => record.time);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
}
