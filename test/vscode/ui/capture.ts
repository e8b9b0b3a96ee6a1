import path from 'node:path';
import type { Page } from 'playwright-core';
import { pageOf } from './page.ts';
import { step, story } from './step.ts';

const file = 'trace.pcapng';
const settleMs = 500;

/** The dialog of this title has listed its folder: until then it overwrites what is typed. */
async function fileDialog(page: Page, title: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget', { hasText: title });
  await dialog.locator('.monaco-list-row', { hasText: '..' }).first().waitFor();
  await page.waitForTimeout(settleMs);
}

/** After the unlock story. */
export const capture = story(
  'a trace goes to a capture and comes back',
  step('a trace is exported as pcapng', async (stage) => {
    const { palette, pick, answer, notification, workspace, page } = stage;
    await palette('Notifications: Clear All Notifications');
    await palette('DLMS: Export Trace as pcapng...');
    await pick('client 1');
    await fileDialog(page, 'Export as pcapng');
    await answer(path.join(workspace, file));
    await notification('with what was decoded as a comment').waitFor();
  }),
  step('DLMS: Open Capture... shows its connection, deciphered', async (stage) => {
    const { palette, answer, notification, workspace, page, shot } = stage;
    await palette('Notifications: Clear All Notifications');
    await palette('View: Close All Editors');
    await palette('DLMS: Open Capture...');
    await fileDialog(page, 'Open Capture');
    await answer(path.join(workspace, file));
    const trace = await pageOf(stage, 'trace');
    await notification('Opened with acme-demo/guek, acme-demo/gak.').waitFor();
    await trace.locator('.grid-row.rx', { hasText: 'get-response' }).last().click();
    await trace.locator('vscode-button[aria-pressed=true]', { hasText: 'Plain' }).waitFor();
    await trace
      .locator('.grid-row.note', { hasText: /^.*get .* = / })
      .first()
      .waitFor();
    await shot('capture');
    await palette('Notifications: Clear All Notifications');
  }),
);
