import { parseArgs } from 'node:util';
import { FuzzFailure, runFuzz } from './run-fuzz.ts';
import { targets } from './targets.ts';

/** `npm run fuzz:codec -- --inputs 5000000 --seed 1 [--target apdu]`: mutated inputs through every decoder. */

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);
const wanted = targets.filter(({ name }) => values.target === undefined || name === values.target);
if (!Number.isInteger(inputs) || inputs < 1 || !Number.isInteger(seed) || wanted.length === 0) {
  console.error(`usage: --inputs N --seed N [--target NAME], one of: ${targets.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const started = process.hrtime.bigint();
const seconds = (): number => Number(process.hrtime.bigint() - started) / 1e9;
let shown = 0;
try {
  const counts = runFuzz({
    targets: wanted,
    inputs,
    seed,
    progress: (done) => {
      if (seconds() < shown + 10) return;
      shown = seconds();
      process.stderr.write(`${done} inputs, ${Math.round(done / shown)} a second\n`);
    },
  });
  for (const [name, { inputs: runs, accepted, slowest }] of counts) {
    const share = `${Math.round((100 * accepted) / runs)} % accepted`;
    console.log(
      `${name.padEnd(18)} ${String(runs).padStart(9)} inputs, ${share.padStart(14)}, slowest ${slowest.toFixed(1)} ms`,
    );
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${inputs} inputs, seed ${seed}: nothing thrown, no hang; ${Math.round(seconds())} s, at most ${peak} MiB resident`,
  );
} catch (error) {
  if (!(error instanceof FuzzFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
