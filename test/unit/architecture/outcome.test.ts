import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { judgeHostRun } from '../../vscode/outcome.ts';

describe('the outcome of a host run', () => {
  const whole = { passes: 5, failures: 0, pending: 0, failed: [], skipped: [] };
  const cases = [
    { name: 'a complete run', report: whole, exitCode: 0, failures: 0, says: undefined },
    { name: 'a failed test', report: { ...whole, failures: 2 }, exitCode: 1, failures: 2, says: undefined },
    { name: 'no report', report: undefined, exitCode: 0, failures: 1, says: /no report was written/ },
    { name: 'no test', report: { ...whole, passes: 0 }, exitCode: 0, failures: 1, says: /no test passed/ },
    {
      name: 'a lost test',
      report: { ...whole, passes: 4 },
      exitCode: 0,
      failures: 1,
      says: /4 tests ran, .* at least 5/,
    },
    {
      name: 'a skipped test',
      report: { ...whole, pending: 1, skipped: ['reads a meter'] },
      exitCode: 0,
      failures: 1,
      says: /1 tests were skipped: reads a meter/,
    },
    { name: 'no end', report: whole, exitCode: undefined, failures: 1, says: /did not report the end/ },
    { name: 'an exit code without a failed test', report: whole, exitCode: 1, failures: 1, says: /ended with code 1/ },
  ];
  for (const { name, report, exitCode, failures, says } of cases) {
    it(`of ${name} is ${failures === 0 ? 'a pass' : 'a failure'}`, () => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'dlms-outcome-'));
      try {
        const reportFile = path.join(folder, 'report.json');
        if (report !== undefined) writeFileSync(reportFile, JSON.stringify(report));
        const outcome = judgeHostRun({ exitCode, reportFile, minimumTests: 5 });
        assert.equal(outcome.failures, failures);
        assert.equal(outcome.complaints.length > 0, says !== undefined);
        if (says !== undefined) assert.match(outcome.complaints.join(), says);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
