import type { Span } from '../syntax/tree.ts';
import { type FindingCode, findingCodes } from './codes.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One thing to say about a template or an OBIS profile. Compare `code`, never `message`. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What was found and what would be right. */
  readonly message: string;
  readonly range: Span;
  /** Path of the file as the file provider knows it; empty for a text without file. */
  readonly file: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Words that may stand in place of the range, best first. */
  readonly suggestions?: readonly string[];
  /** Other places that have to do with it, e.g. the first definition of a duplicate. */
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly message: string;
  readonly range: Span;
  readonly file: string;
}

/** What a finding may say besides its code, its place and its message. */
export type FindingExtras = Partial<Pick<Finding, 'hint' | 'suggestions' | 'related' | 'severity'>>;

/** Builds a finding; its severity is the code's, unless the place knows better. */
export function finding(
  code: FindingCode,
  file: string,
  range: Span,
  message: string,
  extras: FindingExtras = {},
): Finding {
  return {
    code,
    severity: findingCodes[code].severity,
    message,
    range: { from: range.from, to: range.to },
    file,
    ...extras,
  };
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** By file, place and severity, so that output is the same in every run. */
export function byPlace(a: Finding, b: Finding): number {
  return (
    (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
    a.range.from - b.range.from ||
    a.range.to - b.range.to ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  );
}

/** Sorted, and only one of several with the same code at the same place (a `for` body is checked once per turn). */
export function tidyFindings(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.toSorted(byPlace).filter((item) => {
    const key = `${item.file} ${item.code} ${item.range.from} ${item.range.to}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** True if nothing stands in the way of using the template. */
export function isClean(findings: readonly Finding[]): boolean {
  return findings.every((item) => item.severity !== 'error');
}
