import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Data } from '../../../../engine/codec/axdr/data.ts';
import { dateTimeToMilliseconds } from '../../../../engine/codec/axdr/date-time.ts';
import type { ActionOutcome } from '../../../../engine/codec/xdlms/types.ts';
import type { Association } from '../../../../engine/session/association.ts';
import { type Combination, isCostly } from './matrix-combinations.ts';
import { expectedConformance, hasAccess } from './matrix-connection.ts';
import { NOW, type ServedMeter } from './matrix-meter.ts';
import { FACTS } from './matrix-template.ts';

const address = (classId: number, obis: string, index = 2) => ({ class: classId, obis, index });
const NAME = address(1, '0-0:42.0.0.255');
const CLOCK = address(8, '0-0:1.0.0.255');
const ENERGY = address(3, '1-0:1.8.0.255');
const POWER = address(3, '1-0:1.7.0.255');
const TARIFF = address(1, '0-0:96.14.0.255');
const TEXT = address(1, '0-0:96.13.0.255');
const NOTE = address(1, '0-0:96.13.1.255');
const RELAY = '0-0:96.3.10.255';
const PROFILE = '1-0:99.1.0.255';

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;
const CURRENT_ASSOCIATION = { LN: 'association_ln', SN: 'association_sn' } as const;

const octets = (text: string): Data => ({ t: 'octet-string', v: new Uint8Array(Buffer.from(text, 'latin1')) });
const longUnsigned = (v: number): Data => ({ t: 'long-unsigned', v });

async function read(open: Association, wanted: ReturnType<typeof address>): Promise<Data> {
  const answer = await open.get(wanted);
  return 'data' in answer ? answer.data : assert.fail(`${wanted.obis} is refused with ${answer.result}`);
}

/**
 * Everything a client does with a meter, over one association; each value has to be the model's. Profiles, which take
 * many requests, and ACCESS are left out where each of them is costly, or the line is slow.
 */
export async function converse(open: Association, cell: Combination, served: ServedMeter): Promise<void> {
  assert.equal(open.referencing, cell.referencing);
  assert.deepEqual([...open.negotiated.conformance].toSorted(), expectedConformance(cell));
  const brief = isCostly(cell) || cell.way === 'serial';
  await readValues(open, cell, served);
  await writeValues(open, served);
  await switchRelay(open, served);
  if (!brief) await readRows(open, served);
  if (!brief && hasAccess(cell)) await mixServices(open, served);
}

async function readValues(open: Association, cell: Combination, served: ServedMeter): Promise<void> {
  assert.deepEqual(await read(open, NAME), octets(FACTS.name));
  assert.deepEqual(await read(open, CLOCK), served.value('clock'));
  assert.deepEqual(await read(open, TEXT), octets(FACTS.text));
  const list = await open.getMany([ENERGY, TARIFF, POWER]);
  assert.deepEqual(list, [
    { data: { t: 'double-long-unsigned', v: FACTS.energy } },
    { data: served.value('tariff') },
    { data: served.value('power') },
  ]);
  const listed = await open.objectList();
  const expected = served.meter.blueprint.objects.filter(({ model }) => {
    if (model.class !== 12 && model.class !== 15) return true;
    return model.name === CURRENT_ASSOCIATION[cell.referencing];
  });
  assert.ok(listed.length >= expected.length, `${listed.length} objects`);
  for (const { model } of expected)
    assert.ok(
      listed.some(({ logicalName, classId }) => logicalName === model.obis && classId === model.class),
      model.name,
    );
}

async function writeValues(open: Association, served: ServedMeter): Promise<void> {
  const tariff = longUnsigned(randomBytes(2).readUInt16BE());
  assert.equal(await open.set(TARIFF, tariff), 'success');
  assert.deepEqual(served.value('tariff'), tariff);
  assert.deepEqual(await read(open, TARIFF), tariff);
  // Longer than the meter takes in one APDU.
  const note: Data = { t: 'octet-string', v: new Uint8Array(randomBytes(700)) };
  assert.equal(await open.set(NOTE, note), 'success');
  assert.deepEqual(served.value('note'), note);
  const both = [longUnsigned(7), octets('short')] as const;
  const results = await open.setMany([
    { ...TARIFF, data: both[0] },
    { ...NOTE, data: both[1] },
  ]);
  assert.deepEqual(results, ['success', 'success']);
  assert.deepEqual([served.value('tariff'), served.value('note')], both);
}

async function switchRelay(open: Association, served: ServedMeter): Promise<void> {
  const parameter: Data = { t: 'integer', v: 0 };
  for (const [method, state] of [
    [1, false],
    [2, true],
  ] as const) {
    const outcome: ActionOutcome = await open.action(address(70, RELAY, method), parameter);
    assert.equal(outcome.result, 'success');
    assert.deepEqual(served.value('relay'), { t: 'boolean', v: state });
    assert.deepEqual(await read(open, address(70, RELAY)), { t: 'boolean', v: state });
  }
}

async function readRows(open: Association, served: ServedMeter): Promise<void> {
  const from = NOW - 2 * HOUR;
  const expected = Array.from({ length: 4 }, (_, index) => {
    const at = Math.ceil(from / QUARTER) * QUARTER + index * QUARTER;
    return { at, cells: [served.value('clock', 2, at), served.value('energy'), served.value('power', 2, at)] };
  });
  const rows: { at: number | undefined; cells: Data[] }[] = [];
  for await (const { time, cells } of open.profile(PROFILE, { from, to: NOW - HOUR })) {
    rows.push({ at: time && dateTimeToMilliseconds(time), cells: cells.map(({ data }) => data) });
  }
  assert.deepEqual(rows, expected);
}

async function mixServices(open: Association, served: ServedMeter): Promise<void> {
  const data = longUnsigned(FACTS.tariff);
  const results = await open.access([
    { ...ENERGY, op: 'get' },
    { ...TARIFF, op: 'set', data },
    { ...TARIFF, op: 'get' },
    { ...address(70, RELAY, 2), op: 'action', params: { t: 'integer', v: 0 } },
  ]);
  assert.deepEqual(
    results.map(({ result }) => result),
    ['success', 'success', 'success', 'success'],
  );
  assert.deepEqual(results[2]?.data, data);
  assert.deepEqual(served.value('tariff'), data);
}
