import assert from 'node:assert/strict';
import { counted, delta, duration, percent } from '../../../webview/figures.ts';
import { arrange, type ColumnValues } from '../../../webview/table/arrange.ts';

interface Row {
  readonly host: string;
  readonly port: number;
}

const columns: readonly ColumnValues<Row>[] = [
  { id: 'host', text: ({ host }) => host },
  { id: 'port', text: ({ port }) => String(port), order: ({ port }) => port },
];
const rows: readonly Row[] = [
  { host: '127.0.0.10', port: 9 },
  { host: '127.0.0.2', port: 4059 },
  { host: 'Meter.example', port: 80 },
];
const ports = (arranged: readonly Row[]) => arranged.map(({ port }) => port);

describe('filter and sort of tables', () => {
  it('keeps the order rows came in', () =>
    assert.deepEqual(ports(arrange(rows, columns, { filter: '', descending: false })), [9, 4059, 80]));

  it('sorts numbers inside text as numbers', () =>
    assert.deepEqual(ports(arrange(rows, columns, { filter: '', sort: 'host', descending: false })), [4059, 9, 80]));

  it('sorts by value, both ways, without touching the rows handed in', () => {
    assert.deepEqual(ports(arrange(rows, columns, { filter: '', sort: 'port', descending: false })), [9, 80, 4059]);
    assert.deepEqual(ports(arrange(rows, columns, { filter: '', sort: 'port', descending: true })), [4059, 80, 9]);
    assert.deepEqual(ports(rows), [9, 4059, 80]);
  });

  it('finds all words in any column, whatever their case', () => {
    assert.deepEqual(ports(arrange(rows, columns, { filter: '  METER 80', descending: false })), [80]);
    assert.deepEqual(ports(arrange(rows, columns, { filter: 'meter 4059', descending: false })), []);
  });
});

describe('figures', () => {
  it('durations', () => {
    const shown = [0, 999, 1500, 59_000, 65_000, 3_600_000 + 120_000].map(duration);
    assert.deepEqual(shown, ['0 ms', '999 ms', '1.5 s', '59 s', '1 min 05 s', '1 h 02 min']);
  });

  it('differences, shares and counts', () => {
    assert.deepEqual([delta(0.12), delta(12.4), delta(3210)], ['+0.1 ms', '+12 ms', '+3.21 s']);
    assert.deepEqual([percent(0.934), percent(7), percent(-1)], ['93 %', '100 %', '0 %']);
    assert.deepEqual([counted(1, 'row', 'rows'), counted(12345, 'row', 'rows')], ['1 row', '12,345 rows']);
  });
});
