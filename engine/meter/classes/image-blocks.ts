import { sha256 } from '../../codec/security/sha256.ts';
import type { ImageMemory } from '../state/image-format.ts';

const DIGEST_OCTETS = 32;

export function blockCount({ size, blockSize }: Pick<ImageMemory, 'size' | 'blockSize'>): number {
  return Math.ceil(size / blockSize);
}

/** Octets a block has: blockSize, less in the last one. */
export function blockLength({ size, blockSize }: Pick<ImageMemory, 'size' | 'blockSize'>, block: number): number {
  return Math.min(blockSize, size - block * blockSize);
}

export function hasBlock({ received }: ImageMemory, block: number): boolean {
  return ((received[block >> 3] ?? 0) & (0x80 >> (block & 7))) !== 0;
}

/** Number of the first block that is missing; the number of blocks if none is. */
export function firstMissing(image: ImageMemory): number {
  const count = blockCount(image);
  let block = 0;
  while (block < count && image.received[block >> 3] === 0xff) block += 8;
  while (block < count && hasBlock(image, block)) block += 1;
  return Math.min(block, count);
}

/** image_transferred_blocks_status: one bit a block. */
export function blockBits(image: ImageMemory): string {
  const bits = Array.from(image.received, (octet) => octet.toString(2).padStart(8, '0')).join('');
  return bits.slice(0, blockCount(image));
}

/** The image with one block more, which it did not have. */
export function withBlock(image: ImageMemory, block: number, octets: Uint8Array): ImageMemory {
  const received = new Uint8Array(image.received);
  received[block >> 3] = (received[block >> 3] ?? 0) | (0x80 >> (block & 7));
  const number = Uint8Array.of(block >>> 24, (block >>> 16) & 0xff, (block >>> 8) & 0xff, block & 0xff);
  const hash = sha256(number, octets);
  const digest = image.digest.map((octet, index) => octet ^ (hash[index] ?? 0));
  return { ...image, received, digest, missing: image.missing - 1 };
}

/** An image none of whose blocks came yet. */
export function newImage(identifier: Uint8Array, size: number, blockSize: number): ImageMemory {
  const count = blockCount({ size, blockSize });
  const received = new Uint8Array(Math.ceil(count / 8));
  const digest = new Uint8Array(DIGEST_OCTETS);
  return { identifier, size, blockSize, received, missing: count, digest, status: 1, until: 0 };
}
