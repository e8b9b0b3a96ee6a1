import type { JsonObject } from '../apdu-json.ts';
import type { CodecError, Deviation, Field } from '../result.ts';
import { decodeWrapper, WRAPPER_HEADER_LENGTH } from '../wrapper/wrapper.ts';
import { BlockSeries } from './block-series.ts';
import { OffsetMap } from './offset-map.ts';
import { renderApdu } from './render-apdu.ts';
import type { TranslateOptions, Translation } from './types.ts';

/** One wrapper message, or several one after the other as they stand in a TCP stream. */
export function translateWrapper(octets: Uint8Array, options: TranslateOptions): Translation {
  const values: JsonObject[] = [];
  const kinds: string[] = [];
  const deviations: Deviation[] = [];
  const fields: Field[] = [];
  const series = new BlockSeries(options);
  const wanted = options.fields ? { fields } : {};
  const failed = (error: CodecError): Translation => {
    return { ok: false, layer: 'wrapper', kind: 'error', value: null, error, deviations, ...wanted };
  };
  for (let at = 0; at < octets.length || values.length === 0; ) {
    const decoded = decodeWrapper(octets, at, options);
    if (!decoded.ok) return failed(decoded.error);
    const { message, next } = decoded.value;
    const map = OffsetMap.shift(at + WRAPPER_HEADER_LENGTH);
    const rendered = renderApdu(message.apdu, map, options);
    deviations.push(...rendered.deviations);
    fields.push({ name: 'wrapper', from: at, to: next, children: [...(decoded.fields ?? []), ...rendered.fields] });
    if (!rendered.ok) return failed(rendered.error);
    values.push({ src: message.source, dest: message.destination, length: message.apdu.length, apdu: rendered.value });
    kinds.push(rendered.apdu.kind);
    series.add(`${message.source} ${message.destination}`, rendered.apdu, message.apdu, map);
    at = next;
  }
  if (series.error && options.strict) return failed(series.error);
  deviations.push(...series.deviations);
  fields.push(...series.fields);
  const joined = series.joined.length > 0 ? { joined: series.joined } : {};
  const value = { ...(values.length === 1 ? values[0]! : { messages: values }), ...joined };
  return { ok: true, layer: 'wrapper', kind: `wrapper ${kinds.join('+')}`, value, deviations, ...wanted };
}
