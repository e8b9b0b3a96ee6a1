import type { SimulatedTime } from './simulated-clock.ts';

/** How an emulator whose meters are kept was last seen. */
export interface KeptRun {
  /** When its meters were switched on, in simulated milliseconds since the epoch. */
  readonly startedAt: number;
  readonly time: SimulatedTime;
  /** It was stopped, and everything until then was kept. False after a crash. */
  readonly finished: boolean;
}

/** One meter to be kept: its state as JSON text, undefined if there is nothing to keep any more. */
export interface KeptMeter {
  readonly meter: string;
  readonly state: string | undefined;
}

/** A run as it stands in a file: nobody has looked at it yet. */
export interface StoredRun {
  readonly startedAt: number;
  readonly time: unknown;
  readonly finished: boolean;
}

/**
 * Where the state of meters is kept; engine/store has one in SQLite. What is saved together is kept together or not at
 * all, whatever happens to the process.
 */
export interface StateStorage {
  /** For messages; a path. */
  readonly name: string;
  load(): Promise<{ readonly run: StoredRun | undefined; readonly meters: ReadonlyMap<string, string> }>;
  save(run: KeptRun, meters: readonly KeptMeter[]): Promise<void>;
  close(): Promise<void>;
}
