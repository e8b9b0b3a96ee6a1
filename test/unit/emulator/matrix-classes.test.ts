import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import type { ActionOutcome, GetDataResult } from '../../../engine/codec/xdlms/types.ts';
import type { ClassAttribute, InterfaceClass } from '../../../engine/cosem/classes.ts';
import { obisToOctets } from '../../../engine/cosem/obis/obis.ts';
import type { Association } from '../../../engine/session/association.ts';
import { connect } from '../../../engine/session/connect.ts';
import { COMPLETE, classTemplate, LN_CLIENT, obisOf, objectName, SN_CLIENT } from './support/class-template.ts';
import { type ServedMeter, serve } from './support/matrix-meter.ts';

/** Attributes the class works out itself: nobody writes them, whatever the rights say. */
const WORKED_OUT: Readonly<Record<number, readonly string[]>> = {
  7: ['buffer', 'entries_in_use'],
  8: ['status'],
  12: ['object_list', 'access_rights_list', 'security_setup_reference', 'current_user'],
  15: [
    'object_list',
    'associated_partners_id',
    'application_context_name',
    'xDLMS_context_info',
    'authentication_mechanism_name',
    'association_status',
    'security_setup_reference',
    'current_user',
  ],
  18: [
    'image_transferred_blocks_status',
    'image_first_not_transferred_block_number',
    'image_transfer_status',
    'image_to_activate_info',
  ],
  62: ['compact_buffer', 'template_description'],
  64: ['client_system_title', 'server_system_title', 'certificates'],
  65: ['changed_parameter', 'capture_time'],
  70: ['output_state', 'control_state'],
  71: ['threshold_active', 'emergency_profile_active'],
  72: ['access_number', 'encryption_key_status'],
};

/** Passwords are written and not read. */
const SECRETS: Readonly<Record<number, readonly string[]>> = { 15: ['LLS_secret', 'secret'] };

/** Attributes that say who is asking. */
const OF_THE_ASSOCIATION: Readonly<Record<number, readonly string[]>> = {
  15: ['associated_partners_id', 'application_context_name', 'xDLMS_context_info', 'association_status'],
};

/** Mandatory methods of classes that only keep their values. */
const KEEPS_VALUES: ReadonlySet<number> = new Set([30, 68, 122, 123]);

const holds = (table: Readonly<Record<number, readonly string[]>>, { id }: InterfaceClass, { name }: ClassAttribute) =>
  table[id]?.includes(name) === true;

/** One meter, asked by logical names and by short names. */
interface Asked {
  readonly served: ServedMeter;
  readonly ln: Association;
  readonly sn: Association;
}

async function ask(): Promise<Asked> {
  const keys = { 'k/guek': 'hex:000102030405060708090a0b0c0d0e0f', 'k/gak': 'hex:d0d1d2d3d4d5d6d7d8d9dadbdcdddedf' };
  const served = await serve(classTemplate(), { secrets: { ...keys, 'k/kek': keys['k/guek'] } });
  const as = (client: number, referencing: 'LN' | 'SN') =>
    connect({
      host: '127.0.0.1',
      port: served.port('lan'),
      framing: 'wrapper',
      referencing,
      client,
      server: 1,
      authentication: 'none',
      security: 'none',
      suite: 0,
      secrets: {},
      timeoutMs: 5000,
    });
  return { served, ln: await as(LN_CLIENT, 'LN'), sn: await as(SN_CLIENT, 'SN') };
}

async function leave({ served, ln, sn }: Asked): Promise<void> {
  await ln.release();
  await sn.release();
  await served.emulator.stop();
}

describe('every interface class, by logical and by short names', () => {
  let asked: Asked;
  /** A second meter, so that what methods do by one way does not show by the other. */
  let twin: Asked;
  let read = 0;
  let written = 0;
  let invoked = 0;
  before(async () => {
    asked = await ask();
    twin = await ask();
  });
  after(async () => {
    await leave(asked);
    await leave(twin);
    console.log(
      `      ${COMPLETE.length} classes: ${read} attributes read, ${written} written, ${invoked} methods invoked, twice each`,
    );
  });

  const addressOf = (item: InterfaceClass, index: number) => ({ class: item.id, obis: obisOf(item), index });

  async function readWhole(item: InterfaceClass): Promise<ReadonlyMap<number, Data>> {
    const { ln, sn, served } = asked;
    const addresses = item.attributes.map(({ index }) => addressOf(item, index));
    const byName: readonly GetDataResult[] = await ln.getMany(addresses);
    const byShortName: readonly GetDataResult[] = await sn.getMany(addresses);
    const values = new Map<number, Data>();
    for (const [at, attribute] of item.attributes.entries()) {
      const { index, name, alternatives } = attribute;
      const [found, short] = [byName[at], byShortName[at]];
      assert.ok(found !== undefined && short !== undefined);
      read += 1;
      if (holds(SECRETS, item, attribute)) {
        assert.deepEqual([found, short], [{ result: 'read-write-denied' }, { result: 'read-write-denied' }], name);
        continue;
      }
      assert.ok('data' in found && 'data' in short, `${name}: ${JSON.stringify([found, short])}`);
      if (!holds(OF_THE_ASSOCIATION, item, attribute)) {
        assert.deepEqual(found, short, name);
        assert.deepEqual(found.data, served.value(objectName(item), index), name);
      }
      assert.ok(alternatives.length === 0 || alternatives.includes(found.data.t), `${name} is ${found.data.t}`);
      values.set(index, found.data);
    }
    assert.deepEqual(values.get(1), { t: 'octet-string', v: obisToOctets(obisOf(item)) });
    return values;
  }

  /** What was read is written back: the class takes it, or works it out itself. Nothing else changes by it. */
  async function writeBack(item: InterfaceClass, values: ReadonlyMap<number, Data>): Promise<void> {
    const { ln, sn } = asked;
    for (const attribute of item.attributes.slice(1)) {
      const data = values.get(attribute.index);
      if (data === undefined) continue;
      const address = addressOf(item, attribute.index);
      const results = [await ln.set(address, data), await sn.set(address, data)];
      const expected = holds(WORKED_OUT, item, attribute) ? 'read-write-denied' : 'success';
      assert.deepEqual(results, [expected, expected], attribute.name);
      assert.deepEqual(await ln.get(address), { data }, attribute.name);
      written += 1;
      // A type no attribute of the kind has.
      if (expected === 'success' && data.t !== 'null-data') {
        const wrong: Data = data.t === 'bit-string' ? { t: 'float64', v: 1 } : { t: 'bit-string', v: '101' };
        assert.deepEqual(
          [await ln.set(address, wrong), await sn.set(address, wrong)],
          ['type-unmatched', 'type-unmatched'],
          attribute.name,
        );
      }
    }
    assert.equal(await ln.set(addressOf(item, 1), { t: 'octet-string', v: new Uint8Array(6) }), 'read-write-denied');
    const beyond = await ln.get(addressOf(item, item.attributes.length + 1));
    assert.deepEqual(beyond, { result: 'object-undefined' });
  }

  /** Both ways come to the same; what is mandatory is there. */
  async function invokeAll(item: InterfaceClass): Promise<void> {
    for (const { index, name, reserved, mandatory } of item.methods) {
      // Pass 3 of HLS is another matter: it ends associations.
      if (reserved || /reply_to_HLS/i.test(name)) continue;
      const address = addressOf(item, index);
      const parameter: Data = { t: 'integer', v: 0 };
      const byName: ActionOutcome = await asked.ln.action(address, parameter);
      const byShortName: ActionOutcome = await twin.sn.action(address, parameter);
      assert.equal(byName.result, byShortName.result, name);
      if (mandatory && !KEEPS_VALUES.has(item.id)) assert.notEqual(byName.result, 'object-undefined', name);
      invoked += 1;
    }
  }

  for (const item of COMPLETE) {
    it(`${item.name}, class ${item.id} version ${item.version}`, async () => {
      const values = await readWhole(item);
      await writeBack(item, values);
      await invokeAll(item);
    });
  }
});
