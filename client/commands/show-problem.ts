import * as vscode from 'vscode';
import { type EngineProblem, engineProblem, type TemplateFinding } from '../engine/engine-problem.ts';

/** A button of an error message. */
export interface NextStep {
  readonly title: string;
  readonly run: () => unknown;
}

/** Shows a failure: what happened, what to do next, buttons for it, and the way to the log. Logs it as well. */
export async function showProblem(
  log: vscode.LogOutputChannel,
  error: unknown,
  steps: readonly NextStep[] = [],
): Promise<void> {
  const problem = engineProblem(error);
  log.error(error instanceof Error ? error : problem.message);
  const buttons = [...findingSteps(problem), ...steps, { title: vscode.l10n.t('Show Log'), run: () => log.show() }];
  const text = [problem.message, problem.next].filter((part) => part !== undefined).join(' ');
  const chosen = await vscode.window.showErrorMessage(text, ...buttons.map(({ title }) => title));
  await buttons.find(({ title }) => title === chosen)?.run();
}

function findingSteps({ findings }: EngineProblem): NextStep[] {
  const [first] = findings;
  return first === undefined ? [] : [{ title: vscode.l10n.t('Show Error'), run: () => reveal(first) }];
}

/** Opens the template at the finding; lines and columns of findings count from 1. */
async function reveal({ path, line, column }: TemplateFinding): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(at, at) });
}
