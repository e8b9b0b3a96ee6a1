import { connect } from 'node:net';
import { freePort } from '../server.ts';
import { pageOf } from './page.ts';
import { step, story } from './step.ts';

/** A wrapper message with a data-notification of one double-long-unsigned, 123456789. */
const push = '000100010010000b0f000000010006075bcd15';

export const pushes = story(
  'a meter pushes',
  step('DLMS: Listen for Pushes... asks where, and shows what comes', async (stage) => {
    const { palette, pick, answer, page, notification, shot } = stage;
    const port = await freePort();
    await palette('View: Close All Editors');
    await palette('DLMS: Listen for Pushes...');
    await page.locator('.quick-input-widget', { hasText: 'meters send datagrams' }).waitFor();
    await shot('listen');
    await pick('meters connect to this machine');
    await page.locator('.quick-input-widget', { hasText: 'Address and port to listen on' }).waitFor();
    await answer(`127.0.0.1:${port}`);
    await notification(`Listening on tcp 127.0.0.1:${port}`).waitFor();
    const trace = await pageOf(stage, 'trace');
    connect(port, '127.0.0.1').end(Buffer.from(push, 'hex'));
    await trace.locator('.grid-row.rx', { hasText: 'data-notification' }).first().click();
    await trace.locator('.grid-row.note', { hasText: '123456789' }).first().waitFor();
    await trace.locator('[role=treeitem]', { hasText: '123456789' }).first().waitFor();
    await notification('1 push').waitFor();
    await page.locator('.statusbar-item', { hasText: 'Listening' }).waitFor();
    await shot('pushes');
  }),
  step('DLMS: Stop Listening ends it', async ({ palette, page, notification }) => {
    await palette('DLMS: Stop Listening');
    await notification('Listening on').waitFor({ state: 'detached' });
    await page.locator('.statusbar-item', { hasText: 'Listening' }).waitFor({ state: 'detached' });
  }),
);
