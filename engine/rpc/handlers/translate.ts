import { parseHexInput } from '../../codec/translate/parse-hex-input.ts';
import { translate } from '../../codec/translate/translate.ts';
import { decodeOctets } from '../decode-row.ts';
import { engineError } from '../errors.ts';
import type { TranslateParams, TranslateResult } from '../protocol.ts';

/** Decodes hex as people paste it. Throws `badInput` with the place when there is no hex in it. */
export function translateText({ text, layer = 'auto' }: TranslateParams): TranslateResult {
  const hex = parseHexInput(text);
  if (!hex.ok) {
    throw engineError('badInput', `Line ${hex.line}, column ${hex.column}: ${hex.message}`, {
      next: 'Select octets as hex, with or without spaces.',
    });
  }
  const { layer: found, value } = translate(hex.octets, { layer });
  return { ...decodeOctets(hex.octets, layer), layer: found, value };
}
