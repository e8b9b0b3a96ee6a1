import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DEVIATIONS } from '../../../engine/codec/deviations.ts';
import { compileText } from '../../../engine/template/index.ts';
import { quirkIds, quirkSpec } from '../../../engine/template/vocabulary/quirks.ts';
import { NOT_SERVED, quirksPage, quirksPagePath, SAID_OTHERWISE } from '../../../scripts/quirks-page.ts';
import { compiled, quirkMeterText } from './support/quirk-meter.ts';

const ROWS = 87;
/** Ids that decoders and meters share, and what the catalogue says about them in its own words. */
const SHARED = quirkIds.filter((id) => id in DEVIATIONS);

describe('the catalogue of quirks', () => {
  it('stands in docs/quirks.md; `node scripts/quirks-page.ts` writes it', () => {
    assert.equal(readFileSync(quirksPagePath, 'utf8'), quirksPage());
  });

  it('has every row of the collection, or says why not', () => {
    const named = new Set(quirkIds.flatMap((id) => quirkSpec(id).rows));
    const rows = Array.from({ length: ROWS }, (_, index) => `Q${String(index + 1).padStart(2, '0')}`);
    const nowhere = rows.filter((row) => !named.has(row) && !(row in SAID_OTHERWISE) && !(row in NOT_SERVED));
    assert.deepEqual(nowhere, []);
    const twice = rows.filter((row) => row in NOT_SERVED && (named.has(row) || row in SAID_OTHERWISE));
    assert.deepEqual(twice, []);
  });

  it('covers at least forty of them by name', () => {
    const named = new Set(quirkIds.flatMap((id) => quirkSpec(id).rows));
    assert.ok(named.size >= 40, String(named.size));
  });

  it('shares ids with the decoders where it is the same thing', () => {
    assert.deepEqual(SHARED.toSorted(), [
      'array-count-one-too-many',
      'conformance-tag-one-octet',
      'date-time-with-data-tag',
      'invocation-counter-absent',
      'length-not-minimal',
      'llc-concatenated',
      'return-parameters-absent',
      'success-as-error',
    ]);
  });

  it('has a test of the octets for every entry', () => {
    const files = [import.meta.dirname, path.join(import.meta.dirname, 'support')].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /^quirk/.test(name) && !/session|page/.test(name))
        .map((name) => readFileSync(path.join(folder, name), 'utf8')),
    );
    const missing = quirkIds.filter(
      (id) => !files.some((text) => text.includes(`'${id}'`) || text.includes(`"${id}"`)),
    );
    assert.deepEqual(missing, []);
  });

  it('can be written in a template, every entry of it', () => {
    const model = compiled(quirkMeterText(quirkIds.map((id) => `quirk "${id}"`).join('\n')));
    assert.deepEqual(
      model.quirks.map(({ name }) => name),
      [...quirkIds],
    );
  });

  it('the examples of the page compile', () => {
    const [, text = ''] = /```dlmsmeter\n([\s\S]*?)```/.exec(quirksPage()) ?? [];
    const { findings } = compileText(quirkMeterText(text));
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      [],
    );
  });
});
