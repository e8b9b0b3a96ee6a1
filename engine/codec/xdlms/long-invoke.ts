import type { Reader } from '../reader.ts';

const ID = 0x00ffffff;
const SELF_DESCRIPTIVE = 0x10000000;
const BREAK_ON_ERROR = 0x20000000;
const CONFIRMED = 0x40000000;
const HIGH_PRIORITY = 0x80000000;

/** Long-Invoke-Id-And-Priority (GB 9.5): 24 bits of identifier below the flags. Returned as it stands, unsigned. */
export function readLongInvoke(r: Reader): number {
  const raw = r.u32('long-invoke-id-and-priority');
  if (r.sink !== null) r.sink.describe(describeLongInvoke(raw));
  return raw;
}

/** `id 1, confirmed, normal priority`, with the flags of ACCESS where they are set. */
export function describeLongInvoke(raw: number): string {
  const parts = [`id ${raw & ID}`, raw & CONFIRMED ? 'confirmed' : 'unconfirmed'];
  parts.push(raw & HIGH_PRIORITY ? 'high priority' : 'normal priority');
  if (raw & SELF_DESCRIPTIVE) parts.push('self-descriptive');
  if (raw & BREAK_ON_ERROR) parts.push('break on error');
  return parts.join(', ');
}
