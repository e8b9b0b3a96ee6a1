import { explainFields } from '../codec/explain/explain-fields.ts';
import { toHex } from '../codec/hex.ts';
import { translate } from '../codec/translate/translate.ts';
import { translationToXml } from '../codec/translate/translation-xml.ts';
import type { TranslateLayer, Translation } from '../codec/translate/types.ts';
import { engineError } from './errors.ts';
import { isLocked } from './keys/protection.ts';
import type { DecodedOctets, DecodedRow, RowText } from './protocol.ts';
import type { KeptEntry } from './trace-store.ts';

/** The octets of a trace entry with their fields; a second view of the clear APDU where there is one. */
export function decodeRow(entry: KeptEntry): DecodedRow {
  const { value, ...row } = decodeOctets(entry.octets, layerOf(entry));
  if (entry.plain === undefined) return isLocked(value) ? { ...row, locked: true } : row;
  const { value: _, ...plain } = decodeOctets(entry.plain, 'apdu');
  return { ...row, plain };
}

/** One view of a trace entry as text to paste elsewhere. Throws `badInput` for octets that have no such form. */
export function rowText(entry: KeptEntry, format: RowText, view: 'wire' | 'plain'): string {
  const isPlain = view === 'plain' && entry.plain !== undefined;
  const octets = isPlain ? entry.plain : entry.octets;
  if (format === 'hex') return toHex(octets);
  const result = translate(octets, { layer: isPlain ? 'apdu' : layerOf(entry) });
  const xml = format === 'xml' && result.ok ? translationToXml(result.value) : [];
  if (!result.ok || (format === 'xml' && xml.length === 0)) {
    const reason = result.ok ? 'it carries no whole APDU' : `${result.error.found}, expected ${result.error.expected}`;
    throw engineError('badInput', `This row cannot be written as ${format.toUpperCase()}: ${reason}.`, {
      next: 'Copy it as hex.',
    });
  }
  return format === 'xml' ? xml.join('\n') : `${JSON.stringify(result.value, undefined, 2)}\n`;
}

function layerOf({ layer, decodeAs }: KeptEntry): TranslateLayer | 'auto' {
  return decodeAs ?? (layer === 'apdu' ? 'apdu' : 'auto');
}

function decodeOctets(octets: Uint8Array, layer: TranslateLayer | 'auto'): DecodedOctets & Pick<Translation, 'value'> {
  const result = translate(octets, { layer, fields: true });
  return {
    value: result.value,
    octets: toHex(octets),
    kind: result.kind,
    fields: explainFields(result.fields ?? []),
    deviations: result.deviations,
    ...(result.ok ? {} : { error: result.error }),
  };
}
