import { sample } from './emulator.ts';
import { pageOf } from './page.ts';
import { step, story } from './step.ts';

export const scan = story(
  'the network is scanned from the palette',
  step('targets and ports are asked for, with defaults', async ({ palette, answer, page }) => {
    await palette('DLMS: Scan Network...');
    await answer('127.0.0.1');
    await page.locator('.quick-input-widget', { hasText: 'TCP ports' }).waitFor();
    await answer(sample.port);
  }),
  step('the scan panel lists the meter with vendor and model', async (stage) => {
    const { shot } = stage;
    const panel = await pageOf(stage, 'scan');
    const row = panel.locator('[role=row][data-row]', { hasText: '127.0.0.1' }).first();
    await row.waitFor();
    await row.getByText('identified').waitFor();
    await row.getByText('A1000').waitFor();
    await panel.locator('.scan-state', { hasText: 'Finished' }).waitFor();
    await row.click();
    await shot('scan-panel');
  }),
  step('filter and sort work on the rows', async (stage) => {
    const panel = await pageOf(stage, 'scan');
    const filter = panel.locator('vscode-text-field input');
    await filter.fill('no such meter');
    await panel.getByText('No row matches the filter.').waitFor();
    await filter.fill('');
    await panel.locator('[role=columnheader]', { hasText: 'Port' }).click();
    await panel.locator('[role=columnheader][aria-sort=ascending]', { hasText: 'Port' }).waitFor();
    await panel.locator('[role=row][data-row]').first().waitFor();
  }),
  step('the Meters and Scans views list meter and scan', async ({ treeRow, shot }) => {
    await treeRow('Acme Energy A1000').first().waitFor();
    await treeRow('Scan of 127.0.0.1').first().waitFor();
    await shot('views');
  }),
  step('the row opens its fingerprint', async (stage) => {
    const { shot } = stage;
    const panel = await pageOf(stage, 'scan');
    await panel.locator('[role=row][data-row]').first().click();
    await panel.locator('vscode-button', { hasText: 'Fingerprint' }).click();
    const fingerprint = await pageOf(stage, 'fingerprint');
    await fingerprint.getByText('Classification').waitFor();
    await shot('fingerprint-overview');
    for (const tab of ['Associations', 'Objects', 'Evidence']) {
      await fingerprint.locator('vscode-panel-tab', { hasText: tab }).click();
      await fingerprint.locator('vscode-panel-view [role=row][data-row]:visible').first().waitFor();
      await shot(`fingerprint-${tab.toLowerCase()}`);
    }
  }),
);
