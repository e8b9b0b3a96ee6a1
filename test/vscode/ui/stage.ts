import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { errors, type Frame, type Locator, type Page } from 'playwright-core';

/** What a step works with: the workbench as a user sees it. All waits end with an error after the page's time limit. */
export interface Stage {
  readonly page: Page;
  /** Folder opened in the workbench, a copy that may be changed. */
  readonly workspace: string;
  /** Runs a command from the palette by its whole title, `DLMS: Scan Network...`. */
  palette(title: string): Promise<void>;
  /** Opens a file of the workspace by its name and waits for its text. */
  openFile(name: string): Promise<void>;
  /** The text lines of the active editor that contain `text`. */
  line(text: string | RegExp): Locator;
  /** Answers the open input box: types and presses Enter. */
  answer(text: string): Promise<void>;
  /** Picks the entry of the open quick pick whose label is `text`, or else the first that contains it. */
  pick(text: string | RegExp): Promise<void>;
  /** A notification that contains `text`. */
  notification(text: string | RegExp): Locator;
  /** An entry of the Problems view, which must be shown. */
  problem(text: string | RegExp): Locator;
  /** A row of any tree or list in the side bar. */
  treeRow(text: string | RegExp): Locator;
  /** The document inside the visible webview panel with this title. */
  webview(title: string): Promise<Frame>;
  /** Saves a picture as artifacts/screenshots/NN-name.png; numbers count up. */
  shot(name: string): Promise<void>;
}

const pollMs = 100;
/** How long the palette may take to open and to list what was typed, before it is opened again. */
const paletteLimitMs = 3_000;
/** No list in these stories is longer. */
const mostRows = 50;
const keyMs = 40;
/** The workbench moves focus after it has shown something; typing sooner goes elsewhere. */
const settleMs = 250;

export function createStage(page: Page, workspace: string, screenshots: string, timeLimitMs: number): Stage {
  let pictures = 0;
  const quickInput = page.locator('.quick-input-widget');
  const quickText = quickInput.locator('input[type=text]');
  const quickRows = quickInput.locator('.monaco-list-row');
  /** Rows with exactly this label where there are such, else rows that contain the text. */
  const rowsWith = async (text: string | RegExp) => {
    const exact = quickRows.filter({ has: page.getByText(text, { exact: true }) });
    return (await exact.count()) > 0 ? exact : quickRows.filter({ hasText: text });
  };

  // By keyboard: rows are still being added and move while a pointer is on its way, and their order in the page is not the one seen.
  const accept = async (rows: Locator) => {
    await quickText.focus();
    for (let tries = 0; tries < mostRows; tries++) {
      if ((await rows.and(page.locator('.focused')).count()) > 0) return await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(keyMs);
    }
    throw new Error('the row is in the list, but the arrow keys do not reach it');
  };

  // Opened again and again: a key that comes while the focus moves is lost, and a list that was opened before the extension was
  // known, or the file was there, stays without it.
  const search = async (key: string, text: string, rows: Locator) => {
    for (const end = performance.now() + timeLimitMs; performance.now() < end; await page.keyboard.press('Escape')) {
      await page.keyboard.press(key);
      try {
        await quickText.fill(text, { timeout: paletteLimitMs });
        await rows.first().waitFor({ timeout: paletteLimitMs });
      } catch (error) {
        if (error instanceof errors.TimeoutError) continue;
        throw error;
      }
      return await accept(rows);
    }
    throw new Error(`'${text}' is not in the list that ${key} opens`);
  };

  const stage: Stage = {
    page,
    workspace,
    palette: async (title) => {
      await search('F1', `>${title}`, quickRows.filter({ has: page.getByText(title, { exact: true }) }));
    },
    openFile: async (name) => {
      await search('Control+P', name, quickRows.filter({ hasText: name }));
      await page.locator('.tab.active', { hasText: path.basename(name) }).waitFor();
      await page.locator('.editor-group-container.active .view-lines .view-line').first().waitFor();
    },
    line: (text) => page.locator('.editor-group-container.active .view-line', { hasText: text }),
    answer: async (text) => {
      await quickText.waitFor();
      await quickText.fill(text);
      await page.waitForTimeout(settleMs);
      await page.keyboard.press('Enter');
    },
    pick: async (text) => {
      await quickRows.filter({ hasText: text }).first().waitFor();
      await page.waitForTimeout(settleMs);
      await accept(await rowsWith(text));
    },
    notification: (text) => page.locator('.notifications-toasts .notification-list-item', { hasText: text }),
    problem: (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text }),
    treeRow: (text) => page.locator('.sidebar .monaco-list-row', { hasText: text }),
    webview: async (title) => {
      for (const end = performance.now() + timeLimitMs; performance.now() < end; await page.waitForTimeout(pollMs)) {
        for (const frame of page.frames()) if (await isShownAs(frame, title)) return frame;
      }
      throw new Error(`no visible webview is titled '${title}'`);
    },
    shot: async (name) => {
      pictures += 1;
      mkdirSync(screenshots, { recursive: true });
      await page.waitForTimeout(settleMs);
      await page.screenshot({ path: path.join(screenshots, `${String(pictures).padStart(2, '0')}-${name}.png`) });
    },
  };
  return stage;
}

/** A webview is a frame in a frame; the inner one bears the title of the panel. */
async function isShownAs(frame: Frame, title: string): Promise<boolean> {
  if (frame.parentFrame()?.parentFrame() == null) return false;
  try {
    const element = await frame.frameElement();
    return (await element.getAttribute('title')) === title && (await element.isVisible());
  } catch {
    return false; // The frame went away while it was looked at.
  }
}
