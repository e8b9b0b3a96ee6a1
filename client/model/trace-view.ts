import type { CodecError, Field } from '../../engine/codec/result.ts';
import type { DecodedOctets, DecodedRow, TraceRow } from '../../engine/rpc/protocol.ts';
import type {
  DecodedRow as DecodedRowView,
  DecodedView,
  DecodeProblem,
  FieldNode,
  TraceRow as TraceRowView,
} from '../../webview/messages.ts';

/** A row as the trace page lists it: without its octets, which are asked for when it is selected. Pure. */
export function traceRowOf({
  index,
  time,
  direction,
  layer,
  octets,
  summary,
  error,
  deviations,
}: TraceRow): TraceRowView {
  return {
    index,
    time,
    direction,
    layer,
    length: octets.length / 2,
    summary,
    ...(error === undefined ? {} : { error: inWords(error) }),
    ...(deviations === undefined ? {} : { deviations }),
  };
}

export function decodedRowOf(index: number, { plain, locked, ...wire }: DecodedRow): DecodedRowView {
  return {
    index,
    wire: viewOf(wire),
    locked: locked === true,
    ...(plain === undefined ? {} : { plain: viewOf(plain) }),
  };
}

function viewOf({ kind, octets, fields, deviations, error }: DecodedOctets): DecodedView {
  return {
    kind,
    octets,
    fields: fields.map(fieldOf),
    deviations: deviations.map(({ id, layer, offset, description }) => ({ id, layer, offset, description })),
    ...(error === undefined ? {} : { error: problemOf(error) }),
  };
}

function problemOf({ code, layer, offset, found, expected }: CodecError): DecodeProblem {
  return { code, layer, offset, found, expected };
}

function fieldOf({ name, from, to, value, clause, explanation, children }: Field): FieldNode {
  return {
    name,
    from,
    to,
    ...(value === undefined ? {} : { value }),
    ...(clause === undefined ? {} : { clause }),
    ...(explanation === undefined ? {} : { explanation }),
    ...(children === undefined || children.length === 0 ? {} : { children: children.map(fieldOf) }),
  };
}

function inWords({ layer, code, offset, found, expected }: CodecError): string {
  return `${layer}: ${code} at octet ${offset}: found ${found}, expected ${expected}`;
}
