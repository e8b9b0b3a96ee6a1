import { toHex } from '../../engine/codec/hex.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { FuzzTarget } from './targets.ts';

/** CPU time of one input, milliseconds: far above what any takes, far below a hang. Pauses of the machine do not count. */
export const MAX_MILLISECONDS = 1000;
/** Octets of heap and buffers that may be in use between inputs, beyond what the process had in use before. */
export const MAX_MEMORY = 512 * 1024 * 1024;
const MEMORY_EVERY = 5000;

export interface FuzzOptions {
  readonly targets: readonly FuzzTarget[];
  readonly inputs: number;
  readonly seed: number;
  /** Called now and then with the number of inputs so far. */
  readonly progress?: (done: number) => void;
}

export interface FuzzCount {
  inputs: number;
  accepted: number;
  /** Longest CPU time of one input, milliseconds. */
  slowest: number;
}

/** What fails: how to run that input again. */
export class FuzzFailure extends Error {
  constructor(target: string, octets: Uint8Array, seed: number, input: number, cause: unknown) {
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    super(`${target}, seed ${seed}, input ${input}\n  octets ${toHex(octets)}\n  ${why}`);
  }
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function octetsInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * Runs mutated inputs through the targets, by their weights. Throws FuzzFailure at the first input that makes a target
 * throw, takes too long, or after which too much memory is in use.
 */
export function runFuzz({ targets, inputs, seed, progress }: FuzzOptions): ReadonlyMap<string, FuzzCount> {
  const turns = targets.flatMap((target) => Array<FuzzTarget>(target.weight).fill(target));
  const counts = new Map(targets.map(({ name }) => [name, { inputs: 0, accepted: 0, slowest: 0 }]));
  const random = new Random(seed);
  const before = octetsInUse();
  for (let input = 0; input < inputs; input++) {
    const target = turns[input % turns.length]!;
    const octets = mutate(random.pick(target.corpus), random.pick(target.corpus), random);
    const count = counts.get(target.name)!;
    const started = cpuMilliseconds();
    try {
      if (target.run(octets, random)) count.accepted++;
    } catch (error) {
      throw new FuzzFailure(target.name, octets, seed, input, error);
    }
    const took = cpuMilliseconds() - started;
    count.inputs++;
    count.slowest = Math.max(count.slowest, took);
    if (took > MAX_MILLISECONDS) throw new FuzzFailure(target.name, octets, seed, input, `took ${Math.round(took)} ms`);
    if (input % MEMORY_EVERY !== 0) continue;
    const more = octetsInUse() - before;
    if (more > MAX_MEMORY) throw new FuzzFailure(target.name, octets, seed, input, `${more} more octets in use`);
    progress?.(input);
  }
  return counts;
}
