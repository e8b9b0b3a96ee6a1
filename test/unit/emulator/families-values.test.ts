import assert from 'node:assert/strict';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import type { Association } from '../../../engine/session/association.ts';
import { connect } from '../../../engine/session/connect.ts';
import type { AssociationModel, ObjectModel } from '../../../engine/template/model.ts';
import { connectionTo } from './support/connection-to.ts';
import { families, familyKeys } from './support/families.ts';

const REGISTER = 3;
const VALUE = 2;

/** The association that sees most objects. */
function widest(meter: VirtualMeter): AssociationModel {
  const seen = meter.model.associations.map(
    (_, index) => meter.blueprint.objects.filter((object) => object.visible[index]).length,
  );
  return meter.model.associations[seen.indexOf(Math.max(...seen))] ?? assert.fail('no association');
}

/** What a register is a share of, by its expression. */
function wholeOf({ attributes }: ObjectModel): string | undefined {
  const value = attributes[VALUE]?.value;
  const of = value?.k === 'call' && value.name === 'share' ? value.args[0] : undefined;
  return of?.k === 'ref' ? of.path : undefined;
}

async function readValue(open: Association, { class: id, obis, baseName }: ObjectModel): Promise<number> {
  const read = await open.get({ class: id, obis, index: VALUE, ...(baseName === undefined ? {} : { baseName }) });
  assert.ok('data' in read && 'v' in read.data, obis);
  return Number(read.data.v);
}

/** Reads one object after the other: time goes on in between, by less than a unit or two. */
async function sumOf(open: Association, objects: readonly ObjectModel[]): Promise<number> {
  let sum = 0;
  for (const object of objects) sum += await readValue(open, object);
  return sum;
}

describe('values of the family templates agree', function () {
  this.timeout(30_000);
  let emulator: Emulator;
  const secrets = secretResolver({ values: familyKeys });
  const meters = families.map(({ model }, index) =>
    createMeter(model, { number: 70 + index, secrets, startedAt: Date.now() }),
  );

  before(async () => {
    const placements = meters.flatMap((meter) => placeMeters([meter], parseListen('127.0.0.1:0')));
    emulator = await Emulator.start({ name: 'values', placements, listeners: new ListenerTable() });
  });
  after(() => emulator.stop());

  async function withMeter(meter: VirtualMeter, use: (open: Association) => Promise<void>): Promise<void> {
    const endpoint = emulator.endpoints().find((one) => one.meter === meter.model.name) ?? assert.fail('not started');
    const open = await connect(connectionTo(meter, widest(meter), endpoint, familyKeys));
    try {
      await use(open);
    } finally {
      await open.release();
    }
  }

  for (const meter of meters) {
    const { name, objects } = meter.model;
    const shares = Map.groupBy(objects, (object) => wholeOf(object) ?? '');
    shares.delete('');

    if (shares.size > 0) {
      it(`${name}: tariffs add up to the totals`, () =>
        withMeter(meter, async (open) => {
          for (const [whole, parts] of shares) {
            const total = objects.find((object) => object.name === whole) ?? assert.fail(whole);
            const before = await readValue(open, total);
            const sum = await sumOf(open, parts);
            const after = await readValue(open, total);
            const slack = parts.length + 1;
            assert.ok(sum >= before - slack && sum <= after + slack, `${whole}: ${sum} is not ${before} to ${after}`);
          }
        }));
    }

    const energies = objects.filter(
      ({ class: id, obis }) => id === REGISTER && /^(?:1-\d+:[1-8]\.8|7-0:13\.2)\.0$/.test(obis),
    );
    if (energies.length > 0) {
      it(`${name}: counters hold something, and do not fall`, () =>
        withMeter(meter, async (open) => {
          for (const energy of energies) {
            const before = await readValue(open, energy);
            assert.ok(before >= 0 && before < 0xffff_ffff, energy.name);
            assert.ok((await readValue(open, energy)) >= before, energy.name);
          }
          assert.ok((await sumOf(open, energies)) > 0);
        }));
    }

    const energyOf = (code: number) =>
      objects.find(({ obis }) => obis === `1-0:${code}.8.0.255` || obis === `1-1:${code}.8.0.255`);
    const reactive = [
      [3, 5, 6],
      [4, 7, 8],
    ].map((codes) => codes.map(energyOf).filter((object) => object !== undefined));
    if (reactive.every(({ length }) => length === 3)) {
      it(`${name}: reactive energy is that of its quadrants`, () =>
        withMeter(meter, async (open) => {
          for (const [whole, ...quadrants] of reactive) {
            const sum = await sumOf(open, quadrants);
            const total = await readValue(open, whole ?? assert.fail());
            assert.ok(Math.abs(sum - total) <= 3, `${whole?.name}: ${sum} in the quadrants, ${total} in all`);
          }
        }));
    }

    const importOf = (code: number) =>
      objects.find(({ obis }) => obis === `1-0:${code}.7.0.255` || obis === `1-1:${code}.7.0.255`);
    const [whole, ...phases] = [1, 21, 41, 61].map(importOf);
    if (whole !== undefined && phases.every((phase) => phase !== undefined)) {
      it(`${name}: active power of the phases adds up to the whole`, () =>
        withMeter(meter, async (open) => {
          const total = await readValue(open, whole);
          const sum = await sumOf(open, phases);
          assert.ok(Math.abs(sum - total) <= 4 + Math.abs(total) * 0.05, `${sum} W in phases, ${total} W in all`);
        }));
    }
  }
});
