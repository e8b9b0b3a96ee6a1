import { maskedOctets } from '../../codec/pcap/mask-secrets.ts';
import { revealApdu } from '../../codec/reveal.ts';
import { translate } from '../../codec/translate/translate.ts';
import { summarizeApdu } from '../../session/apdu-summary.ts';
import { engineError, traceGone } from '../errors.ts';
import { sortSecrets } from '../keys/named-secrets.ts';
import { KeyTrials } from '../keys/open-with-keys.ts';
import { titlesIn } from '../keys/protection.ts';
import type { UnlockTraceParams, UnlockTraceResult } from '../protocol.ts';
import type { KeptEntry, TraceStore } from '../trace-store.ts';

/**
 * Opens the encrypted rows of a trace with any of the secrets that fits. System titles are taken from all rows. Throws
 * `notFound`, and `badInput` for what is no system title.
 */
export function unlockTrace(
  { traceId, secrets, systemTitle }: UnlockTraceParams,
  traces: TraceStore,
): UnlockTraceResult {
  const entries = traces.entries(traceId) ?? traceGone(traceId);
  const given = systemTitle === undefined ? [] : [titleOf(systemTitle)];
  const titles = [...given, ...entries.flatMap((entry) => titlesIn(translate(entry.octets, layerOf(entry)).value))];
  const trials = new KeyTrials(sortSecrets(secrets), titles);
  const keyNames = new Set<string>();
  let opened = 0;
  let closed = 0;
  let titleMissing = false;
  for (const entry of entries) {
    if (entry.plain !== undefined || entry.octets.length === 0) continue;
    const found = trials.open(entry.octets, layerOf(entry).layer);
    if (found.state === 'none') continue;
    if (found.plain === undefined) {
      closed++;
      titleMissing ||= found.titleMissing;
      continue;
    }
    opened++;
    for (const name of found.keyNames) keyNames.add(name);
    traces.replace(traceId, openedEntry(entry, found.plain));
  }
  return { opened, closed, keyNames: [...keyNames], titleMissing };
}

function layerOf({ layer, decodeAs }: KeptEntry) {
  return { layer: decodeAs ?? (layer === 'apdu' ? 'apdu' : 'auto') } as const;
}

/** What was deciphered may hold a key of its own, the dedicated key of an InitiateRequest: it is masked. */
function openedEntry(entry: KeptEntry, plain: Uint8Array): KeptEntry {
  const revealed = revealApdu(plain);
  if (!revealed.ok) return { ...entry, plain };
  const summary = `${entry.summary}: ${summarizeApdu(revealed.value.apdu)}`;
  return { ...entry, plain: maskedOctets(plain, revealed.value), summary };
}

/** A system title typed by a person. */
function titleOf(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:-]/g, '');
  if (!/^[0-9a-f]{16}$/i.test(digits)) {
    throw engineError('badInput', `"${text}" is no system title.`, {
      next: 'Write its 8 octets as hex, for example 4d4d4d0000bc614e.',
    });
  }
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}
