import type { CompletionList } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Language } from '../language.ts';
import type { ClientAbilities } from '../lsp/abilities.ts';
import { diagnosticsOf } from '../lsp/diagnostics.ts';
import { quickFixes } from '../lsp/quick-fixes.ts';
import { completionList } from '../lsp/suggestions.ts';
import type { Disk } from '../workspace/disk.ts';
import type { Texts } from '../workspace/texts.ts';
import { keyOf, resolveUri } from '../workspace/uris.ts';
import { createAnalyses } from './analyses.ts';
import { suggestionsAt } from './completion/complete.ts';
import { type CompletionContext, scopeAround } from './completion/context.ts';
import { cursorAt } from './cursor.ts';
import { foldingRanges } from './folding.ts';
import { hoverAt } from './hover/hover.ts';
import { definitionOf, fileMeantBy, referencesOf } from './navigation.ts';
import { outline } from './outline.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { templateBlocks } from './template-blocks.ts';
import { wordAt } from './words.ts';

const EMPTY = { kind: 'document', from: 0, to: 0, entries: [], comments: [] } as const;

/** The language of `.dlmsmeter` files. */
export function createTemplateLanguage(texts: Texts, disk: Disk, client: ClientAbilities): Language {
  const analyses = createAnalyses(texts);
  const treeOf = (uri: string) => analyses.parsed(keyOf(uri))?.tree ?? EMPTY;
  const ownFindings = (uri: string) => {
    const key = keyOf(uri);
    return analyses.analysis(key).findings.filter((finding) => finding.file === key);
  };
  const completion = (document: TextDocument, offset: number): CompletionList => {
    const key = keyOf(document.uri);
    const text = document.getText();
    const cursor = cursorAt(text, treeOf(document.uri), offset);
    if (cursor === undefined) return { isIncomplete: false, items: [] };
    const analysis = analyses.recent(key);
    const context: CompletionContext = {
      text,
      offset,
      cursor,
      analysis,
      scope: scopeAround(cursor.around, analysis),
      list: (folder) => disk.list(resolveUri(key, folder === '' ? '.' : folder)),
    };
    return completionList(document, suggestionsAt(context), cursor.word, client);
  };
  const open = () => texts.openDocuments().map((document) => keyOf(document.uri));

  return {
    diagnostics: (document) => diagnosticsOf(document, ownFindings(document.uri), texts, client),
    completion,
    hover: (document, offset) => {
      const key = keyOf(document.uri);
      return hoverAt(document, treeOf(document.uri), () => analyses.analysis(key), key, offset);
    },
    outline: (document) => outline(document, treeOf(document.uri)),
    folding: (document) => foldingRanges(document, treeOf(document.uri)),
    definition: (document, offset) => {
      const key = keyOf(document.uri);
      const file = fileMeantBy(wordAt(treeOf(document.uri), offset), key, texts);
      return file ?? definitionOf(analyses.analysis(key), key, offset, texts);
    },
    references: (document, offset, withDefinition) => {
      const key = keyOf(document.uri);
      const others = open().filter((other) => other !== key && other.endsWith('.dlmsmeter'));
      const all = [key, ...others].map((one) => analyses.analysis(one));
      return referencesOf(all, key, offset, withDefinition, texts);
    },
    semanticTokens: (document, from, to) => semanticTokens(treeOf(document.uri), from, to),
    codeActions: (document, range, diagnostics) => quickFixes(document, ownFindings(document.uri), range, diagnostics),
    templates: (document) => templateBlocks(document, treeOf(document.uri)),
    forget: (document) => analyses.forget(keyOf(document.uri)),
  };
}
