import { explainFields } from '../codec/explain/explain-fields.ts';
import { toHex } from '../codec/hex.ts';
import { translate } from '../codec/translate/translate.ts';
import type { TranslateLayer } from '../codec/translate/types.ts';
import type { TraceEntry } from '../session/trace.ts';
import type { DecodedRow } from './protocol.ts';

/** The octets of a trace entry with their fields; a second view of the clear APDU where there is one. */
export function decodeRow(entry: TraceEntry): DecodedRow {
  const layer = entry.layer === 'apdu' ? 'apdu' : 'auto';
  const row = decodeOctets(entry.octets, layer);
  if (entry.plain === undefined) return row;
  const { octets, kind, fields } = decodeOctets(entry.plain, 'apdu');
  return { ...row, plain: { octets, kind, fields } };
}

export function decodeOctets(octets: Uint8Array, layer: TranslateLayer | 'auto'): DecodedRow {
  const result = translate(octets, { layer, fields: true });
  return {
    octets: toHex(octets),
    kind: result.kind,
    fields: explainFields(result.fields ?? []),
    deviations: result.deviations,
    ...(result.ok ? {} : { error: result.error }),
  };
}
