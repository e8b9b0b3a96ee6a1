import type { TraceRow } from '../messages.ts';

/** A row of a trace with the time since the row shown before it. */
export interface TraceLine extends TraceRow {
  /** Milliseconds; 0 for the first. */
  readonly sinceBefore: number;
}

/** What the person wants to see of a trace. */
export type LayerChoice = 'all' | 'link' | 'apdu';

/** The rows of one layer, notes always, with times relative to the row before. Pure. */
export function traceLines(rows: readonly TraceRow[], layer: LayerChoice): readonly TraceLine[] {
  const kept = rows.filter((row) => layer === 'all' || row.direction === 'note' || row.layer === layer);
  return kept.map((row, at) => ({ ...row, sinceBefore: row.time - (kept[at - 1]?.time ?? row.time) }));
}

/** APDUs first: the layer that tells most, when the trace has both. */
export function layerAtFirst(rows: readonly TraceRow[]): LayerChoice {
  return rows.some((row) => row.layer === 'apdu' && row.direction !== 'note') ? 'apdu' : 'all';
}
