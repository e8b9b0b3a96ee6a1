import * as vscode from 'vscode';
import { StopEmulator } from '../../engine/rpc/protocol.ts';
import type { Workbench } from '../workbench.ts';
import { instanceOf } from './arguments.ts';
import { showProblem } from './show-problem.ts';

/** `DLMS: Stop Emulator`: the given instance, the only one, or the one that is chosen. */
export async function stopEmulator(workbench: Workbench, argument: unknown): Promise<void> {
  const { emulators } = workbench;
  const [only] = emulators.instances;
  const given = instanceOf(argument, emulators) ?? (emulators.instances.length === 1 ? only : undefined);
  const id = given?.id ?? (await choose(workbench));
  if (id !== undefined) await stop(workbench, [id]);
}

/** `DLMS: Stop All Emulators`. */
export async function stopAll(workbench: Workbench): Promise<void> {
  await stop(
    workbench,
    workbench.emulators.instances.map(({ id }) => id),
  );
}

async function choose({ emulators }: Workbench): Promise<string | undefined> {
  const items = emulators.instances.map(({ id, name, count }) => ({
    label: name,
    description: count === 1 ? vscode.l10n.t('1 meter') : vscode.l10n.t('{0} meters', count),
    id,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Stop Emulator') });
  return chosen?.id;
}

async function stop({ engine, emulators, log }: Workbench, ids: readonly string[]): Promise<void> {
  try {
    for (const id of ids) await engine.request(StopEmulator, { id });
    await emulators.refresh(engine);
  } catch (error) {
    await showProblem(log, error);
  }
}
