import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openNew, until } from './workbench.ts';

const text = `meter probe {
  identity {
    vendor: "Probe"
    flag: "PRB"
  }
  object energy 1-0:1.8.0.255 register {
  }
}
`;

describe('the language server', () => {
  let document: vscode.TextDocument;
  const at = (line: number, character: number) => new vscode.Position(line, character);

  before(async () => {
    document = await openNew('probe.dlmsmeter', text);
  });

  it('outlines meters and objects', async () => {
    const symbols = await until('an outline', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        document.uri,
      );
      return found !== undefined && found.length > 0 ? found : undefined;
    });
    const [meter] = symbols;
    assert.match(meter?.name ?? '', /probe/);
    assert.ok(meter?.children.some(({ name }) => name.includes('energy')));
  });

  it('says in a hover what an OBIS code means', async () => {
    const character = (text.split('\n')[5] ?? '').indexOf('1.8.0');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at(5, character),
    );
    const words = hovers.flatMap(({ contents }) =>
      contents.map((content) => (typeof content === 'string' ? content : content.value)),
    );
    assert.match(words.join('\n'), /active energy/i);
  });

  it('completes the properties of a block', async () => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at(4, 2),
    );
    assert.ok(items.length > 0);
    const inside = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at(3, 4),
    );
    const labels = inside.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(
      labels.some((label) => label.includes('serial') || label.includes('model')),
      labels.slice(0, 20).join(', '),
    );
  });
});
