/**
 * The `.dlmsmeter` language and `*.obis.yaml` profiles: text -> tree -> checks -> canonical model. No I/O but for
 * `diskFiles`; nothing here throws for any text.
 *
 * To run a template: `compileTemplate(path, diskFiles)`.
 *
 * For an editor: `openFiles(provider)` once, with a provider that knows unsaved documents; `parseDocument(text)` or
 * `files.document(path)` for the tree and what is wrong with its form; `analyse(path, files)` for everything else:
 * findings of all files, symbols (`referenceAt`, `definitionAt`, `referencesTo`), meters after inheritance
 * (`analysis.meters.get(name)`: model, objects with class, scope with the names in it). `nodePath(tree, offset)` gives
 * the nodes around an offset. What may be written where is in `vocabulary/`: `blockSpec`, `kindsWithin`,
 * `allFunctions`, `actions`, `classSettings`, word tables.
 */
export { type Analysis, analyse } from './analyse.ts';
export { type CompileResult, compileTemplate, compileText } from './compile-template.ts';
export { type FindingCode, findingCodes } from './findings/codes.ts';
export { byPlace, type Finding, isClean, type RelatedPlace, type Severity } from './findings/finding.ts';
export { type PlacedFinding, placeFindings } from './findings/place.ts';
export { diskFiles } from './load-files.ts';
export type * from './model.ts';
export { checkObisProfile } from './profile/check-profile.ts';
export { loadObisProfile, type ProfileMatch, profileEntry } from './profile/load-profile.ts';
export { matchPattern, parsePattern } from './profile/pattern.ts';
export type * from './profile/types.ts';
export {
  type FileProvider,
  openFiles,
  parseDocument,
  resolvePath,
  type TemplateDocument,
  type TemplateFiles,
} from './semantics/files.ts';
export {
  definitionAt,
  referenceAt,
  referencesTo,
  type SymbolDefinition,
  type SymbolReference,
  type SymbolTable,
} from './semantics/symbols.ts';
export { nodePath } from './syntax/node-path.ts';
