import {
  count,
  dictionary,
  flag,
  type Infer,
  lazy,
  list,
  number,
  object,
  octets,
  oneOf,
  type Shape,
  tagged,
  text,
} from './shape.ts';

export { fits } from './shape.ts';

/**
 * Everything the extension and its pages say to each other: one union per direction, checked at run time on both sides.
 * The rows are what the pages show and nothing else; keys and passwords have no place in any of them.
 */

export const outcome = oneOf(
  'identified',
  'associated',
  'speaks-dlms',
  'open',
  'closed',
  'unreachable',
  'not-dlms',
  'error',
  'cancelled',
);
export type OutcomeName = Infer<typeof outcome>;

/** One target of a scan, as the table shows it. */
export const scanRow = object(
  { host: text, port: count, outcome, reason: text, associations: list(text), objects: count, durationMs: number },
  {
    vendor: text,
    model: text,
    referencing: text,
    framing: text,
    suite: text,
    confidence: number,
    serial: text,
    firmware: text,
  },
);
export type ScanRow = Infer<typeof scanRow>;

/** What a scan is doing. Times are milliseconds since the epoch. */
export const scanStatus = object(
  {
    scanId: text,
    title: text,
    targets: text,
    ports: text,
    state: oneOf('running', 'finished', 'cancelled', 'interrupted'),
    startedAt: number,
    done: count,
    total: count,
    found: count,
  },
  { stage: oneOf('ports', 'dlms'), etaMs: number, finishedAt: number },
);
export type ScanStatus = Infer<typeof scanStatus>;

/** What a decoder could not accept, and where; `offset` counts octets of the view. */
export const decodeProblem = object({ code: text, layer: text, offset: count, found: text, expected: text });
export type DecodeProblem = Infer<typeof decodeProblem>;

/** A departure from the standard that was accepted. */
export const deviationNote = object({ id: text, layer: text, offset: count, description: text });
export type DeviationNote = Infer<typeof deviationNote>;

export const traceRow = object(
  {
    index: count,
    time: number,
    direction: oneOf('tx', 'rx', 'note'),
    layer: oneOf('link', 'apdu'),
    length: count,
    summary: text,
  },
  { error: text, deviations: list(text) },
);
export type TraceRow = Infer<typeof traceRow>;

/** An element of a decoded APDU with the octets `[from, to)` it came from. */
export interface FieldNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly value?: string;
  /** Book and clause. */
  readonly clause?: string;
  /** A plain sentence about what the element is for. */
  readonly explanation?: string;
  readonly children?: readonly FieldNode[];
}
export const fieldNode: Shape<FieldNode> = object(
  { name: text, from: count, to: count },
  { value: text, clause: text, explanation: text, children: list(lazy(() => fieldNode)) },
);

/** One way to look at a row: as it was on the wire, or deciphered. Ranges and offsets refer to `octets`. */
export const decodedView = object(
  { kind: text, octets, fields: list(fieldNode), deviations: list(deviationNote) },
  { error: decodeProblem },
);
export type DecodedView = Infer<typeof decodedView>;

/** `locked`: it has an encrypted APDU that no key has opened yet. */
export const decodedRow = object({ index: count, wire: decodedView, locked: flag }, { plain: decodedView });
export type DecodedRow = Infer<typeof decodedRow>;

/** A value and how it was come by. */
export const fact = object({ name: text, value: text, origin: text });
export type Fact = Infer<typeof fact>;

export const associationRow = object(
  {
    client: count,
    server: count,
    mechanism: text,
    ciphered: flag,
    established: flag,
    origin: text,
    conformance: list(text),
  },
  { maxPdu: count, diagnostic: text },
);
export type AssociationRow = Infer<typeof associationRow>;

export const objectRow = object(
  { obis: text, class: count, version: count, name: text, access: text },
  { baseName: count },
);
export type ObjectRow = Infer<typeof objectRow>;

export const evidenceRow = object({ time: number, kind: text, step: text, text });
export type EvidenceRow = Infer<typeof evidenceRow>;

const candidate = object({ vendor: text, model: text, confidence: number });
export const classificationView = object({
  vendor: text,
  model: text,
  confidence: number,
  because: list(text),
  alternatives: list(candidate),
});
export type ClassificationView = Infer<typeof classificationView>;

/** One meter as the fingerprint page shows it. */
export const meterView = object(
  {
    meterId: text,
    address: text,
    outcome,
    reason: text,
    identity: list(fact),
    fingerprint: list(object({ name: text, value: text })),
    associations: list(associationRow),
    objects: list(objectRow),
    evidence: list(evidenceRow),
    errors: list(text),
  },
  { classification: classificationView },
);
export type MeterView = Infer<typeof meterView>;

export const valueRow = object(
  { obis: text, class: count, attribute: number, attributeName: text, name: text, text },
  { error: text },
);
export type ValueRow = Infer<typeof valueRow>;

/** The answer of a meter to one read. */
export const reading = object(
  { title: text, address: text, traceId: text, time: number, values: list(valueRow) },
  { failure: object({ code: text, message: text }) },
);
export type Reading = Infer<typeof reading>;

/** Extension -> page. */
export const toPage = tagged({
  'scan/status': object({ status: scanStatus, outcomes: dictionary(count) }),
  /** Rows new or changed since the last message; `reset` replaces all. */
  'scan/rows': object({ rows: list(scanRow), reset: flag }),
  'trace/rows': object({ traceId: text, title: text, rows: list(traceRow), reset: flag }),
  'trace/decoded': object({ decoded: decodedRow }),
  /** Selects a row, e.g. the one a finding points to. */
  'trace/select': object({ index: count }),
  'fingerprint/meter': object({ meter: meterView }),
  'values/reading': object({ reading }),
  /** What went wrong and what to do next; replaces the page's content when nothing was shown yet. */
  problem: object({ message: text }),
});
export type ToPage = Infer<typeof toPage>;

export const exportFormat = oneOf('csv', 'json');
export type ExportFormat = Infer<typeof exportFormat>;

/** Page -> extension. */
export const fromPage = tagged({
  /** The page listens; the extension answers with what it shows. */
  ready: object({}),
  /** A failure inside the page, for the log. */
  failed: object({ message: text }),
  'scan/cancel': object({}),
  'scan/again': object({}),
  'scan/open': object({ host: text, port: count, as: oneOf('fingerprint', 'read', 'trace') }),
  /** `rows` are `host:port` in the order shown, after filter and sort. */
  'scan/export': object({ format: exportFormat, rows: list(text) }),
  'trace/decode': object({ index: count }),
  'trace/copy': object({ index: count, format: oneOf('hex', 'json', 'xml'), view: oneOf('wire', 'plain') }),
  /** Opens what is encrypted with the stored keys; the extension asks about everything that has to do with them. */
  'trace/unlock': object({}),
  'trace/export': object({}),
  'fingerprint/open': object({ as: oneOf('read', 'trace') }),
  /** Copies one line of the page, e.g. the fingerprint. */
  copy: object({ text }),
  'values/again': object({}),
  'values/trace': object({}),
  'values/export': object({ format: exportFormat, rows: list(count) }),
});
export type FromPage = Infer<typeof fromPage>;

/** What a page keeps over a reload of the window; `subject` is the id of the scan, trace or meter it shows. */
export const pageState = object(
  { subject: text },
  { filter: text, sort: text, descending: flag, selected: text, view: text, layer: text },
);
export type PageState = Infer<typeof pageState>;
