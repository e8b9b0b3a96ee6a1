import type { Apdu } from '../apdu.ts';
import { decodeApdu } from '../apdu-codec.ts';
import type { Json, JsonObject } from '../apdu-json.ts';
import type { CodecError, Deviation, Field } from '../result.ts';
import { type Revealed, revealApdu, revealedToJson } from '../reveal.ts';
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

/** Deviations that the tree itself names, as `quirk` of the APDU they were found in. */
const QUIRKS: ReadonlyMap<string, { readonly kind: string; readonly text: string }> = new Map([
  [
    'date-time-with-data-tag',
    { kind: 'data-notification', text: 'date-time carries a Data tag (09) before its length' },
  ],
]);

/**
 * Decodes one APDU, deciphers it where there are keys, and places what was found by `map`. Ciphering keeps lengths
 * (GCM is a stream cipher), so every octet of a deciphered APDU has its place in the ciphertext.
 */
export function renderApdu(octets: Uint8Array, map: OffsetMap, options: TranslateOptions): RenderedApdu {
  const decoded = revealApdu(octets, options);
  const outer = decodeIfNested(octets, options, decoded);
  if (!decoded.ok) {
    // An error behind the outer APDU is one of the deciphered octets.
    const inside = outer?.ok ? insideOf(outer.value, octets, map) : undefined;
    const deviations = map.deviations(decoded.deviations);
    const fields = map.fields(outer?.fields ?? decoded.fields ?? []);
    const error = (inside ?? map).error(decoded.error);
    return { ok: false, error, innerOffset: decoded.error.offset, deviations, fields };
  }
  const revealed = decoded.value;
  const own = outer ? outer.deviations.length : decoded.deviations.length;
  const inside = insideOf(revealed.apdu, octets, map) ?? map;
  const deviations = [
    ...map.deviations(decoded.deviations.slice(0, own)),
    ...inside.deviations(decoded.deviations.slice(own)),
  ];
  const fields = options.fields ? revealedFields(revealed, octets, map) : [];
  const value = withQuirks(revealedToJson(revealed), decoded.deviations);
  return { ok: true, apdu: revealed.apdu, value, deviations, fields };
}

type DecodedApdu = ReturnType<typeof decodeApdu>;

/** The outer APDU alone, where what was found must be told from what was found inside. */
function decodeIfNested(
  octets: Uint8Array,
  options: TranslateOptions,
  decoded: ReturnType<typeof revealApdu>,
): DecodedApdu | undefined {
  const nothingToTell =
    decoded.ok && (decoded.deviations.length === 0 || protectedOctets(decoded.value.apdu) === undefined);
  return nothingToTell ? undefined : decodeApdu(octets, options);
}

/** The octets of an APDU that are an APDU again, perhaps ciphered: a view of the octets it was decoded from. */
function protectedOctets(apdu: { readonly kind: string }): Uint8Array | undefined {
  if ('userInformation' in apdu && typeof apdu.userInformation === 'object' && apdu.userInformation !== null) {
    return protectedOctets(apdu.userInformation as { readonly kind: string });
  }
  if ('content' in apdu && apdu.content instanceof Uint8Array) return apdu.content;
  if (!('security' in apdu) || typeof apdu.security !== 'object' || apdu.security === null) return undefined;
  return 'payload' in apdu.security && apdu.security.payload instanceof Uint8Array ? apdu.security.payload : undefined;
}

/** Map of the protected octets inside of an APDU decoded from `octets`. */
function insideOf(apdu: Apdu, octets: Uint8Array, map: OffsetMap): OffsetMap | undefined {
  const inner = protectedOctets(apdu);
  if (inner === undefined || inner.buffer !== octets.buffer) return undefined;
  const from = inner.byteOffset - octets.byteOffset;
  return from < 0 || from + inner.length > octets.length ? undefined : map.part(from, from + inner.length);
}

function revealedFields(revealed: Revealed, octets: Uint8Array, map: OffsetMap): Field[] {
  const fields = map.fields(revealed.fields ?? []);
  const { inner } = revealed.userInformation ?? revealed;
  const plain = (revealed.userInformation ?? revealed).plain ?? protectedOctets(revealed.apdu);
  const inside = insideOf(revealed.apdu, octets, map);
  if (!inner || !plain || !inside) return fields;
  const children = revealedFields(inner, plain, inside);
  const from = inside.place(0);
  const to = inside.place(plain.length - 1) + 1;
  return [...fields, { name: `inside: ${inner.apdu.kind}`, from, to, children }];
}

function withQuirks(value: JsonObject, deviations: readonly Deviation[]): JsonObject {
  return deviations.reduce((json, { id }) => {
    const quirk = QUIRKS.get(id);
    return quirk ? withQuirk(json, quirk.kind, quirk.text) : json;
  }, value);
}

function withQuirk(value: JsonObject, kind: string, text: string): JsonObject {
  if (value.kind === kind) return { ...value, quirk: text };
  const { inner } = value;
  return isObject(inner) ? { ...value, inner: withQuirk(inner, kind, text) } : value;
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
