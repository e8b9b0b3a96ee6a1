import * as vscode from 'vscode';
import type { Workbench } from '../workbench.ts';
import { scanProgress } from './scans-view.ts';

interface Action extends vscode.QuickPickItem {
  readonly run?: () => Thenable<unknown>;
}

const menuCommand = 'dlms.statusMenu';

/** The one status bar item: what runs. A click lists what can be done about it; hidden while nothing runs. */
export function createStatusBar({
  emulators,
  scans,
  listeners,
}: Pick<Workbench, 'emulators' | 'scans' | 'listeners'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('dlms.status', vscode.StatusBarAlignment.Left, 0);
  item.name = 'DLMS Workbench';
  item.command = menuCommand;
  const update = () => {
    const [scan] = scans.running;
    const { meters } = emulators;
    const parts: string[] = [];
    if (scan !== undefined) parts.push(`$(sync~spin) ${vscode.l10n.t('Scan {0}', scanProgress(scan))}`);
    if (meters > 0)
      parts.push(`$(vm-running) ${meters === 1 ? vscode.l10n.t('1 meter') : vscode.l10n.t('{0} meters', meters)}`);
    const [listener] = listeners.running;
    if (listener !== undefined) parts.push(`$(broadcast) ${vscode.l10n.t('Listening')}`);
    item.text = parts.join('  ');
    item.tooltip = vscode.l10n.t('DLMS Workbench: running scans, virtual meters and listeners');
    item.accessibilityInformation = { label: `DLMS: ${item.text.replaceAll(/\$\([^)]*\)/g, '').trim()}` };
    if (parts.length > 0) item.show();
    else item.hide();
  };
  const menu = async () => {
    const command =
      (name: string, ...parameters: readonly unknown[]) =>
      () =>
        vscode.commands.executeCommand(name, ...parameters);
    const actions: Action[] = scans.running.flatMap(({ summary }) => [
      {
        label: vscode.l10n.t('$(table) Show scan of {0}', summary.targets.join(', ')),
        run: command('dlms.showScan', summary.scanId),
      },
      {
        label: vscode.l10n.t('$(debug-stop) Cancel scan of {0}', summary.targets.join(', ')),
        run: command('dlms.cancelScan', summary.scanId),
      },
    ]);
    for (const { id, name } of emulators.instances) {
      actions.push({ label: vscode.l10n.t('$(debug-stop) Stop {0}', name), run: command('dlms.stopEmulator', id) });
    }
    if (emulators.instances.length > 1)
      actions.push({ label: vscode.l10n.t('$(stop-circle) Stop all emulators'), run: command('dlms.stopAll') });
    for (const { listenerId, title } of listeners.running) {
      actions.push({
        label: vscode.l10n.t('$(debug-stop) Stop listening on {0}', title),
        run: command('dlms.stopListening', listenerId),
      });
    }
    actions.push(
      { label: vscode.l10n.t('$(radio-tower) Scan network...'), run: command('dlms.scanNetwork') },
      { label: vscode.l10n.t('$(book) Read meter...'), run: command('dlms.readMeter') },
    );
    const chosen = await vscode.window.showQuickPick(actions, { title: 'DLMS Workbench' });
    await chosen?.run?.();
  };
  update();
  return vscode.Disposable.from(
    item,
    vscode.commands.registerCommand(menuCommand, menu),
    emulators.onDidChange(update),
    scans.onDidChange(update),
    listeners.onDidChange(update),
  );
}
