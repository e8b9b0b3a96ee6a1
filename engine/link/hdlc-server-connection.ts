import type { HdlcAddress } from '../codec/hdlc/address.ts';
import type { HdlcControl } from '../codec/hdlc/control.ts';
import { encodeHdlcFrame, type HdlcFrame } from '../codec/hdlc/frame.ts';
import { encodeFrameReject, type FrameRejectReason } from '../codec/hdlc/frame-reject.ts';
import type { HdlcLinkParameters } from '../codec/hdlc/parameters.ts';
import { decodeLpdu, encodeLpdu } from '../codec/llc/llc.ts';
import { linkError } from './errors.ts';
import { HdlcTransfer } from './hdlc-transfer.ts';
import type { LinkEvent, LinkPeer } from './types.ts';

type NumberedFrame = Extract<HdlcFrame, { kind: 'I' | 'RR' | 'RNR' | 'REJ' }>;

/** What a connection needs to know of the link it belongs to. */
export interface ConnectionSettings {
  readonly maxLpdu: number;
  /** Reject with FRMR what is else accepted: information fields longer than negotiated, or where none belongs. */
  readonly strict: boolean;
}

/**
 * One client's data link connection with one logical device, on the side of the secondary station: it speaks only after
 * a P=1, and with the F=1 of its last frame the right to speak is gone.
 */
export class HdlcServerConnection {
  readonly peer: LinkPeer;
  readonly parameters: HdlcLinkParameters;
  lastActivity: number;
  readonly #client: HdlcAddress;
  readonly #own: HdlcAddress;
  readonly #settings: ConnectionSettings;
  readonly #transfer: HdlcTransfer;
  /** The client has polled and this station has not answered. */
  #mayAnswer = false;
  /** FRMR information repeated until SNRM or DISC. */
  #rejection: Uint8Array | undefined;

  constructor(
    peer: LinkPeer,
    route: { readonly client: HdlcAddress; readonly own: HdlcAddress },
    parameters: HdlcLinkParameters,
    settings: ConnectionSettings,
    now: number,
  ) {
    this.peer = peer;
    this.parameters = parameters;
    this.lastActivity = now;
    this.#client = route.client;
    this.#own = route.own;
    this.#settings = settings;
    this.#transfer = new HdlcTransfer(parameters, settings.maxLpdu);
  }

  /** An APDU of the application: goes out at once when the client has polled, otherwise with its next poll. */
  send(apdu: Uint8Array): LinkEvent[] {
    this.#transfer.enqueue(encodeLpdu('response', apdu));
    return this.#mayAnswer ? this.#answer() : [];
  }

  /** The application has nothing to say to what it was handed. */
  noAnswer(): LinkEvent[] {
    return this.#mayAnswer && !this.#rejection ? [this.#ready()] : [];
  }

  /** A frame whose control field is none of the profile. */
  receiveUndefined(control: number, pollFinal: boolean): LinkEvent[] {
    return this.#rejection ? this.#repeatRejection(pollFinal) : this.#reject(control, pollFinal, 'undefined-control');
  }

  receive(frame: NumberedFrame): LinkEvent[] {
    if (this.#rejection) return this.#repeatRejection(frame.pollFinal);
    if (this.#settings.strict && frame.kind !== 'I' && frame.information.length > 0) {
      return this.#reject(frame, frame.pollFinal, 'information-not-permitted');
    }
    if (this.#transfer.acknowledge(frame.nr) === undefined) return this.#reject(frame, frame.pollFinal, 'invalid-nr');
    const events: LinkEvent[] = [];
    let answerable = false;
    if (frame.kind === 'I') {
      const { maxInfoRx } = this.parameters;
      if (frame.information.length > maxInfoRx) {
        if (this.#settings.strict) return this.#reject(frame, frame.pollFinal, 'information-too-long');
        const message = `information field of ${frame.information.length} octets, ${maxInfoRx} were negotiated`;
        events.push(linkError('limit', message));
      }
      const accepted = this.#transfer.accept(frame.ns, frame.segmented, frame.information);
      if (accepted.result === 'out-of-sequence') {
        events.push(linkError('out-of-sequence', `I frame ${frame.ns} instead of ${this.#transfer.nr}`));
      } else if (accepted.result === 'limit') {
        events.push(linkError('limit', `APDU of more than ${this.#settings.maxLpdu} octets dropped`));
      } else if (accepted.result === 'lpdu') {
        answerable = true;
        const apdu = decodeLpdu(accepted.lpdu)?.payload ?? accepted.lpdu;
        events.push({ type: 'apdu', apdu, peer: this.peer, unsolicited: false, broadcast: false });
      }
    }
    if (!frame.pollFinal) return events;
    this.#mayAnswer = true;
    if (frame.kind === 'RNR') events.push(this.#ready());
    else if (this.#transfer.sending) events.push(...this.#answer());
    // After a complete APDU the application is given the time it needs: the client polls when it gets impatient.
    else if (!answerable) events.push(this.#ready());
    return events;
  }

  #answer(): LinkEvent[] {
    const burst = this.#transfer.burst();
    this.#mayAnswer = false;
    return burst.map(({ ns, nr, segmented, information }, i) =>
      this.#emit({ kind: 'I', ns, nr }, i === burst.length - 1, information, segmented),
    );
  }

  #ready(): LinkEvent {
    this.#mayAnswer = false;
    return this.#emit({ kind: 'RR', nr: this.#transfer.nr }, true);
  }

  #reject(frame: NumberedFrame | number, pollFinal: boolean, reason: FrameRejectReason): LinkEvent[] {
    this.#rejection = encodeFrameReject(frame, this.#transfer.vs, this.#transfer.nr, reason);
    const error = linkError('frame-rejected', `frame rejected: ${reason}; the client must send SNRM`);
    return [error, ...this.#repeatRejection(pollFinal)];
  }

  #repeatRejection(pollFinal: boolean): LinkEvent[] {
    return pollFinal && this.#rejection ? [this.#emit({ kind: 'FRMR' }, true, this.#rejection)] : [];
  }

  #emit(
    control: HdlcControl,
    pollFinal: boolean,
    information: Uint8Array = new Uint8Array(0),
    segmented = false,
  ): LinkEvent {
    const route = { destination: this.#client, source: this.#own };
    return { type: 'send', octets: encodeHdlcFrame({ ...control, ...route, pollFinal, segmented, information }) };
  }
}
