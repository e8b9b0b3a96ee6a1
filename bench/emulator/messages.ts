import type { EmulatorFigures } from '../../engine/emulator/types.ts';

/** What the server process is started with, as JSON in its first argument. */
export interface ServerSetup {
  readonly meters: number;
  readonly objects: number;
  /** Simulated time stands still at this moment, milliseconds since the epoch; absent = the system's. */
  readonly frozenAt?: number;
}

/** Sent by the server once all sockets are open. */
export interface ServerReady {
  readonly type: 'ready';
  /** Making the meters and opening the sockets, milliseconds; the template was compiled before. */
  readonly startMs: number;
  readonly compileMs: number;
  readonly rssBefore: number;
}

/** Answer to `sample`: of the server process since it started, but the delay, which is since the sample before. */
export interface ServerSample {
  readonly type: 'sample';
  /** User and system time, microseconds. */
  readonly cpuMicros: number;
  /** Resident set, octets. */
  readonly rss: number;
  /** How much later than due the loop came round, 99th percentile and most, milliseconds. */
  readonly delayP99: number;
  readonly delayMax: number;
  readonly figures: EmulatorFigures;
}

export type ServerMessage = ServerReady | ServerSample;

export interface LoadOrder {
  readonly phase: 'open' | 'get' | 'checked' | 'guarded' | 'cycles' | 'close';
  readonly meters: number;
  readonly objects: number;
  /** Requests, or connections of `open`, `guarded` and `cycles`. */
  readonly count: number;
  /** Requests that wait for their answers at any time. */
  readonly inFlight: number;
  readonly frozenAt?: number;
}

/** What came of an order. */
export interface LoadResult {
  readonly done: number;
  /** Connections refused or ended, answers that did not come. */
  readonly lost: number;
  /** Answers that are not what the model says. */
  readonly wrong: number;
  readonly seconds: number;
  /** Time from request to answer, milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly firstProblem?: string;
}
