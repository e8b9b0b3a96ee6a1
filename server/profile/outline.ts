import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Document, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { rangeOf } from '../lsp/positions.ts';
import { spanOf } from './documents.ts';

/** The parts of a profile, its objects by their ids. */
export function profileOutline(document: TextDocument, yaml: Document): DocumentSymbol[] {
  if (!isMap(yaml.contents)) return [];
  return yaml.contents.items.flatMap(({ key, value }): DocumentSymbol[] => {
    const name = isScalar(key) ? String(key.value) : '';
    const text = document.getText();
    const [keySpan, valueSpan] = [spanOf(key, text), spanOf(value, text)];
    if (name === '' || keySpan === undefined) return [];
    const children = isSeq(value) ? value.items.flatMap((item) => elementSymbol(document, item)) : [];
    const detail = isScalar(value) ? String(value.value ?? '') : '';
    return [
      {
        name,
        detail,
        kind: isSeq(value) ? SymbolKind.Array : isMap(value) ? SymbolKind.Namespace : SymbolKind.Property,
        range: rangeOf(document, { from: keySpan.from, to: Math.max(keySpan.to, valueSpan?.to ?? 0) }),
        selectionRange: rangeOf(document, keySpan),
        ...(children.length === 0 ? {} : { children }),
      },
    ];
  });
}

function elementSymbol(document: TextDocument, item: unknown): DocumentSymbol[] {
  if (!isMap(item)) return [];
  const text = document.getText();
  const [id, obis] = [textOf(item, 'id'), textOf(item, 'obis')];
  const name = id ?? obis;
  const span = spanOf(item, text);
  if (name === undefined || name === '' || span === undefined) return [];
  const selected = spanOf(item.get(id === undefined ? 'obis' : 'id', true), text) ?? span;
  return [
    {
      name,
      detail: id === undefined ? (textOf(item, 'why') ?? '') : (obis ?? ''),
      kind: SymbolKind.Object,
      range: rangeOf(document, span),
      selectionRange: rangeOf(document, selected),
    },
  ];
}

function textOf(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
