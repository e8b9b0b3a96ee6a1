import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestReport } from '../support/spec-and-report.ts';

/** The end of one lane. A lane passes with failures = 0 and passes > 0. */
export interface Outcome {
  readonly passes: number;
  readonly failures: number;
}

/** What the extension host left behind, against what was expected of it. */
export interface HostRun {
  /** As the workbench reported it, or `undefined` when it never did. */
  readonly exitCode: number | undefined;
  readonly reportFile: string;
  readonly minimumTests: number;
}

/**
 * The outcome of a host run. Everything that is not a complete, clean run is a failure: no report (the suite did not start or
 * crashed), fewer tests than the sources have, a skipped test, an exit code that does not fit.
 */
export function judgeHostRun({
  exitCode,
  reportFile,
  minimumTests,
}: HostRun): Outcome & { readonly complaints: readonly string[] } {
  const complaints: string[] = [];
  if (!existsSync(reportFile)) {
    complaints.push('no report was written: the suite did not start, or the extension host ended before its end');
    return { passes: 0, failures: 1, complaints };
  }
  const report: TestReport = JSON.parse(readFileSync(reportFile, 'utf8'));
  if (report.passes === 0) complaints.push('no test passed');
  if (report.pending > 0) complaints.push(`${report.pending} tests were skipped: ${report.skipped.join('; ')}`);
  const ran = report.passes + report.failures;
  if (ran < minimumTests) complaints.push(`${ran} tests ran, the sources have at least ${minimumTests}`);
  if (exitCode === undefined) complaints.push('the workbench did not report the end of the suite in time');
  else if (report.failures === 0 && exitCode !== 0) complaints.push(`the suite ended with code ${exitCode}`);
  const { passes, failures } = report;
  // A complaint must count even where no test failed.
  return { passes, failures: failures === 0 && complaints.length > 0 ? 1 : failures, complaints };
}

/** Prints the lane's last line, keeps it in artifacts/ for .ci/run, and sets the exit code. */
export function conclude(lane: string, { passes, failures }: Outcome, artifacts: string): void {
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(path.join(artifacts, `${lane}.json`), `${JSON.stringify({ passes, failures })}\n`);
  console.log(`${passes} passed, ${failures} failed`);
  process.exitCode = failures === 0 && passes > 0 ? 0 : 1;
}
