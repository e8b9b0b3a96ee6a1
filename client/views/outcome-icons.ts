import * as vscode from 'vscode';
import type { Outcome } from '../../engine/discovery/types.ts';

const icons: Readonly<Record<Outcome, readonly [string, string | undefined]>> = {
  identified: ['pass-filled', 'testing.iconPassed'],
  associated: ['pass', 'testing.iconPassed'],
  'speaks-dlms': ['comment-discussion', 'list.warningForeground'],
  open: ['circle-outline', 'list.warningForeground'],
  closed: ['circle-slash', 'disabledForeground'],
  unreachable: ['debug-disconnect', 'disabledForeground'],
  'not-dlms': ['question', 'disabledForeground'],
  error: ['error', 'list.errorForeground'],
  cancelled: ['stop-circle', 'disabledForeground'],
};

/** The icon of an outcome, the same as on the pages. */
export function outcomeIcon(outcome: Outcome): vscode.ThemeIcon {
  const [name, color] = icons[outcome];
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}
