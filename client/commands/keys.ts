import * as vscode from 'vscode';
import { importKeys } from '../secrets/ask-secrets.ts';
import type { Workbench } from '../workbench.ts';

/** `DLMS: Import Keys...`. */
export async function importKeysCommand({ vault }: Workbench): Promise<void> {
  await importKeys(vault);
}

/** `DLMS: Forget Keys...`: removes stored values, and the agreement to use key files beside templates. */
export async function forgetKeys({ vault }: Workbench): Promise<void> {
  const names = await vault.names;
  const files = await vault.knownNames();
  if (files.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No key is stored.'));
    return;
  }
  const demo = { label: vscode.l10n.t('$(beaker) Demo key files of this workspace'), demo: true };
  const items = [...names.map((label) => ({ label, demo: false })), ...(files.length > names.length ? [demo] : [])];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Forget Keys'),
    placeHolder: vscode.l10n.t('Values are removed from the secret storage'),
    canPickMany: true,
  });
  if (chosen === undefined || chosen.length === 0) return;
  await vault.forget(chosen.filter((item) => !item.demo).map(({ label }) => label));
  if (chosen.some((item) => item.demo)) await vault.forgetFiles();
}
