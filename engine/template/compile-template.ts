import { analyse } from './analyse.ts';
import { type Finding, isClean } from './findings/finding.ts';
import type { CompiledTemplates } from './model.ts';
import type { FileProvider, TemplateFiles } from './semantics/files.ts';

/** Result of compiling; the model is there exactly if no finding is an error. */
export interface CompileResult {
  readonly ok: boolean;
  readonly model?: CompiledTemplates;
  readonly findings: readonly Finding[];
}

/** Compiles the template at a path, with all files it uses. The same input gives the same output, in the same order. */
export function compileTemplate(path: string, files: TemplateFiles | FileProvider): CompileResult {
  const { findings, model } = analyse(path, files);
  return model === undefined ? { ok: false, findings } : { ok: isClean(findings), model, findings };
}

/** Path under which `compileText` knows its text. */
export const UNNAMED = 'untitled.dlmsmeter';

/** Compiles a text that is in no file. What it uses comes from the provider, if there is one. */
export function compileText(text: string, files?: FileProvider): CompileResult {
  const resolve = files?.resolve?.bind(files);
  return compileTemplate(UNNAMED, {
    readFile: (path) => (path === UNNAMED ? text : files?.readFile(path)),
    ...(resolve === undefined ? {} : { resolve }),
  });
}
