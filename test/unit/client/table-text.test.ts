import assert from 'node:assert/strict';
import { type ExportColumn, toCsv, toJson } from '../../../client/export/table-text.ts';

interface Row {
  readonly name?: string;
  readonly amount: number;
}

const columns: readonly ExportColumn<Row>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'amount', value: ({ amount }) => amount },
];

describe('tables as files', () => {
  const fields: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['with, comma', '"with, comma"'],
    ['with "quotes"', '"with ""quotes"""'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+1', '+1'],
    ['-12.50', '-12.50'],
    ['-5 kWh', "'-5 kWh"],
    ["-2+3+cmd|'/C calc'!A0", "'-2+3+cmd|'/C calc'!A0"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\r=1', `"'\r=1"`],
  ];
  for (const [text, expected] of fields) {
    it(`CSV of ${JSON.stringify(text)}`, () =>
      assert.equal(toCsv([{ name: text, amount: 1 }], columns), `name,amount\r\n${expected},1\r\n`));
  }

  it('CSV leaves numbers as they are, also negative ones, and absent values empty', () => {
    assert.equal(toCsv([{ amount: -5 }], columns), 'name,amount\r\n,-5\r\n');
  });

  it('JSON keeps types and leaves absent values out', () => {
    assert.deepEqual(JSON.parse(toJson([{ amount: -5 }, { name: '=1', amount: 2 }], columns)), [
      { amount: -5 },
      { name: '=1', amount: 2 },
    ]);
  });
});
