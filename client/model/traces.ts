import type * as vscode from 'vscode';
import {
  type DecodedRow,
  DecodeTraceRow,
  GetRowText,
  GetTrace,
  ListTraces,
  type RowText,
  TraceAdded,
  type TraceRow,
  type TraceSummary,
  Translate,
  type TranslateResult,
  UnlockTrace,
  type UnlockTraceParams,
  type UnlockTraceResult,
} from '../../engine/rpc/protocol.ts';
import type { Engine } from '../engine/engine.ts';

/** Rows with their octets: a recorded association, a capture, or octets someone wants to understand. */
export interface OpenTrace {
  readonly title: string;
  readonly rows: readonly TraceRow[];
}

/** Traces, held by the engine: of associations, listeners and captures, and of octets that were pasted. */
export class Traces {
  readonly #engine: Engine;
  readonly #listeners = new Set<(traceId: string, row: TraceRow) => void>();
  readonly #changeListeners = new Set<(traceId: string) => void>();

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.onNotification(TraceAdded, ({ traceId, row }) => {
      for (const listen of this.#listeners) listen(traceId, row);
    });
  }

  list(): Promise<readonly TraceSummary[]> {
    return this.#engine.request0(ListTraces);
  }

  /** Rows of a trace. Rejects when it is not held any more. */
  async open(traceId: string): Promise<OpenTrace> {
    const { summary, rows } = await this.#engine.request(GetTrace, { traceId });
    return { title: summary.title, rows };
  }

  decode(traceId: string, index: number): Promise<DecodedRow> {
    return this.#engine.request(DecodeTraceRow, { traceId, index });
  }

  /** A row as text to paste elsewhere. Rejects for rows that have no such form. */
  async text(traceId: string, index: number, format: RowText, view: 'wire' | 'plain'): Promise<string> {
    const { text } = await this.#engine.request(GetRowText, { traceId, index, format, view });
    return text;
  }

  /** Opens encrypted rows with the secrets, which go to the engine only. */
  async unlock(params: UnlockTraceParams): Promise<UnlockTraceResult> {
    const result = await this.#engine.request(UnlockTrace, params);
    if (result.opened > 0) for (const listen of this.#changeListeners) listen(params.traceId);
    return result;
  }

  /** Calls `listen` with every row added to a running trace. */
  onRow(listen: (traceId: string, row: TraceRow) => void): vscode.Disposable {
    this.#listeners.add(listen);
    return { dispose: () => this.#listeners.delete(listen) };
  }

  /** Calls `listen` when rows of a trace changed. */
  onChange(listen: (traceId: string) => void): vscode.Disposable {
    this.#changeListeners.add(listen);
    return { dispose: () => this.#changeListeners.delete(listen) };
  }

  /** Decodes octets a person pasted into a trace. */
  translate(text: string): Promise<TranslateResult> {
    return this.#engine.request(Translate, { text });
  }
}
