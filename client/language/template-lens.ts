import * as vscode from 'vscode';
import type { EmulatorInstance } from '../../engine/rpc/protocol.ts';
import type { TemplateBlock } from '../../server/protocol.ts';
import { formatAddress } from '../inputs/addresses.ts';
import { settings } from '../settings.ts';
import type { Workbench } from '../workbench.ts';

/** Above a meter or fleet: start it, or its live state and what to do with it. */
export class TemplateLens implements vscode.CodeLensProvider {
  readonly #workbench: Pick<Workbench, 'language' | 'emulators'>;
  readonly #changed = new vscode.EventEmitter<void>();

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(workbench: Pick<Workbench, 'language' | 'emulators'>) {
    this.#workbench = workbench;
    workbench.emulators.onDidChange(() => this.#changed.fire());
    vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire());
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('dlms.codeLens')) this.#changed.fire();
    });
  }

  async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    if (!settings.codeLens() || !vscode.workspace.isTrusted) return [];
    const blocks = await this.#workbench.language.templates(document, token);
    return blocks.filter((block) => !block.abstract).flatMap((block) => this.#lenses(document, block));
  }

  #lenses(document: vscode.TextDocument, block: TemplateBlock): vscode.CodeLens[] {
    const { start, end } = block.range;
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    const running = this.#workbench.emulators.running(document.uri.fsPath, block.name);
    const commands = running === undefined ? [startCommand(document, block)] : runningCommands(running);
    return commands.map((command) => new vscode.CodeLens(range, command));
  }
}

function startCommand(document: vscode.TextDocument, { kind, name, count }: TemplateBlock): vscode.Command {
  const title =
    kind === 'meter'
      ? vscode.l10n.t('$(play) Start meter')
      : count === undefined
        ? vscode.l10n.t('$(play) Start fleet')
        : vscode.l10n.t('$(play) Start fleet ({0})', count.toLocaleString('en'));
  return { command: 'dlms.startMeter', title, arguments: [{ uri: document.uri, kind, name }] };
}

function runningCommands(instance: EmulatorInstance): vscode.Command[] {
  const { id } = instance;
  return [
    { command: 'dlms.stopEmulator', title: vscode.l10n.t('$(debug-stop) Stop'), arguments: [id] },
    { command: 'dlms.emulator.focus', title: stateOf(instance), tooltip: vscode.l10n.t('Show in the Emulator view') },
    { command: 'dlms.scanEmulator', title: vscode.l10n.t('Scan it'), arguments: [id] },
    { command: 'dlms.showTrace', title: vscode.l10n.t('Show trace'), arguments: [id] },
  ];
}

/** `running 127.0.0.1:4059, 3 sessions`. */
export function stateOf({ endpoints, endpointCount, figures }: EmulatorInstance): string {
  const [first] = endpoints;
  const where = first === undefined ? '' : ` ${formatAddress(first)}`;
  const others = endpointCount > 1 ? vscode.l10n.t(' and {0} more', endpointCount - 1) : '';
  const sessions =
    figures.sessions === 1 ? vscode.l10n.t('1 session') : vscode.l10n.t('{0} sessions', figures.sessions);
  return vscode.l10n.t('running{0}{1}, {2}', where, others, sessions);
}
