import assert from 'node:assert/strict';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import type { Association } from '../../../engine/session/association.ts';
import { connect } from '../../../engine/session/connect.ts';
import { readableAttributes } from '../../../engine/session/reader.ts';
import type { AssociationModel } from '../../../engine/template/model.ts';
import { connectionTo } from './support/connection-to.ts';
import { families, familyKeys } from './support/families.ts';

const PROFILE_GENERIC = 7;
const BUFFER = 2;

/** Objects an association may see, in the order of the template. */
function visibleTo(meter: VirtualMeter, association: AssociationModel) {
  const index = meter.model.associations.indexOf(association);
  return meter.blueprint.objects.filter((object) => object.visible[index]).map(({ model }) => model);
}

/** Reads a few rows of a profile, or all where the association has no selective access. */
async function someRows(open: Association, obis: string, baseName: number | undefined, selects: boolean) {
  const rows = [];
  const selection = selects ? { fromEntry: 1, toEntry: 3 } : 'all';
  for await (const row of open.profile(obis, selection, baseName === undefined ? {} : { baseName })) rows.push(row);
  return rows;
}

describe('family templates, read by our own client over real sockets', function () {
  this.timeout(30_000);
  let emulator: Emulator;
  const secrets = secretResolver({ values: familyKeys });
  const meters = families.map(({ model }, index) =>
    createMeter(model, { number: 70 + index, secrets, startedAt: Date.now() }),
  );

  before(async () => {
    const listeners = new ListenerTable();
    const placements = meters.flatMap((meter) => placeMeters([meter], parseListen('127.0.0.1:0')));
    emulator = await Emulator.start({ name: 'families', placements, listeners });
  });
  after(() => emulator.stop());

  for (const [index, meter] of meters.entries()) {
    for (const association of meter.model.associations) {
      const { clientSap, mechanism, context, ciphering, conformance, maxPdu } = association;
      const what = `${meter.model.name}, ${association.name} (client ${clientSap}, ${context}, ${mechanism}${ciphering ? ', ciphered' : ''})`;

      it(`${what}: agrees on what the template says, and every object and a profile are read`, async () => {
        const endpoint = emulator.endpoints()[index] ?? assert.fail('not started');
        const connection = { ...connectionTo(meter, association, endpoint, familyKeys), propose: conformance };
        const open = await connect(connection);
        try {
          assert.equal(open.referencing, context);
          assert.deepEqual([...open.negotiated.conformance].toSorted(), conformance.toSorted());
          assert.equal(open.negotiated.maxPdu, maxPdu === 0 ? 0xffff : maxPdu);

          const visible = visibleTo(meter, association);
          const listed = await open.objectList();
          assert.deepEqual(
            listed.map((object) => `${object.classId} ${object.version} ${object.logicalName}`).toSorted(),
            visible.map((object) => `${object.class} ${object.version} ${object.obis}`).toSorted(),
          );
          if (context === 'SN') {
            const names = new Map(visible.map((object) => [object.obis, object.baseName]));
            for (const object of listed)
              assert.equal(object.baseName, names.get(object.logicalName), object.logicalName);
          }

          const name = await open.get({ class: 1, obis: '0-0:42.0.0.255', index: 2 });
          assert.ok('data' in name && name.data.t === 'octet-string', 'no logical device name');
          assert.equal(Buffer.from(name.data.v).toString('latin1'), Buffer.from(meter.logicalDeviceName).toString());

          const refused: string[] = [];
          for (const object of listed) {
            for (const attribute of readableAttributes(object)) {
              if (object.classId === PROFILE_GENERIC && attribute === BUFFER) continue;
              const read = await open.get({
                class: object.classId,
                obis: object.logicalName,
                index: attribute,
                ...(object.baseName === undefined ? {} : { baseName: object.baseName }),
              });
              if ('result' in read) refused.push(`${object.logicalName}/${attribute}: ${read.result}`);
            }
          }
          // With short names the list tells no rights, so the password of the association is asked for in vain.
          assert.deepEqual(
            refused.filter((one) => context === 'LN' || !one.endsWith('read-write-denied')),
            [],
          );

          const selects = conformance.includes(context === 'LN' ? 'selective-access' : 'parameterized-access');
          const profiles = visible.filter((object) => object.class === PROFILE_GENERIC);
          if (mechanism !== 'lowest') assert.ok(profiles.length > 0 || visible.length < 40, 'no profile to read');
          let rows = 0;
          for (const { obis, baseName } of profiles.slice(0, selects ? undefined : 1)) {
            const read = await someRows(open, obis, baseName, selects);
            rows += read.length;
            for (const row of read) assert.ok(row.cells.length > 0);
          }
          if (profiles.length > 0) assert.ok(rows > 0, 'profiles without a row');
        } finally {
          await open.release();
        }
      });
    }
  }
});
