/** One thing to measure: `run` does it once and returns something that depends on the work, so that none is left out. */
export interface BenchCase {
  readonly name: string;
  readonly run: () => number;
}

/** CPU time of one case, median over the rounds. */
export interface BenchResult {
  readonly name: string;
  /** User and system time of one run, in nanoseconds. */
  readonly nanoseconds: number;
  /** Half of the rounds lie within this share of the median: (third quartile - first quartile) / median. */
  readonly spread: number;
}

export interface RoundOptions {
  readonly rounds: number;
  /** CPU time of one case in one round, in milliseconds. */
  readonly milliseconds: number;
}

/** Keeps results of the runs alive. */
let sink = 0;

/** CPU nanoseconds of this process since it started: work of other processes on the same cores does not count. */
function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function repeat(run: BenchCase['run'], times: number): number {
  const started = cpuNanoseconds();
  for (let i = 0; i < times; i++) sink ^= run();
  return cpuNanoseconds() - started;
}

/** How many runs take about this long, found by doubling; warms the code up on the way. */
function calibrate(run: BenchCase['run'], milliseconds: number): number {
  for (let times = 1; ; times *= 2) {
    const took = repeat(run, times) / 1e6;
    if (took >= milliseconds) return Math.max(1, Math.round((times * milliseconds) / took));
  }
}

/**
 * Measures cases in rounds, each round all cases one after the other, so that what disturbs the machine disturbs them
 * alike. The first round is warm-up.
 */
export function measure(cases: readonly BenchCase[], { rounds, milliseconds }: RoundOptions): BenchResult[] {
  const times = cases.map(({ run }) => calibrate(run, milliseconds));
  const samples: number[][] = cases.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { run }] of cases.entries()) {
      const took = repeat(run, times[i]!) / times[i]!;
      if (round > 0) samples[i]!.push(took);
    }
  }
  return cases.map(({ name }, i) => {
    const sorted = samples[i]!.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
    return { name, nanoseconds: at(0.5), spread: (at(0.75) - at(0.25)) / at(0.5) };
  });
}

/** What the runs came to; printed so that the work is needed. */
export function sinkValue(): number {
  return sink;
}
