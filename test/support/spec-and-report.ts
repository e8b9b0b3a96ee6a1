import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** What a run of mocha leaves behind for the program that started it. */
export interface TestReport {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
  /** Full titles, for a summary after many lines of output. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

/** Environment variable with the path of the report; without it nothing is written. */
export const reportVariable = 'DLMS_TEST_REPORT';

/** Prints as mocha's `spec` does, and writes a TestReport when the run has ended. */
export default class SpecAndReport extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env[reportVariable];
    if (file === undefined || file === '') return;
    const failed: string[] = [];
    const skipped: string[] = [];
    const { EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Mocha.Runner.constants;
    // A failing hook is reported as a failed test too.
    runner.on(EVENT_TEST_FAIL, (test) => failed.push(test.fullTitle()));
    runner.on(EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => {
      const report: TestReport = {
        passes: this.stats.passes,
        failures: failed.length,
        pending: skipped.length,
        failed,
        skipped,
      };
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    });
  }
}
