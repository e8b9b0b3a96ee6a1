import { step, story } from './step.ts';

/**
 * The sample the run works with, and the meter in it. The engine takes another port when the template's is in use, so the
 * address is known once the meter runs.
 */
export const sample = { file: 'acme-a1000.dlmsmeter', meter: 'acme_a1000', address: '', port: '' };

export const emulator = story(
  'a virtual meter is started by its code lens',
  step('the lens stands above the meter and starts it', async ({ page, openFile, pick, shot }) => {
    await openFile(sample.file);
    const lens = page.locator('.codelens-decoration a', { hasText: 'Start meter' }).first();
    await lens.waitFor();
    await shot('code-lens');
    await lens.click();
    await pick('Use demo keys beside this template');
    const state = page.locator('.codelens-decoration a', { hasText: 'running 127.0.0.1:' }).first();
    await state.waitFor();
    const [address = '', port = ''] = /127\.0\.0\.1:(\d+)/.exec((await state.textContent()) ?? '') ?? [];
    Object.assign(sample, { address, port });
  }),
  step('the Emulator view shows it with its address', async ({ palette, treeRow, shot }) => {
    await palette('View: Show DLMS');
    await treeRow(sample.meter).first().waitFor();
    await treeRow(sample.address).first().waitFor();
    await shot('emulator-view');
  }),
  step('the status bar says that a meter runs', async ({ page }) => {
    await page.locator('.statusbar-item', { hasText: '1 meter' }).waitFor();
  }),
);
