import assert from 'node:assert/strict';
import { pageOf } from './page.ts';
import { type Step, step, story } from './step.ts';

/**
 * Commands that open sockets, with the keys under which `restrictedKeys` puts them: the palette hides them without
 * trust, but a keybinding runs them all the same.
 */
const refused = [
  { command: 'dlms.readMeter', key: '1', what: 'connects' },
  { command: 'dlms.listenForPushes', key: '2', what: 'listens' },
  { command: 'dlms.scanNetwork', key: '3', what: 'scans' },
  { command: 'dlms.startMeter', key: '4', what: 'emulates' },
] as const;

/** keybindings.json of the restricted window. */
export const restrictedKeys = refused.map(({ command, key }) => ({ key: `ctrl+alt+shift+${key}`, command }));

function refusal({ command, key, what }: (typeof refused)[number]): Step {
  return step(`nothing ${what}: ${command} says that it needs trust`, async (stage) => {
    const { page, palette, notification, shot } = stage;
    await page.locator('.explorer-folders-view').click();
    await page.keyboard.press(`Control+Alt+Shift+${key}`);
    await notification('They need a trusted workspace').first().waitFor();
    assert.equal(await page.locator('.quick-input-widget:visible').count(), 0, 'it asks nothing');
    await shot(`restricted-${what}`);
    await palette('Notifications: Clear All Notifications');
    await notification('They need a trusted workspace').first().waitFor({ state: 'detached' });
  });
}

/** Played in a window of its own, whose workspace nobody trusted. */
export const restricted = story(
  'a workspace without trust',
  step('is in Restricted Mode', async ({ page }) => {
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  }),
  ...refused.map(refusal),
  step('octets are decoded all the same', async (stage) => {
    await stage.palette('DLMS: Decode APDU...');
    await stage.answer('c4 01 c1 00 06 07 5b cd 15');
    const panel = await pageOf(stage, 'trace');
    await panel.locator('[role=treeitem]', { hasText: '123456789' }).first().waitFor();
    await stage.shot('restricted-decoded');
  }),
);
