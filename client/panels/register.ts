import * as vscode from 'vscode';
import { GetMeter } from '../../engine/rpc/protocol.ts';
import type { Workbench } from '../workbench.ts';
import { FingerprintPanel } from './fingerprint-panel.ts';
import { ScanPanel } from './scan-panel.ts';
import { TracePanel } from './trace-panel.ts';
import { ValuesPanel } from './values-panel.ts';

/** What the panels ask the commands to do; handed in, because commands open panels. */
export interface PanelActions {
  readonly openScanRow: (
    scanId: string,
    host: string,
    port: number,
    as: 'fingerprint' | 'read' | 'trace',
  ) => Promise<void>;
  readonly rescan: (scanId: string) => Promise<void>;
  readonly readAgain: (traceId: string) => Promise<void>;
  readonly unlockTrace: (traceId: string) => Promise<void>;
  readonly exportTrace: (traceId: string, title: string) => Promise<void>;
}

/** Makes the four kinds of panels known, also for coming back after a reload. */
export function registerPanels(workbench: Workbench, actions: PanelActions): vscode.Disposable {
  const { panels, scans, traces, readings, engine } = workbench;
  return vscode.Disposable.from(
    panels.register({
      page: 'scan',
      title: vscode.l10n.t('Scan'),
      open: (scanId, page) => new ScanPanel(scanId, page, scans, { open: actions.openScanRow, again: actions.rescan }),
    }),
    panels.register({
      page: 'trace',
      title: vscode.l10n.t('Association Trace'),
      open: (traceId, page) =>
        new TracePanel(traceId, page, traces, { unlock: actions.unlockTrace, export: actions.exportTrace }),
    }),
    panels.register({
      page: 'fingerprint',
      title: vscode.l10n.t('Fingerprint'),
      open: (meterId, page) =>
        new FingerprintPanel(meterId, page, engine, async (id, as) => {
          const { host, port } = await engine.request(GetMeter, { id });
          await vscode.commands.executeCommand(as === 'read' ? 'dlms.readMeter' : 'dlms.showTrace', { host, port });
        }),
    }),
    panels.register({
      page: 'values',
      title: vscode.l10n.t('Values'),
      open: (traceId, page) =>
        new ValuesPanel(traceId, page, readings, {
          again: actions.readAgain,
          showTrace: async (id) => panels.show('trace', id),
        }),
    }),
  );
}
