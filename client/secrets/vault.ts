import * as vscode from 'vscode';
import type { Secrets } from '../../engine/rpc/protocol.ts';
import { maxKeyFileBytes, parseKeyFile } from './key-file.ts';

/** Prefix of our entries in the secret storage. */
const prefix = 'dlms.secret:';
/** Names only: the secret storage cannot list them. */
const namesKey = 'dlms.secretNames';
/** Key files beside templates that the person agreed to use, by workspace. */
const filesKey = 'dlms.keyFiles';

/** Keys and passwords by name. Values lie in VS Code's secret storage, or in a demo key file the person agreed to use. */
export class Vault {
  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  /** Names that have a stored value, sorted. */
  get names(): readonly string[] {
    return this.#context.globalState.get<readonly string[]>(namesKey, []).toSorted();
  }

  async store(secrets: Secrets): Promise<void> {
    for (const [name, value] of Object.entries(secrets)) await this.#context.secrets.store(prefix + name, value);
    await this.#context.globalState.update(namesKey, [...new Set([...this.names, ...Object.keys(secrets)])]);
  }

  async forget(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#context.secrets.delete(prefix + name);
    await this.#context.globalState.update(
      namesKey,
      this.names.filter((name) => !names.includes(name)),
    );
  }

  /** The values of these names as far as they are known; agreed key files come before the storage. */
  async find(names: readonly string[]): Promise<Secrets> {
    const found: Record<string, string> = {};
    const fromFiles = await this.#fromAgreedFiles();
    for (const name of names) {
      const value = fromFiles[name] ?? (await this.#context.secrets.get(prefix + name));
      if (value !== undefined) found[name] = value;
    }
    return found;
  }

  /** All names that have a value, stored or in an agreed file. */
  async knownNames(): Promise<readonly string[]> {
    return [...new Set([...this.names, ...Object.keys(await this.#fromAgreedFiles())])].toSorted();
  }

  /** Uses this key file in this workspace from now on. Its values are read anew each time and not copied. */
  async useFile(file: vscode.Uri): Promise<void> {
    await this.#context.workspaceState.update(filesKey, [...new Set([...this.#files, file.toString()])]);
  }

  async forgetFiles(): Promise<void> {
    await this.#context.workspaceState.update(filesKey, undefined);
  }

  get #files(): readonly string[] {
    return this.#context.workspaceState.get<readonly string[]>(filesKey, []);
  }

  async #fromAgreedFiles(): Promise<Secrets> {
    const all: Record<string, string> = {};
    if (!vscode.workspace.isTrusted) return all;
    for (const file of this.#files) {
      const read = await readKeyFile(vscode.Uri.parse(file));
      if (read.ok) Object.assign(all, read.secrets);
    }
    return all;
  }
}

export async function readKeyFile(file: vscode.Uri): Promise<ReturnType<typeof parseKeyFile>> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > maxKeyFileBytes)
      return { ok: false, problem: `it has ${size} octets; at most ${maxKeyFileBytes} are taken.` };
    return parseKeyFile(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
