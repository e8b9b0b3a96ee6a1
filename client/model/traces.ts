import type * as vscode from 'vscode';
import {
  type DecodedRow,
  DecodeTraceRow,
  GetTrace,
  ListTraces,
  TraceAdded,
  type TraceRow,
  type TraceSummary,
  Translate,
} from '../../engine/rpc/protocol.ts';
import type { Engine } from '../engine/engine.ts';

/** Rows with their octets, and what decodes them: a recorded association, or octets someone wants to understand. */
export interface OpenTrace {
  readonly title: string;
  readonly rows: readonly TraceRow[];
}

const translationPrefix = 'translation-';

/** Traces of associations, held by the engine, and translations, held here. */
export class Traces {
  readonly #engine: Engine;
  readonly #translations = new Map<string, { readonly trace: OpenTrace; readonly decoded: DecodedRow }>();
  readonly #listeners = new Set<(traceId: string, row: TraceRow) => void>();

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
    const translation = this.#translations.get(traceId);
    if (translation !== undefined) return translation.trace;
    if (traceId.startsWith(translationPrefix))
      throw new Error('The decoded octets are not kept over a reload. Decode them again.');
    const { summary, rows } = await this.#engine.request(GetTrace, { traceId });
    return { title: summary.title, rows };
  }

  async decode(traceId: string, index: number): Promise<DecodedRow> {
    return this.#translations.get(traceId)?.decoded ?? (await this.#engine.request(DecodeTraceRow, { traceId, index }));
  }

  /** Calls `listen` with every row added to a running trace. */
  onRow(listen: (traceId: string, row: TraceRow) => void): vscode.Disposable {
    this.#listeners.add(listen);
    return { dispose: () => this.#listeners.delete(listen) };
  }

  /** Decodes octets a person pasted; gives the id of a trace of one row. */
  async translate(text: string): Promise<string> {
    const result = await this.#engine.request(Translate, { text });
    const { layer, kind, octets, error } = result;
    const traceId = `${translationPrefix}${this.#translations.size + 1}`;
    const row: TraceRow = {
      index: 0,
      time: Date.now(),
      direction: 'rx',
      layer: layer === 'hdlc' || layer === 'wrapper' || layer === 'mbus' ? 'link' : 'apdu',
      octets,
      summary: `${layer}: ${kind}`,
      ...(error === undefined ? {} : { error }),
    };
    this.#translations.set(traceId, { trace: { title: `Decoded: ${kind}`, rows: [row] }, decoded: result });
    return traceId;
  }
}
