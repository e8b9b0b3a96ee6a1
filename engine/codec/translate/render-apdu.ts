import type { Apdu } from '../apdu.ts';
import { decodeApdu } from '../apdu-codec.ts';
import { apduToJson, type JsonObject } from '../apdu-json.ts';
import type { CodecError, Deviation, Field } from '../result.ts';
import type { OffsetMap } from './offset-map.ts';
import type { TranslateOptions } from './types.ts';

/** An APDU as the facade shows it, with all places counted in the octets translated. */
export type RenderedApdu =
  | {
      readonly ok: true;
      readonly apdu: Apdu;
      readonly value: JsonObject;
      readonly deviations: readonly Deviation[];
      readonly fields: readonly Field[];
    }
  | {
      readonly ok: false;
      readonly error: CodecError;
      /** As the decoder counts: offset in the APDU. */
      readonly innerOffset: number;
      readonly deviations: readonly Deviation[];
      readonly fields: readonly Field[];
    };

/** Decodes one APDU, deciphers it where there are keys, and places what was found by `map`. */
export function renderApdu(octets: Uint8Array, map: OffsetMap, options: TranslateOptions): RenderedApdu {
  const decoded = decodeApdu(octets, options);
  const fields = map.fields(decoded.fields ?? []);
  const deviations = map.deviations(decoded.deviations);
  if (!decoded.ok) {
    return { ok: false, error: map.error(decoded.error), innerOffset: decoded.error.offset, deviations, fields };
  }
  return { ok: true, apdu: decoded.value, value: apduToJson(decoded.value), deviations, fields };
}
