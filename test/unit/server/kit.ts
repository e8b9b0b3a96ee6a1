import assert from 'node:assert/strict';
import type { CompletionItem, Diagnostic, DocumentSymbol, MarkupContent, Range } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { resolveCompletion } from '../../../server/documentation.ts';
import type { Language } from '../../../server/language.ts';
import { createLanguages } from '../../../server/languages.ts';
import { abilitiesOf, type ClientAbilities } from '../../../server/lsp/abilities.ts';
import type { Disk } from '../../../server/workspace/disk.ts';
import { createTexts } from '../../../server/workspace/texts.ts';
import { fileTypeOf } from '../../../server/workspace/uris.ts';

/**
 * Checks of language features, one line per case. Texts mark places: `<|>` is the cursor, `<|…|>` a range.
 */

export const FOLDER = 'file:///w';
export const TEMPLATE = `${FOLDER}/main.dlmsmeter`;
export const PROFILE = `${FOLDER}/main.obis.yaml`;

/** Further files beside the one under test: name -> text. */
export type Files = Readonly<Record<string, string>>;

/** A client that can do all the server makes use of. */
export const fullClient: ClientAbilities = abilitiesOf({
  processId: null,
  rootUri: null,
  initializationOptions: { documentation: 'https://example.org/codes' },
  capabilities: {
    textDocument: {
      diagnostic: { relatedInformation: true },
      completion: { completionItem: { snippetSupport: true } },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    },
  },
});

export interface Marked {
  readonly text: string;
  /** Offset of the last cursor mark, or of the beginning of the last range. */
  readonly offset: number;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

/** Takes the marks out of a text. */
export function unmark(marked: string): Marked {
  const ranges: { from: number; to: number }[] = [];
  let text = '';
  let offset = -1;
  let open = -1;
  for (const piece of marked.split(/(<\|>|<\||\|>)/)) {
    if (piece === '<|>') offset = text.length;
    else if (piece === '<|') open = text.length;
    else if (piece === '|>') {
      assert.ok(open >= 0, 'a range mark without beginning');
      ranges.push({ from: open, to: text.length });
      open = -1;
    } else text += piece;
  }
  assert.ok(open < 0, 'a range mark without end');
  return { text, offset: offset >= 0 ? offset : (ranges.at(-1)?.from ?? text.length), ranges };
}

/** A disk that holds the given files. */
export function memoryDisk(files: Files): Disk {
  const byUri = new Map(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]));
  return {
    readText: (uri) => byUri.get(uri),
    stamp: (uri) => byUri.get(uri),
    list(uri) {
      const folder = uri.endsWith('/') ? uri : `${uri}/`;
      const names = [...byUri.keys()].filter((key) => key.startsWith(folder)).map((key) => key.slice(folder.length));
      const direct = new Map(names.map((name) => [name.split('/')[0] ?? '', name.includes('/')]));
      return [...direct].map(([name, isFolder]) => ({ name, folder: isFolder }));
    },
  };
}

export interface Opened {
  readonly document: TextDocument;
  readonly language: Language;
}

/** Opens a text as the editor would. */
export function open(text: string, uri = TEMPLATE, files: Files = {}, client = fullClient): Opened {
  const disk = memoryDisk(files);
  const texts = createTexts(disk);
  const document = TextDocument.create(uri, '', 1, text);
  texts.opened(document);
  const type = fileTypeOf(uri);
  assert.ok(type !== undefined, `${uri} is no file of the server`);
  return { document, language: createLanguages(texts, disk, client)[type] };
}

export interface ExpectedCompletion {
  readonly includes?: readonly string[];
  readonly excludes?: readonly string[];
  /** The first ones, in this order. */
  readonly begins?: readonly string[];
  /** All of them, in any order. */
  readonly exactly?: readonly string[];
  /** The text after an item was taken, places to fill in as plain text. */
  readonly taking?: readonly [label: string, text: string];
}

/** What is offered at the cursor. */
export function expectCompletion(
  marked: string,
  expected: ExpectedCompletion,
  uri = TEMPLATE,
  files: Files = {},
): void {
  const { text, offset } = unmark(marked);
  const { document, language } = open(text, uri, files, { ...fullClient, snippets: expected.taking === undefined });
  const items = language.completion(document, offset).items.toSorted((a, b) => order(a).localeCompare(order(b)));
  const labels = items.map((item) => item.label);
  const shown = `offered: ${labels.join(', ') || 'nothing'}`;
  for (const label of expected.includes ?? []) assert.ok(labels.includes(label), `no '${label}'; ${shown}`);
  for (const label of expected.excludes ?? []) assert.ok(!labels.includes(label), `'${label}' is there; ${shown}`);
  if (expected.begins !== undefined) assert.deepEqual(labels.slice(0, expected.begins.length), expected.begins);
  if (expected.exactly !== undefined) assert.deepEqual(labels.toSorted(), expected.exactly.toSorted());
  if (expected.taking !== undefined) {
    const [label, after] = expected.taking;
    const item = items.find((one) => one.label === label);
    assert.ok(item?.textEdit !== undefined, `no '${label}'; ${shown}`);
    assert.ok('range' in item.textEdit);
    assert.equal(TextDocument.applyEdits(document, [item.textEdit]), after);
  }
}

function order(item: CompletionItem): string {
  return item.sortText ?? item.label;
}

/** Documentation of an offered item, as it is resolved. */
export function documentationOf(marked: string, label: string, uri = TEMPLATE, files: Files = {}): string {
  const { text, offset } = unmark(marked);
  const { document, language } = open(text, uri, files);
  const item = language.completion(document, offset).items.find((one) => one.label === label);
  assert.ok(item !== undefined, `no '${label}'`);
  return markdownOf(resolveCompletion(item).documentation);
}

function markdownOf(contents: unknown): string {
  if (contents === undefined) return '';
  assert.ok(typeof contents === 'object' && contents !== null && 'value' in contents, 'Markdown is expected');
  return (contents as MarkupContent).value;
}

/** What is shown for the place of the cursor; with a marked range also for which words. */
export function expectHover(marked: string, expected: RegExp | undefined, uri = TEMPLATE, files: Files = {}): void {
  const { text, offset, ranges } = unmark(marked);
  const { document, language } = open(text, uri, files);
  const hover = language.hover(document, offset);
  if (expected === undefined) {
    assert.equal(hover, undefined);
    return;
  }
  assert.ok(hover !== undefined, 'nothing is shown');
  assert.match(markdownOf(hover.contents), expected);
  const [range] = ranges;
  if (range !== undefined) assert.deepEqual(spanOf(document, hover.range), range);
}

function spanOf(document: TextDocument, range: Range | undefined): { from: number; to: number } | undefined {
  return range === undefined ? undefined : { from: document.offsetAt(range.start), to: document.offsetAt(range.end) };
}

/** Codes of the diagnostics in the order of the text; each marked range must have one. */
export function expectDiagnostics(
  marked: string,
  codes: readonly string[],
  uri = TEMPLATE,
  files: Files = {},
): Diagnostic[] {
  const { text, ranges } = unmark(marked);
  const { document, language } = open(text, uri, files);
  const diagnostics = language.diagnostics(document);
  const shown = diagnostics.map((item) => `${item.code} ${item.message}`).join('\n');
  assert.deepEqual(
    diagnostics.map((item) => item.code),
    codes,
    shown,
  );
  const spans = diagnostics.map((item) => spanOf(document, item.range));
  for (const range of ranges) {
    assert.ok(
      spans.some((span) => span?.from === range.from && span.to === range.to),
      `no diagnostic at '${text.slice(range.from, range.to)}'; there are ${spans.map((span) => text.slice(span?.from, span?.to)).join(' | ')}`,
    );
  }
  return diagnostics;
}

/** The outline as `name (detail)` with children in brackets: `m (meter) [a (1-0:1.8.0.255 register)]`. */
export function expectSymbols(text: string, expected: string, uri = TEMPLATE, files: Files = {}): void {
  const { document, language } = open(text, uri, files);
  const symbols = language.outline(document);
  const check = (list: readonly DocumentSymbol[]): void => {
    for (const { range, selectionRange, children, name } of list) {
      const [outer, inner] = [spanOf(document, range), spanOf(document, selectionRange)];
      assert.ok(outer !== undefined && inner !== undefined);
      assert.ok(outer.from <= inner.from && inner.to <= outer.to, `'${name}' is not inside of its range`);
      check(children ?? []);
    }
  };
  check(symbols);
  assert.equal(symbolText(symbols), expected);
}

function symbolText(symbols: readonly DocumentSymbol[]): string {
  return symbols
    .map(({ name, detail, children }) => {
      const inner = children === undefined ? '' : ` [${symbolText(children)}]`;
      return `${name}${detail === undefined || detail === '' ? '' : ` (${detail})`}${inner}`;
    })
    .join(', ');
}

/** Marked ranges are where the name at the cursor is defined, or used. */
export function expectPlaces(marked: string, what: 'definition' | 'references', files: Files = {}): void {
  const { text, offset, ranges } = unmark(marked);
  const { document, language } = open(text, TEMPLATE, files);
  const found =
    what === 'definition'
      ? [language.definition(document, offset) ?? []].flat()
      : language.references(document, offset, true);
  const spans = found.filter((place) => place.uri === TEMPLATE).map((place) => spanOf(document, place.range));
  assert.deepEqual(spans, ranges);
}

/** The text after a quick fix was taken. */
export function expectQuickFix(marked: string, title: string, expected: string, files: Files = {}): void {
  const { text, offset } = unmark(marked);
  const { document, language } = open(text, TEMPLATE, files);
  const place = document.positionAt(offset);
  const actions = language.codeActions(document, { start: place, end: place }, language.diagnostics(document));
  const action = actions.find((one) => one.title === title);
  assert.ok(action !== undefined, `no '${title}'; there are ${actions.map((one) => one.title).join(', ')}`);
  const edits = action.edit?.changes?.[TEMPLATE] ?? [];
  assert.equal(TextDocument.applyEdits(document, [...edits]), expected);
}
