import * as vscode from 'vscode';
import { ListMeters, type MeterRow } from '../../engine/rpc/protocol.ts';
import { formatAddress } from '../inputs/addresses.ts';
import { meterTitle } from '../model/scan-row.ts';
import { requireTrust } from '../trust.ts';
import { MeterNode } from '../views/meters-view.ts';
import type { Workbench } from '../workbench.ts';
import { readMeter } from './read-meter.ts';
import { showProblem } from './show-problem.ts';
import { showTrace } from './show-trace.ts';

const offered = 500;

/** `DLMS: Show Fingerprint`: of the given meter, or of one that is chosen. */
export async function showFingerprint(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  try {
    const id = argument instanceof MeterNode ? argument.meter.id : await choose(workbench);
    if (id !== undefined) workbench.panels.show('fingerprint', id);
  } catch (error) {
    await showProblem(workbench.log, error);
  }
}

async function choose({ engine }: Workbench): Promise<string | undefined> {
  const { rows } = await engine.request(ListMeters, { offset: 0, limit: offered });
  if (rows.length === 0) {
    const scan = vscode.l10n.t('Scan Network...');
    const next = await vscode.window.showInformationMessage(
      vscode.l10n.t('No meter is stored yet. A scan finds them.'),
      scan,
    );
    if (next === scan) await vscode.commands.executeCommand('dlms.scanNetwork');
    return undefined;
  }
  const items = rows.map((row) => ({
    label: meterTitle(row),
    description: formatAddress(row),
    detail: row.reason,
    id: row.id,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Show Fingerprint'),
    matchOnDescription: true,
  });
  return chosen?.id;
}

/** Opens a row of a scan table: the stored meter of this scan at this address. */
export async function openScanRow(
  workbench: Workbench,
  scanId: string,
  host: string,
  port: number,
  as: 'fingerprint' | 'read' | 'trace',
): Promise<void> {
  if (as === 'read') return await readMeter(workbench, { host, port });
  if (as === 'trace') return await showTrace(workbench, { host, port });
  const meter = await find(workbench, scanId, host, port);
  if (meter !== undefined) workbench.panels.show('fingerprint', meter.id);
  else
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} is not stored yet. Try again in a moment.', formatAddress({ host, port })),
    );
}

async function find({ scans }: Workbench, scanId: string, host: string, port: number): Promise<MeterRow | undefined> {
  for await (const part of scans.stored(scanId)) {
    const found = part.find((row) => row.host === host && row.port === port);
    if (found !== undefined) return found;
  }
  return undefined;
}
