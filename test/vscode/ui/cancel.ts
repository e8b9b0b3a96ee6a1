import { pageOf } from './page.ts';
import { step, story } from './step.ts';

export const cancel = story(
  'a long scan is cancelled',
  step('its progress is seen in panel, view and status bar', async (stage) => {
    const { palette, answer, page, shot } = stage;
    await palette('View: Close All Editors');
    await palette('DLMS: Scan Network...');
    await answer('127.8.0.0/16');
    await page.locator('.quick-input-widget', { hasText: 'TCP ports' }).waitFor();
    await answer('4059');
    const panel = await pageOf(stage, 'scan');
    await panel.locator('.scan-state', { hasText: /[1-9][\d,]* of 65,\d{3}/ }).waitFor();
    await page.locator('.statusbar-item', { hasText: 'Scan' }).first().waitFor();
    await shot('scan-running');
  }),
  step('DLMS: Cancel Scan ends it', async (stage) => {
    await stage.palette('DLMS: Cancel Scan');
    const panel = await pageOf(stage, 'scan');
    await panel.locator('.scan-state', { hasText: 'Cancelled' }).waitFor();
    await stage.shot('scan-cancelled');
  }),
);
