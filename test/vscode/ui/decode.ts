import { pageOf } from './page.ts';
import { step, story } from './step.ts';

/** A get-response-normal with a double-long-unsigned, 123456789. */
const apdu = 'c4 01 c1 00 06 07 5b cd 15';

export const decode = story(
  'octets are decoded without a meter',
  step('DLMS: Decode APDU... shows fields and octets', async (stage) => {
    const { palette, answer, shot } = stage;
    await palette('View: Close All Editors');
    await palette('DLMS: Decode APDU...');
    await answer(apdu);
    const panel = await pageOf(stage, 'trace');
    await panel.locator('[role=treeitem]', { hasText: '123456789' }).first().waitFor();
    await shot('decoded');
  }),
);
