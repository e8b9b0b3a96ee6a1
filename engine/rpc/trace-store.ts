import { toHex } from '../codec/hex.ts';
import type { TraceEntry } from '../session/trace.ts';
import type { TraceRow, TraceSummary } from './protocol.ts';

/** Traces kept in memory; the oldest goes when one more begins. */
export const MAX_TRACES = 100;
/** Entries kept of one trace. A note says where it was cut. */
export const MAX_TRACE_ENTRIES = 50_000;

interface StoredTrace {
  readonly traceId: string;
  readonly title: string;
  readonly startedAt: number;
  readonly entries: TraceEntry[];
}

/** The traces of this engine's associations, in memory. Entries hold no keys: sessions mask secrets before they trace. */
export class TraceStore {
  readonly #traces = new Map<string, StoredTrace>();
  readonly #run: string;
  readonly #onRow: (traceId: string, row: TraceRow) => void;
  #next = 1;

  /** `run` tells this engine's traces from those of an earlier run, whose ids a reloaded window may still hold. */
  constructor(run: string, onRow: (traceId: string, row: TraceRow) => void) {
    this.#run = run;
    this.#onRow = onRow;
  }

  /** Begins a trace; the returned sink records into it. `startedAt`: milliseconds since the epoch. */
  begin(title: string, startedAt: number): { readonly traceId: string; readonly sink: (entry: TraceEntry) => void } {
    const traceId = `${this.#run}-${this.#next++}`;
    const trace: StoredTrace = { traceId, title, startedAt, entries: [] };
    this.#traces.set(traceId, trace);
    if (this.#traces.size > MAX_TRACES) {
      const [oldest] = this.#traces.keys();
      if (oldest !== undefined) this.#traces.delete(oldest);
    }
    return { traceId, sink: (entry) => this.#record(trace, entry) };
  }

  /** Newest first. */
  list(): TraceSummary[] {
    return [...this.#traces.values()].reverse().map(summaryOf);
  }

  get(traceId: string): { readonly summary: TraceSummary; readonly rows: readonly TraceRow[] } | undefined {
    const trace = this.#traces.get(traceId);
    return trace === undefined ? undefined : { summary: summaryOf(trace), rows: trace.entries.map(rowOf) };
  }

  entry(traceId: string, index: number): TraceEntry | undefined {
    return this.#traces.get(traceId)?.entries[index];
  }

  #record(trace: StoredTrace, entry: TraceEntry): void {
    const index = trace.entries.length;
    if (index >= MAX_TRACE_ENTRIES) return;
    const last = index === MAX_TRACE_ENTRIES - 1;
    const kept: TraceEntry = last
      ? {
          ...entry,
          index,
          direction: 'note',
          octets: new Uint8Array(),
          summary: `the trace ends here: ${MAX_TRACE_ENTRIES} entries`,
        }
      : // Octets may be views of a receive buffer; a trace outlives it. Indices count within the trace, also when
        // several associations (reading a counter first) write to it.
        {
          ...entry,
          index,
          octets: entry.octets.slice(),
          ...(entry.plain === undefined ? {} : { plain: entry.plain.slice() }),
        };
    trace.entries.push(kept);
    this.#onRow(trace.traceId, rowOf(kept));
  }
}

function summaryOf({ traceId, title, startedAt, entries }: StoredTrace): TraceSummary {
  return { traceId, title, startedAt, entries: entries.length };
}

function rowOf({ index, time, direction, layer, octets, summary, error }: TraceEntry): TraceRow {
  return { index, time, direction, layer, octets: toHex(octets), summary, ...(error === undefined ? {} : { error }) };
}
