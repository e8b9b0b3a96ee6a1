import { toHex } from '../codec/hex.ts';
import type { TranslateLayer } from '../codec/translate/types.ts';
import type { TraceEntry } from '../session/trace.ts';
import type { TraceRow, TraceSummary } from './protocol.ts';

/** Traces kept in memory; the oldest goes when one more begins. */
export const MAX_TRACES = 100;
/** Entries kept of one trace. A note says where it was cut. */
export const MAX_TRACE_ENTRIES = 50_000;

/** An entry of a trace; `decodeAs` where the layer is known better than link or APDU. */
export interface KeptEntry extends TraceEntry {
  readonly decodeAs?: TranslateLayer;
}

interface StoredTrace {
  readonly traceId: string;
  readonly title: string;
  readonly startedAt: number;
  readonly entries: KeptEntry[];
}

/** The traces of this engine's associations, listeners, captures and translations, in memory. Entries hold no keys: sessions mask secrets before they trace. */
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
  begin(title: string, startedAt: number): { readonly traceId: string; readonly sink: (entry: KeptEntry) => void } {
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

  /** What was recorded, in order; undefined when the trace is not kept any more. */
  entries(traceId: string): readonly KeptEntry[] | undefined {
    return this.#traces.get(traceId)?.entries;
  }

  entry(traceId: string, index: number): KeptEntry | undefined {
    return this.#traces.get(traceId)?.entries[index];
  }

  /** Puts what became known of an entry in its place. */
  replace(traceId: string, entry: KeptEntry): void {
    const entries = this.#traces.get(traceId)?.entries;
    if (entries?.[entry.index] !== undefined) entries[entry.index] = entry;
  }

  #record(trace: StoredTrace, entry: KeptEntry): void {
    const index = trace.entries.length;
    if (index >= MAX_TRACE_ENTRIES) return;
    const last = index === MAX_TRACE_ENTRIES - 1;
    const kept: KeptEntry = last
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

function rowOf({ index, time, direction, layer, octets, summary, error, deviations = [] }: KeptEntry): TraceRow {
  return {
    index,
    time,
    direction,
    layer,
    octets: toHex(octets),
    summary,
    ...(error === undefined ? {} : { error }),
    ...(deviations.length === 0 ? {} : { deviations: deviations.map(({ id }) => id) }),
  };
}
