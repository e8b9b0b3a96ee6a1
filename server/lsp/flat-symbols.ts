import type { DocumentSymbol, SymbolInformation } from 'vscode-languageserver/node';

/** An outline for clients that show lists only. */
export function flatSymbols(uri: string, symbols: readonly DocumentSymbol[], containerName = ''): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, range, children }) => [
    { name, kind, location: { uri, range }, ...(containerName === '' ? {} : { containerName }) },
    ...flatSymbols(uri, children ?? [], name),
  ]);
}
