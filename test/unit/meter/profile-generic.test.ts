import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import type { SelectiveAccess } from '../../../engine/codec/xdlms/types.ts';
import { obisToOctets } from '../../../engine/cosem/obis/obis.ts';
import { readAttribute, writeAttribute } from '../../../engine/meter/attribute-access.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import { dateTimeOctets } from '../../../engine/meter/values/date-time.ts';
import type { Expression, ObjectModel } from '../../../engine/template/model.ts';
import { meterModel, number, object, ref } from './support/models.ts';
import { NOW } from './support/test-client.ts';

const QUARTER = 900_000;
const DAY = 86_400_000;

function profile(part: Partial<ObjectModel> = {}, attributes: Record<string, Expression> = {}): ObjectModel {
  const all: Record<string, Expression> = {
    3: { k: 'list', items: [ref('clock.time'), ref('active_import.value')] },
    4: { k: 'duration', ms: QUARTER },
    8: number(96),
    ...attributes,
  };
  return object({
    name: 'profile',
    obis: '1-0:99.1.0.255',
    class: 7,
    version: 1,
    attributes: Object.fromEntries(Object.entries(all).map(([index, value]) => [index, { value }])),
    settings: { prefill: { k: 'duration', ms: 2 * DAY } },
    ...part,
  });
}

function meterWith(item: ObjectModel, startedAt = NOW): VirtualMeter {
  return createMeter(meterModel({ objects: [...meterModel().objects, item] }), { startedAt });
}

function read(meter: VirtualMeter, attribute: number, selection: SelectiveAccess | null = null, time = NOW): Data {
  const item = meter.blueprint.byName('profile');
  assert.ok(item !== undefined);
  const got = readAttribute({ meter, object: item, time }, attribute, selection);
  assert.ok('data' in got, `refused: ${'result' in got ? got.result : ''}`);
  return got.data;
}

function refusal(meter: VirtualMeter, selection: SelectiveAccess): string | undefined {
  const item = meter.blueprint.byName('profile');
  assert.ok(item !== undefined);
  const got = readAttribute({ meter, object: item, time: NOW }, 2, selection);
  return 'result' in got ? got.result : undefined;
}

function rows(data: Data): (readonly Data[])[] {
  assert.equal(data.t, 'array');
  return data.t === 'array' ? data.v.map((row) => (row.t === 'structure' ? row.v : [])) : [];
}

/** Octets of the clock column. */
function clockOf(row: readonly Data[] | undefined): string {
  const cell = row?.[0];
  return cell?.t === 'octet-string' ? [...cell.v].join(' ') : String(cell?.t);
}

const at = (ms: number): Uint8Array => dateTimeOctets(ms, { deviation: -60 });
const lu = (v: number): Data => ({ t: 'long-unsigned', v });
const dlu = (v: number): Data => ({ t: 'double-long-unsigned', v });
const columnOf = (classId: number, obis: string, attribute = 2): Data => ({
  t: 'structure',
  v: [lu(classId), { t: 'octet-string', v: obisToOctets(obis) }, { t: 'integer', v: attribute }, lu(0)],
});
const CLOCK = columnOf(8, '0-0:1.0.0.255');
const IMPORT = columnOf(3, '1-0:1.8.0.255');

function range(from: Data, to: Data, restricting: Data = CLOCK, selected: readonly Data[] = []): SelectiveAccess {
  return { selector: 1, params: { t: 'structure', v: [restricting, from, to, { t: 'array', v: selected }] } };
}
const octets = (v: Uint8Array): Data => ({ t: 'octet-string', v });
function entries(from: number, to: number, first = 1, last = 0): SelectiveAccess {
  return { selector: 2, params: { t: 'structure', v: [dlu(from), dlu(to), lu(first), lu(last)] } };
}

const LAST = Math.floor(NOW / QUARTER) * QUARTER;

describe('profile generic', () => {
  it('has a row for every period, the newest last, as many as it can hold', () => {
    const meter = meterWith(profile());
    const all = rows(read(meter, 2));
    assert.equal(all.length, 96);
    assert.equal(clockOf(all.at(-1)), [...at(LAST)].join(' '));
    assert.equal(clockOf(all[0]), [...at(LAST - 95 * QUARTER)].join(' '));
    assert.deepEqual(read(meter, 7), dlu(96));
  });

  it('captures what the register showed at that moment', () => {
    const meter = meterWith(profile());
    const all = rows(read(meter, 2));
    for (const [index, row] of all.entries()) {
      const value = meter.attribute(4, 2, LAST - (95 - index) * QUARTER);
      assert.deepEqual(row[1], { t: 'double-long-unsigned', v: value });
    }
  });

  it('describes itself: columns, period in seconds, order, sort object, entries', () => {
    const meter = meterWith(profile({}, { 6: ref('clock.time'), 5: { k: 'name', value: 'lifo' } }));
    assert.deepEqual(read(meter, 3), { t: 'array', v: [CLOCK, IMPORT] });
    assert.deepEqual(read(meter, 4), dlu(900));
    assert.deepEqual(read(meter, 5), { t: 'enum', v: 2 });
    assert.deepEqual(read(meter, 6), CLOCK);
    assert.deepEqual(read(meter, 8), dlu(96));
  });

  it('grows from its prefill while the meter runs, and by one row a period', () => {
    const item = profile({ settings: { prefill: { k: 'duration', ms: 10 * QUARTER } } }, { 8: number(12) });
    const meter = meterWith(item, LAST);
    assert.deepEqual(read(meter, 7, null, LAST), dlu(11));
    assert.deepEqual(read(meter, 7, null, LAST + QUARTER - 1), dlu(11));
    assert.deepEqual(read(meter, 7, null, LAST + QUARTER), dlu(12));
    assert.deepEqual(read(meter, 7, null, LAST + 9 * QUARTER), dlu(12));
  });

  it('is empty without prefill', () => {
    const meter = meterWith(profile({ settings: {} }), NOW);
    assert.deepEqual(read(meter, 2), { t: 'array', v: [] });
  });

  it('counts days from local midnight', () => {
    const meter = meterWith(
      profile({ settings: { prefill: { k: 'duration', ms: 5 * DAY } } }, { 4: { k: 'duration', ms: DAY } }),
    );
    const last = rows(read(meter, 2)).at(-1);
    assert.equal(clockOf(last), [...at(Date.UTC(2026, 10, 22, 23))].join(' '));
  });

  it('has the ends of months where it is captured by script', () => {
    const item = profile(
      { settings: { prefill: { k: 'duration', ms: 100 * DAY } } },
      { 4: { k: 'duration', ms: 0 }, 8: number(24) },
    );
    const all = rows(read(meterWith(item), 2));
    assert.deepEqual(
      all.map((row) => clockOf(row).split(' ')[2]),
      ['9', '10', '11'],
    );
  });

  it('turns round for lifo, and sorts by value', () => {
    const lifo = rows(read(meterWith(profile({}, { 5: number(2) })), 2));
    assert.equal(clockOf(lifo[0]), [...at(LAST)].join(' '));
    const largest = rows(read(meterWith(profile({}, { 5: number(3), 6: ref('active_import.value') })), 2));
    assert.equal(clockOf(largest[0]), [...at(LAST)].join(' '));
    const smallest = rows(read(meterWith(profile({}, { 5: number(4), 6: ref('active_import.value') })), 2));
    assert.equal(clockOf(smallest[0]), [...at(LAST - 95 * QUARTER)].join(' '));
  });

  it('selects by range, both ends included, in octet-strings and in date-times', () => {
    const meter = meterWith(profile());
    const from = at(LAST - 4 * QUARTER);
    const to = at(LAST - 2 * QUARTER);
    assert.equal(rows(read(meter, 2, range(octets(from), octets(to)))).length, 3);
    assert.equal(rows(read(meter, 2, range({ t: 'date-time', v: from }, { t: 'date-time', v: to }))).length, 3);
    const later = at(LAST - 2 * QUARTER - 1000);
    assert.equal(rows(read(meter, 2, range(octets(from), octets(later)))).length, 2);
  });

  it('takes a range without deviation as local time', () => {
    const meter = meterWith(profile());
    const loose = (ms: number) => {
      const moment = at(ms);
      moment.set([0x80, 0x00], 9);
      return octets(moment);
    };
    assert.equal(rows(read(meter, 2, range(loose(LAST - QUARTER), loose(LAST)))).length, 2);
  });

  it('gives an empty array for a range without rows, and all rows for one without a year', () => {
    const meter = meterWith(profile());
    const past = octets(at(Date.UTC(2001, 0, 1)));
    assert.deepEqual(read(meter, 2, range(past, past)), { t: 'array', v: [] });
    const any = octets(new Uint8Array(12).fill(0xff));
    assert.equal(rows(read(meter, 2, range(any, any))).length, 96);
  });

  it('selects columns', () => {
    const meter = meterWith(profile());
    const some = rows(read(meter, 2, range(octets(at(LAST)), octets(at(LAST)), CLOCK, [IMPORT])));
    assert.equal(some.length, 1);
    assert.deepEqual(
      some[0]?.map((cell) => cell.t),
      ['double-long-unsigned'],
    );
  });

  it('restricts by the values of another column', () => {
    const meter = meterWith(profile());
    const middle = meter.attribute(4, 2, LAST - 10 * QUARTER);
    assert.ok(typeof middle === 'number');
    const some = rows(read(meter, 2, range(dlu(middle), dlu(middle), IMPORT)));
    assert.ok(some.length >= 1);
    assert.ok(some.every((row) => row[1]?.t === 'double-long-unsigned' && row[1].v === middle));
  });

  const selections: readonly (readonly [SelectiveAccess, number, number])[] = [
    [entries(1, 0), 96, 2],
    [entries(1, 3), 3, 2],
    [entries(95, 200), 2, 2],
    [entries(97, 0), 0, 0],
    [entries(1, 1, 2, 2), 1, 1],
    [entries(1, 1, 2, 0), 1, 1],
  ];
  for (const [selection, count, width] of selections) {
    const [from, to, first, last] =
      selection.params.t === 'structure' ? selection.params.v.map((part) => ('v' in part ? part.v : '')) : [];
    it(`entries ${from}..${to}, columns ${first}..${last}: ${count} rows of ${width}`, () => {
      const all = rows(read(meterWith(profile()), 2, selection));
      assert.equal(all.length, count);
      if (count > 0) assert.equal(all[0]?.length, width);
    });
  }

  it('refuses selections it cannot read or does not have', () => {
    const meter = meterWith(profile());
    const refused = 'scope-of-access-violated';
    assert.equal(refusal(meter, { selector: 3, params: { t: 'null-data' } }), refused);
    assert.equal(refusal(meter, { selector: 1, params: { t: 'null-data' } }), refused);
    assert.equal(refusal(meter, entries(0, 1)), refused);
    assert.equal(refusal(meter, range(dlu(1), dlu(2), columnOf(3, '9-9:9.9.9.9'))), refused);
    assert.equal(refusal(meter, range(octets(at(NOW)), octets(at(NOW)), CLOCK, [{ t: 'null-data' }])), refused);
    const byRange = meterWith(
      profile({ settings: { selective_access: { k: 'list', items: [{ k: 'name', value: 'by-range' }] } } }),
    );
    assert.equal(refusal(byRange, entries(1, 0)), refused);
  });

  it('is emptied by reset and by new columns, and captured by method', () => {
    const meter = meterWith(profile());
    const item = meter.blueprint.byName('profile');
    assert.ok(item?.logic.invoke !== undefined);
    const target = { meter, object: item, time: NOW };
    assert.deepEqual(item.logic.invoke(target, 1, null), { result: 'success' });
    assert.deepEqual(read(meter, 7), dlu(0));
    item.logic.invoke(target, 2, null);
    assert.deepEqual(read(meter, 7), dlu(1));
    assert.deepEqual(read(meter, 7, null, NOW + QUARTER), dlu(2));
    const columns: Data = { t: 'array', v: [IMPORT] };
    assert.equal(writeAttribute({ ...target, time: NOW + 1 }, 3, null, columns), 'success');
    assert.deepEqual(read(meter, 3), columns);
    assert.deepEqual(read(meter, 7), dlu(0));
    assert.equal(writeAttribute(target, 3, null, { t: 'array', v: [{ t: 'null-data' }] }), 'type-unmatched');
    assert.equal(writeAttribute(target, 2, null, columns), 'read-write-denied');
  });

  it('comes to an end where it captures its own buffer', () => {
    const meter = meterWith(profile({}, { 3: { k: 'list', items: [ref('clock.time'), ref('profile.buffer')] } }));
    assert.deepEqual(rows(read(meter, 2))[0]?.[1], { t: 'null-data' });
  });

  it('works out a year of quarter hours in reasonable time', () => {
    const item = profile({ settings: { prefill: { k: 'duration', ms: 366 * DAY } } }, { 8: number(35_040) });
    const meter = meterWith(item);
    const before = performance.now();
    assert.equal(rows(read(meter, 2)).length, 35_040);
    assert.ok(performance.now() - before < 5000);
    assert.equal(rows(read(meter, 2, entries(35_000, 0))).length, 41);
  });
});
