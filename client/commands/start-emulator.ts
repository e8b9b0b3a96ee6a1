import * as vscode from 'vscode';
import { StartEmulator, type StartEmulatorParams, TemplateSecrets } from '../../engine/rpc/protocol.ts';
import { engineProblem } from '../engine/engine-problem.ts';
import { isListenAddress, isLoopback, listenHost, parseInteger } from '../inputs/addresses.ts';
import { runSteps } from '../inputs/steps.ts';
import { languages } from '../language/language-service.ts';
import { secretsFor } from '../secrets/ask-secrets.ts';
import { settings } from '../settings.ts';
import { requireTrust } from '../trust.ts';
import type { Workbench } from '../workbench.ts';
import { type StartTarget, startTargetOf } from './arguments.ts';
import { showProblem } from './show-problem.ts';

/** Largest number of meters that is asked for in the editor; more is the command line's business. */
const maxCount = 10_000;
const viewId = 'dlms.emulator';

/** What to start and how, as far as it was said; the rest is the engine's default. */
interface Choice extends StartTarget {
  readonly count?: number;
  readonly listen?: string;
}

/** `DLMS: Start Emulator from This File`: the only meter of the file, or the one that is chosen. */
export async function startEmulator(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) return await startMeter(workbench, undefined);
  await guarded(workbench, uri, async () => {
    const targets = await targetsOf(workbench, uri);
    const [only] = targets;
    if (only === undefined) throw new Error(nothingToStart(uri));
    const target = targets.length === 1 ? only : await chooseTarget(targets);
    if (target !== undefined) await start(workbench, target);
  });
}

/** `DLMS: Start Meter...` from the palette asks for everything; from a code lens it starts what the lens stands on. */
export async function startMeter(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const given = startTargetOf(argument);
  const choice = given ?? (await askWhatToStart(workbench));
  if (choice !== undefined) await guarded(workbench, choice.uri, () => start(workbench, choice));
}

interface Answers {
  readonly uri?: vscode.Uri;
  readonly target?: StartTarget;
  readonly count?: number;
  readonly listen?: string;
}

async function askWhatToStart(workbench: Workbench): Promise<Choice | undefined> {
  const files = await vscode.workspace.findFiles('**/*.dlmsmeter', '**/node_modules/**', 1_000);
  if (files.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no .dlmsmeter template in this workspace.'));
    return undefined;
  }
  const open = vscode.window.activeTextEditor?.document.uri.toString();
  const answers = await runSteps<Answers>(vscode.l10n.t('Start Meter'), {}, [
    async (state, questions) => {
      const items = files
        .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
        .toSorted((a, b) => a.label.localeCompare(b.label));
      const { uri } = await questions.pick({
        placeholder: vscode.l10n.t('Template'),
        items,
        active: (item) => item.uri.toString() === open,
      });
      return { ...state, uri };
    },
    async (state, questions) => {
      const { uri } = state;
      if (uri === undefined) return state;
      const items = targetsOf(workbench, uri).then((targets) => {
        if (targets.length === 0) throw new Error(nothingToStart(uri));
        return targets.map(targetItem);
      });
      const { target } = await questions.pick({ placeholder: vscode.l10n.t('Meter or fleet'), items });
      return { ...state, target };
    },
    async (state, questions) => {
      const fleet = state.target?.kind === 'fleet';
      const text = await questions.text({
        prompt: fleet
          ? vscode.l10n.t("Number of meters; empty for the fleet's own count")
          : vscode.l10n.t('Number of meters of this kind'),
        value: fleet ? '' : '1',
        problem: (typed) =>
          (fleet && typed.trim() === '') || parseInteger(typed, 1, maxCount) !== undefined
            ? undefined
            : vscode.l10n.t('A number from 1 to {0}', maxCount),
      });
      const count = parseInteger(text, 1, maxCount);
      return count === undefined ? state : { ...state, count };
    },
    async (state, questions) => {
      const text = await questions.text({
        prompt: vscode.l10n.t(
          "Where to listen: HOST:PORT, HOST:PORT-PORT or 127.x.y.z/NN:PORT; empty for the template's port",
        ),
        placeholder: `${settings.emulatorHost()}:4059`,
        problem: (typed) =>
          typed.trim() === '' || isListenAddress(typed)
            ? undefined
            : vscode.l10n.t('Expected HOST:PORT, HOST:PORT-PORT or 127.x.y.z/NN:PORT'),
      });
      return text.trim() === '' ? state : { ...state, listen: text.trim() };
    },
  ]).catch(async (error: unknown) => {
    await showProblem(workbench.log, error);
    return undefined;
  });
  if (answers?.target === undefined) return undefined;
  const { target, count, listen } = answers;
  return { ...target, ...(count === undefined ? {} : { count }), ...(listen === undefined ? {} : { listen }) };
}

function targetItem(target: StartTarget): vscode.QuickPickItem & { readonly target: StartTarget } {
  return {
    label: `$(${target.kind === 'fleet' ? 'server-process' : 'dashboard'}) ${target.name}`,
    description: target.kind,
    target,
  };
}

async function chooseTarget(targets: readonly StartTarget[]): Promise<StartTarget | undefined> {
  const chosen = await vscode.window.showQuickPick(targets.map(targetItem), {
    title: vscode.l10n.t('Start Emulator from This File'),
    placeHolder: vscode.l10n.t('Meter or fleet'),
  });
  return chosen?.target;
}

/** The meters and fleets of a template that can be started. Rejects with the engine's error for a broken template. */
async function targetsOf({ engine }: Workbench, uri: vscode.Uri): Promise<readonly StartTarget[]> {
  const { meters, fleets } = await engine.request(TemplateSecrets, await templateOf(uri));
  return [
    ...meters.map((name) => ({ uri, kind: 'meter' as const, name })),
    ...fleets.map((name) => ({ uri, kind: 'fleet' as const, name })),
  ];
}

/** Path of the template, and its text when the editor's differs from the disk. */
async function templateOf(uri: vscode.Uri): Promise<{ path: string; text?: string }> {
  if (uri.scheme !== 'file' && uri.scheme !== 'untitled') {
    throw new Error(
      vscode.l10n.t(
        'Virtual meters need the template and the files it uses on disk; "{0}" is elsewhere.',
        uri.toString(true),
      ),
    );
  }
  const document = await vscode.workspace.openTextDocument(uri);
  if (!languages.includes(document.languageId)) {
    throw new Error(vscode.l10n.t('{0} is no .dlmsmeter template.', vscode.workspace.asRelativePath(uri)));
  }
  return document.isDirty || document.isUntitled
    ? { path: uri.fsPath, text: document.getText() }
    : { path: uri.fsPath };
}

async function start(workbench: Workbench, choice: Choice): Promise<void> {
  const { engine, vault } = workbench;
  const template = await templateOf(choice.uri);
  const { names } = await engine.request(TemplateSecrets, template);
  const secrets = await secretsFor(vault, names, choice.uri);
  if (secrets === undefined) return;
  const listen = choice.listen ?? defaultListen();
  if (listen !== undefined && !(await confirmListen(listen))) return;
  const params: StartEmulatorParams = {
    ...template,
    secrets,
    ...(choice.kind === 'fleet' ? { fleet: choice.name } : { meter: choice.name }),
    ...(choice.count === undefined ? {} : { count: choice.count }),
    ...(listen === undefined ? {} : { listen }),
  };
  await vscode.window.withProgress(
    { location: { viewId }, title: vscode.l10n.t('Starting {0}', choice.name) },
    async () => {
      const instance = await engine.request(StartEmulator, params);
      workbench.log.info(
        `started ${choice.kind} ${choice.name}: ${instance.count} meters on ${instance.endpointCount} endpoints`,
      );
      await workbench.emulators.refresh(engine);
    },
  );
}

/** Undefined lets the engine choose the port on loopback; another host is said with the default port. */
function defaultListen(): string | undefined {
  const host = settings.emulatorHost();
  return isLoopback(host) ? undefined : `${host}:4059`;
}

async function confirmListen(listen: string): Promise<boolean> {
  const host = listenHost(listen);
  if (isLoopback(host)) return true;
  const go = vscode.l10n.t('Listen on {0}', host);
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Make the virtual meters reachable from the network?'),
    {
      modal: true,
      detail: vscode.l10n.t('They will listen on {0}. Anybody who can reach that address can talk to them.', listen),
    },
    go,
  );
  return chosen === go;
}

function nothingToStart(uri: vscode.Uri): string {
  return vscode.l10n.t(
    '{0} has no meter that can be started. An abstract meter is there to be extended.',
    vscode.workspace.asRelativePath(uri),
  );
}

/** Runs `act` and shows its failure with what can be done about it. */
async function guarded(workbench: Workbench, uri: vscode.Uri, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const { code } = engineProblem(error);
    const otherPort = { title: vscode.l10n.t('Choose Another Port...'), run: () => startMeter(workbench, undefined) };
    const problems = { title: vscode.l10n.t('Show Problems'), run: () => showProblems(uri) };
    await showProblem(
      workbench.log,
      error,
      code === 'portInUse' ? [otherPort] : code === 'templateInvalid' ? [problems] : [],
    );
  }
}

async function showProblems(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri);
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}
