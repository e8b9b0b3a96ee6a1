import { sample } from './emulator.ts';
import { step, story } from './step.ts';

export const stop = story(
  'the virtual meter is stopped',
  step(
    'DLMS: Stop Emulator ends it and the lens offers to start again',
    async ({ palette, openFile, page, treeRow }) => {
      await openFile(sample.file);
      await palette('DLMS: Stop Emulator');
      await page.locator('.codelens-decoration a', { hasText: 'Start meter' }).first().waitFor();
      await treeRow(`${sample.meter}1 meter`).first().waitFor({ state: 'detached' });
    },
  ),
);
