import { decodeApdu } from '../codec/apdu-codec.ts';
import { FLAG } from '../codec/hdlc/frame.ts';
import { decodeLpdu } from '../codec/llc/llc.ts';
import { LONG_FRAME_START } from '../codec/mbus/frame.ts';
import { decodeWrapperDatagram } from '../codec/wrapper/wrapper.ts';
import { linkError } from './errors.ts';
import { PushAssembly } from './push-assembly.ts';
import { type FoundFraming, FramingFinder, type StreamFraming } from './push-framing.ts';
import { HdlcPushDecoder } from './push-hdlc.ts';
import { MbusPushDecoder } from './push-mbus.ts';
import { type PushDecoder, type PushEvent, SEGMENT_TIMEOUT } from './push-types.ts';
import { WrapperPushDecoder } from './push-wrapper.ts';

/**
 * Receives what meters push on one stream (TCP, serial line). The first whole frame tells the framing: HDLC, M-Bus or
 * the wrapper; what comes before it is noise, such as the rest of a frame whose start was missed, or the plain-text
 * alarms of some meters (Q85).
 */
export class PushReceiver {
  #finder: FramingFinder | undefined = new FramingFinder();
  #decoder: PushDecoder | undefined;
  #giveUpAt: number | undefined;

  /** True when the stream can no longer be cut into messages; the transport should be closed. */
  get lost(): boolean {
    return this.#decoder instanceof WrapperPushDecoder && this.#decoder.lost;
  }

  nextDeadline(): number | undefined {
    return this.#decoder === undefined ? this.#giveUpAt : this.#decoder.nextDeadline();
  }

  tick(now: number): PushEvent[] {
    if (this.#finder === undefined) return this.#decoder?.tick(now) ?? [];
    if (this.#giveUpAt === undefined || now < this.#giveUpAt) return [];
    this.#giveUpAt = undefined;
    return this.#take(this.#finder.pause(), now);
  }

  receive(octets: Uint8Array, now: number): PushEvent[] {
    if (this.#finder === undefined) return this.#decoder?.receive(octets, now) ?? [];
    const events = this.#take(this.#finder.add(octets), now);
    this.#giveUpAt = this.#finder?.pendingOctets ? now + SEGMENT_TIMEOUT : undefined;
    return events;
  }

  #take(found: FoundFraming | PushEvent[], now: number): PushEvent[] {
    if (Array.isArray(found)) return found;
    const { framing, octets, noise } = found;
    this.#finder = undefined;
    this.#decoder = decoderOf(framing);
    const events = this.#decoder.receive(octets, now);
    return noise > 0 ? [linkError('noise', `${noise} octets dropped, they begin no frame`), ...events] : events;
  }
}

function decoderOf(framing: StreamFraming): PushDecoder {
  if (framing === 'hdlc') return new HdlcPushDecoder();
  return framing === 'mbus' ? new MbusPushDecoder() : new WrapperPushDecoder();
}

/**
 * Receives what one sender pushes in datagrams, each complete in itself: a wrapper message, HDLC or M-Bus frames, an
 * LPDU, or an APDU without any framing. Only general blocks go over several.
 */
export class PushDatagramReceiver {
  readonly #wrapper = new WrapperPushDecoder();
  readonly #assembly = new PushAssembly();

  receive(octets: Uint8Array): PushEvent[] {
    const [first] = octets;
    if (first === FLAG || first === LONG_FRAME_START) return framed(first, octets);
    const wrapper = decodeWrapperDatagram(octets);
    if (wrapper.ok) return this.#wrapper.message(wrapper.value);
    if (first === 0) return [linkError('broken-frame', 'datagram dropped, it is no wrapper message', wrapper.error)];
    if (decodeLpdu(octets) !== undefined) return this.#assembly.add(octets, 'llc', { framing: 'llc', deviations: [] });
    const apdu = decodeApdu(octets);
    if (apdu.ok) return this.#assembly.add(octets, 'none', { framing: 'none', deviations: [] });
    return [linkError('noise', `datagram of ${octets.length} octets dropped, it is neither a frame nor an APDU`)];
  }
}

/** A stream decoder that is told at once that nothing more will come. */
function framed(first: number, octets: Uint8Array): PushEvent[] {
  const decoder = decoderOf(first === FLAG ? 'hdlc' : 'mbus');
  const events = decoder.receive(octets, 0);
  const deadline = decoder.nextDeadline();
  return deadline === undefined ? events : [...events, ...decoder.tick(deadline)];
}
