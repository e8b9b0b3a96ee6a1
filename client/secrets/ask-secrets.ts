import * as vscode from 'vscode';
import type { Secrets } from '../../engine/rpc/protocol.ts';
import { secretProblem } from './key-file.ts';
import { readKeyFile, type Vault } from './vault.ts';

interface Choice extends vscode.QuickPickItem {
  readonly act: () => Promise<boolean>;
}

/** Name of the key file that the samples carry. */
const demoFileName = 'demo.keys.json';

/**
 * The values of all these secrets; missing ones are asked for. Undefined when the person gave up.
 * `template` is where a demo key file may lie beside.
 */
export async function secretsFor(
  vault: Vault,
  names: readonly string[],
  template: vscode.Uri | undefined,
): Promise<Secrets | undefined> {
  for (;;) {
    const found = await vault.find(names);
    const missing = names.filter((name) => found[name] === undefined);
    if (missing.length === 0) return found;
    const progressed = await askFor(vault, missing, template);
    if (!progressed) return undefined;
  }
}

/** One way to get at missing secrets, chosen by the person; false when they gave up. */
async function askFor(vault: Vault, missing: readonly string[], template: vscode.Uri | undefined): Promise<boolean> {
  const demo = template === undefined ? undefined : await demoFile(template, missing);
  const choices: Choice[] = [];
  if (demo !== undefined) {
    choices.push({
      label: vscode.l10n.t('$(beaker) Use demo keys beside this template'),
      description: demoFileName,
      detail: vscode.l10n.t(
        'Read from the file each time in this workspace, not stored. For demonstration meters only.',
      ),
      act: async () => {
        await vault.useFile(demo);
        return true;
      },
    });
  }
  choices.push(
    {
      label: vscode.l10n.t('$(folder-opened) Import keys from file...'),
      detail: vscode.l10n.t('JSON from name to "hex:..." or "text:..."; kept in the secret storage of VS Code.'),
      act: () => importKeys(vault),
    },
    {
      label: vscode.l10n.t('$(edit) Enter...'),
      detail: missing.join(', '),
      act: () => enterAll(vault, missing),
    },
  );
  const choice = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('Keys and Passwords'),
    placeHolder:
      missing.length === 1
        ? vscode.l10n.t('The secret "{0}" is not known yet', missing[0] ?? '')
        : vscode.l10n.t('{0} secrets are not known yet: {1}', missing.length, missing.join(', ')),
    ignoreFocusOut: true,
  });
  return choice === undefined ? false : choice.act();
}

/** A demo key file beside the template that has at least one of the missing names. */
async function demoFile(template: vscode.Uri, missing: readonly string[]): Promise<vscode.Uri | undefined> {
  const file = vscode.Uri.joinPath(template, '..', demoFileName);
  const read = await readKeyFile(file);
  return read.ok && missing.some((name) => read.secrets[name] !== undefined) ? file : undefined;
}

/** Lets the person choose a key file and stores what is in it; false when they gave up or it cannot be read. */
export async function importKeys(vault: Vault): Promise<boolean> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import Keys'),
      openLabel: vscode.l10n.t('Import'),
      canSelectMany: false,
      filters: { [vscode.l10n.t('Key files')]: ['json'] },
    })) ?? [];
  if (file === undefined) return false;
  const read = await readKeyFile(file);
  if (!read.ok) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('No key was imported from {0}: {1}', vscode.workspace.asRelativePath(file), read.problem),
    );
    return false;
  }
  await vault.store(read.secrets);
  const count = Object.keys(read.secrets).length;
  vscode.window.setStatusBarMessage(vscode.l10n.t('$(key) {0} keys imported into the secret storage', count), 5_000);
  return true;
}

async function enterAll(vault: Vault, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const value = await enterSecret(name);
    if (value === undefined) return false;
    await vault.store({ [name]: value });
  }
  return true;
}

/** Asks for one value, hidden while it is typed; `hex:` or `text:`, and plain hex of key length counts as hex. */
export async function enterSecret(name: string): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Keys and Passwords'),
    prompt: vscode.l10n.t('Value of "{0}": hex:00112233... or text:...', name),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => {
      const problem = text === '' ? undefined : secretProblem(text);
      return problem === undefined ? undefined : vscode.l10n.t('The value {0}.', problem);
    },
  });
  return typed === undefined || typed === '' ? undefined : typed;
}
