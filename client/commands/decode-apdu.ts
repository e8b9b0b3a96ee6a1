import * as vscode from 'vscode';
import type { Workbench } from '../workbench.ts';
import { showProblem } from './show-problem.ts';
import { offerUnlock } from './unlock-trace.ts';

/** Selections longer than this are a mistake. */
const maxCharacters = 4 * 1024 * 1024;

/** `DLMS: Decode APDU...`: the selected text, else text that is asked for. Works without trust: it opens no socket. */
export async function decodeApdu(workbench: Workbench): Promise<void> {
  const { traces, panels, log } = workbench;
  const text = selectedText() ?? (await ask());
  if (text === undefined) return;
  try {
    if (text.length > maxCharacters)
      throw new Error(
        vscode.l10n.t('The selection has {0} characters; at most {1} are decoded.', text.length, maxCharacters),
      );
    const { traceId, locked } = await traces.translate(text);
    panels.show('trace', traceId);
    // The panel is there; the question may wait.
    void offerUnlock(workbench, traceId, locked);
  } catch (error) {
    await showProblem(log, error);
  }
}

function selectedText(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty) return undefined;
  return editor.document.getText(editor.selection);
}

function ask(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Decode APDU'),
    prompt: vscode.l10n.t(
      'Octets as hex: a frame, a wrapper packet or an APDU. Spaces, prefixes and comments are skipped.',
    ),
    placeHolder: '7e a0 07 03 21 93 0f 01 7e',
    ignoreFocusOut: true,
    validateInput: (text) => (/[0-9a-f]{2}/i.test(text) ? undefined : vscode.l10n.t('Expected hex digits')),
  });
}
