import type { CodecError, Field } from '../../engine/codec/result.ts';
import type { DecodedRow, TraceRow } from '../../engine/rpc/protocol.ts';
import type {
  DecodedRow as DecodedRowView,
  DecodedView,
  FieldNode,
  TraceRow as TraceRowView,
} from '../../webview/messages.ts';

/** A row as the trace page lists it: without its octets, which are asked for when it is selected. Pure. */
export function traceRowOf({ index, time, direction, layer, octets, summary, error }: TraceRow): TraceRowView {
  return {
    index,
    time,
    direction,
    layer,
    length: octets.length / 2,
    summary,
    ...(error === undefined ? {} : { error: inWords(error) }),
  };
}

export function decodedRowOf(
  index: number,
  { octets, kind, fields, deviations, error, plain }: DecodedRow,
): DecodedRowView {
  return {
    index,
    wire: viewOf({ kind, octets, fields }),
    deviations: deviations.map(({ id, layer, offset, description }) => ({ id, layer, offset, description })),
    ...(error === undefined
      ? {}
      : {
          error: {
            code: error.code,
            layer: error.layer,
            offset: error.offset,
            found: error.found,
            expected: error.expected,
          },
        }),
    ...(plain === undefined ? {} : { plain: viewOf(plain) }),
  };
}

function viewOf({ kind, octets, fields }: { kind: string; octets: string; fields: readonly Field[] }): DecodedView {
  return { kind, octets, fields: fields.map(fieldOf) };
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
