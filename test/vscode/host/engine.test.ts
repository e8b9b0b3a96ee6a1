import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { extension, until } from './workbench.ts';

/** Processes started by this extension host that run the engine; read from /proc, which only Linux has. */
function engineProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine.cjs');
      } catch {
        return false; // It ended while it was looked at.
      }
    });
}

/** A command that needs an answer of the engine and asks nothing. */
const askEngine = () => vscode.commands.executeCommand('dlms.scanNetwork', { targets: ['127.0.0.1'], ports: [9] });

describe('the engine process', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('runs once, on the Node of VS Code', async () => {
    await extension().activate();
    await askEngine();
    assert.equal(engineProcesses().length, 1);
  });

  it('is started again by the next command after it was killed', async () => {
    const [pid] = engineProcesses();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await until('its end', () => (engineProcesses().includes(pid) ? undefined : true));
    // The extension hears of it a moment later; until then a request is lost with the process.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await askEngine();
    const [again] = engineProcesses();
    assert.ok(again !== undefined && again !== pid);
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
