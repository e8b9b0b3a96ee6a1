import type * as vscode from 'vscode';
import { engineProblem } from '../engine/engine-problem.ts';

/** Where a view says that its list could not be read: the line above its rows. */
export interface MessageLine {
  /** A `TreeView` has it. */
  message?: string | undefined;
}

/** Reads the rows of a view. A failure, e.g. of storage, stands in the view until a later read succeeds. */
export async function rowsOrMessage<T>(
  view: MessageLine | undefined,
  log: vscode.LogOutputChannel,
  read: () => Promise<T[]>,
): Promise<T[]> {
  try {
    const rows = await read();
    if (view !== undefined) view.message = undefined;
    return rows;
  } catch (error) {
    const { message, next } = engineProblem(error);
    log.error(error instanceof Error ? error : message);
    if (view !== undefined) view.message = next === undefined ? message : `${message} ${next}`;
    return [];
  }
}
