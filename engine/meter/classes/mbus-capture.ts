import { readAttributeData } from '../attribute-access.ts';
import type { CosemObject } from '../blueprint.ts';
import { dataToNumber } from '../values/value.ts';
import type { Target } from './class-logic.ts';

const CAPTURE_PERIOD = 4;
const MINUTE = 60_000;
const M_BUS_CLIENT = 72;
/** 0-b:24.1.0: the client of channel b; 0-b:24.2.e: the values of its device (obis.md). */
const VALUES_C = 24;
const VALUES_D = 2;

/** The M-Bus client whose device a value object stands for; undefined for all other objects. */
export function clientOfValue({ meter, object }: Target): CosemObject | undefined {
  const { logicalName } = object;
  const [a = 0, channel = 0] = logicalName;
  if (logicalName[2] !== VALUES_C || logicalName[3] !== VALUES_D || a !== 0) return undefined;
  return meter.blueprint.findByOctets(M_BUS_CLIENT, Uint8Array.of(0, channel, VALUES_C, 1, 0, 255));
}

/**
 * When an M-Bus client captured last: at the multiples of its period since local midnight, and by method. Undefined
 * where it has no period and was never told to: its values are then as the device shows them.
 */
export function lastMBusCapture(client: Target): number | undefined {
  const { meter, object, time } = client;
  const period = dataToNumber(readAttributeData(client, CAPTURE_PERIOD)) * 1000;
  const offset = meter.deviation * MINUTE;
  const regular = period > 0 ? Math.floor((time - offset) / period) * period + offset : undefined;
  const byMethod = (meter.remembered(object.index)?.captures ?? []).findLast((at) => at <= time);
  if (regular === undefined || byMethod === undefined) return regular ?? byMethod;
  return Math.max(regular, byMethod);
}
