import assert from 'node:assert/strict';
import path from 'node:path';
import { readAttributeData } from '../../../engine/meter/attribute-access.ts';
import { pressButton } from '../../../engine/meter/classes/disconnect-control.ts';
import { invokeInside } from '../../../engine/meter/classes/reactions.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { dataToNumber } from '../../../engine/meter/values/value.ts';
import { compileTemplate, diskFiles } from '../../../engine/template/index.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const START = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const REMOTE_DISCONNECT = 1;
const REMOTE_RECONNECT = 2;

/** Class ids of registers, whose value 2 counts energy or volume, and of the breaker. */
const REGISTER = 3;
const BREAKER = 70;

const cases: readonly (readonly [file: string, counter: string])[] = [
  ['acme-a1000', '1-0:1.8.0.255'],
  ['acme-a1000-push', '1-0:1.8.0.255'],
  ['zenith-z900', '1-0:1.8.0.255'],
  ['families/iskraemeco-am550', '1-0:1.8.0.255'],
  ['families/energomera-ce308', '1-0:1.8.0.255'],
  ['families/genus-three-phase', '1-0:1.8.0.255'],
  ['families/edmi-mk7mi', '1-0:1.8.0.255'],
  ['glacier-g4', '7-0:3.0.0.255'],
  ['families/meteritalia-eg4', '7-0:13.2.0.255'],
];

describe('energy and volume of the samples', () => {
  for (const [file, counter] of cases) {
    it(`${file}: stands still while the breaker is open, and goes on when it is closed`, () => {
      const { model, findings } = compileTemplate(path.join(samples, `${file}.dlmsmeter`), diskFiles);
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'error'),
        [],
      );
      const meters = (model?.meters ?? []).filter(({ objects }) => objects.some((one) => one.class === BREAKER));
      const found = meters.at(-1);
      assert.ok(found);
      const meter = createMeter(found, { startedAt: START });
      const breaker = meter.blueprint.objects.find(({ model: one }) => one.class === BREAKER);
      const register = meter.blueprint.objects.find(
        ({ model: one, obis }) => one.class === REGISTER && obis === counter,
      );
      assert.ok(breaker && register);
      const energy = (hours: number) => {
        const time = START + hours * HOUR;
        meter.advance(time);
        return dataToNumber(readAttributeData({ meter, object: register, time }, 2));
      };
      const invoke = (method: number, hours: number) =>
        invokeInside({ meter, object: breaker, time: START + hours * HOUR }, method, { t: 'integer', v: 0 });
      const first = energy(24);
      assert.ok(first > energy(0));
      invoke(REMOTE_DISCONNECT, 24);
      assert.deepEqual([energy(25), energy(48)], [first, first]);
      invoke(REMOTE_RECONNECT, 48);
      // A valve is opened at the place, once it may be.
      pressButton({ meter, object: breaker, time: START + 48 * HOUR }, 'manual-reconnect');
      assert.equal(energy(48), first);
      assert.ok(energy(72) > first);
    });
  }
});
