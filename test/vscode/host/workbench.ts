import * as vscode from 'vscode';

const pollMs = 50;
const waitLimitMs = 20_000;

/** Our extension, active or not. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('dlms-workbench.dlms-workbench');
  if (found === undefined) throw new Error('the extension is not installed in this VS Code');
  return found;
}

/** Writes a file into the workspace and opens it. */
export async function openNew(name: string, text: string): Promise<vscode.TextDocument> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no folder is open');
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Asks again and again until there is an answer; `what` goes into the error when there never is one. */
export async function until<T>(what: string, ask: () => T | undefined | PromiseLike<T | undefined>): Promise<T> {
  for (const end = performance.now() + waitLimitMs; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what} did not come in ${waitLimitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
