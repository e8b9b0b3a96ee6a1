import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { step, story } from './step.ts';

const broken = 'meter "Broken" {\n  objekt 1\n}\n';

export const language = story(
  'a template with a mistake',
  step('opens in the language of templates', async ({ page, workspace, openFile }) => {
    writeFileSync(path.join(workspace, 'broken.dlmsmeter'), broken);
    await openFile('broken.dlmsmeter');
    await page.locator('#status\\.editor\\.mode', { hasText: 'DLMS' }).waitFor();
  }),
  step('shows a squiggle and an entry in Problems', async ({ page, palette, problem, shot }) => {
    await page.locator('.editor-group-container.active .squiggly-error').first().waitFor();
    await palette('Problems: Focus on Problems View');
    await problem(/\[Ln \d+, Col \d+\]/)
      .first()
      .waitFor();
    await shot('problem');
  }),
);
