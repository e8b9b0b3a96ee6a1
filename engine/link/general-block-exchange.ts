import type { GeneralBlockTransfer } from '../codec/xdlms/types.ts';

/** Control, both numbers and the longest length field around the data of a block (GB 9.5). */
export const GENERAL_BLOCK_OVERHEAD = 1 + 1 + 2 + 2 + 3;
/** Numbers of blocks have 16 bits: more blocks than this one exchange cannot have in one direction. */
export const MAX_GENERAL_BLOCKS = 0xffff;
/** Blocks heard in a row that bring neither data nor an acknowledgement before an exchange is given up. */
export const MAX_IDLE_BLOCKS = 16;
const MAX_WINDOW = 63;
const EMPTY = new Uint8Array(0);

export interface GeneralBlockOptions {
  /** Largest APDU the peer takes, octets; 0 = no limit. */
  readonly maxApdu: number;
  /** Blocks this side takes before it wants to acknowledge, 1..63. */
  readonly window: number;
  /** Longest APDU put together, octets. */
  readonly maxReceived: number;
  /** False while this side still owes the peer an APDU, as a server that is receiving a request. */
  readonly nothingToSend: boolean;
}

/** What to do after a block was heard. */
export interface GeneralBlockStep {
  /** Blocks to send, in order; empty while the peer goes on streaming. */
  readonly send: readonly GeneralBlockTransfer[];
  /** The whole APDU of the peer, once. */
  readonly apdu?: Uint8Array;
  /**
   * The exchange is over: `too-long` beyond `maxReceived` or the number of blocks, `no-progress` after MAX_IDLE_BLOCKS.
   */
  readonly failed?: 'too-long' | 'no-progress';
}

interface Piece {
  readonly block: number;
  readonly raw: Uint8Array;
  readonly last: boolean;
}

/**
 * One exchange of general block transfer (GB 9.4.6.13, wire.md 14), either side: cuts what is to be sent into blocks
 * within the peer's window, puts together what arrives, goes back to a block that was lost, and has the peer go back.
 */
export class GeneralBlockExchange {
  readonly #options: GeneralBlockOptions;
  /** Sent or to be sent, not yet acknowledged. */
  #pieces: Piece[] = [];
  #sentLast: boolean;
  #nextBlock = 1;
  #peerWindow = 1;
  #received: Uint8Array[] = [];
  #length = 0;
  /** Highest block received without a gap; undefined before the first. */
  #inOrder: number | undefined;
  #complete = false;
  #idle = 0;
  #strangeFirst: number | undefined;

  constructor(options: GeneralBlockOptions) {
    this.#options = options;
    this.#sentLast = options.nothingToSend;
  }

  /** True when everything sent was acknowledged, or nothing was sent. */
  get delivered(): boolean {
    return this.#pieces.length === 0;
  }

  /** Cuts an APDU and returns the first blocks of it. At most one APDU per exchange and direction. */
  send(apdu: Uint8Array): GeneralBlockStep {
    const { maxApdu } = this.#options;
    const size = maxApdu === 0 ? Math.max(1, apdu.length) : Math.max(1, maxApdu - GENERAL_BLOCK_OVERHEAD);
    if (Math.ceil(apdu.length / size) + this.#nextBlock > MAX_GENERAL_BLOCKS) return { send: [], failed: 'too-long' };
    for (let at = 0; at === 0 || at < apdu.length; at += size) {
      const raw = apdu.subarray(at, at + size);
      this.#pieces.push({ block: this.#nextBlock++, raw, last: at + size >= apdu.length });
    }
    return { send: this.#window() };
  }

  /** Takes a block of the peer. */
  receive(block: GeneralBlockTransfer): GeneralBlockStep {
    this.#peerWindow = Math.min(MAX_WINDOW, Math.max(1, block.window));
    const waiting = this.#pieces.length;
    this.#pieces = this.#pieces.filter((piece) => piece.block > block.blockAck);
    const acknowledged = this.#pieces.length < waiting;
    const advanced = this.#take(block);
    if (this.#length > this.#options.maxReceived || this.#received.length >= MAX_GENERAL_BLOCKS)
      return { send: [], failed: 'too-long' };
    this.#idle = (advanced && block.raw.length > 0) || acknowledged ? 0 : this.#idle + 1;
    if (this.#idle > MAX_IDLE_BLOCKS) return { send: [], failed: 'no-progress' };
    if (advanced && block.last && this.#length > 0) {
      this.#complete = true;
      return { send: [], apdu: join(this.#received, this.#length) };
    }
    // The peer has not finished its window; last together with streaming ends it all the same (quirk Q11).
    if (block.streaming && !block.last) return { send: [] };
    if (this.#pieces.length > 0) return { send: this.#window() };
    // Window 0 is an unconfirmed transfer, which wants no acknowledgement.
    if (this.#complete || block.window === 0) return { send: [] };
    return { send: [this.#acknowledgement()] };
  }

  /** True if the block went on where the last one ended. */
  #take(block: GeneralBlockTransfer): boolean {
    if (this.#complete) return false;
    // Numbers start at 1. A peer that was asked for block 1 and begins with the same other number counts on from an
    // exchange before.
    if (this.#inOrder !== undefined && block.block !== this.#inOrder + 1) return false;
    if (this.#inOrder === undefined && block.block !== 1 && block.block !== this.#strangeFirst) {
      this.#strangeFirst = block.block;
      return false;
    }
    this.#inOrder = block.block;
    this.#received.push(block.raw);
    this.#length += block.raw.length;
    return true;
  }

  #window(): GeneralBlockTransfer[] {
    const pieces = this.#pieces.slice(0, this.#peerWindow);
    return pieces.map((piece, index) => {
      if (piece.last) this.#sentLast = true;
      return this.#block(piece, index < pieces.length - 1);
    });
  }

  #block(piece: Piece, streaming: boolean): GeneralBlockTransfer {
    return {
      kind: 'general-block-transfer',
      last: piece.last,
      streaming,
      window: this.#options.window,
      block: piece.block,
      blockAck: this.#inOrder ?? 0,
      raw: piece.raw,
    };
  }

  #acknowledgement(): GeneralBlockTransfer {
    return this.#block({ block: this.#nextBlock++, raw: EMPTY, last: this.#sentLast }, false);
  }
}

/** Blocks of an unconfirmed transfer, all to be sent at once: streaming and window 0 (wire.md 14). */
export function unconfirmedBlocks(apdu: Uint8Array, maxApdu: number): readonly GeneralBlockTransfer[] {
  const size = maxApdu === 0 ? Math.max(1, apdu.length) : Math.max(1, maxApdu - GENERAL_BLOCK_OVERHEAD);
  const blocks: GeneralBlockTransfer[] = [];
  for (let at = 0; at === 0 || at < apdu.length; at += size) {
    blocks.push({
      kind: 'general-block-transfer',
      last: at + size >= apdu.length,
      streaming: false,
      window: 0,
      block: blocks.length + 1,
      blockAck: 0,
      raw: apdu.subarray(at, at + size),
    });
  }
  return blocks;
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
