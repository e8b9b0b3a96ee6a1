import assert from 'node:assert/strict';
import { scan } from '../../../engine/discovery/scan.ts';
import type { MeterFinding } from '../../../engine/discovery/types.ts';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { completeFinding } from '../../../engine/profile/complete-finding.ts';
import type { MeterModel } from '../../../engine/template/model.ts';
import { families, familyKeys } from './support/families.ts';

/** HDLC addresses no scan tries: physical 32 in two octets and no other, and logical device 4. */
const HIDDEN: ReadonlySet<string> = new Set(['genus_three_phase', 'aidon_6515']);

/** What a scan without keys must find out, taken from the template alone. */
function truth(model: MeterModel) {
  return {
    outcome: 'identified',
    framing: model.transports[0]?.framing,
    referencing: model.referencing,
    associations: model.associations
      .map((a) => `${a.mechanism}@${a.clientSap}${a.ciphering ? ' ciphered' : ''}`)
      .sort(),
  };
}

function told(finding: MeterFinding | undefined) {
  return {
    outcome: finding?.outcome,
    framing: finding?.framing?.value,
    referencing: finding?.referencing?.value,
    associations: finding?.associations
      .map((a) => `${a.mechanism}@${a.clientSap}${a.ciphered ? ' ciphered' : ''}`)
      .sort(),
  };
}

describe('family templates, scanned without a key', function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let findings: readonly MeterFinding[];
  const secrets = secretResolver({ values: familyKeys });
  const meters = families
    .filter(({ model }) => !HIDDEN.has(model.name))
    .map(({ model }, index) => createMeter(model, { number: 70 + index, secrets, startedAt: Date.now() }));

  before(async () => {
    const placements = meters.flatMap((meter) => placeMeters([meter], parseListen('127.0.0.1:0')));
    emulator = await Emulator.start({ name: 'scanned', placements, listeners: new ListenerTable() });
    ({ findings } = await scan(
      {
        targets: ['127.0.0.1'],
        exclude: [],
        ports: emulator.endpoints().map(({ port }) => port),
        rate: 0,
        timeoutMs: 1500,
        concurrency: 64,
        allowPublic: false,
      },
      { complete: completeFinding },
    ));
  });
  after(() => emulator.stop());

  function findingOf(name: string): MeterFinding | undefined {
    const endpoint = emulator.endpoints().find(({ meter }) => meter === name);
    return findings.find(({ port }) => port === endpoint?.port);
  }

  for (const { model, blueprint, logicalDeviceName } of meters) {
    it(`${model.name}: framing, referencing, every client with its mechanism, and the public object list`, () => {
      const finding = findingOf(model.name);
      assert.deepEqual(told(finding), truth(model));
      assert.equal(finding?.logicalDeviceName?.value, Buffer.from(logicalDeviceName).toString('latin1'));
      const suite = finding?.suite?.value;
      if (suite !== undefined) assert.ok(model.securities.some((one) => one.suite === suite));
      const open = model.associations.findIndex(({ mechanism }) => mechanism === 'lowest');
      const visible = blueprint.objects.filter((object) => object.visible[open]).map(({ model: { obis } }) => obis);
      assert.deepEqual(finding?.objects.map(({ obis }) => obis).toSorted(), visible.toSorted());
    });
  }

  it('suites 0, 1 and 2 are seen where everybody may read the security setup', () => {
    const suites = new Set(meters.map(({ model }) => findingOf(model.name)?.suite?.value));
    for (const suite of [0, 1, 2] as const) assert.ok(suites.has(suite), `suite ${suite}`);
  });
});
