import * as vscode from 'vscode';
import type { Questions } from '../inputs/steps.ts';
import type { SecretRole } from '../model/connection-defaults.ts';
import { enterSecret, importKeys } from './ask-secrets.ts';
import type { Vault } from './vault.ts';

interface Item extends vscode.QuickPickItem {
  readonly name?: string;
  readonly act?: 'enter' | 'import';
}

const roleTitles: Readonly<Record<SecretRole, string>> = {
  password: 'password or shared secret',
  guek: 'global unicast encryption key (GUEK)',
  gak: 'global authentication key (GAK)',
  kek: 'master key (KEK)',
  signingKey: 'private signing key of the client',
  peerSigningKey: 'public signing key or certificate of the meter',
  agreementKey: 'private key agreement key of the client',
  peerAgreementKey: 'public key agreement key of the meter',
};

/**
 * The name of the stored secret to use for a role. New values are stored first; asks again after an import.
 * `preferred` is the name used last time.
 */
export async function chooseSecret(
  vault: Vault,
  questions: Questions,
  role: SecretRole,
  address: string,
  preferred: string | undefined,
): Promise<string> {
  for (;;) {
    const names = await vault.knownNames();
    const likely = preferred ?? names.find((name) => name.toLowerCase().includes(role.toLowerCase()));
    const items: Item[] = [
      ...names.map((name) => ({ label: `$(key) ${name}`, name })),
      { label: vscode.l10n.t('$(edit) Enter...'), act: 'enter', alwaysShow: true },
      { label: vscode.l10n.t('$(folder-opened) Import keys from file...'), act: 'import', alwaysShow: true },
    ];
    const chosen = await questions.pick<Item>({
      placeholder: vscode.l10n.t('Which stored secret is the {0}?', roleTitles[role]),
      items,
      active: (item) => item.name !== undefined && item.name === likely,
    });
    if (chosen.name !== undefined) return chosen.name;
    if (chosen.act === 'import') await importKeys(vault);
    else {
      const name = `${address} ${role}`;
      const value = await enterSecret(name);
      if (value === undefined) continue;
      await vault.store({ [name]: value });
      return name;
    }
  }
}
