import { type Document, isMap, isPair, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { Span } from '../../engine/template/syntax/tree.ts';
import { ITEM } from './schema.ts';

/** A key or value of a YAML text with the steps that lead to it. */
export interface YamlPlace {
  readonly at: 'key' | 'value';
  readonly path: readonly string[];
  readonly text: string;
  readonly span: Span;
}

/** A YAML text as a tree of places; as much of it as could be read. */
export function parseYaml(text: string): Document {
  return parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
}

/** Where a node stands, up to its last character. */
export function spanOf(node: unknown, text: string): Span | undefined {
  const range = typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range : undefined;
  if (range === undefined || range === null) return undefined;
  const [from, end] = range;
  const kept = text.slice(from, end).trimEnd().length;
  return { from, to: from + kept };
}

/** Told of every key and every plain value. */
export function visitPlaces(
  node: unknown,
  path: readonly string[],
  text: string,
  visit: (place: YamlPlace) => void,
): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const span = spanOf(key, text);
      const inner = [...path, name];
      if (span !== undefined) visit({ at: 'key', path: inner, text: name, span });
      visitPlaces(value, inner, text, visit);
    }
  } else if (isSeq(node)) {
    for (const item of node.items) visitPlaces(isPair(item) ? item.value : item, [...path, ITEM], text, visit);
  } else if (isScalar(node)) {
    const span = spanOf(node, text);
    if (span !== undefined) visit({ at: 'value', path, text: String(node.value), span });
  }
}

/** The key or value at an offset. */
export function placeAt(document: Document, text: string, offset: number): YamlPlace | undefined {
  let found: YamlPlace | undefined;
  visitPlaces(document.contents, [], text, (place) => {
    if (place.span.from <= offset && offset <= place.span.to && place.span.from < place.span.to) found = place;
  });
  return found;
}
