import type { ReadMeterParams, ReadMeterResult } from '../../engine/rpc/protocol.ts';

/** A read of this session. `params` hold secrets: they stay in this process and go to the engine only. */
export interface HeldReading {
  readonly params: ReadMeterParams;
  readonly result: ReadMeterResult;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Older readings are dropped: their traces stay with the engine. */
const limit = 100;

/** The answers of meters to reads of this session, by trace id. */
export class Readings {
  readonly #held = new Map<string, HeldReading>();

  get(traceId: string): HeldReading | undefined {
    return this.#held.get(traceId);
  }

  add(reading: HeldReading): void {
    this.#held.set(reading.result.traceId, reading);
    const [oldest] = this.#held.keys();
    if (this.#held.size > limit && oldest !== undefined) this.#held.delete(oldest);
  }
}
