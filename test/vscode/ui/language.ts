import { step, story } from './step.ts';

export const language = story(
  'a template is edited',
  step('the file opens in its language', async ({ page, openFile }) => {
    await openFile('demo.dlmsmeter');
    await page.locator('#status\\.editor\\.mode', { hasText: 'DLMS' }).waitFor();
  }),
  step('a mistake gets a squiggle and an entry in Problems', async ({ page, palette, problem, shot }) => {
    await page.locator('.squiggly-error').first().waitFor();
    await palette('Problems: Focus on Problems View');
    await problem("unknown keyword 'objekt'").waitFor();
    await shot('diagnostics');
  }),
  step('hello', async ({ palette, notification, shot }) => {
    await palette('DLMS: Hello');
    await notification('Hello from DLMS').waitFor();
    await shot('hello');
  }),
  step('panel', async ({ palette, webview, shot }) => {
    await palette('DLMS: Open Panel');
    const panel = await webview('Panel');
    await panel.locator('button').click();
    await panel.getByText('found LGZ').waitFor();
    await shot('panel');
  }),
);
