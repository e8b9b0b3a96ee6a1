import assert from 'node:assert/strict';
import { connect } from 'node:net';
import * as vscode from 'vscode';
import { extension, until } from './workbench.ts';

const name = 'acme_a1000';

async function openSample(file: string): Promise<vscode.TextDocument> {
  const [uri] = await vscode.workspace.findFiles(`**/${file}`);
  assert.ok(uri, `the workspace has ${file}`);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

async function lensTitles({ uri }: vscode.TextDocument): Promise<readonly string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
  return lenses.flatMap(({ command }) => (command === undefined ? [] : [command.title]));
}

/** Waits for a lens that contains the text and gives its whole title. */
function lens(document: vscode.TextDocument, text: string): Promise<string> {
  return until(`the lens '${text}'`, async () => (await lensTitles(document)).find((title) => title.includes(text)));
}

/** Whether something accepts connections there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Takes the first entry of the quick pick that the command shows; the command waits for it. */
async function acceptFirst(command: Thenable<unknown>): Promise<void> {
  let done = false;
  const finished = Promise.resolve(command).finally(() => {
    done = true;
  });
  while (!done) {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await finished;
}

const tabTitles = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));

describe('a virtual meter', () => {
  let document: vscode.TextDocument;
  let address: { host: string; port: number };

  before(async () => {
    await extension().activate();
    document = await openSample('acme-a1000.dlmsmeter');
  });

  after(() => vscode.commands.executeCommand('dlms.stopAll'));

  it('is offered by a lens above it, and nothing listens before', async () => {
    assert.match(await lens(document, 'Start meter'), /Start meter/);
  });

  it('starts on loopback with the demo keys beside its template', async () => {
    await acceptFirst(vscode.commands.executeCommand('dlms.startMeter', { uri: document.uri, kind: 'meter', name }));
    const state = await lens(document, 'running 127.0.0.1:');
    const port = /127\.0\.0\.1:(\d+)/.exec(state)?.[1];
    address = { host: '127.0.0.1', port: Number(port) };
    assert.ok(await answers(address.host, address.port), `${state} accepts connections`);
  });

  it('is found by a scan, which opens its table', async () => {
    await vscode.commands.executeCommand('dlms.scanNetwork', { targets: [address.host], ports: [address.port] });
    await until('the tab of the scan', () => tabTitles().find((title) => title.startsWith('Scan of 127.0.0.1')));
  });

  it('counts its sessions in the lens', async () => {
    const socket = connect(address);
    try {
      await lens(document, '1 session');
    } finally {
      socket.destroy();
    }
    await lens(document, '0 sessions');
  });

  it('stops, and its socket is closed', async () => {
    await vscode.commands.executeCommand('dlms.stopAll');
    await lens(document, 'Start meter');
    assert.equal(await answers(address.host, address.port), false);
  });
});

describe('a template that cannot be started', () => {
  it('is refused with a message and starts nothing', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const uri = vscode.Uri.joinPath(folder.uri, 'unfinished.dlmsmeter');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('meter unfinished {\n'));
    const shown = await vscode.workspace.openTextDocument(uri);
    const refused = vscode.commands.executeCommand('dlms.startMeter', { uri, kind: 'meter', name: 'unfinished' });
    // The error stays until somebody closes it.
    const closed = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await vscode.commands.executeCommand('notifications.clearAll');
    })();
    await Promise.all([refused, closed]);
    assert.ok(!(await lensTitles(shown)).some((title) => title.includes('running')));
  });
});
