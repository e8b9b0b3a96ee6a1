import type {
  AttributeDescriptor,
  AttributeWithSelection,
  DataBlock,
  MethodDescriptor,
} from '../../codec/xdlms/types.ts';

/** Largest request put together from blocks, octets. */
export const MAX_LONG_REQUEST = 256 * 1024;
/** Blocks of a request without octets before it counts as one that never ends. */
export const MAX_EMPTY_REQUEST_BLOCKS = 16;
/** Smallest piece of a block worth sending, where a client's PDU leaves hardly any room. */
const MIN_BLOCK = 1;

/** A response that does not fit one APDU and is fetched block by block (GB 9.4.6.5). */
export class LongResponse {
  readonly service: 'get' | 'action' | 'read';
  readonly #raw: Uint8Array;
  #position = 0;
  #block: number;

  /** `firstBlock` is 1 by the standard. */
  constructor(service: 'get' | 'action' | 'read', raw: Uint8Array, firstBlock = 1) {
    this.service = service;
    this.#raw = raw;
    this.#block = firstBlock - 1;
  }

  /** Number of the block sent last. */
  get block(): number {
    return this.#block;
  }

  /** The next block of at most `size` octets. */
  next(size: number): DataBlock {
    const end = Math.min(this.#raw.length, this.#position + Math.max(MIN_BLOCK, size));
    const raw = this.#raw.subarray(this.#position, end);
    this.#position = end;
    this.#block += 1;
    return { last: end === this.#raw.length, block: this.#block, raw };
  }
}

/** What a long request is for. */
export type LongRequestTarget =
  | { readonly service: 'set'; readonly list: readonly AttributeWithSelection[]; readonly single: boolean }
  | { readonly service: 'action'; readonly list: readonly MethodDescriptor[]; readonly single: boolean }
  | { readonly service: 'write' | 'read' };

export type BlockOutcome = 'more' | 'complete' | 'wrong-number' | 'too-long';

/** A request that arrives block by block. */
export class LongRequest {
  readonly target: LongRequestTarget;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #expected = 1;
  #empty = 0;

  constructor(target: LongRequestTarget) {
    this.target = target;
  }

  add(block: DataBlock): BlockOutcome {
    if (block.block !== this.#expected) return 'wrong-number';
    this.#expected += 1;
    this.#length += block.raw.length;
    if (block.raw.length === 0) this.#empty += 1;
    if (this.#length > MAX_LONG_REQUEST || this.#empty > MAX_EMPTY_REQUEST_BLOCKS) return 'too-long';
    this.#pieces.push(block.raw);
    return block.last ? 'complete' : 'more';
  }

  /** The octets of all blocks. */
  raw(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}

/** Descriptors name an attribute or a method alike. */
export type Descriptor = AttributeDescriptor | MethodDescriptor;
