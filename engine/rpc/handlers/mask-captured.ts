import type { DialogueMessage } from '../../codec/pcap/dialogue-types.ts';
import { maskedOctets } from '../../codec/pcap/mask-secrets.ts';
import type { CaptureChunk } from '../../codec/pcap/types.ts';
import { MASK } from '../../session/secret-ranges.ts';

/** Octets before a secret by which it is told from the same octets elsewhere: its tag and length. */
const CONTEXT = 2;
/** Shortest part of a secret that is looked for where it was cut into segments. */
const LEAST_PART = 2;

/**
 * The octets of the chunks without the passwords and dedicated keys that their APDUs hold, at their length. Check
 * sequences of HDLC frames stay as they were and do not fit any more.
 */
export function maskCaptured(
  chunks: readonly CaptureChunk[],
  messages: readonly DialogueMessage[],
): readonly Uint8Array[] {
  const shown = chunks.map(({ octets }) => octets);
  for (const message of messages) {
    const until = chunks.findLastIndex(({ packet }) => packet <= message.packet);
    for (const { context, secret } of secretsOf(message)) {
      const whole = Buffer.concat([context, secret]);
      const found = shown.map((octets, at) => (at > until ? octets : masked(octets, whole, context.length)));
      const isWhole = found.some((octets, at) => octets !== shown[at]);
      const parts = isWhole ? [] : partsOf(secret);
      for (const [at, octets] of found.entries()) {
        shown[at] = at > until ? octets : parts.reduce((rest, part) => masked(rest, part, 0), octets);
      }
    }
  }
  return shown;
}

/** A copy with every occurrence of `wanted` masked from its octet `keep` on; the same octets when there is none. */
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

/** The runs of octets that are masked in an APDU, with what stands before each. */
function secretsOf({ octets, revealed }: DialogueMessage): { context: Uint8Array; secret: Uint8Array }[] {
  const shown = maskedOctets(octets, revealed);
  const runs: { context: Uint8Array; secret: Uint8Array }[] = [];
  for (let from = 0; from < octets.length; from++) {
    if (octets[from] === shown[from]) continue;
    let to = from + 1;
    while (to < octets.length && octets[to] !== shown[to]) to++;
    runs.push({ context: octets.subarray(Math.max(0, from - CONTEXT), from), secret: octets.subarray(from, to) });
    from = to;
  }
  return runs;
}
