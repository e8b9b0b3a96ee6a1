import { dataToJson } from '../axdr/data-json.ts';
import { decodeData } from '../axdr/decode-data.ts';
import { addDataMeanings } from '../explain/data-meaning.ts';
import { octetToHex } from '../hex.ts';
import { decodeLpdu } from '../llc/llc.ts';
import type { CodecError, Deviation, Field } from '../result.ts';
import { detectLayer } from './detect-layer.ts';
import { renderLpdus } from './lpdus.ts';
import { OffsetMap } from './offset-map.ts';
import { renderApdu } from './render-apdu.ts';
import { translateHdlc } from './translate-hdlc.ts';
import { translateMbus } from './translate-mbus.ts';
import { translateWrapper } from './translate-wrapper.ts';
import type { TranslateLayer, TranslateOptions, Translation } from './types.ts';

/**
 * Octets of any layer as a JSON tree, with deviations, and with `fields` where asked for. Never throws. All offsets
 * count octets of the input; see `Translation` for the shape per layer.
 */
export function translate(octets: Uint8Array, options: TranslateOptions = {}): Translation {
  const translation = translateLayer(octets, options);
  if (translation.fields !== undefined) addDataMeanings(translation.fields);
  return translation;
}

function translateLayer(octets: Uint8Array, options: TranslateOptions): Translation {
  const { layer = 'auto' } = options;
  const given = layer === 'auto' ? detectLayer(octets) : layer;
  switch (given) {
    case 'hdlc':
      return translateHdlc(octets, options);
    case 'wrapper':
      return translateWrapper(octets, options);
    case 'mbus':
      return translateMbus(octets, options);
    case 'llc':
      return translateLlc(octets, options);
    case 'apdu':
      return translateApdu(octets, options);
    case 'data':
      return translateData(octets, options);
  }
}

function translateApdu(octets: Uint8Array, options: TranslateOptions): Translation {
  const rendered = renderApdu(octets, OffsetMap.shift(0), options);
  const { deviations, fields } = rendered;
  if (!rendered.ok) return failed('apdu', rendered.error, deviations, options.fields ? fields : undefined);
  const { value, apdu } = rendered;
  return { ok: true, layer: 'apdu', kind: apdu.kind, value, deviations, ...(options.fields ? { fields } : {}) };
}

function translateData(octets: Uint8Array, options: TranslateOptions): Translation {
  const decoded = decodeData(octets, options);
  const { deviations, fields } = decoded;
  if (!decoded.ok) return failed('data', decoded.error, deviations, fields);
  const value = dataToJson(decoded.value);
  return { ok: true, layer: 'data', kind: `data:${value.t}`, value, deviations, ...(fields ? { fields } : {}) };
}

function translateLlc(octets: Uint8Array, options: TranslateOptions): Translation {
  if (!decodeLpdu(octets)) {
    const found = octets.length === 0 ? 'no octets' : [...octets.subarray(0, 3)].map(octetToHex).join(' ');
    return failed('llc', { code: 'bad-frame', layer: 'llc', offset: 0, found, expected: 'e6 e6 00 or e6 e7 00' }, []);
  }
  const { lpdus, deviations, fields } = renderLpdus(octets, OffsetMap.shift(0), options);
  const broken = lpdus.find(({ error }) => error !== undefined)?.error;
  if (broken) return failed('llc', broken, deviations, options.fields ? fields : undefined);
  const value = lpdus.length === 1 ? lpdus[0]!.value : { apdus: lpdus.map((lpdu) => lpdu.value) };
  const kind = `llc ${lpdus.map((lpdu) => lpdu.kind).join('+')}`;
  return { ok: true, layer: 'llc', kind, value, deviations, ...(options.fields ? { fields } : {}) };
}

function failed(
  layer: TranslateLayer,
  error: CodecError,
  deviations: readonly Deviation[],
  fields?: readonly Field[],
): Translation {
  return { ok: false, layer, kind: 'error', value: null, error, deviations, ...(fields ? { fields } : {}) };
}
