import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DEVIATIONS } from '../../../engine/codec/deviations.ts';
import { deviationsPage, deviationsPagePath } from '../../../scripts/deviations-page.ts';

const codec = path.resolve(import.meta.dirname, '../../../engine/codec');

describe('deviations', () => {
  const sources = readdirSync(codec, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'deviations.ts')
    .map((file) => readFileSync(path.join(codec, file), 'utf8'))
    .join('\n');

  // That every id in use stands in the table is checked by the compiler: Deviation.id is a key of it.
  for (const [id, sentence] of Object.entries(DEVIATIONS)) {
    it(`${id} is reported somewhere and has a sentence`, () => {
      assert.ok(sources.includes(`'${id}'`), 'no decoder reports it');
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.match(sentence, /^[A-Z].{20,}\.$/);
    });
  }

  it('stand in docs/deviations.md; `node scripts/deviations-page.ts` writes it', () => {
    assert.equal(readFileSync(deviationsPagePath, 'utf8'), deviationsPage());
  });
});
