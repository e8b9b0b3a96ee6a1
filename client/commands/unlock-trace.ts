import * as vscode from 'vscode';
import type { Secrets, UnlockTraceResult } from '../../engine/rpc/protocol.ts';
import { parseSystemTitle } from '../inputs/addresses.ts';
import { importKeys } from '../secrets/ask-secrets.ts';
import type { Workbench } from '../workbench.ts';
import { showProblem } from './show-problem.ts';

/** The values of everything that is stored. They go to the engine and nowhere else. */
export async function storedSecrets({ vault }: Pick<Workbench, 'vault'>): Promise<Secrets> {
  return await vault.find(await vault.knownNames());
}

/** Says that a trace has encrypted rows and offers to open them; `locked` is how many. */
export async function offerUnlock(workbench: Workbench, traceId: string, locked: number): Promise<void> {
  if (locked === 0) return;
  const names = await workbench.vault.knownNames();
  const message =
    locked === 1 ? vscode.l10n.t('The APDU is encrypted.') : vscode.l10n.t('{0} APDUs are encrypted.', locked);
  const tryKeys = vscode.l10n.t('Try with Stored Keys');
  const bring = vscode.l10n.t('Import Keys...');
  const chosen = await vscode.window.showInformationMessage(message, names.length > 0 ? tryKeys : bring);
  if (chosen === tryKeys) await unlockTrace(workbench, traceId);
  if (chosen === bring && (await importKeys(workbench.vault))) await unlockTrace(workbench, traceId);
}

/** Opens the encrypted rows of a trace with the stored keys, and says which key did it. */
export async function unlockTrace(workbench: Workbench, traceId: string, systemTitle?: string): Promise<void> {
  try {
    const secrets = await storedSecrets(workbench);
    if (Object.keys(secrets).length === 0 && !(await importKeys(workbench.vault))) return;
    const result = await workbench.traces.unlock({
      traceId,
      secrets: Object.keys(secrets).length === 0 ? await storedSecrets(workbench) : secrets,
      ...(systemTitle === undefined ? {} : { systemTitle }),
    });
    await tell(workbench, traceId, result);
  } catch (error) {
    await showProblem(workbench.log, error);
  }
}

async function tell(
  workbench: Workbench,
  traceId: string,
  { opened, closed, keyNames, titleMissing }: UnlockTraceResult,
): Promise<void> {
  if (closed === 0) {
    void vscode.window.showInformationMessage(
      opened === 0 ? vscode.l10n.t('Nothing in this trace is encrypted any more.') : openedWith(keyNames),
    );
    return;
  }
  const found = opened > 0 ? `${openedWith(keyNames)} ` : '';
  const enterTitle = vscode.l10n.t('Enter System Title...');
  const bring = vscode.l10n.t('Import Keys...');
  const chosen = await vscode.window.showWarningMessage(
    titleMissing
      ? vscode.l10n.t(
          '{0}No stored key opens {1} rows. They do not carry the system title of their sender, which is needed with the key.',
          found,
          closed,
        )
      : vscode.l10n.t('{0}No stored key opens {1} rows.', found, closed),
    ...(titleMissing ? [enterTitle] : []),
    bring,
  );
  if (chosen === bring && (await importKeys(workbench.vault))) await unlockTrace(workbench, traceId);
  if (chosen !== enterTitle) return;
  const systemTitle = await askSystemTitle();
  if (systemTitle !== undefined) await unlockTrace(workbench, traceId, systemTitle);
}

/** Names of secrets, never their values. */
export function openedWith(keyNames: readonly string[]): string {
  return vscode.l10n.t('Opened with {0}.', keyNames.join(', '));
}

function askSystemTitle(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('System Title'),
    prompt: vscode.l10n.t('System title of the sender, 16 hex digits. An association tells it in its AARQ and AARE.'),
    placeHolder: '4d4d4d0000bc614e',
    ignoreFocusOut: true,
    validateInput: (text) =>
      parseSystemTitle(text) === undefined ? vscode.l10n.t('Expected 16 hex digits') : undefined,
  });
}
