import type { Finding } from './finding.ts';

/** A finding where people and other programs look for it: line and column from 1. */
export interface PlacedFinding {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Finding['severity'];
  readonly code: string;
  /** Message and hint as one text. */
  readonly message: string;
}

/** Turns offsets into lines and columns; `textOf` gives the text of the file a finding is in. */
export function placeFindings(
  findings: readonly Finding[],
  textOf: (path: string) => string | undefined,
): PlacedFinding[] {
  const lines = new Map<string, readonly number[]>();
  return findings.map(({ file, range, severity, code, message, hint }) => {
    let starts = lines.get(file);
    if (starts === undefined) {
      starts = lineStarts(textOf(file) ?? '');
      lines.set(file, starts);
    }
    const from = place(starts, range.from);
    const to = place(starts, range.to);
    return {
      path: file,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      severity,
      code,
      message: hint === undefined ? message : `${message} ${hint}`,
    };
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function place(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
