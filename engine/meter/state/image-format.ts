import { integerFormat, numberFormat, octetsFormat, recordFormat, type StateFormat } from './state-format.ts';

/** image_transfer_status (Blue Book 4.4.8; classes.md). */
export const IMAGE_STATUS = {
  notInitiated: 0,
  initiated: 1,
  verificationInitiated: 2,
  verificationSuccessful: 3,
  verificationFailed: 4,
  activationInitiated: 5,
  activationSuccessful: 6,
  activationFailed: 7,
} as const;

/**
 * An image a meter is getting. Its octets are not kept, only which blocks came and a hash over all of them: a thousand
 * meters may get a megabyte each.
 */
export interface ImageMemory {
  readonly identifier: Uint8Array;
  /** Octets. */
  readonly size: number;
  /** Octets of every block but the last. */
  readonly blockSize: number;
  /** One bit a block, the first block in the highest bit. */
  readonly received: Uint8Array;
  /** Blocks that are still missing. */
  readonly missing: number;
  /** Hashes of the blocks, each with its number, added without carry: their order does not matter. */
  readonly digest: Uint8Array;
  readonly status: number;
  /** When the step that is under way ends, milliseconds since the epoch; 0 if none is. */
  readonly until: number;
}

const COUNT = integerFormat(0, 0xffff_ffff);

export const imageFormat: StateFormat<ImageMemory> = recordFormat<ImageMemory>(
  {
    identifier: octetsFormat,
    size: COUNT,
    blockSize: integerFormat(1, 0xffff_ffff),
    received: octetsFormat,
    missing: COUNT,
    digest: octetsFormat,
    status: integerFormat(0, 7),
    until: numberFormat,
  },
  ['identifier', 'size', 'blockSize', 'received', 'missing', 'digest', 'status', 'until'],
);
