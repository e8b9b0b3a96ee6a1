import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { InvokeIdAndPriority } from './types.ts';

const ID = 0x0f;
const CONFIRMED = 0x40;
const HIGH_PRIORITY = 0x80;

/** The octet for an invoke id of 0..15 (GB 9.5 Invoke-Id-And-Priority). */
export function invokeIdAndPriority(id: number, confirmed = true, highPriority = true): InvokeIdAndPriority {
  return invokeFromRaw((id & ID) | (confirmed ? CONFIRMED : 0) | (highPriority ? HIGH_PRIORITY : 0));
}

export function invokeFromRaw(raw: number): InvokeIdAndPriority {
  return { raw, id: raw & ID, confirmed: (raw & CONFIRMED) !== 0, highPriority: (raw & HIGH_PRIORITY) !== 0 };
}

/** `id 1, confirmed, high priority`. */
export function describeInvoke({ id, confirmed, highPriority }: InvokeIdAndPriority): string {
  return `id ${id}, ${confirmed ? 'confirmed' : 'unconfirmed'}, ${highPriority ? 'high' : 'normal'} priority`;
}

export function readInvoke(r: Reader): InvokeIdAndPriority {
  const invoke = invokeFromRaw(r.u8('invoke-id-and-priority'));
  if (r.sink !== null) r.sink.describe(describeInvoke(invoke));
  return invoke;
}

/** Writes `raw`: bits 4 and 5 are reserved and echoed as they came. */
export function writeInvoke(w: Writer, invoke: InvokeIdAndPriority): void {
  w.object(invoke, 'invoke');
  w.u8(invoke.raw, 'invoke.raw');
}
