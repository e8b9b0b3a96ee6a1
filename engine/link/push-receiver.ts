import { decodeApdu } from '../codec/apdu-codec.ts';
import { FLAG } from '../codec/hdlc/frame.ts';
import { decodeLpdu } from '../codec/llc/llc.ts';
import { LONG_FRAME_START } from '../codec/mbus/frame.ts';
import { decodeWrapperDatagram, WRAPPER_VERSION } from '../codec/wrapper/wrapper.ts';
import { linkError } from './errors.ts';
import { PushAssembly } from './push-assembly.ts';
import { HdlcPushDecoder } from './push-hdlc.ts';
import { MbusPushDecoder } from './push-mbus.ts';
import type { PushDecoder, PushEvent } from './push-types.ts';
import { WrapperPushDecoder } from './push-wrapper.ts';

/**
 * Receives what meters push on one stream (TCP, serial line). The first octet that can begin a frame tells the framing:
 * `7E` HDLC, `68` M-Bus, `00 01` the wrapper; others before it are noise, such as the plain-text alarms of some meters
 * (Q85).
 */
export class PushReceiver {
  #decoder: PushDecoder | undefined;
  /** A 00 that may begin a wrapper header. */
  #zero = false;

  /** True when the stream can no longer be cut into messages; the transport should be closed. */
  get lost(): boolean {
    return this.#decoder instanceof WrapperPushDecoder && this.#decoder.lost;
  }

  nextDeadline(): number | undefined {
    return this.#decoder?.nextDeadline();
  }

  tick(now: number): PushEvent[] {
    return this.#decoder?.tick(now) ?? [];
  }

  receive(octets: Uint8Array, now: number): PushEvent[] {
    if (this.#decoder !== undefined) return this.#decoder.receive(octets, now);
    const all = this.#zero ? Uint8Array.from([0, ...octets]) : octets;
    const at = all.findIndex((octet, i) => isStart(octet, all[i + 1]));
    const noise = at < 0 ? all.length : at;
    const events: PushEvent[] = noise > 0 ? [linkError('noise', `${noise} octets dropped, they begin no frame`)] : [];
    this.#zero = at >= 0 && all[at] === 0 && at + 1 === all.length;
    if (at < 0 || this.#zero) return events;
    this.#decoder = decoderFor(all[at] ?? 0);
    return [...events, ...this.#decoder.receive(all.subarray(at), now)];
  }
}

function isStart(octet: number, next: number | undefined): boolean {
  if (octet === FLAG || octet === LONG_FRAME_START) return true;
  return octet === 0 && (next === undefined || next === WRAPPER_VERSION);
}

function decoderFor(first: number): PushDecoder {
  if (first === FLAG) return new HdlcPushDecoder();
  return first === LONG_FRAME_START ? new MbusPushDecoder() : new WrapperPushDecoder();
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
  const decoder = decoderFor(first);
  const events = decoder.receive(octets, 0);
  const deadline = decoder.nextDeadline();
  return deadline === undefined ? events : [...events, ...decoder.tick(deadline)];
}
