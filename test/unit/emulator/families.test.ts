import assert from 'node:assert/strict';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { openableTransports, placeMeters } from '../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import type { Endpoint } from '../../../engine/emulator/types.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import type { Association } from '../../../engine/session/association.ts';
import { connect } from '../../../engine/session/connect.ts';
import { readableAttributes } from '../../../engine/session/reader.ts';
import type { AssociationModel, ObjectModel } from '../../../engine/template/model.ts';
import { connectionTo } from './support/connection-to.ts';
import { families, familyKeys } from './support/families.ts';

const PROFILE_GENERIC = 7;
const BUFFER = 2;
const ANY_PORT = parseListen('127.0.0.1:0');

/** Objects an association may see, in the order of the template. */
function visibleTo(meter: VirtualMeter, association: AssociationModel): ObjectModel[] {
  const index = meter.model.associations.indexOf(association);
  return meter.blueprint.objects.filter((object) => object.visible[index]).map(({ model }) => model);
}

function addressOf(object: ObjectModel, index: number) {
  return {
    class: object.class,
    obis: object.obis,
    index,
    ...(object.baseName === undefined ? {} : { baseName: object.baseName }),
  };
}

/** The association is what the template says, as far as the wire tells. */
async function compareAssociation(open: Association, meter: VirtualMeter, association: AssociationModel) {
  assert.equal(open.referencing, association.context);
  assert.deepEqual([...open.negotiated.conformance].toSorted(), association.conformance.toSorted());
  assert.equal(open.negotiated.maxPdu, association.maxPdu);
  const name = await open.get({ class: 1, obis: '0-0:42.0.0.255', index: 2 });
  assert.ok('data' in name && name.data.t === 'octet-string', 'no logical device name');
  assert.equal(Buffer.from(name.data.v).toString('latin1'), Buffer.from(meter.logicalDeviceName).toString('latin1'));
}

/** The object list is that of the template: class, version, code, and the short name where there is one. */
async function compareObjects(open: Association, visible: readonly ObjectModel[]) {
  const listed = await open.objectList();
  assert.deepEqual(
    listed.map((one) => [one.classId, one.version, one.logicalName, one.baseName].join(' ')).toSorted(),
    visible.map((one) => [one.class, one.version, one.obis, one.baseName].join(' ')).toSorted(),
  );
}

/** Reads all there is but the rows of profiles; what the list allows must not be refused. */
async function readObjects(open: Association, visible: readonly ObjectModel[]) {
  const byCode = new Map(visible.map((object) => [`${object.class} ${object.obis}`, object]));
  const refused: string[] = [];
  for (const listed of await open.objectList()) {
    const object = byCode.get(`${listed.classId} ${listed.logicalName}`) ?? assert.fail(listed.logicalName);
    for (const attribute of readableAttributes(listed)) {
      if (object.class === PROFILE_GENERIC && attribute === BUFFER) continue;
      const read = await open.get(addressOf(object, attribute));
      if ('result' in read) refused.push(`${object.name}.${attribute}: ${read.result}`);
    }
  }
  // With short names the list tells no rights, so what is denied is asked for in vain.
  const wrong = open.referencing === 'LN' ? refused : refused.filter((one) => !one.endsWith('read-write-denied'));
  assert.deepEqual(wrong, []);
}

/** Reads some rows of every profile the association may select from, or all of the shortest one. */
async function readProfiles(open: Association, visible: readonly ObjectModel[]) {
  const selects = open.negotiated.conformance.has(
    open.referencing === 'LN' ? 'selective-access' : 'parameterized-access',
  );
  const profiles = visible.filter((object) => object.class === PROFILE_GENERIC);
  const shortest = profiles.toSorted((a, b) => lengthOf(a) - lengthOf(b)).slice(0, 1);
  for (const profile of selects ? profiles : shortest) {
    const columns = profile.attributes['3']?.value;
    const selection = selects ? { fromEntry: 1, toEntry: 2 } : 'all';
    const options = profile.baseName === undefined ? {} : { baseName: profile.baseName };
    let rows = 0;
    for await (const { cells } of open.profile(profile.obis, selection, options)) {
      rows += 1;
      assert.equal(cells.length, columns?.k === 'list' ? columns.items.length : 1, profile.name);
    }
    assert.ok(rows > 0, `${profile.name} has no rows`);
  }
}

function lengthOf({ attributes }: ObjectModel): number {
  const entries = attributes['8']?.value;
  return entries?.k === 'number' ? entries.value : Number.POSITIVE_INFINITY;
}

describe('family templates, read by our own client over real sockets', function () {
  this.timeout(30_000);
  let emulator: Emulator;
  const secrets = secretResolver({ values: familyKeys });
  const meters = families.map(({ model }, index) =>
    createMeter(model, { number: 70 + index, secrets, startedAt: Date.now() }),
  );

  before(async () => {
    // Port 0 gives every transport a port of its own, whatever the templates say.
    const placements = meters.flatMap((meter) =>
      openableTransports(meter).flatMap(({ name }) => placeMeters([meter], ANY_PORT, [name])),
    );
    emulator = await Emulator.start({ name: 'families', placements, listeners: new ListenerTable() });
  });
  after(() => emulator.stop());

  function endpoint(meter: VirtualMeter, transport: string): Endpoint {
    const found = emulator.endpoints().find((one) => one.meter === meter.model.name && one.transport === transport);
    return found ?? assert.fail(`${meter.model.name} does not listen on ${transport}`);
  }

  for (const meter of meters) {
    for (const [index, transport] of openableTransports(meter).entries()) {
      for (const association of meter.model.associations) {
        const { name, clientSap, mechanism, context, ciphering, conformance } = association;
        const who = `${name} (client ${clientSap}, ${context}, ${mechanism}${ciphering ? ', ciphered' : ''})`;

        it(`${meter.model.name} on ${transport.name}: ${who}`, async () => {
          const connection = connectionTo(meter, association, endpoint(meter, transport.name), familyKeys);
          const open = await connect({ ...connection, propose: conformance });
          try {
            const visible = visibleTo(meter, association);
            await compareAssociation(open, meter, association);
            await compareObjects(open, visible);
            // Further transports lead to the same meter.
            if (index > 0) return;
            await readObjects(open, visible);
            await readProfiles(open, visible);
          } finally {
            await open.release();
          }
        });
      }
    }
  }
});
