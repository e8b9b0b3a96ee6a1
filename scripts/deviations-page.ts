import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DEVIATIONS } from '../engine/codec/deviations.ts';

/** Where the page stands. */
export const deviationsPagePath = path.resolve(import.meta.dirname, '../docs/deviations.md');

/** docs/deviations.md, made from the table of the codec. `node scripts/deviations-page.ts` writes it. */
export function deviationsPage(): string {
  const rows = Object.entries(DEVIATIONS)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, sentence]) => `| \`${id}\` | ${sentence} |`);
  return [
    '# Deviations',
    '',
    'Meters depart from the standard in ways that leave no doubt about what they mean. Decoding accepts these and names',
    'them by id; `dlms decode --strict` refuses them. Made from `engine/codec/deviations.ts` by',
    '`node scripts/deviations-page.ts`.',
    '',
    '| id | what is sent, and what it is taken for |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(deviationsPagePath, deviationsPage());
