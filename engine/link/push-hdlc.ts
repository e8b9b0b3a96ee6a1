import { describeHdlcAddress, type HdlcAddress, lowerOf, upperOf } from '../codec/hdlc/address.ts';
import { HdlcDeframer, type HdlcDeframerEvent } from '../codec/hdlc/deframer.ts';
import type { HdlcFrame } from '../codec/hdlc/frame.ts';
import { brokenFrame, linkError } from './errors.ts';
import { PushAssembly } from './push-assembly.ts';
import { MAX_SENDERS, type PushDecoder, type PushEvent, SEGMENT_TIMEOUT } from './push-types.ts';
import { SegmentBuffer } from './segment-buffer.ts';
import { type LinkPeer, MAX_APDU_LENGTH } from './types.ts';

/**
 * Pushes in HDLC: UI frames, segmented or not (Q07), I frames of meters that push in those (Q12), several APDUs in a
 * frame (Q10), general blocks over several (Q11), addresses of any width in both fields (Q09, Q13, Q15). Frames without
 * information are passed over, since a listener answers nothing.
 */
export class HdlcPushDecoder implements PushDecoder {
  readonly #deframer = new HdlcDeframer();
  readonly #assembly = new PushAssembly();
  readonly #segments = new Map<string, SegmentBuffer>();
  #flushAt: number | undefined;

  nextDeadline(): number | undefined {
    return this.#flushAt;
  }

  receive(octets: Uint8Array, now: number): PushEvent[] {
    const events = this.#handle(this.#deframer.push(octets));
    this.#flushAt = this.#deframer.pendingOctets > 0 ? now + SEGMENT_TIMEOUT : undefined;
    return events;
  }

  tick(now: number): PushEvent[] {
    if (this.#flushAt === undefined || now < this.#flushAt) return [];
    this.#flushAt = undefined;
    return this.#handle(this.#deframer.flush());
  }

  #handle(deframed: readonly HdlcDeframerEvent[]): PushEvent[] {
    return deframed.flatMap((event) => (event.type === 'frame' ? this.#frame(event.frame) : [brokenFrame(event)]));
  }

  #frame(frame: HdlcFrame): PushEvent[] {
    if ((frame.kind !== 'UI' && frame.kind !== 'I') || frame.information.length === 0) return [];
    const sender = `${frame.kind} ${describeHdlcAddress(frame.source)} ${describeHdlcAddress(frame.destination)}`;
    const buffer = this.#bufferOf(sender);
    const added = buffer.add(frame.information, frame.segmented);
    if (!buffer.started) this.#segments.delete(sender);
    if (added.result === 'segment') return [];
    if (added.result === 'limit') return [linkError('limit', `APDU of more than ${MAX_APDU_LENGTH} octets dropped`)];
    const peer = peerOf(frame.source, frame.destination);
    const addresses = { source: frame.source, destination: frame.destination };
    return this.#assembly.add(added.lpdu, sender, { framing: 'hdlc', peer, addresses, deviations: [] });
  }

  #bufferOf(sender: string): SegmentBuffer {
    const known = this.#segments.get(sender);
    if (known !== undefined) return known;
    const [oldest] = this.#segments.keys();
    if (oldest !== undefined && this.#segments.size >= MAX_SENDERS) this.#segments.delete(oldest);
    const buffer = new SegmentBuffer(MAX_APDU_LENGTH);
    this.#segments.set(sender, buffer);
    return buffer;
  }
}

function peerOf(source: HdlcAddress, destination: HdlcAddress): LinkPeer {
  const physical = lowerOf(source);
  const peer = { client: upperOf(destination), server: upperOf(source) };
  return physical === undefined ? peer : { ...peer, physical };
}
