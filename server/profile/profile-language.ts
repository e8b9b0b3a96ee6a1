import type { Definition } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Document } from 'yaml';
import type { Finding } from '../../engine/template/findings/finding.ts';
import { findProfileFile, readObisProfile } from '../../engine/template/profile/check-profile.ts';
import type { FileProvider } from '../../engine/template/semantics/files.ts';
import type { Language } from '../language.ts';
import type { ClientAbilities } from '../lsp/abilities.ts';
import { diagnosticsOf } from '../lsp/diagnostics.ts';
import { locationOf } from '../lsp/positions.ts';
import { quickFixes } from '../lsp/quick-fixes.ts';
import { completionList } from '../lsp/suggestions.ts';
import type { Disk } from '../workspace/disk.ts';
import type { Texts } from '../workspace/texts.ts';
import { keyOf, resolveUri } from '../workspace/uris.ts';
import { profileSuggestions } from './completion.ts';
import { parseYaml, placeAt } from './documents.ts';
import { profileFolding } from './folding.ts';
import { profileHover } from './hover.ts';
import { profileOutline } from './outline.ts';
import { ITEM } from './schema.ts';

/** The language of `*.obis.yaml` files. */
export function createProfileLanguage(texts: Texts, disk: Disk, client: ClientAbilities): Language {
  const parsed = new Map<string, { readonly text: string; readonly yaml: Document }>();
  const yamlOf = (document: TextDocument): Document => {
    const text = document.getText();
    const known = parsed.get(document.uri);
    if (known?.text === text) return known.yaml;
    const yaml = parseYaml(text);
    parsed.set(document.uri, { text, yaml });
    return yaml;
  };
  const files: FileProvider = { readFile: (key) => texts.text(key), resolve: resolveUri };
  const findingsOf = (document: TextDocument): readonly Finding[] =>
    readObisProfile(document.getText(), { path: keyOf(document.uri), files }).findings;

  /** The file of a profile that is extended. */
  const definition = (document: TextDocument, offset: number): Definition | undefined => {
    const place = placeAt(yamlOf(document), document.getText(), offset);
    if (place?.at !== 'value' || place.path.join('.') !== `extends.${ITEM}`) return undefined;
    const file = findProfileFile(place.text, keyOf(document.uri), files);
    return file === undefined ? undefined : locationOf(texts, file, { from: 0, to: 0 });
  };

  return {
    diagnostics: (document) => diagnosticsOf(document, findingsOf(document), texts, client),
    completion: (document, offset) => {
      const folder = resolveUri(keyOf(document.uri), '.');
      const { suggestions, word } = profileSuggestions(document.getText(), offset, () => disk.list(folder));
      return completionList(document, suggestions, word, client);
    },
    hover: (document, offset) => profileHover(document, yamlOf(document), offset),
    outline: (document) => profileOutline(document, yamlOf(document)),
    folding: (document) => profileFolding(document, yamlOf(document)),
    definition,
    references: () => [],
    semanticTokens: () => [],
    codeActions: (document, range, diagnostics) => quickFixes(document, findingsOf(document), range, diagnostics),
    templates: () => [],
    forget: (document) => {
      parsed.delete(document.uri);
    },
  };
}
