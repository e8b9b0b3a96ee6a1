import { concatOctets } from '../octets.ts';
import type { CodecErrorCode, Decoded, Deviation } from '../result.ts';
import {
  decodeMbusFrame,
  encodeMbusFrame,
  isLastSegment,
  MAX_MBUS_DATA,
  type MbusFrame,
  segmentCi,
  segmentNumber,
} from './frame.ts';

/** One APDU over M-Bus: its frames in order and their data put together. */
export interface MbusTelegram {
  readonly frames: readonly PlacedSegment[];
  /** Owned when it took several frames, otherwise a view of the octets handed in. */
  readonly apdu: Uint8Array;
}

export interface PlacedSegment {
  readonly frame: MbusFrame;
  /** Place of the frame in the octets handed in, start to stop octet. */
  readonly from: number;
  readonly to: number;
}

/** The segment number has four bits. */
export const MAX_MBUS_SEGMENTS = 16;

/** Cuts an APDU into long frames; `address` gives C, A and the SAPs. Throws RangeError beyond 16 segments. */
export function segmentMbus(apdu: Uint8Array, address: Omit<MbusFrame, 'ci' | 'data'>): Uint8Array[] {
  const count = Math.max(1, Math.ceil(apdu.length / MAX_MBUS_DATA));
  if (count > MAX_MBUS_SEGMENTS) {
    throw new RangeError(
      `APDU of ${apdu.length} octets, at most ${MAX_MBUS_SEGMENTS * MAX_MBUS_DATA} fit 16 M-Bus segments`,
    );
  }
  return Array.from({ length: count }, (_, number) => {
    const data = apdu.subarray(number * MAX_MBUS_DATA, (number + 1) * MAX_MBUS_DATA);
    return encodeMbusFrame({ ...address, ci: segmentCi(number, number === count - 1), data });
  });
}

/**
 * Decodes long frames one after the other until the one with FIN. Without a segment header besides CI, the APDU is the
 * concatenation of the data. A single frame without FIN, as some meters send it, is the deviation `mbus-fin-missing`.
 * Errors: those of `decodeMbusFrame`, `truncated` (last segment missing), `bad-value` (segments out of order).
 */
export function decodeMbusTelegram(octets: Uint8Array, offset = 0): Decoded<MbusTelegram & { readonly next: number }> {
  const frames: PlacedSegment[] = [];
  const deviations: Deviation[] = [];
  let at = offset;
  for (;;) {
    if (at >= octets.length && frames.length > 0) {
      if (frames.length > 1) return fail('truncated', at, `${frames.length} segments`, 'a segment with FIN');
      const description = 'the only segment does not carry FIN in its CI field';
      deviations.push({ id: 'mbus-fin-missing', layer: 'mbus', offset: offset + 6, description });
      break;
    }
    const decoded = decodeMbusFrame(octets, at);
    if (!decoded.ok) return decoded;
    const { frame, next } = decoded.value;
    deviations.push(...decoded.deviations);
    if (segmentNumber(frame) !== frames.length % MAX_MBUS_SEGMENTS) {
      return fail('bad-value', at + 6, `segment ${segmentNumber(frame)}`, `segment ${frames.length}`);
    }
    frames.push({ frame, from: at, to: next });
    at = next;
    if (isLastSegment(frame)) break;
  }
  return {
    ok: true,
    value: { frames, apdu: concatOctets(frames.map(({ frame }) => frame.data)), next: at },
    deviations,
  };
}

function fail(code: CodecErrorCode, offset: number, found: string, expected: string): Decoded<never> {
  return { ok: false, error: { code, layer: 'mbus', offset, found, expected }, deviations: [] };
}
