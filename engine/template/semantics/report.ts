import type { FindingCode } from '../findings/codes.ts';
import { type Finding, type FindingExtras, finding } from '../findings/finding.ts';
import type { Span } from '../syntax/tree.ts';

/** Says something about a place in one file. */
export type Report = (code: FindingCode, range: Span, message: string, extras?: FindingExtras) => void;

/** Collects findings of all files of an analysis. */
export interface Collector {
  readonly findings: Finding[];
  /** A report for one file. */
  in(file: string): Report;
}

export function createCollector(): Collector {
  const findings: Finding[] = [];
  return {
    findings,
    in: (file) => (code, range, message, extras) => {
      // Related places are in the same file unless they say otherwise.
      const related = extras?.related?.map((place) => (place.file === '' ? { ...place, file } : place));
      findings.push(finding(code, file, range, message, related === undefined ? extras : { ...extras, related }));
    },
  };
}
