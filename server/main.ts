/**
 * The language server as a process. It speaks LSP on stdin and stdout (`--stdio`) or over the channel of the process
 * that started it (`--node-ipc`), and nowhere else: opening a file never opens a socket.
 */
import { createConnection } from 'vscode-languageserver/node';
import { cancelUndispatched } from './lsp/cancellation.ts';
import { serve } from './serve.ts';
import { disk } from './workspace/disk.ts';

const USAGE = 'usage: server --stdio | --node-ipc\nLanguage server for .dlmsmeter and .obis.yaml files.\n';

if (process.argv.includes('--stdio') || process.argv.includes('--node-ipc')) {
  serve(createConnection({ connectionStrategy: { cancelUndispatched } }), disk);
} else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
