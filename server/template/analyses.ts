import { type Analysis, analyse } from '../../engine/template/analyse.ts';
import { openFiles, type TemplateDocument } from '../../engine/template/semantics/files.ts';
import type { Texts } from '../workspace/texts.ts';
import { resolveUri } from '../workspace/uris.ts';

/** Parsed and analysed templates, each worked out once for the texts it is made of. */
export interface Analyses {
  /** The tree of a file; undefined if there is no such file. */
  parsed(key: string): TemplateDocument | undefined;
  analysis(key: string): Analysis;
  /** The last analysis, even if texts changed since: for names, which a keystroke seldom changes. */
  recent(key: string): Analysis;
  /** Lets go of what was kept for a file. */
  forget(key: string): void;
}

interface Kept {
  readonly analysis: Analysis;
  /** What was read for it, also what was not there. */
  readonly reads: ReadonlyMap<string, string | undefined>;
  generation: number;
}

export function createAnalyses(texts: Texts): Analyses {
  const kept = new Map<string, Kept>();
  let reads: Map<string, string | undefined> | undefined;
  const files = openFiles({
    readFile(key) {
      const text = texts.text(key);
      reads?.set(key, text);
      return text;
    },
    resolve: resolveUri,
  });

  const isCurrent = (found: Kept): boolean => {
    if (texts.watched && found.generation === texts.generation) return true;
    for (const [key, text] of found.reads) if (texts.text(key) !== text) return false;
    found.generation = texts.generation;
    return true;
  };

  const analyses: Analyses = {
    parsed: (key) => files.document(key),
    analysis(key) {
      const known = kept.get(key);
      if (known !== undefined && isCurrent(known)) return known.analysis;
      const seen = new Map<string, string | undefined>();
      reads = seen;
      try {
        const analysis = analyse(key, files);
        kept.set(key, { analysis, reads: seen, generation: texts.generation });
        return analysis;
      } finally {
        reads = undefined;
      }
    },
    recent: (key) => kept.get(key)?.analysis ?? analyses.analysis(key),
    forget(key) {
      kept.delete(key);
    },
  };
  return analyses;
}
