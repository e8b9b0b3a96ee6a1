import type { Data } from '../../codec/axdr/data.ts';
import type { DialogueEvent, DialogueMessage, ExchangeItem } from '../../codec/pcap/dialogue-types.ts';
import { maskedOctets } from '../../codec/pcap/mask-secrets.ts';
import type { CaptureChunk } from '../../codec/pcap/types.ts';
import { DialogueObjects } from '../../session/dialogue-objects.ts';
import { holdsSecret } from '../../session/secret-attributes.ts';
import { MASK } from '../../session/secret-ranges.ts';

/** A password or key that a connection carries in clear or that was deciphered. */
export interface CapturedSecret {
  /** Number of the packet that made it complete. */
  readonly packet: number;
  /** What stands before it, tag and length, by which it is told from the same octets elsewhere. */
  readonly context: Uint8Array;
  readonly octets: Uint8Array;
}

const CONTEXT_LENGTH = 2;
/** Shortest part of a secret that is looked for where it was cut into segments. */
const LEAST_PART = 2;
const TAGS: Readonly<Partial<Record<Data['t'], number>>> = { 'octet-string': 0x09, 'visible-string': 0x0a };
/** Longest length that takes one octet. */
const MAX_SHORT_LENGTH = 0x7f;

/** The secrets of a dialogue: passwords and dedicated keys of associations, and attributes that hold a secret. */
export function capturedSecrets(events: readonly DialogueEvent[]): CapturedSecret[] {
  const objects = new DialogueObjects();
  return events.flatMap((event) => {
    if (event.type === 'message') return secretsOfMessage(event);
    if (event.type === 'note') return [];
    return event.items.flatMap((item) => secretsOfItem(item, event.packet, objects));
  });
}

/** A copy with every occurrence of the secrets masked at their length; the same octets when there is none. */
export function withoutSecrets(octets: Uint8Array, secrets: readonly CapturedSecret[]): Uint8Array {
  return secrets.reduce((rest, secret) => masked(rest, wholeOf(secret), secret.context.length), octets);
}

/**
 * The octets of the chunks without the secrets, at their length; those cut into segments are found by their parts.
 * Check sequences of HDLC frames stay as they were and do not fit any more.
 */
export function chunksWithoutSecrets(
  chunks: readonly CaptureChunk[],
  secrets: readonly CapturedSecret[],
): readonly Uint8Array[] {
  const shown = chunks.map(({ octets }) => octets);
  for (const secret of secrets) {
    const until = chunks.findLastIndex(({ packet }) => packet <= secret.packet);
    const whole = wholeOf(secret);
    let isWhole = false;
    const mask = (wanted: Uint8Array, keep: number): void => {
      for (let at = 0; at <= until; at++) {
        const before = shown[at];
        if (before === undefined) continue;
        shown[at] = masked(before, wanted, keep);
        isWhole ||= shown[at] !== before;
      }
    };
    mask(whole, secret.context.length);
    if (!isWhole) for (const part of partsOf(secret.octets)) mask(part, 0);
  }
  return shown;
}

function wholeOf({ context, octets }: CapturedSecret): Uint8Array {
  return Buffer.concat([context, octets]);
}

/** Masks every occurrence of `wanted` from its octet `keep` on. */
function masked(octets: Uint8Array, wanted: Uint8Array, keep: number): Uint8Array {
  const place = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  let copy: Uint8Array | undefined;
  for (let at = place.indexOf(wanted); at >= 0; at = place.indexOf(wanted, at + 1)) {
    copy ??= Uint8Array.from(octets);
    copy.fill(MASK, at + keep, at + wanted.length);
  }
  return copy ?? octets;
}

/** Beginnings and ends of a secret, the longest first. */
function partsOf(secret: Uint8Array): Uint8Array[] {
  const lengths = Array.from(
    { length: Math.max(0, secret.length - LEAST_PART) },
    (_, less) => secret.length - 1 - less,
  );
  return lengths.flatMap((length) => [secret.subarray(0, length), secret.subarray(secret.length - length)]);
}

/** The runs of octets that are masked in an APDU of an association. */
function secretsOfMessage({ octets, revealed, packet }: DialogueMessage): CapturedSecret[] {
  const shown = maskedOctets(octets, revealed);
  const secrets: CapturedSecret[] = [];
  for (let from = 0; from < octets.length; from++) {
    if (octets[from] === shown[from]) continue;
    let to = from + 1;
    while (to < octets.length && octets[to] !== shown[to]) to++;
    const context = octets.subarray(Math.max(0, from - CONTEXT_LENGTH), from);
    secrets.push({ packet, context, octets: octets.subarray(from, to) });
    from = to;
  }
  return secrets;
}

/** What was read from or written to an attribute that holds a secret. */
function secretsOfItem(item: ExchangeItem, packet: number, objects: DialogueObjects): CapturedSecret[] {
  objects.learn(item);
  const attribute = objects.attributeOf(item);
  if (attribute === undefined || !holdsSecret(attribute)) return [];
  return [item.sent, item.data].flatMap((data) => {
    const tag = data === undefined ? undefined : TAGS[data.t];
    if (data === undefined || tag === undefined || !('v' in data)) return [];
    const octets = data.v instanceof Uint8Array ? data.v : new TextEncoder().encode(String(data.v));
    if (octets.length === 0) return [];
    const context = octets.length > MAX_SHORT_LENGTH ? [] : [tag, octets.length];
    return [{ packet, context: Uint8Array.from(context), octets }];
  });
}
