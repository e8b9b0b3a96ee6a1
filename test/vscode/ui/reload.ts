import { pageOf } from './page.ts';
import { step, story } from './step.ts';

export const reload = story(
  'the window is reloaded',
  step('a scan panel comes back with its rows and its filter', async (stage) => {
    const { page, palette, pick, shot } = stage;
    await palette('View: Close All Editors');
    await palette('DLMS: Show Scan');
    await pick('Scan of 127.0.0.1');
    const before = await pageOf(stage, 'scan');
    await before.locator('vscode-text-field input').fill('acme');
    await before.locator('[role=row][data-row]', { hasText: 'A1000' }).first().waitFor();
    // The state of a page is saved with the next quiet moment of the workbench.
    await page.waitForTimeout(1_000);
    const loaded = page.waitForEvent('domcontentloaded');
    await palette('Developer: Reload Window');
    await loaded;
    const after = await pageOf(stage, 'scan');
    await after.locator('[role=row][data-row]', { hasText: 'A1000' }).first().waitFor();
    await after.locator('.scan-state', { hasText: 'Finished' }).waitFor();
    await shot('reloaded');
  }),
  step('the Meters view lists what is stored', async ({ palette, treeRow }) => {
    await palette('View: Show DLMS');
    await treeRow('Acme Energy A1000').first().waitFor();
  }),
);
