import * as vscode from 'vscode';
import type { ScanOptions } from '../../engine/discovery/types.ts';
import { engineProblem } from '../engine/engine-problem.ts';
import { parsePorts, words } from '../inputs/addresses.ts';
import { runSteps } from '../inputs/steps.ts';
import { scanTitle } from '../panels/scan-panel.ts';
import { settings } from '../settings.ts';
import { requireTrust } from '../trust.ts';
import { scanProgress } from '../views/scans-view.ts';
import type { Workbench } from '../workbench.ts';
import { instanceOf, scanIdOf } from './arguments.ts';
import { showProblem } from './show-problem.ts';

const viewId = 'dlms.scans';

interface Answers {
  readonly targets: readonly string[];
  readonly ports: readonly number[];
}

/**
 * `DLMS: Scan Network...`: asks for targets and ports, starts the scan and shows its table. A keybinding may say both:
 * `{ "targets": ["127.0.0.1"], "ports": [4059] }`.
 */
export async function scanNetwork(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const given = answersOf(argument);
  if (given !== undefined) return await startScan(workbench, { ...defaults(), ...given });
  const start: Answers = { targets: settings.scanTargets(), ports: settings.scanPorts() };
  const answers = await runSteps<Answers>(vscode.l10n.t('Scan Network'), start, [
    async (state, questions) => {
      const text = await questions.text({
        prompt: vscode.l10n.t('Targets: addresses, ranges a-b, CIDR or host names, separated by commas'),
        value: state.targets.join(', '),
        placeholder: '127.0.0.1, 192.168.1.0/24',
        problem: (typed) =>
          words(typed).length === 0
            ? vscode.l10n.t('At least one target, e.g. 127.0.0.1 or 192.168.1.0/24')
            : undefined,
      });
      return { ...state, targets: words(text) };
    },
    async (state, questions) => {
      const text = await questions.text({
        prompt: vscode.l10n.t('TCP ports: numbers and ranges, separated by commas'),
        value: state.ports.join(', '),
        placeholder: '4059, 4060-4063',
        problem: (typed) =>
          parsePorts(typed) === undefined ? vscode.l10n.t('Ports from 1 to 65535, e.g. 4059, 4060-4063') : undefined,
      });
      return { ...state, ports: parsePorts(text) ?? state.ports };
    },
  ]);
  if (answers !== undefined) await startScan(workbench, { ...defaults(), ...answers });
}

function answersOf(argument: unknown): Answers | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const targets: unknown = Reflect.get(argument, 'targets');
  const ports: unknown = Reflect.get(argument, 'ports');
  if (!Array.isArray(targets) || !Array.isArray(ports)) return undefined;
  const numbers = parsePorts(ports.join(','));
  return numbers === undefined ? undefined : { targets: targets.map(String), ports: numbers };
}

/** Scans the endpoints of a running instance. */
export async function scanEmulator(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const instance = instanceOf(argument, workbench.emulators);
  if (instance === undefined) return;
  const { endpoints } = instance;
  const targets = [...new Set(endpoints.map(({ host }) => host))];
  const ports = [...new Set(endpoints.map(({ port }) => port))];
  await startScan(workbench, { ...defaults(), targets, ports, exclude: [] });
}

/** Does a scan of this session or of the store again. */
export async function rescan(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const scanId = scanIdOf(argument);
  if (scanId === undefined) return;
  const before = workbench.scans.optionsOf(scanId);
  const summary = workbench.scans.get(scanId)?.summary;
  if (before !== undefined) await startScan(workbench, before);
  else if (summary !== undefined)
    await startScan(workbench, { ...defaults(), targets: summary.targets, ports: summary.ports });
}

/** `DLMS: Cancel Scan`: the given scan, the only one that runs, or the one that is chosen. */
export async function cancelScan({ scans, log }: Workbench, argument: unknown): Promise<void> {
  const { running } = scans;
  const [only] = running;
  const given = scanIdOf(argument) ?? (running.length === 1 ? only?.summary.scanId : undefined);
  const scanId =
    given ??
    (await choose(
      running.map((record) => ({
        label: scanTitle(record),
        description: scanProgress(record),
        id: record.summary.scanId,
      })),
    ));
  if (scanId === undefined) return;
  try {
    await scans.cancel(scanId);
  } catch (error) {
    await showProblem(log, error);
  }
}

/** `DLMS: Show Scan`: its table. */
export async function showScan({ scans, panels, log }: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  try {
    if (scans.all.length === 0) await scans.refresh();
    const scanId =
      scanIdOf(argument) ??
      (await choose(
        scans.all.map((record) => ({
          label: scanTitle(record),
          description: scanProgress(record),
          id: record.summary.scanId,
        })),
      ));
    if (scanId !== undefined) panels.show('scan', scanId);
  } catch (error) {
    await showProblem(log, error);
  }
}

/** The only item, or the one that is chosen. */
async function choose(items: readonly (vscode.QuickPickItem & { readonly id: string })[]): Promise<string | undefined> {
  const [only] = items;
  if (only === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no scan yet.'));
    return undefined;
  }
  if (items.length === 1) return only.id;
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Scan') }))?.id;
}

function defaults(): ScanOptions {
  return {
    targets: settings.scanTargets(),
    exclude: settings.scanExclude(),
    ports: settings.scanPorts(),
    rate: settings.scanRate(),
    timeoutMs: settings.scanTimeoutMs(),
    concurrency: settings.scanConcurrency(),
    allowPublic: false,
  };
}

/** Starts a scan, shows its table, and its progress in the Scans view until it is over. */
async function startScan(workbench: Workbench, options: ScanOptions): Promise<void> {
  const { scans, panels, log } = workbench;
  try {
    const scanId = await scans.start(options);
    panels.show('scan', scanId);
    void vscode.window.withProgress({ location: { viewId }, title: vscode.l10n.t('Scanning') }, () =>
      untilOver(workbench, scanId),
    );
  } catch (error) {
    const problem = engineProblem(error);
    if (problem.code === 'targetsRefused' && !options.allowPublic) {
      if (await confirmPublic(options, problem.message)) await startScan(workbench, { ...options, allowPublic: true });
      return;
    }
    await showProblem(log, error, [
      { title: vscode.l10n.t('Change Targets...'), run: () => scanNetwork(workbench, undefined) },
    ]);
  }
}

function untilOver({ scans }: Workbench, scanId: string): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (scans.get(scanId)?.summary.state === 'running') return;
      subscription.dispose();
      resolve();
    };
    const subscription = scans.onDidChange(check);
    check();
  });
}

/** Public addresses belong to somebody: scanning them is asked for each time, never remembered. */
async function confirmPublic({ targets, ports, rate }: ScanOptions, reason: string): Promise<boolean> {
  const go = vscode.l10n.t('Scan Public Addresses');
  const pace =
    rate === 0 ? vscode.l10n.t('without a limit of rate') : vscode.l10n.t('at most {0} connections a second', rate);
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Scan addresses outside of loopback and private ranges?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        '{0}\n\nTargets: {1}\nPorts: {2}, {3}.\n\nOnly scan networks you are allowed to scan.',
        reason,
        targets.join(', '),
        ports.join(', '),
        pace,
      ),
    },
    go,
  );
  return chosen === go;
}
