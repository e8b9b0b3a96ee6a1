import type { Frame } from 'playwright-core';
import type { Stage } from './stage.ts';

const pollMs = 100;
const timeLimitMs = 20_000;

/** The pages of webview/pages/. */
export type PageName = 'scan' | 'trace' | 'fingerprint' | 'values';

/** The document of the panel in sight that shows this page; the titles of panels change with what they show. */
export async function pageOf({ page }: Stage, name: PageName): Promise<Frame> {
  for (const end = performance.now() + timeLimitMs; performance.now() < end; await page.waitForTimeout(pollMs)) {
    for (const frame of page.frames()) if (await shows(frame, name)) return frame;
  }
  throw new Error(`no panel in sight shows the page ${name}`);
}

async function shows(frame: Frame, name: PageName): Promise<boolean> {
  try {
    const inSight = await (await frame.frameElement()).isVisible();
    return inSight && (await frame.locator(`body[data-page="${name}"]`).count()) > 0;
  } catch {
    return false; // The frame went away while it was looked at, or is the workbench itself.
  }
}
