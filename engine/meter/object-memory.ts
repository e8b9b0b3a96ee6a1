import { type ImageMemory, imageFormat } from './state/image-format.ts';
import {
  booleanFormat,
  integerFormat,
  listFormat,
  numberFormat,
  recordFormat,
  type StateFormat,
} from './state/state-format.ts';

/** A mask of a register activation object put into force, by its name; empty for none. */
export interface MaskChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Registers that count from then on, as indices into register_assignment. */
  readonly counting: readonly number[];
}

/** What has happened to an object and cannot be worked out from the time. Times are milliseconds since the epoch. */
export interface ObjectMemory {
  /** Value of a register when it was reset; it counts from there. */
  readonly offset?: number;
  /** When a profile was emptied, a register or demand register was reset. */
  readonly clearedAt?: number;
  /** When a profile was captured, or a demand register's period was ended, by its method; ascending. */
  readonly captures?: readonly number[];
  /** The image an image transfer object has got, or is getting. */
  readonly image?: ImageMemory;
  /** Since when a limiter sees its value above the threshold, or back below it. */
  readonly overSince?: number;
  readonly underSince?: number;
  /** Whether a limiter acted on its value being too high. */
  readonly limiting?: boolean;
  /** Thresholds a register monitor saw its value above: one bit each. */
  readonly above?: number;
  /** Masks that were put into force while the meter ran, oldest first. */
  readonly masks?: readonly MaskChange[];
}

const maskFormat = recordFormat<MaskChange>({ at: numberFormat, counting: listFormat(integerFormat(0, 0xffff)) }, [
  'at',
  'counting',
]);

export const memoryFormat: StateFormat<ObjectMemory> = recordFormat<ObjectMemory>({
  offset: numberFormat,
  clearedAt: numberFormat,
  captures: listFormat(numberFormat),
  image: imageFormat,
  overSince: numberFormat,
  underSince: numberFormat,
  limiting: booleanFormat,
  above: integerFormat(0, 0xffff_ffff),
  masks: listFormat(maskFormat),
});
