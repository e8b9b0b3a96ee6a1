import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticReport,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';

/** Starts the server as an editor does, and speaks LSP with it. */

const SERVER = path.resolve(import.meta.dirname, '../../../server/main.ts');

export const pullClient: ClientCapabilities = {
  workspace: { didChangeWatchedFiles: { dynamicRegistration: true }, diagnostics: { refreshSupport: true } },
  textDocument: {
    diagnostic: { relatedInformation: true },
    completion: { completionItem: { snippetSupport: true } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

/** A client that never asks for diagnostics. */
export const pushClient: ClientCapabilities = { textDocument: { publishDiagnostics: { versionSupport: true } } };

export interface Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly initialized: InitializeResult;
  readonly published: PublishDiagnosticsParams[];
  /** What was registered by the server. */
  readonly registered: string[];
  /** How often the server asked to pull again. */
  readonly refreshes: () => number;
  open(uri: string, text: string, languageId?: string): Promise<void>;
  change(uri: string, changes: TextDocumentContentChangeEvent[]): Promise<void>;
  close(uri: string): Promise<void>;
  /** Closes what a test has left open. */
  closeAll(): Promise<void>;
  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  diagnostics(uri: string): Promise<Diagnostic[]>;
  /** Waits until a condition holds. */
  until(what: string, holds: () => boolean): Promise<void>;
  /** Ends the server as an editor does; its exit code. */
  stop(): Promise<number | null>;
}

/** A server process with its standard error, for tests of the process itself. */
export function launch(...args: readonly string[]): { process: ChildProcess; stderr: () => string } {
  const child = spawn(process.execPath, [SERVER, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return { process: child, stderr: () => stderr };
}

export async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** A started and initialized server. */
export async function connect(
  capabilities: ClientCapabilities = pullClient,
  transport: '--stdio' | '--node-ipc' = '--stdio',
): Promise<Client> {
  const child = spawn(process.execPath, [SERVER, transport], {
    stdio: transport === '--stdio' ? ['pipe', 'pipe', 'inherit'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const connection = connectionOf(child, transport);
  const published: PublishDiagnosticsParams[] = [];
  const registered: string[] = [];
  let refreshes = 0;
  let wake: (() => void) | undefined;
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.push(params);
    wake?.();
  });
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    registered.push(...registrations.map((item) => item.method));
    wake?.();
  });
  connection.onRequest(DiagnosticRefreshRequest.type, () => {
    refreshes++;
    wake?.();
  });
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities,
    initializationOptions: { documentation: 'https://example.org/codes' },
  });
  await connection.sendNotification('initialized', {});
  const versions = new Map<string, number>();
  const next = (uri: string): number => {
    const version = (versions.get(uri) ?? 0) + 1;
    versions.set(uri, version);
    return version;
  };
  const client: Client = {
    connection,
    process: child,
    initialized,
    published,
    registered,
    refreshes: () => refreshes,
    open: (uri, text, languageId = 'dlmsmeter') =>
      connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId, version: next(uri), text },
      }),
    change: (uri, contentChanges) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: next(uri) },
        contentChanges,
      }),
    async close(uri) {
      versions.delete(uri);
      await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    },
    async closeAll() {
      for (const uri of [...versions.keys()]) await client.close(uri);
    },
    pull: (uri, previousResultId) =>
      connection.sendRequest('textDocument/diagnostic', {
        textDocument: { uri },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      }),
    async diagnostics(uri) {
      const report = await client.pull(uri);
      assert.ok(report.kind === 'full');
      return report.items;
    },
    async until(what, holds) {
      const timeout = setTimeout(() => assert.fail(`waited in vain for ${what}`), 10_000);
      while (!holds()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      clearTimeout(timeout);
    },
    async stop() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const code = await exitCode(child);
      connection.dispose();
      return code;
    },
  };
  return client;
}

function connectionOf(child: ChildProcess, transport: '--stdio' | '--node-ipc'): ProtocolConnection {
  if (transport === '--node-ipc')
    return createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  assert.ok(child.stdout !== null && child.stdin !== null);
  return createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
}
