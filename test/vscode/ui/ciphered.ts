import assert from 'node:assert/strict';
import { sample } from './emulator.ts';
import { pageOf } from './page.ts';
import { step, story } from './step.ts';

export const ciphered = story(
  'the meter is read under its keys',
  step('keys are chosen by name, values never shown', async (stage) => {
    const { palette, pick, page, shot } = stage;
    await palette('DLMS: Read Meter...');
    await pick(sample.address);
    // It was read before, as another client.
    await pick('Another association');
    await pick('More settings');
    await page.locator('.quick-input-widget', { hasText: 'Gateway' }).waitFor();
    await shot('more-settings');
    await pick('Done');
    await pick('Client 1');
    await pick('Authenticated and encrypted');
    await page.locator('.quick-input-widget', { hasText: 'GUEK' }).waitFor();
    await shot('choose-key');
    assert.doesNotMatch((await page.locator('.quick-input-widget').textContent()) ?? '', /0f1e2d3c/i);
    await pick('acme-demo/guek');
    await page.locator('.quick-input-widget', { hasText: 'GAK' }).waitFor();
    await pick('acme-demo/gak');
    await pick('Every readable attribute');
    const values = await pageOf(stage, 'values');
    await values.locator('[role=row][data-row]', { hasText: 'kWh' }).first().waitFor();
    await shot('values-ciphered');
  }),
  step('the next read takes the same connection and asks for no key', async (stage) => {
    const { palette, pick } = stage;
    await palette('View: Close All Editors');
    await palette('DLMS: Read Meter...');
    await pick(sample.address);
    await stage.shot('as-last-time');
    await pick('As last time');
    await pick('Every readable attribute');
    const values = await pageOf(stage, 'values');
    await values.locator('[role=row][data-row]', { hasText: 'kWh' }).first().waitFor();
  }),
  step('a ciphered APDU shows as it was on the wire and deciphered', async (stage) => {
    const values = await pageOf(stage, 'values');
    await values.locator('vscode-button', { hasText: 'Trace' }).click();
    const trace = await pageOf(stage, 'trace');
    // The first ones read the invocation counter as the public client.
    await trace.locator('.grid-row.rx', { hasText: 'action-response' }).first().click();
    await trace.locator('vscode-button[aria-pressed=true]', { hasText: 'Plain' }).waitFor();
    await trace.locator('h2', { hasText: 'action-response' }).waitFor();
    const plain = await trace.locator('.hex-octets').first().textContent();
    await stage.shot('trace-plain');
    await trace.locator('vscode-button', { hasText: 'Ciphered' }).click();
    await trace.locator('vscode-button[aria-pressed=true]', { hasText: 'Ciphered' }).waitFor();
    assert.notEqual(await trace.locator('.hex-octets').first().textContent(), plain);
    await stage.shot('trace-ciphered');
  }),
);
