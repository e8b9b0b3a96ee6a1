import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { scan } from '../../../engine/discovery/scan.ts';
import type { MeterFinding } from '../../../engine/discovery/types.ts';
import { completeFinding } from '../../../engine/profile/complete-finding.ts';
import { type ConfigurationProfile, configurationProfile } from '../../../engine/profile/configuration-profile.ts';
import schema from '../../../schemas/configuration-profile.schema.json' with { type: 'json' };
import { demoSecrets, sampleModels, startMeters } from '../discovery/emulated.ts';
import { finding } from '../fingerprint/findings.ts';

describe('configuration profile', () => {
  let validate: ValidateFunction;
  let findings: readonly MeterFinding[];
  before(async () => {
    validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true }).compile(
      schema,
    );
    const fleet = await startMeters(sampleModels());
    const ports = fleet.endpoints.map((endpoint) => endpoint.port);
    const result = await scan(
      { targets: ['127.0.0.1'], exclude: [], ports, rate: 0, timeoutMs: 2000, concurrency: 8, allowPublic: false },
      { complete: completeFinding },
    );
    findings = result.findings;
    await fleet.emulator.stop();
  });

  /** The profile as it travels, which keeps to the schema. */
  function wellFormed(item: MeterFinding): ConfigurationProfile {
    const profile: ConfigurationProfile | undefined = configurationProfile(item);
    assert.ok(profile !== undefined);
    assert.ok(validate(JSON.parse(JSON.stringify(profile))), JSON.stringify(validate.errors));
    return profile;
  }

  it('of every sample meter keeps to the schema', () => {
    assert.ok(findings.length >= 6);
    for (const item of findings) {
      const profile = wellFormed(item);
      assert.equal(profile.identity.vendor, item.classification?.vendor);
      assert.equal(profile.objects.length, item.objects.length);
      assert.equal(profile.connection.reading?.client, 16);
    }
  });

  it('holds no secret and no evidence', () => {
    const text = JSON.stringify(findings.map(configurationProfile));
    for (const value of Object.values(demoSecrets()))
      assert.ok(!text.toLowerCase().includes(value.replace(/^(hex|text):/, '').toLowerCase()));
    assert.ok(!text.includes('"hex"'));
  });

  it('of a target that is no meter does not exist', () => {
    const { framing: _framing, ...bare } = finding({ outcome: 'not-dlms' });
    assert.equal(configurationProfile(bare), undefined);
    assert.equal(completeFinding(bare).profile, undefined);
  });

  it('the schema refuses what does not belong there', () => {
    const good = wellFormed(finding());
    assert.ok(!validate({ ...good, keys: { guek: '00' } }));
    assert.ok(!validate({ ...good, format: 2 }));
    assert.ok(!validate({ ...good, identity: { ...good.identity, confidence: 1.5 } }));
    assert.ok(
      !validate({ ...good, security: { associations: [{ ...good.security.associations[0], password: 'x' }] } }),
    );
  });
});
