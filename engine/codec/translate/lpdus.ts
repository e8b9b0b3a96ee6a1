import type { Apdu } from '../apdu.ts';
import type { JsonObject } from '../apdu-json.ts';
import { toHex } from '../hex.ts';
import { decodeLpdu, LLC_LENGTH } from '../llc/llc.ts';
import { type CodecError, type Deviation, describeCodecError, type Field } from '../result.ts';
import type { OffsetMap } from './offset-map.ts';
import { type RenderedApdu, renderApdu } from './render-apdu.ts';
import type { TranslateOptions } from './types.ts';

/** One APDU with the LLC header before it, if there is one. */
export interface RenderedLpdu {
  /** The APDU's kind, or `undecodable`. */
  readonly kind: string;
  readonly value: { readonly llc: 'command' | 'response' | null; readonly apdu: JsonObject };
  /** The APDU, unless it could not be decoded, the octets it was decoded from and their places. */
  readonly apdu?: Apdu;
  readonly octets: Uint8Array;
  readonly map: OffsetMap;
  readonly error?: CodecError;
}

export interface RenderedLpdus {
  readonly lpdus: readonly RenderedLpdu[];
  readonly deviations: readonly Deviation[];
  readonly fields: readonly Field[];
}

/**
 * The APDUs of a payload: normally one. Some meters put several LLC headers and APDUs into one information field
 * (Q10): where an APDU ends before the payload and another LLC header follows, decoding goes on behind it, with the
 * deviation `llc-concatenated`.
 */
export function renderLpdus(payload: Uint8Array, map: OffsetMap, options: TranslateOptions): RenderedLpdus {
  const lpdus: RenderedLpdu[] = [];
  const deviations: Deviation[] = [];
  const fields: Field[] = [];
  for (let at = 0; at < payload.length; ) {
    const llc = decodeLpdu(payload, at);
    const apduAt = llc ? at + LLC_LENGTH : at;
    const whole = render(payload, apduAt, payload.length, map, options);
    const end = whole.ok ? payload.length : options.strict ? undefined : concatenatedAt(payload, apduAt, whole);
    const rendered = end === undefined || whole.ok ? whole : render(payload, apduAt, end, map, options);
    if (end !== undefined && end < payload.length) {
      const description = 'another LLC header and APDU follow in the same information field';
      deviations.push({ id: 'llc-concatenated', layer: 'llc', offset: map.place(end), description });
    }
    deviations.push(...rendered.deviations);
    if (llc) fields.push(...map.fields([llcField(at, llc.llc)]));
    fields.push(...rendered.fields);
    const apduEnd = end ?? payload.length;
    // An APDU that is not understood is shown with all that follows: where it ends is not known.
    const octets = payload.subarray(apduAt, rendered.ok ? apduEnd : payload.length);
    lpdus.push(lpduOf(rendered, llc?.llc ?? null, octets, map.part(apduAt, apduAt + octets.length)));
    at = apduEnd;
  }
  return { lpdus, deviations, fields };
}

function render(
  payload: Uint8Array,
  from: number,
  to: number,
  map: OffsetMap,
  options: TranslateOptions,
): RenderedApdu {
  return renderApdu(payload.subarray(from, to), map.part(from, to), options);
}

function concatenatedAt(payload: Uint8Array, apduAt: number, whole: RenderedApdu & { ok: false }): number | undefined {
  if (whole.error.code !== 'trailing') return undefined;
  const end = apduAt + whole.innerOffset;
  return end > apduAt && decodeLpdu(payload, end) ? end : undefined;
}

function lpduOf(
  rendered: RenderedApdu,
  llc: 'command' | 'response' | null,
  octets: Uint8Array,
  map: OffsetMap,
): RenderedLpdu {
  if (rendered.ok)
    return { kind: rendered.apdu.kind, value: { llc, apdu: rendered.value }, apdu: rendered.apdu, octets, map };
  return {
    kind: 'undecodable',
    value: { llc, apdu: undecodable(rendered.error, octets) },
    octets,
    map,
    error: rendered.error,
  };
}

/** What stands for an APDU that is not understood. */
export function undecodable(error: CodecError, octets: Uint8Array): JsonObject {
  return { undecodable: describeCodecError(error), hex: toHex(octets) };
}

function llcField(at: number, llc: 'command' | 'response'): Field {
  return { name: 'LLC', from: at, to: at + LLC_LENGTH, value: llc, clause: 'GB 8.3' };
}
