import * as vscode from 'vscode';

/** Lines of name and value. What a meter says is plain text in it: no markdown, no links, no commands. */
export function tooltip(
  title: string,
  lines: readonly (readonly [string, string | undefined])[],
): vscode.MarkdownString {
  const made = new vscode.MarkdownString();
  made.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
  for (const [name, value] of lines) {
    if (value === undefined || value === '') continue;
    made.appendText(`${name}: ${value}`).appendMarkdown('  \n');
  }
  return made;
}
