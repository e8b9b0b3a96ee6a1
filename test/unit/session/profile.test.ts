import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { type CosemDateTime, encodeDateTime } from '../../../engine/codec/axdr/date-time.ts';
import { LN_CONFORMANCE } from '../../../engine/session/params.ts';
import type { ProfileOptions, ProfileSelection } from '../../../engine/session/profile.ts';
import { timeChunks } from '../../../engine/session/profile-chunks.ts';
import type { ProfileColumn } from '../../../engine/session/profile-columns.ts';
import { expandRows, type ProfileRow } from '../../../engine/session/profile-rows.ts';
import { type Loop, loop } from './loop.ts';
import { loopModel, PROFILE } from './loop-models.ts';

const day = (date: number, hour = 0): CosemDateTime => ({
  year: 2026,
  month: 11,
  day: date,
  hour,
  minute: 0,
  second: 0,
});
const ENERGY = '1-0:1.8.0.255';
const POWER = '1-0:1.7.0.255';
const GBT = [...LN_CONFORMANCE, 'general-block-transfer'];

async function rowsOf(connected: Loop, selection: ProfileSelection, options?: ProfileOptions): Promise<ProfileRow[]> {
  const rows: ProfileRow[] = [];
  for await (const row of connected.association.profile(PROFILE, selection, options)) rows.push(row);
  return rows;
}

const hours = (rows: readonly ProfileRow[]) => rows.map(({ time }) => `${time?.day} ${time?.hour}:${time?.minute}`);

describe('profiles between client and meter', () => {
  const ways: readonly (readonly [string, () => Promise<Loop>])[] = [
    ['LN', () => loop(loopModel({ maxPdu: 400 }), { params: { maxPdu: 400 } })],
    ['LN over HDLC', () => loop(loopModel(), { framing: 'hdlc' })],
    ['LN ciphered', () => loop(loopModel({ ciphered: true }), { params: { protection: 'authenc' } })],
    [
      'LN with general blocks',
      () => loop(loopModel({ conformance: GBT }), { params: { conformance: GBT, generalBlockWindow: 4 } }),
    ],
    ['SN', () => loop(loopModel({ referencing: 'SN' }), { params: { referencing: 'SN' } })],
  ];
  for (const [name, open] of ways) {
    it(`by time, entry and column: ${name}`, async () => {
      const connected = await open();
      const range = { from: day(22, 6), to: day(22, 9) };
      const rows = await rowsOf(connected, range);
      assert.equal(rows.length, 13);
      assert.deepEqual(hours(rows).slice(0, 2), ['22 6:0', '22 6:15']);
      const [clock, energy, power] = rows[0]?.cells ?? [];
      assert.equal(clock?.column.class, 8);
      assert.deepEqual([energy?.column.obis, energy?.column.unit, energy?.column.attribute], [ENERGY, 'Wh', 2]);
      assert.match(energy?.text ?? '', /Wh$/);
      assert.equal(power?.column.unit, 'W');
      assert.ok((power?.value ?? -1) >= 0);

      const tagged = await rowsOf(connected, range, { clockForm: 'date-time' });
      assert.deepEqual(hours(tagged), hours(rows));
      const some = await rowsOf(connected, range, { columns: [POWER] });
      assert.deepEqual(
        some.map((row) => row.cells.map((cell) => [cell.column.obis, cell.value])),
        rows.map((row) => [[POWER, row.cells[2]?.value]]),
      );
      assert.deepEqual(hours(some), hours(rows), 'the clock is read along');

      const first = await rowsOf(connected, { fromEntry: 1, toEntry: 5 });
      assert.equal(first.length, 5);
      const columns = await rowsOf(connected, { fromEntry: 2, toEntry: 3 }, { columns: [ENERGY] });
      assert.deepEqual(
        columns.map((row) => row.cells.map((cell) => cell.value)),
        first.slice(1, 3).map((row) => [row.cells[1]?.value]),
      );
      await connected.association.release();
    });
  }

  it('piece by piece gives the same rows as at once', async () => {
    const connected = await loop(loopModel());
    const range = { from: day(22, 3), to: day(23, 5) };
    const whole = await rowsOf(connected, range);
    assert.ok(whole.length > 96);
    for (const chunk of ['day', 'month', 3600] as const)
      assert.deepEqual(hours(await rowsOf(connected, range, { chunk })), hours(whole));
    const all = await rowsOf(connected, 'all');
    assert.deepEqual(hours(await rowsOf(connected, { fromEntry: 1 }, { chunkEntries: 50 })), hours(all));
  });

  it('is read only as far as it is asked for', async () => {
    const connected = await loop(loopModel());
    const count = () => connected.apdus().filter((line) => line.startsWith('tx get-request')).length;
    const rows = connected.association.profile(PROFILE, { from: day(22), to: day(23, 5) }, { chunk: 3600 });
    await rows.next();
    const after = count();
    await rows.next();
    assert.equal(count(), after);
    await rows.return(undefined);
    assert.equal(count(), after);
  });

  it('says what to do where the meter does not select', async () => {
    const connected = await loop(loopModel({ conformance: ['get', 'block-transfer-with-get-or-read'] }));
    await assert.rejects(rowsOf(connected, { fromEntry: 1, toEntry: 2 }), { code: 'not-supported' });
    assert.ok((await rowsOf(connected, 'all')).length > 100);
  });

  it('an unknown column is named with those there are', async () => {
    const connected = await loop(loopModel());
    await assert.rejects(rowsOf(connected, 'all', { columns: ['1-0:9.9.9.255'] }), { code: 'object-unknown' });
  });

  it('a refusal tells the result and another way', async () => {
    const connected = await loop(loopModel());
    await assert.rejects(
      (async () => {
        for await (const _row of connected.association.profile('1-0:99.2.0.255', 'all')) assert.fail('has no rows');
      })(),
      { code: 'service-error', details: { diagnostic: 'object-undefined' } },
    );
  });
});

describe('rows a meter shortened', () => {
  const columns: readonly ProfileColumn[] = [
    { class: 8, obis: '0-0:1.0.0.255', attribute: 2, dataIndex: 0, name: '', attributeName: '' },
    {
      class: 3,
      obis: ENERGY,
      attribute: 2,
      dataIndex: 0,
      name: '',
      attributeName: '',
      scalerUnit: { scaler: -2, unit: 30 },
    },
  ];
  const none: Data = { t: 'null-data' };
  const time = (hour: number, minute: number, t: 'octet-string' | 'date-time' = 'octet-string'): Data => ({
    t,
    v: encodeDateTime({ ...day(1, hour), minute, deviation: -60, status: 0 }),
  });
  const long = (v: number): Data => ({ t: 'long', v });
  const row = (...v: readonly Data[]): Data => ({ t: 'structure', v });
  const expand = (rows: readonly Data[], periodSeconds = 900) =>
    expandRows({ t: 'array', v: rows }, columns, { periodSeconds });

  for (const form of ['octet-string', 'date-time'] as const)
    it(`null-data is the period later, and the value before (${form})`, () => {
      const rows = expand([row(time(23, 45, form), long(1234)), row(none, none), row(none, long(5))]);
      assert.deepEqual(
        rows.map((item) => `${item.time?.day} ${item.time?.hour}:${item.time?.minute} ${item.time?.deviation}`),
        ['1 23:45 -60', '2 0:0 -60', '2 0:15 -60'],
      );
      assert.deepEqual(
        rows.map((item) => item.cells[1]?.value),
        [12.34, 12.34, 0.05],
      );
      assert.deepEqual(
        rows.map((item) => item.cells.map((cell) => cell.inferred === true)),
        [
          [false, false],
          [true, true],
          [true, false],
        ],
      );
    });

  it('with the newest row first time goes back', () => {
    const rows = expand([row(time(0, 15), long(1)), row(none, none), row(none, none)], -900);
    assert.deepEqual(hours(rows), ['1 0:15', '1 0:0', '31 23:45']);
  });

  it('a time that cannot be known stays unknown', () => {
    const rows = expand([row(none, none), row(time(1, 0), long(1)), row(none, none)], 0);
    assert.deepEqual(hours(rows), ['undefined undefined:undefined', '1 1:0', 'undefined undefined:undefined']);
    assert.equal(rows[0]?.cells[1]?.text, '');
  });

  it('differences are added to the value before', () => {
    const rows = expand([
      row(time(1, 0), long(100)),
      row(none, { t: 'delta-integer', v: -3 }),
      row(none, { t: 'delta-unsigned', v: 10 }),
    ]);
    assert.deepEqual(
      rows.map((item) => item.cells[1]?.data),
      [long(100), long(97), long(107)],
    );
  });

  it('takes compact-arrays, short rows and junk', () => {
    const compact: Data = {
      t: 'compact-array',
      v: { of: { t: 'structure', of: [{ t: 'null-data' }, { t: 'long' }] }, elements: [row(none, long(7))] },
    };
    assert.equal(expandRows(compact, columns, { periodSeconds: 0 })[0]?.cells[1]?.value, 0.07);
    assert.equal(expand([row(time(1, 0))])[0]?.cells[1]?.data.t, 'null-data');
    assert.deepEqual(expandRows(none, columns, { periodSeconds: 0 }), []);
  });
});

describe('pieces of a range', () => {
  const text = (from: CosemDateTime, to: CosemDateTime, chunk: 'day' | 'month' | number) =>
    timeChunks(from, to, chunk).map((piece) => {
      assert.ok(
        typeof piece.from === 'object' && 'day' in piece.from && typeof piece.to === 'object' && 'day' in piece.to,
      );
      return `${piece.from.month}/${piece.from.day} ${piece.from.hour}-${piece.to.month}/${piece.to.day} ${piece.to.hour}:${piece.to.second}`;
    });

  it('are calendar days and months', () => {
    assert.deepEqual(text(day(1, 5), day(3), 'day'), ['11/1 5-11/1 23:59', '11/2 0-11/2 23:59', '11/3 0-11/3 0:0']);
    const february = { ...day(15), month: 2 };
    assert.deepEqual(text(february, { ...day(2), month: 4 }, 'month'), [
      '2/15 0-2/28 23:59',
      '3/1 0-3/31 23:59',
      '4/1 0-4/2 0:0',
    ]);
  });

  it('are limited in number', () => {
    assert.throws(() => timeChunks(0, 1e12, 1), { code: 'limit' });
  });
});
