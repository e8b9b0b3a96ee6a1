import ipaddr from 'ipaddr.js';
import { TargetError } from './errors.ts';

/** Addresses `first` to `last` of one family, both included, as numbers. */
export interface AddressRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;
/** Letters, digits and hyphens with dots between. */
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/;
/** Names that end in a number would be taken for addresses by resolvers, in octal, hex or with parts left out. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)\.?$/;

/**
 * Reads `192.0.2.7`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, `192.0.2.1-9` and the same in IPv6; a host name gives
 * `{ name }`. Dotted quads are strict: four decimal parts without leading zeros, since `010.0.0.1` means different
 * addresses to different programs. Throws TargetError `bad-target`.
 */
export function parseTarget(text: string): AddressRange | { readonly name: string } {
  const target = text.trim();
  const slash = target.indexOf('/');
  if (slash >= 0) return block(target, target.slice(0, slash), target.slice(slash + 1));
  const single = address(target);
  if (single !== undefined) return { version: single.version, first: single.value, last: single.value };
  const dash = target.indexOf('-');
  if (dash > 0 && address(target.slice(0, dash)) !== undefined)
    return range(target, target.slice(0, dash), target.slice(dash + 1));
  if (HOST_NAME.test(target) && !ENDS_IN_NUMBER.test(target)) return { name: target };
  throw bad(text, 'an address, a block (192.0.2.0/24), a range (192.0.2.1-192.0.2.9) or a host name');
}

/** The address of a number, in the usual text form. */
export function formatAddress(version: 4 | 6, value: bigint): string {
  const octets: number[] = [];
  for (let bits = BITS[version] - 8; bits >= 0; bits -= 8) octets.push(Number((value >> BigInt(bits)) & 0xffn));
  return ipaddr.fromByteArray(octets).toString();
}

/** One address as a number; undefined when the text is none. IPv4-mapped IPv6 addresses are IPv4. */
export function address(text: string): { readonly version: 4 | 6; readonly value: bigint } | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return numberOf(ipaddr.IPv4.parse(text));
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text) || text.includes('%')) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return numberOf(parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed);
}

function numberOf(parsed: ipaddr.IPv4 | ipaddr.IPv6): { readonly version: 4 | 6; readonly value: bigint } {
  let value = 0n;
  for (const octet of parsed.toByteArray()) value = (value << 8n) | BigInt(octet);
  return { version: parsed.kind() === 'ipv4' ? 4 : 6, value };
}

function block(text: string, network: string, prefix: string): AddressRange {
  const base = address(network);
  if (base === undefined) throw bad(text, 'an address before the slash, in four decimal parts without leading zeros');
  const bits = BITS[base.version];
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (length < 0 || length > bits) throw bad(text, `a prefix length of 0 to ${bits} behind the slash`);
  const host = (1n << BigInt(bits - length)) - 1n;
  const first = base.value & ~host;
  return { version: base.version, first, last: first | host };
}

function range(text: string, from: string, to: string): AddressRange {
  const first = address(from);
  const shortEnd = /^\d{1,3}$/.test(to) && first?.version === 4 ? `${from.slice(0, from.lastIndexOf('.'))}.${to}` : to;
  const last = address(shortEnd);
  if (first === undefined || last === undefined || first.version !== last.version)
    throw bad(text, 'two addresses of the same family around the hyphen');
  if (last.value < first.value) throw bad(text, 'the lower address first');
  return { version: first.version, first: first.value, last: last.value };
}

function bad(text: string, expected: string): TargetError {
  return new TargetError('bad-target', `target '${text}' is not understood, expected ${expected}`);
}

/** The fewest CIDR blocks that cover exactly the range. */
export function blocksOf(range: AddressRange): string[] {
  const blocks: string[] = [];
  const bits = BITS[range.version];
  let at = range.first;
  while (at <= range.last) {
    let size = 0;
    while (
      size < bits &&
      (at & ((1n << BigInt(size + 1)) - 1n)) === 0n &&
      at + (1n << BigInt(size + 1)) - 1n <= range.last
    )
      size++;
    blocks.push(`${formatAddress(range.version, at)}/${bits - size}`);
    at += 1n << BigInt(size);
  }
  return blocks;
}
