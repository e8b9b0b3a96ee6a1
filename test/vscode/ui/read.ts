import assert from 'node:assert/strict';
import { sample } from './emulator.ts';
import { pageOf } from './page.ts';
import { step, story } from './step.ts';

export const read = story(
  'the meter is read and its trace looked at',
  step('values are read as the public client', async (stage) => {
    const { palette, pick, shot } = stage;
    await palette('DLMS: Read Meter...');
    await pick(sample.address);
    await pick('Client 16');
    await pick('Every readable attribute');
    const values = await pageOf(stage, 'values');
    await values.locator('[role=row][data-row]').first().waitFor();
    await shot('values');
  }),
  step('the trace lists APDUs in both directions', async (stage) => {
    const { shot } = stage;
    const values = await pageOf(stage, 'values');
    await values.locator('vscode-button', { hasText: 'Trace' }).click();
    const trace = await pageOf(stage, 'trace');
    await trace.locator('.grid-row.tx').first().waitFor();
    await trace.locator('.grid-row.rx').first().waitFor();
    await shot('trace');
  }),
  step('an APDU opens as tree and octets; the tree lights octets', async (stage) => {
    const { shot } = stage;
    const trace = await pageOf(stage, 'trace');
    await trace.locator('.grid-row', { hasText: 'get-response' }).first().click();
    await trace.locator('h2', { hasText: 'get-response' }).waitFor();
    const leaf = trace.locator('[role=treeitem]:not([aria-expanded])').last();
    await leaf.click();
    await trace.locator('.hex-octets .octet.lit').first().waitFor();
    const range = await leaf.locator('.field-range').textContent();
    const lit = await trace
      .locator('.hex-octets .octet.lit')
      .evaluateAll((all) => all.map((octet) => octet.getAttribute('data-octet')));
    const [from, to = from] = range?.split('–') ?? [];
    assert.deepEqual([lit[0], lit.at(-1)], [from, to], 'the octets lit are those of the field');
    await shot('trace-tree-selects-octets');
  }),
  step('an octet selects its field, by mouse and by keyboard', async (stage) => {
    const { page, shot } = stage;
    const trace = await pageOf(stage, 'trace');
    await trace.locator('#octet-0').click();
    const selected = trace.locator('[role=treeitem][aria-selected=true]');
    await selected.waitFor();
    const before = await selected.textContent();
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowRight');
    await trace.locator('#octet-2.active').waitFor();
    assert.notEqual(await selected.textContent(), before);
    await shot('trace-octet-selects-field');
  }),
  step('link frames are a second layer of the same trace', async (stage) => {
    const { shot } = stage;
    const trace = await pageOf(stage, 'trace');
    await trace.locator('vscode-dropdown').click();
    await trace.locator('vscode-option', { hasText: 'Link frames' }).click();
    await trace.locator('.grid-row', { hasText: 'frame:' }).first().waitFor();
    await shot('trace-link');
  }),
);
