import { step, story } from './step.ts';

export const installed = story(
  'the packed extension',
  step('is listed as installed', async ({ page, palette, shot }) => {
    await palette('View: Show Extensions');
    await page.locator('.extensions-viewlet .extension-list-item .name', { hasText: /^DLMS Workbench$/ }).waitFor();
    await shot('installed');
  }),
);
