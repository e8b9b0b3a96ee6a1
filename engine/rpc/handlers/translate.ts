import { type HexInput, parseHexInput } from '../../codec/translate/parse-hex-input.ts';
import { translate } from '../../codec/translate/translate.ts';
import { engineError } from '../errors.ts';
import { isLocked } from '../keys/protection.ts';
import type { TranslateParams, TranslateResult } from '../protocol.ts';
import type { TraceStore } from '../trace-store.ts';

const LINK_LAYERS: readonly string[] = ['hdlc', 'wrapper', 'mbus'];

type HexMessage = Pick<Extract<HexInput, { ok: true }>['messages'][number], 'octets' | 'direction'>;

/**
 * Decodes hex as people paste it into a trace: one row, or one for each message of a log that says TX and RX. Throws
 * `badInput` with the place when there is no hex in it.
 */
export function translateText(
  { text, layer = 'auto' }: TranslateParams,
  traces: TraceStore,
  now: () => number,
): TranslateResult {
  const hex = parseHexInput(text);
  if (!hex.ok) {
    throw engineError('badInput', `Line ${hex.line}, column ${hex.column}: ${hex.message}`, {
      next: 'Select octets as hex, with or without spaces.',
    });
  }
  const messages = messagesOf(hex);
  const translations = messages.map(({ octets }) => translate(octets, { layer }));
  const [first] = translations;
  const kind = first?.kind ?? 'error';
  const title = messages.length === 1 ? `Decoded: ${kind}` : `Decoded: ${messages.length} messages`;
  const { traceId, sink } = traces.begin(title, now());
  for (const [index, { octets, direction }] of messages.entries()) {
    const translation = translations[index];
    if (translation === undefined) continue;
    sink({
      index,
      time: now(),
      direction: direction === 'TX' ? 'tx' : 'rx',
      layer: LINK_LAYERS.includes(translation.layer) ? 'link' : 'apdu',
      decodeAs: translation.layer,
      octets,
      summary: translation.kind,
      deviations: translation.deviations,
      ...(translation.ok ? {} : { error: translation.error }),
    });
  }
  return {
    traceId,
    layer: first?.layer ?? 'apdu',
    kind,
    locked: translations.filter(({ value }) => isLocked(value)).length,
  };
}

/** The messages of a log with directions one by one; anything else is one run of octets, which may be several frames. */
function messagesOf({ octets, messages }: Extract<HexInput, { ok: true }>): readonly HexMessage[] {
  const isLog = messages.length > 1 && messages.some(({ direction }) => direction !== undefined);
  if (isLog) return messages;
  const [first] = messages;
  return [{ octets, ...(first?.direction === undefined ? {} : { direction: first.direction }) }];
}
