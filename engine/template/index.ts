/**
 * The `.dlmsmeter` language: text -> tree -> checks -> canonical model. Pure but for `diskFiles`.
 */
export { type Analysis, analyse } from './analyse.ts';
export { type CompileResult, compileTemplate, compileText } from './compile-template.ts';
export { type FindingCode, findingCodes } from './findings/codes.ts';
export { byPlace, type Finding, isClean, type RelatedPlace, type Severity } from './findings/finding.ts';
export { diskFiles } from './load-files.ts';
export type * from './model.ts';
export {
  type FileProvider,
  openFiles,
  parseDocument,
  resolvePath,
  type TemplateDocument,
  type TemplateFiles,
} from './semantics/files.ts';
