import { lookup } from 'node:dns/promises';
import { containsCidr, excludeCidr, mergeCidr, overlapCidr, parseCidr } from 'cidr-tools';
import { type AddressRange, address, blocksOf, formatAddress, parseTarget } from './address-range.ts';
import { TargetError } from './errors.ts';

/** One address to scan. `host` is how it was named. */
export interface Target {
  readonly host: string;
  readonly address: string;
  /** Named by itself, not as part of a block: it gets a finding even when nothing is there. */
  readonly single: boolean;
}

/** What a scan goes over: a count, and addresses made one by one, however large the blocks are. */
export interface TargetSet extends Iterable<Target> {
  readonly count: number;
}

export interface TargetOptions {
  readonly targets: readonly string[];
  readonly exclude: readonly string[];
  /** Permission for addresses outside of loopback and private ranges. */
  readonly allowPublic: boolean;
  /** Resolves a host name; rejects or returns nothing when unknown. Default: the system's resolver. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/** Addresses one scan takes: an IPv4 /8. */
export const MAX_TARGETS = 2 ** 24;

/** Loopback, private (RFC 1918), link-local and unique local: what a scan may touch without being asked. */
const SAFE = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];
/** Unspecified, multicast, reserved and broadcast: no meter can be there. */
const NEVER = ['0.0.0.0/8', '224.0.0.0/3', '::/128', 'ff00::/8'];

/** Reads targets and exclusions, and refuses what must not be scanned. Rejects with TargetError. */
export async function resolveTargets(options: TargetOptions): Promise<TargetSet> {
  const resolve = options.resolve ?? systemResolver;
  const included = await readAll(options.targets, resolve);
  const excluded = (await readAll(options.exclude, resolve)).flatMap((item) => item.blocks);
  for (const item of included) refuse(item, options.allowPublic);
  const named = included
    .flatMap((item) => item.singles)
    .filter(({ address: at }) => excluded.length === 0 || !overlapCidr(at, excluded));
  const singles = [...new Map(named.map((target) => [target.address, target])).values()];
  const known = singles.map((target) => target.address);
  const blocks = included.flatMap((item) => (item.singles.length > 0 ? [] : item.blocks));
  const rest = blocks.length === 0 ? [] : excludeCidr(mergeCidr(blocks), [...excluded, ...known]);
  const ranges = rest.map(rangeOf);
  const count = ranges.reduce((sum, range) => sum + (range.last - range.first + 1n), BigInt(singles.length));
  if (count === 0n)
    throw new TargetError(
      'no-targets',
      'no target is left: give an address, a block or a host name that is not excluded',
    );
  if (count > BigInt(MAX_TARGETS))
    throw new TargetError(
      'too-many',
      `${count} addresses are more than the ${MAX_TARGETS} one scan takes: give smaller blocks`,
    );
  return { count: Number(count), [Symbol.iterator]: () => iterate(singles, ranges) };
}

/** Checks ports and removes repetitions. Throws TargetError `bad-port`. */
export function checkPorts(ports: readonly number[]): readonly number[] {
  for (const port of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new TargetError('bad-port', `port ${port} is not in 1..65535`);
  }
  if (ports.length === 0) throw new TargetError('bad-port', 'no port is given: try 4059');
  return [...new Set(ports)];
}

interface ReadTarget {
  readonly text: string;
  readonly blocks: readonly string[];
  /** Filled for single addresses and host names. */
  readonly singles: readonly Target[];
}

async function readAll(
  texts: readonly string[],
  resolve: (name: string) => Promise<readonly string[]>,
): Promise<ReadTarget[]> {
  const read: ReadTarget[] = [];
  for (const text of texts
    .flatMap((line) => line.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const parsed = parseTarget(text);
    read.push('name' in parsed ? await byName(parsed.name, resolve) : byRange(text, parsed));
  }
  return read;
}

function byRange(text: string, range: AddressRange): ReadTarget {
  const blocks = blocksOf(range);
  if (range.first !== range.last) return { text, blocks, singles: [] };
  const at = formatAddress(range.version, range.first);
  return { text, blocks, singles: [{ host: at, address: at, single: true }] };
}

async function byName(name: string, resolve: (name: string) => Promise<readonly string[]>): Promise<ReadTarget> {
  let found: readonly string[] = [];
  try {
    found = await resolve(name);
  } catch {
    // Reported below: the reason of the resolver does not help more than the name.
  }
  const first = found.map(address).find((item) => item !== undefined);
  if (first === undefined)
    throw new TargetError('host-unknown', `host name ${name} cannot be resolved: check the name, or give the address`);
  const at = formatAddress(first.version, first.value);
  return { text: name, blocks: [at], singles: [{ host: name, address: at, single: true }] };
}

function refuse(item: ReadTarget, allowPublic: boolean): void {
  if (overlapCidr([...item.blocks], NEVER))
    throw new TargetError(
      'not-scannable',
      `${item.text} holds unspecified, multicast or reserved addresses: no meter can be there`,
    );
  if (!allowPublic && !item.blocks.every((block) => containsCidr(SAFE, block)))
    throw new TargetError(
      'public-refused',
      `${item.text} is outside of loopback and private ranges: scanning it has to be confirmed, and needs the owner's permission`,
    );
}

function rangeOf(block: string): AddressRange {
  const { version, start, end } = parseCidr(block);
  return { version, first: start, last: end };
}

function* iterate(singles: readonly Target[], ranges: readonly AddressRange[]): Generator<Target> {
  yield* singles;
  for (const { version, first, last } of ranges) {
    for (let at = first; at <= last; at++) {
      const text = formatAddress(version, at);
      yield { host: text, address: text, single: false };
    }
  }
}

async function systemResolver(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map((item) => item.address);
}
