import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from './workbench.ts';

describe('the extension', () => {
  it('activates, within the time VS Code grants without a warning', async () => {
    const started = performance.now();
    await extension().activate();
    const took = performance.now() - started;
    assert.ok(extension().isActive);
    assert.ok(took < 2000, `activation took ${Math.round(took)} ms`);
  });

  it('registers every command its manifest declares', async () => {
    await extension().activate();
    const declared: { readonly command: string }[] = extension().packageJSON.contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(declared.length > 0);
    assert.deepEqual(
      declared.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });
});
