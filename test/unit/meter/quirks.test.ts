import assert from 'node:assert/strict';
import { quirks } from '../../../engine/meter/quirks/registry.ts';
import { quirkIds } from '../../../engine/template/vocabulary/quirks.ts';
import { type QuirkCase, quirkCases } from './support/quirk-cases.ts';
import { QuirkLine, quirkMeter } from './support/quirk-meter.ts';

function lastAnswer(line: QuirkLine, { asks, client }: QuirkCase): readonly string[] {
  line.client = client ?? 16;
  return asks.map((ask) => line.ask(ask)).at(-1) ?? [];
}

function block({ id, with: setting }: QuirkCase): string {
  return setting === undefined ? `quirk "${id}"` : `quirk "${id}" { with: ${setting} }`;
}

describe('quirks of the catalogue', () => {
  it('are those that are implemented', () => {
    assert.deepEqual(Object.keys(quirks).toSorted(), [...quirkIds].toSorted());
  });

  for (const [index, item] of quirkCases.entries()) {
    const before = quirkCases.slice(0, index).filter(({ id }) => id === item.id).length;
    const name = before === 0 ? item.id : `${item.id} (${before + 1})`;
    it(`${name}: the octets without it, with it in the template, and switched off`, () => {
      assert.deepEqual(lastAnswer(new QuirkLine(quirkMeter('')), item), item.standard);
      assert.deepEqual(lastAnswer(new QuirkLine(quirkMeter(block(item))), item), item.deviating);
      const off = quirkMeter(block(item));
      assert.equal(off.setBehaviour(item.id, false), true);
      assert.deepEqual(lastAnswer(new QuirkLine(off), item), item.standard);
      assert.notDeepEqual(item.deviating, item.standard);
    });

    if (item.with === undefined) {
      it(`${name}: switched on while the connection is open`, () => {
        const line = new QuirkLine(quirkMeter(''));
        line.client = item.client ?? 16;
        const opening = item.asks.length > 1 ? item.asks.slice(0, 1) : [];
        for (const ask of opening) line.ask(ask);
        line.meter.setBehaviour(item.id, true);
        const answers = item.asks.slice(opening.length).map((ask) => line.ask(ask));
        assert.deepEqual(answers.at(-1), item.deviating);
      });
    }
  }
});
