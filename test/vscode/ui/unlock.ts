import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { pageOf } from './page.ts';
import { step, story } from './step.ts';

const log = 'octets.log';

/** The octets of the last such row as they were on the wire. The first ones are those of the public client. */
async function wireOctets(trace: Frame, row: string): Promise<string> {
  await trace.locator('.grid-row.rx', { hasText: row }).last().click();
  await trace.locator('h2', { hasText: row.replace(/ .*/, '') }).waitFor();
  const ciphered = trace.locator('vscode-button', { hasText: 'Ciphered' });
  if (await ciphered.isVisible()) await ciphered.click();
  const rows = await trace.locator('.hex-octets').allTextContents();
  return rows.join('');
}

/** After the ciphered story: its trace is open, and the demo keys are known. */
export const unlock = story(
  'encrypted octets are opened with stored keys',
  step('a pasted log is decoded, and says that it is encrypted', async (stage) => {
    const { page, palette, workspace, openFile, notification, shot } = stage;
    const trace = await pageOf(stage, 'trace');
    const answer = await wireOctets(trace, 'action-response');
    const aare = await wireOctets(trace, 'aare accepted');
    writeFileSync(path.join(workspace, log), `# from a concentrator\nRX: ${aare}\nRX: ${answer}\n`);
    await palette('View: Close All Editors');
    await openFile(log);
    await page.keyboard.press('Control+A');
    await palette('DLMS: Decode APDU...');
    const decoded = await pageOf(stage, 'trace');
    await decoded.locator('.grid-row', { hasText: 'glo-action-response' }).first().click();
    await decoded.locator('vscode-button', { hasText: 'Try stored keys' }).waitFor();
    await notification('APDUs are encrypted').waitFor();
    await shot('unlock-offer');
  }),
  step('the stored keys open it; the name of the key is told, not its value', async (stage) => {
    const { notification, shot } = stage;
    await notification('APDUs are encrypted').getByText('Try with Stored Keys').click();
    await notification('Opened with acme-demo/guek, acme-demo/gak.').waitFor();
    const decoded = await pageOf(stage, 'trace');
    await decoded.locator('vscode-button[aria-pressed=true]', { hasText: 'Plain' }).waitFor();
    await decoded.locator('h2', { hasText: /^action-response/ }).waitFor();
    await shot('unlocked');
  }),
  step('tree and octets select each other in what was deciphered', async (stage) => {
    const decoded = await pageOf(stage, 'trace');
    await decoded.locator('#octet-0').click();
    await decoded.locator('[role=treeitem][aria-selected=true]').waitFor();
    await decoded.locator('[role=treeitem]').last().click();
    await decoded.locator('.hex-octets .octet.lit').first().waitFor();
    await stage.shot('unlocked-selection');
  }),
  step('it is copied as XML', async (stage) => {
    const decoded = await pageOf(stage, 'trace');
    await decoded.locator('vscode-button', { hasText: 'XML' }).click();
    await stage.page.locator('.statusbar-item', { hasText: 'APDU copied as XML' }).waitFor();
  }),
);
