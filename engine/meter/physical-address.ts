import type { VirtualMeter } from './meter.ts';
import { toNumber } from './values/value.ts';

/** Lower HDLC address of a meter: the template's number, or worked out from the serial. */
export function physicalAddress(meter: VirtualMeter): number {
  const { serverLower } = meter.model.hdlc;
  if (serverLower.k === 'number') return serverLower.value;
  const value = meter.blueprint.compiler.value(serverLower, 'hdlc.server_lower')(meter, 0);
  const address = Math.trunc(toNumber(value));
  return Number.isFinite(address) ? address & 0x3fff : 0;
}
