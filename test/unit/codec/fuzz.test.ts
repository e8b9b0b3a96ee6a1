import assert from 'node:assert/strict';
import { Random } from '../../fuzz/random.ts';
import { FuzzFailure, runFuzz } from '../../fuzz/run-fuzz.ts';
import { targets } from '../../fuzz/targets.ts';

const SEED = 20261126;
const INPUTS = 200_000;

describe(`${INPUTS} mutated inputs through every decoder (seed ${SEED}; npm run fuzz:codec for more)`, function () {
  this.timeout(180_000);

  it('nothing throws or hangs, errors have a place in the octets, and what is accepted encodes back', () => {
    const counts = runFuzz({ targets, inputs: INPUTS, seed: SEED });
    for (const [name, { inputs, accepted }] of counts) assert.ok(inputs > 0 && accepted > 0, `${name} accepts nothing`);
    const accepted = [...counts.values()].reduce((sum, count) => sum + count.accepted, 0);
    console.log(`      ${accepted} of ${INPUTS} inputs accepted by ${counts.size} targets`);
  });

  it('a failing target is reported with what runs it again', () => {
    const target = {
      name: 'bad',
      corpus: [Uint8Array.of(1, 2, 3)],
      weight: 1,
      run: (octets: Uint8Array) => assert.ok(octets.length < 5) === undefined,
    };
    assert.throws(
      () => runFuzz({ targets: [target], inputs: 1000, seed: 5 }),
      (error) => {
        return error instanceof FuzzFailure && /^bad, seed 5, input \d+\n {2}octets [0-9a-f]+\n/.test(error.message);
      },
    );
  });

  it('the same seed gives the same inputs', () => {
    const inputsOf = (seed: number): string => {
      const seen: string[] = [];
      const run = (octets: Uint8Array): boolean => seen.push(octets.join()) > 0;
      runFuzz({ targets: [{ name: 'seen', corpus: targets[0]!.corpus, weight: 1, run }], inputs: 50, seed });
      return seen.join(';');
    };
    assert.equal(inputsOf(3), inputsOf(3));
    assert.notEqual(inputsOf(3), inputsOf(4));
    assert.ok(new Random(1).next() < 1);
  });
});
