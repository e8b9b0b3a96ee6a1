import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { step, story } from './step.ts';

const file = 'editing.dlmsmeter';
const text = `meter editing {
  identity {
    vendr: "Editing"
    flag: "EDT"
  }
  transport lan tcp { port: 4059   framing: wrapper }
  object active_import 1-0:1.8.0.255 register {
    value: double-long-unsigned = 1
  }
}
`;

export const editing = story(
  'a template is written',
  step('a misspelt property gets a squiggle', async ({ page, workspace, openFile, shot }) => {
    writeFileSync(path.join(workspace, file), text);
    await openFile(file);
    await page.locator('.editor-group-container.active .squiggly-error').first().waitFor();
    await shot('squiggle');
  }),
  step('a quick fix puts it right', async ({ page, line, shot }) => {
    await line('vendr').locator('span', { hasText: 'vendr' }).last().click();
    await page.keyboard.press('Control+.');
    const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'vendor' }).first();
    await fix.waitFor();
    await shot('quick-fix');
    await fix.click();
    await line('vendor: "Editing"').waitFor();
  }),
  step('completion offers the properties of a block', async ({ page, line, shot }) => {
    await line('flag: "EDT"').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'model' }).first().waitFor();
    await shot('completion');
    await page.keyboard.press('Escape');
  }),
  step('a hover says what an OBIS code means', async ({ page, line, shot }) => {
    await line('1-0:1.8.0.255').locator('span', { hasText: '1-0:1.8.0.255' }).last().hover();
    await page
      .locator('.monaco-hover:visible', { hasText: /active energy/i })
      .first()
      .waitFor();
    await shot('hover');
    await page.keyboard.press('Escape');
  }),
  step('the outline lists meter and objects', async ({ page, palette, shot }) => {
    await palette('Explorer: Focus on Outline View');
    await page.locator('.outline-tree .monaco-list-row', { hasText: 'editing' }).first().waitFor();
    await shot('outline');
    await palette('File: Save');
  }),
);
