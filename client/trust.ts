import * as vscode from 'vscode';

/**
 * Whether network actions are allowed here; tells the person how to allow them when not. Menus hide these commands in
 * Restricted Mode too, but a command can be run by a keybinding or by another extension.
 */
export async function requireTrust(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Emulating, scanning, reading meters and listening open network connections. They need a trusted workspace.',
    ),
    manage,
  );
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
