import { type ImageMemory, imageFormat } from './state/image-format.ts';
import {
  booleanFormat,
  integerFormat,
  listFormat,
  mapFormat,
  numberFormat,
  recordFormat,
  type StateFormat,
} from './state/state-format.ts';

/** A register under a register activation object when a mask was put into force. */
export interface StandingRegister {
  /** What it showed then. */
  readonly shown: number;
  /** Whether it counts since. */
  readonly counts: boolean;
}

/** A mask of a register activation object put into force. */
export interface MaskChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** By class and logical name, `3/1-0:1.8.1.255`. */
  readonly registers: ReadonlyMap<string, StandingRegister>;
}

/** A time a clock was told to take when it is told to, while it shows a time between two others. */
export interface ClockPreset {
  readonly to: number;
  readonly from: number;
  readonly until: number;
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
  readonly overSince?: number | undefined;
  readonly underSince?: number | undefined;
  /** Whether a limiter acted on its value being too high. */
  readonly limiting?: boolean;
  /** Thresholds a register monitor saw its value above: one bit each. */
  readonly above?: number;
  /** Masks that were put into force while the meter ran, oldest first. */
  readonly masks?: readonly MaskChange[];
  readonly preset?: ClockPreset;
}

const registersFormat: StateFormat<ReadonlyMap<string, StandingRegister>> = mapFormat(
  recordFormat<StandingRegister>({ shown: numberFormat, counts: booleanFormat }, ['shown', 'counts']),
);
const maskFormat = recordFormat<MaskChange>({ at: numberFormat, registers: registersFormat }, ['at', 'registers']);

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
  preset: recordFormat<ClockPreset>({ to: numberFormat, from: numberFormat, until: numberFormat }, [
    'to',
    'from',
    'until',
  ]),
});
