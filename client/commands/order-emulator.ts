import * as vscode from 'vscode';
import { PushNow, ScaleEmulator } from '../../engine/rpc/protocol.ts';
import { parseInteger } from '../inputs/addresses.ts';
import { EndpointNode } from '../views/emulator-view.ts';
import type { Workbench } from '../workbench.ts';
import { instanceOf } from './arguments.ts';
import { showProblem } from './show-problem.ts';

/** Largest number of meters that is asked for in the editor; more is the command line's business. */
const maxCount = 10_000;

/** `DLMS: Scale...` of a running instance of one fleet or meter. */
export async function scaleEmulator({ engine, emulators, log }: Workbench, argument: unknown): Promise<void> {
  const instance = instanceOf(argument, emulators);
  if (instance === undefined) return;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Scale {0}', instance.name),
    prompt: vscode.l10n.t('Number of meters; those that stay keep their connections'),
    value: String(instance.count),
    validateInput: (typed) =>
      parseInteger(typed, 1, maxCount) === undefined ? vscode.l10n.t('A number from 1 to {0}', maxCount) : undefined,
  });
  const count = text === undefined ? undefined : parseInteger(text, 1, maxCount);
  if (count === undefined) return;
  await engine.request(ScaleEmulator, { id: instance.id, count }).catch((error: unknown) => showProblem(log, error));
}

/** `DLMS: Push Now` of a meter: what its first push setup says. */
export async function pushNow({ engine, log }: Workbench, argument: unknown): Promise<void> {
  if (!(argument instanceof EndpointNode)) return;
  const { instance, endpoint } = argument;
  const { serial } = endpoint;
  await engine.request(PushNow, { id: instance.id, serial }).catch((error: unknown) => showProblem(log, error));
}
