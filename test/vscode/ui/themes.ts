import { pageOf } from './page.ts';
import type { Stage } from './stage.ts';
import { step, story } from './step.ts';

/** The last one is what the run began with. */
const themes = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'];

async function chooseTheme({ page, palette, answer }: Stage, theme: string): Promise<void> {
  await palette('Preferences: Color Theme');
  await answer(theme);
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** Shows every panel in every kind of theme, for people to look at: colours come from the theme, so none may be lost. */
export const themed = story(
  'the panels follow the theme',
  ...themes.map((theme) =>
    step(theme, async (stage) => {
      const { palette, pick, shot } = stage;
      await chooseTheme(stage, theme);
      const name = theme.toLowerCase().replaceAll(' ', '-');
      await palette('DLMS: Show Scan');
      const scan = await pageOf(stage, 'scan');
      await scan.locator('[role=row][data-row]').first().click();
      await shot(`${name}-scan`);
      await palette('DLMS: Show Association Trace');
      const trace = await pageOf(stage, 'trace');
      await trace.locator('#octet-0').click();
      await shot(`${name}-trace`);
      await palette('DLMS: Show Fingerprint');
      await pick('A1000');
      const fingerprint = await pageOf(stage, 'fingerprint');
      await fingerprint.locator('vscode-panel-tab', { hasText: 'Overview' }).click();
      await fingerprint.getByText('Classification').waitFor();
      await shot(`${name}-fingerprint`);
    }),
  ),
);
