import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ClientCapabilities, LSPErrorCodes, type Position, ResponseError } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TemplateBlock } from '../../../server/protocol.ts';
import { type Client, connect, exitCode, launch, pullClient, pushClient } from './lsp-client.ts';
import { applyEdit, pick, randomEdit, seeded } from './random.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const sample = (name: string): string => readFileSync(path.join(samples, name), 'utf8');
const uriOf = (name: string): string => pathToFileURL(path.join(samples, name)).href;

const GOOD = 'abstract meter m {\n  title: "x"\n}\n';
const BAD = 'abstract meter m {\n  titel: "x"\n}\n';
const URI = 'file:///w/lsp.dlmsmeter';

/** One server for each sort of client; they are stopped at the end and must still be well then. */
const servers = new Map<ClientCapabilities, Promise<Client>>();

function withServer(run: (client: Client) => Promise<void>, capabilities = pullClient): () => Promise<void> {
  return async () => {
    const known = servers.get(capabilities) ?? connect(capabilities);
    servers.set(capabilities, known);
    const client = await known;
    await run(client);
    await client.closeAll();
  };
}
function range(
  line: number,
  character: number,
  endLine: number,
  endCharacter: number,
): { start: Position; end: Position } {
  return { start: { line, character }, end: { line: endLine, character: endCharacter } };
}

describe('language server over a connection', () => {
  after(async () => {
    for (const client of await Promise.all(servers.values())) {
      try {
        assert.equal(await client.stop(), 0);
      } finally {
        client.process.kill();
      }
    }
  });

  describe('process', () => {
    it('says how it is started', async () => {
      const { process: child, stderr } = launch();
      assert.equal(await exitCode(child), 2);
      assert.match(stderr(), /usage: server --stdio \| --node-ipc/);
    });
    it('opens no socket', async () => {
      const { process: child } = launch('--socket=6009');
      assert.equal(await exitCode(child), 2);
    });
    it('ends with 1 when it is not shut down first', async () => {
      const client = await connect();
      await client.connection.sendNotification('exit');
      assert.equal(await exitCode(client.process), 1);
    });
    it('ends when the editor goes away', async () => {
      const client = await connect();
      client.process.stdin?.end();
      assert.equal(await exitCode(client.process), 1);
    });
    it('speaks over node-ipc', async () => {
      const client = await connect(pullClient, '--node-ipc');
      await client.open(URI, BAD);
      assert.equal((await client.diagnostics(URI))[0]?.code, 'DLMS-203');
      assert.equal(await client.stop(), 0);
    });
  });

  describe('requests', () => {
    it(
      'says what it can do',
      withServer(async ({ initialized, until, registered }) => {
        const { capabilities } = initialized;
        assert.equal(capabilities.positionEncoding, 'utf-16');
        assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2 });
        assert.ok(capabilities.diagnosticProvider !== undefined);
        await until('the registration of a watcher', () => registered.includes('workspace/didChangeWatchedFiles'));
      }),
    );

    it(
      'answers a pull with unchanged where nothing changed',
      withServer(async (client) => {
        await client.open(URI, BAD);
        const first = await client.pull(URI);
        assert.ok(first.kind === 'full' && first.items.length === 1);
        const again = await client.pull(URI, first.resultId);
        assert.deepEqual(again, { kind: 'unchanged', resultId: first.resultId });
        await client.change(URI, [{ range: range(1, 2, 1, 7), text: 'title' }]);
        const repaired = await client.pull(URI, first.resultId);
        assert.ok(repaired.kind === 'full' && repaired.items.length === 0 && repaired.resultId !== first.resultId);
      }),
    );

    it(
      'pushes to clients that never pull, and takes back on close',
      withServer(async (client) => {
        await client.open(URI, BAD);
        await client.until('diagnostics', () => client.published.at(-1)?.diagnostics.length === 1);
        for (const text of ['', 't', 'ti', 'titl', 'title']) {
          await client.change(URI, [{ text: BAD.replace('titel', text) }]);
        }
        await client.until('the last version', () => client.published.at(-1)?.version === 6);
        assert.deepEqual(client.published.at(-1)?.diagnostics, []);
        await client.open(`${URI}2.dlmsmeter`, BAD);
        await client.until('the second document', () => client.published.at(-1)?.diagnostics.length === 1);
        await client.close(`${URI}2.dlmsmeter`);
        await client.until('an empty list', () => client.published.at(-1)?.diagnostics.length === 0);
      }, pushClient),
    );

    it(
      'answers nothing for documents it does not know',
      withServer(async ({ connection, pull, open }) => {
        await open('file:///w/notes.txt', 'meter m { }', 'plaintext');
        for (const uri of ['file:///w/never-opened.dlmsmeter', 'file:///w/notes.txt', 'no uri at all', '']) {
          const at = { textDocument: { uri }, position: { line: 3, character: 5 } };
          assert.deepEqual(await pull(uri), { kind: 'full', items: [] });
          assert.equal(await connection.sendRequest('textDocument/hover', at), null);
          assert.equal(await connection.sendRequest('textDocument/completion', at), null);
          assert.equal(await connection.sendRequest('textDocument/definition', at), null);
          assert.deepEqual(await connection.sendRequest('textDocument/documentSymbol', at), []);
          assert.deepEqual(await connection.sendRequest('textDocument/foldingRange', at), []);
          assert.deepEqual(await connection.sendRequest('textDocument/semanticTokens/full', at), { data: [] });
          assert.deepEqual(await connection.sendRequest('dlms/templates', { uri }), []);
        }
      }),
    );

    it(
      'knows unsaved documents by their language',
      withServer(async (client) => {
        await client.open('untitled:Untitled-1', BAD);
        assert.equal((await client.diagnostics('untitled:Untitled-1')).length, 1);
        const blocks = await client.connection.sendRequest<TemplateBlock[]>('dlms/templates', {
          uri: 'untitled:Untitled-1',
        });
        assert.deepEqual(
          blocks.map(({ kind, name, abstract }) => [kind, name, abstract]),
          [['meter', 'm', true]],
        );
      }),
    );

    it(
      'does not work on what is cancelled before it was begun',
      withServer(async (client) => {
        const large = `abstract meter m {\n${'  simulate { a: 1 }\n'.repeat(20_000)}}\n`;
        await client.open(URI, large);
        const { CancellationTokenSource } = await import('vscode-jsonrpc');
        const first = client.pull(URI);
        const source = new CancellationTokenSource();
        const params = { textDocument: { uri: URI } };
        const second = client.connection.sendRequest('textDocument/documentSymbol', params, source.token);
        source.cancel();
        await assert.rejects(
          second,
          (error) => error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled,
        );
        assert.ok((await first).kind === 'full');
      }),
    );

    it(
      'sends the difference of semantic tokens',
      withServer(async ({ connection, open, change }) => {
        await open(URI, GOOD);
        const params = { textDocument: { uri: URI } };
        const full = await connection.sendRequest<{ resultId: string; data: number[] }>(
          'textDocument/semanticTokens/full',
          params,
        );
        await change(URI, [{ range: range(1, 2, 1, 2), text: 'profile: p ' }]);
        const delta = await connection.sendRequest<{ edits: { start: number; deleteCount: number; data: number[] }[] }>(
          'textDocument/semanticTokens/full/delta',
          { ...params, previousResultId: full.resultId },
        );
        const data = [...full.data];
        for (const edit of delta.edits.toReversed()) data.splice(edit.start, edit.deleteCount, ...(edit.data ?? []));
        const fresh = await connection.sendRequest<{ data: number[] }>('textDocument/semanticTokens/full', params);
        assert.deepEqual(data, fresh.data);
        assert.equal(fresh.data.length, full.data.length + 10);
      }),
    );
  });

  describe('files', () => {
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'dlms-lsp-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const write = (name: string, text: string): string => {
      writeFileSync(path.join(folder, name), text);
      return pathToFileURL(path.join(folder, name)).href;
    };
    const USER = 'use: "the base.dlmsmeter"\nabstract meter m extends base { }\n';

    it(
      'sees unsaved changes of a file in use, and its saved text once it is closed',
      withServer(async (client) => {
        const base = write('the base.dlmsmeter', 'abstract meter base { }\n');
        const user = write('user.dlmsmeter', USER);
        await client.open(user, USER);
        assert.deepEqual(await client.diagnostics(user), []);
        // Editors differ in what they escape.
        const asEdited = base.replace('base', 'b%61se');
        await client.open(asEdited, 'abstract meter other { }\n');
        assert.equal((await client.diagnostics(user))[0]?.code, 'DLMS-303');
        await client.close(asEdited);
        assert.deepEqual(await client.diagnostics(user), []);
      }),
    );

    it(
      'hears of changed files and asks the client to pull again',
      withServer(async (client) => {
        await client.until('the watcher', () => client.registered.length > 0);
        const before = client.refreshes();
        const user = write('user.dlmsmeter', USER);
        await client.open(user, USER);
        assert.equal((await client.diagnostics(user))[0]?.code, 'DLMS-301');
        const base = write('the base.dlmsmeter', 'abstract meter base { }\n');
        await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
          changes: [{ uri: base, type: 1 }],
        });
        await client.until('a refresh', () => client.refreshes() > before);
        assert.deepEqual(await client.diagnostics(user), []);
      }),
    );

    it(
      'looks at files again where nobody watches them',
      withServer(
        async (client) => {
          const user = write('user.dlmsmeter', USER);
          await client.open(user, USER);
          assert.equal((await client.diagnostics(user))[0]?.code, 'DLMS-301');
          write('the base.dlmsmeter', 'abstract meter base { }\n');
          assert.deepEqual(await client.diagnostics(user), []);
        },
        { ...pullClient, workspace: {} },
      ),
    );
  });

  describe('edits', () => {
    const names = ['acme-a1000.dlmsmeter', 'zenith-z900.dlmsmeter', 'common.obis.yaml'];

    for (const name of names) {
      it(
        `gives the same for ${name} after random edits as for a fresh document`,
        withServer(async (client) => {
          const random = seeded(7);
          const uri = uriOf(name);
          let text = sample(name);
          await client.open(uri, text);
          for (let round = 0; round < 150; round++) {
            const document = TextDocument.create(uri, '', 0, text);
            const edit = randomEdit(random, text);
            const at = { start: document.positionAt(edit.at), end: document.positionAt(edit.at + edit.remove) };
            await client.change(uri, [{ range: at, text: edit.insert }]);
            text = TextDocument.applyEdits(document, [{ range: at, newText: edit.insert }]);
            if (round % 10 === 0) await client.diagnostics(uri);
          }
          const edited = await client.diagnostics(uri);
          await client.close(uri);
          await client.open(uri, text);
          assert.deepEqual(await client.diagnostics(uri), edited);
        }),
      );
    }

    it(
      'survives hostile texts and answers every request',
      withServer(async ({ connection, open, change, diagnostics }) => {
        const random = seeded(11);
        const originals = new Map(names.map((name) => [uriOf(name), sample(name)]));
        const texts = new Map(originals);
        for (const [uri, text] of originals) await open(uri, text);
        for (let round = 0; round < 250; round++) {
          const uri = pick(random, [...texts.keys()]);
          // Begins anew at times: a text that has become all nonsense tells little.
          const base = round % 40 === 0 ? originals.get(uri) : texts.get(uri);
          const text = applyEdit(base ?? '', randomEdit(random, base ?? ''));
          texts.set(uri, text);
          await change(uri, [{ text }]);
          const document = TextDocument.create(uri, '', 0, text);
          const position = document.positionAt(random(text.length + 1));
          const params = { textDocument: { uri }, position, context: { includeDeclaration: true } };
          const whole = { start: { line: 0, character: 0 }, end: document.positionAt(text.length) };
          await Promise.all([
            diagnostics(uri),
            connection.sendRequest('textDocument/completion', params),
            connection.sendRequest('textDocument/hover', params),
            connection.sendRequest('textDocument/definition', params),
            connection.sendRequest('textDocument/references', params),
            connection.sendRequest('textDocument/documentSymbol', params),
            connection.sendRequest('textDocument/foldingRange', params),
            connection.sendRequest('textDocument/semanticTokens/full', params),
            connection.sendRequest('textDocument/codeAction', {
              ...params,
              range: whole,
              context: { diagnostics: [] },
            }),
            connection.sendRequest('dlms/templates', { uri }),
          ]);
        }
      }),
    ).timeout(60_000);
  });
});
