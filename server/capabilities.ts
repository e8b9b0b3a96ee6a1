import {
  CodeActionKind,
  PositionEncodingKind,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { semanticTokenModifiers, semanticTokenTypes } from './semantic-legend.ts';

/** Characters after which there is something new to offer: `:` and blanks begin values, `.` attributes, the others arguments. */
const TRIGGERS = [':', ' ', '.', '(', ',', '"', '=', '-'];

/** What the server can do. */
export const capabilities: ServerCapabilities = {
  positionEncoding: PositionEncodingKind.UTF16,
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  diagnosticProvider: { identifier: 'dlms', interFileDependencies: true, workspaceDiagnostics: false },
  completionProvider: { triggerCharacters: TRIGGERS, resolveProvider: true },
  hoverProvider: true,
  documentSymbolProvider: { label: 'DLMS' },
  foldingRangeProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  semanticTokensProvider: {
    legend: { tokenTypes: [...semanticTokenTypes], tokenModifiers: [...semanticTokenModifiers] },
    full: { delta: true },
    range: true,
  },
  // Paths start from the folder of the file they stand in, so it does not matter which folders are open.
  workspace: { workspaceFolders: { supported: true } },
};
