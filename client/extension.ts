import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { saveTrace } from './commands/export-trace.ts';
import { readAgain } from './commands/read-meter.ts';
import { registerCommands } from './commands/register.ts';
import { rescan } from './commands/scan-network.ts';
import { openScanRow } from './commands/show-fingerprint.ts';
import { showProblem } from './commands/show-problem.ts';
import { unlockTrace } from './commands/unlock-trace.ts';
import { Engine } from './engine/engine.ts';
import { LanguageService } from './language/language-service.ts';
import { TemplateLens } from './language/template-lens.ts';
import { Emulators } from './model/emulators.ts';
import { Listeners } from './model/listeners.ts';
import { Memory } from './model/memory.ts';
import { Readings } from './model/readings.ts';
import { Scans } from './model/scans.ts';
import { Traces } from './model/traces.ts';
import { Panels } from './panels/panels.ts';
import { registerPanels } from './panels/register.ts';
import { Vault } from './secrets/vault.ts';
import { settings } from './settings.ts';
import { EmulatorView } from './views/emulator-view.ts';
import { MetersView } from './views/meters-view.ts';
import { ScansView } from './views/scans-view.ts';
import { createStatusBar } from './views/status-bar.ts';
import type { Workbench } from './workbench.ts';

let running: Workbench | undefined;

/** Puts the parts together; starts no process. The engine starts with the first request, the server with the first document. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('DLMS Workbench', { log: true });
  const bundle = (...parts: readonly string[]) => path.join(context.extensionPath, 'dist', ...parts);
  const engine = new Engine(bundle('engine', 'engine.cjs'), () => databasePath(context), log);
  const language = new LanguageService(bundle('server', 'server.cjs'), log);
  const workbench: Workbench = {
    log,
    engine,
    language,
    vault: new Vault(context),
    memory: new Memory(context.globalState),
    emulators: new Emulators(engine),
    scans: new Scans(engine),
    listeners: new Listeners(engine),
    traces: new Traces(engine),
    readings: new Readings(),
    panels: new Panels(context.extensionUri, log),
  };
  running = workbench;
  const meters = new MetersView(engine, workbench.scans, log);
  const scans = new ScansView(workbench.scans, log);
  const metersTree = vscode.window.createTreeView('dlms.meters', { treeDataProvider: meters });
  const scansTree = vscode.window.createTreeView('dlms.scans', { treeDataProvider: scans });
  meters.view = metersTree;
  scans.view = scansTree;
  context.subscriptions.push(
    log,
    engine,
    language,
    engine.onDidStop((exit) => {
      if (!exit.asked) void tellEngineDied(workbench, exit.reason);
    }),
    // Before it was granted the engine ran without a database.
    vscode.workspace.onDidGrantWorkspaceTrust(() => engine.stop()),
    vscode.languages.registerCodeLensProvider({ language: 'dlmsmeter' }, new TemplateLens(workbench)),
    vscode.window.createTreeView('dlms.emulator', {
      treeDataProvider: new EmulatorView(workbench.emulators),
      showCollapseAll: true,
    }),
    metersTree,
    scansTree,
    workbench.scans.onDidFail(({ message, next }) => showProblem(log, new Error(`${message} ${next}`))),
    createStatusBar(workbench),
    registerCommands(workbench, () => meters.refresh()),
    registerPanels(workbench, {
      openScanRow: (...row) => openScanRow(workbench, ...row),
      rescan: (scanId) => rescan(workbench, scanId),
      readAgain: (traceId) => readAgain(workbench, traceId),
      unlockTrace: (traceId) => unlockTrace(workbench, traceId),
      exportTrace: (traceId, title) => saveTrace(workbench, traceId, title),
    }),
  );
}

/** Closes the sockets of virtual meters and ends both processes. */
export async function deactivate(): Promise<void> {
  await Promise.all([running?.engine.stop(), running?.language.stop()]);
  running = undefined;
}

/** Where scans are stored: the setting, else the storage of this extension. Nothing is stored for an untrusted workspace. */
async function databasePath(context: vscode.ExtensionContext): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) return undefined;
  const file =
    settings.databasePath() || path.join((context.storageUri ?? context.globalStorageUri).fsPath, 'workbench.sqlite');
  await mkdir(path.dirname(file), { recursive: true });
  return file;
}

async function tellEngineDied({ log }: Workbench, reason: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const choice = await vscode.window.showErrorMessage(
    vscode.l10n.t(
      'The DLMS engine stopped unexpectedly ({0}). Virtual meters and scans stopped with it. The next command starts it again.',
      reason,
    ),
    showLog,
  );
  if (choice === showLog) log.show();
}
