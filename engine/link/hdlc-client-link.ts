import {
  clientAddress,
  describeHdlcAddress,
  type HdlcAddress,
  lowerOf,
  serverAddress,
  upperOf,
} from '../codec/hdlc/address.ts';
import type { HdlcControl, UnnumberedKind } from '../codec/hdlc/control.ts';
import { HdlcDeframer, type HdlcDeframerEvent } from '../codec/hdlc/deframer.ts';
import { describeHdlcFrame, encodeHdlcFrame, type HdlcFrame } from '../codec/hdlc/frame.ts';
import { decodeFrameReject } from '../codec/hdlc/frame-reject.ts';
import {
  acceptHdlcParameters,
  decodeHdlcParameters,
  encodeHdlcParameters,
  type HdlcLinkParameters,
  stationParameters,
} from '../codec/hdlc/parameters.ts';
import { decodeLpdu, encodeLpdu } from '../codec/llc/llc.ts';
import { EchoFilter } from './echo-filter.ts';
import { brokenFrame, linkError } from './errors.ts';
import { HDLC_CLIENT_DEFAULTS, type HdlcClientOptions } from './hdlc-client-options.ts';
import { answersCall } from './hdlc-stations.ts';
import { HdlcTransfer, type InformationSegment } from './hdlc-transfer.ts';
import { apdusOf } from './lpdus.ts';
import { SegmentBuffer } from './segment-buffer.ts';
import {
  type ClientLink,
  type CloseReason,
  type LinkError,
  type LinkEvent,
  type LinkPeer,
  type LinkState,
  MAX_APDU_LENGTH,
  type SendOptions,
} from './types.ts';

/** What the client waits for: the answer to a command, or the final bit after it handed over the right to send. */
type Waiting = 'SNRM' | 'DISC' | 'final';

/**
 * Primary station of the HDLC profile (GB 8.4.5, IEC 62056-46). It speaks when it has the right to: after P=1 only the
 * server does, until its F=1 or the response timeout. After a timeout the I frame is not repeated; RR asks how far the
 * server got, and the counters tell what to send again.
 */
export class HdlcClientLink implements ClientLink {
  readonly peer: LinkPeer;
  readonly #options: HdlcClientOptions & typeof HDLC_CLIENT_DEFAULTS;
  readonly #own: HdlcAddress;
  readonly #server: HdlcAddress;
  readonly #proposal: HdlcLinkParameters;
  readonly #deframer = new HdlcDeframer();
  readonly #echo = new EchoFilter();
  readonly #unnumbered: SegmentBuffer;
  #transfer: HdlcTransfer;
  #state: LinkState = 'closed';
  #waiting: Waiting | undefined;
  #attempts = 0;
  #deadline: number | undefined;
  #pollAt: number | undefined;
  #flushAt: number | undefined;
  /** Number of the single I frame of this turn: an answer that does not acknowledge it answers an earlier turn. */
  #lonely: number | undefined;
  #turnProgress = false;
  /** Turns in a row without any progress. */
  #stalls = 0;
  /** Until when an answer to the APDU sent last is polled for; undefined while none is expected. */
  #answerBy: number | undefined;
  /** Until when a server that is not ready to receive is waited for. */
  #deliverBy = 0;
  #serverBusy = false;

  /** Throws RangeError when an address does not fit its width. */
  constructor(options: HdlcClientOptions) {
    this.#options = { ...HDLC_CLIENT_DEFAULTS, ...options };
    this.#own = clientAddress(options.client);
    this.#server = serverAddress(options.server.upper, options.server.lower, options.addressBytes);
    this.#proposal = stationParameters(options.sendParameters === 'never' ? {} : (options.parameters ?? {}));
    const lower = lowerOf(this.#server);
    const peer = { client: options.client, server: options.server.upper };
    this.peer = lower === undefined ? peer : { ...peer, physical: lower };
    this.#transfer = new HdlcTransfer(this.#proposal, this.#maxLpdu);
    this.#unnumbered = new SegmentBuffer(this.#maxLpdu);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** As negotiated by SNRM and UA, seen from the client. */
  get parameters(): HdlcLinkParameters {
    return this.#transfer.parameters;
  }

  nextDeadline(): number | undefined {
    const deadlines = [this.#deadline, this.#pollAt, this.#flushAt].filter((at) => at !== undefined);
    return deadlines.length === 0 ? undefined : Math.min(...deadlines);
  }

  open(now: number): LinkEvent[] {
    if (this.#state !== 'closed') return [];
    this.#deframer.reset();
    this.#echo.reset();
    this.#unnumbered.clear();
    this.#serverBusy = false;
    this.#state = 'opening';
    return this.#command(this.#options.disconnectFirst ? 'DISC' : 'SNRM', now);
  }

  send(apdu: Uint8Array, now: number, options: SendOptions = {}): LinkEvent[] {
    if (this.#state !== 'open') return [linkError('not-open', 'the HDLC link is not open; call open() first')];
    this.#transfer.enqueue(encodeLpdu('command', apdu));
    this.#deliverBy = now + this.#patience;
    if (options.expectResponse !== false) this.#answerBy = this.#deliverBy;
    return this.#waiting === undefined ? this.#speak(now) : [];
  }

  poll(now: number): LinkEvent[] {
    if (this.#state !== 'open' || this.#waiting !== undefined) return [];
    return this.#sendReady(now);
  }

  close(now: number): LinkEvent[] {
    if (this.#state === 'closed' || this.#state === 'closing') return [];
    this.#state = 'closing';
    return this.#command('DISC', now);
  }

  receive(octets: Uint8Array, now: number): LinkEvent[] {
    const events = this.#handle(this.#deframer.push(octets), now);
    const incomplete = this.#deframer.pendingOctets > 0;
    this.#flushAt = incomplete ? now + this.#options.interOctetTimeout : undefined;
    // A frame on its way is no timeout, however slow the line.
    if (incomplete && this.#deadline !== undefined) this.#deadline = Math.max(this.#deadline, this.#flushAt! + 1);
    return events;
  }

  tick(now: number): LinkEvent[] {
    const events: LinkEvent[] = [];
    if (this.#flushAt !== undefined && now >= this.#flushAt) {
      this.#flushAt = undefined;
      events.push(...this.#handle(this.#deframer.flush(), now));
    }
    if (this.#pollAt !== undefined && now >= this.#pollAt) {
      this.#pollAt = undefined;
      if (this.#waiting === undefined) events.push(...this.#sendReady(now));
    }
    if (this.#deadline !== undefined && now >= this.#deadline) events.push(...this.#timeout(now));
    return events;
  }

  get #maxLpdu(): number {
    return this.#options.maxApdu ?? MAX_APDU_LENGTH;
  }

  /** How long the server may go on saying RR or RNR instead of an answer. */
  get #patience(): number {
    return this.#options.responseTimeout * (this.#options.retries + 1);
  }

  #timeout(now: number): LinkEvent[] {
    if (this.#attempts >= this.#options.retries) {
      const what = this.#waiting === 'final' ? 'an answer' : `UA to ${this.#waiting}`;
      const message = `no ${what} from ${describeHdlcAddress(this.#server)} after ${this.#attempts + 1} attempts of ${this.#options.responseTimeout} ms`;
      if (this.#waiting === 'DISC' && this.#state === 'opening') return this.#command('SNRM', now);
      return this.#closed('no-answer', linkError('no-answer', message).error);
    }
    this.#attempts++;
    const attempts = this.#attempts;
    const events = this.#waiting === 'final' ? this.#sendReady(now) : this.#command(this.#waiting ?? 'SNRM', now);
    this.#attempts = attempts;
    return events;
  }

  #handle(deframed: readonly HdlcDeframerEvent[], now: number): LinkEvent[] {
    const events: LinkEvent[] = [];
    for (const event of deframed) {
      if (event.type !== 'frame') events.push(brokenFrame(event));
      else if (!this.#echo.isEcho(event.frame, event.octets)) events.push(...this.#frame(event.frame, now));
    }
    return events;
  }

  #frame(frame: HdlcFrame, now: number): LinkEvent[] {
    if (frame.kind === 'UI') return this.#unnumberedInformation(frame);
    if (!this.#isOurs(frame)) return [this.#unexpected(frame)];
    if (this.#state === 'closed') return [this.#unexpected(frame)];
    switch (frame.kind) {
      case 'UA':
        return this.#acknowledged(frame, now);
      case 'DM':
        return this.#disconnectedMode(frame, now);
      case 'FRMR':
        return this.#rejected(frame);
      case 'I':
      case 'RR':
      case 'RNR':
      case 'REJ':
        return this.#state === 'open' ? this.#numbered(frame, now) : [this.#unexpected(frame)];
      default:
        return [this.#unexpected(frame)];
    }
  }

  #acknowledged(frame: HdlcFrame, now: number): LinkEvent[] {
    if (this.#waiting === 'DISC') {
      return this.#state === 'opening' ? this.#command('SNRM', now) : this.#closed('disconnected');
    }
    if (this.#waiting !== 'SNRM') return [this.#unexpected(frame)];
    const decoded = decodeHdlcParameters(frame.information);
    const parameters = acceptHdlcParameters(decoded.ok ? decoded.value : {}, this.#proposal);
    this.#transfer = new HdlcTransfer(parameters, this.#maxLpdu);
    this.#state = 'open';
    this.#answerBy = undefined;
    this.#stalls = 0;
    this.#ownTurn();
    const opened: LinkEvent = { type: 'opened', peer: this.peer, parameters };
    return decoded.ok ? [opened] : [linkError('broken-frame', 'UA with unreadable parameters', decoded.error), opened];
  }

  #disconnectedMode(frame: HdlcFrame, now: number): LinkEvent[] {
    if (this.#waiting === 'DISC') {
      return this.#state === 'opening' ? this.#command('SNRM', now) : this.#closed('disconnected');
    }
    const where = describeHdlcAddress(frame.source);
    if (this.#state === 'opening') {
      return this.#closed('refused', linkError('refused', `${where} answers SNRM with DM`).error);
    }
    return this.#closed('dropped', linkError('refused', `${where} answers DM: it is not connected (any more)`).error);
  }

  #rejected(frame: HdlcFrame): LinkEvent[] {
    const reasons = decodeFrameReject(frame.information)?.reasons.join(', ') || 'no reason given';
    return this.#closed('frame-rejected', linkError('frame-rejected', `FRMR: ${reasons}; open the link again`).error);
  }

  #numbered(frame: HdlcFrame & { readonly nr: number }, now: number): LinkEvent[] {
    const events: LinkEvent[] = [];
    const acknowledged = this.#transfer.acknowledge(frame.nr);
    if (acknowledged === undefined) {
      events.push(linkError('out-of-sequence', `N(R) ${frame.nr} acknowledges a frame that was not sent`));
    }
    const expected = this.#transfer.nr;
    if (frame.kind === 'I') events.push(...this.#information(frame));
    this.#serverBusy = frame.kind === 'RNR';
    if ((acknowledged ?? 0) > 0 || this.#transfer.nr !== expected) this.#progress(now);
    // With a window of 1 the server cannot go on after a frame, whether it sets F or not.
    const final = frame.pollFinal || this.#transfer.parameters.windowRx === 1;
    if (final && this.#waiting === 'final' && !this.#isLate(frame)) events.push(...this.#final(now));
    return events;
  }

  /**
   * The frame answers a poll that a timeout had given up on, and the answer to the current one is still to come: it
   * repeats what has been acknowledged since, or does not acknowledge the only frame sent. Taking it for the answer
   * would start two dialogues at the same time.
   */
  #isLate(frame: HdlcFrame & { readonly nr: number }): boolean {
    if (this.#turnProgress) return false;
    if (frame.kind === 'I') {
      const behind = (this.#transfer.nr - frame.ns) & 7;
      const { windowRx } = this.#transfer.parameters;
      // With a window above 4 a number can be both behind and ahead; a gap is the likelier reason then.
      if (behind <= windowRx && 8 - behind >= windowRx) return true;
    }
    return frame.kind !== 'RNR' && frame.nr === this.#lonely;
  }

  /** The server hands the right to send back. */
  #final(now: number): LinkEvent[] {
    // A server that is not ready to receive can send all the same.
    const stalled = this.#transfer.receiving || (this.#transfer.sending && !this.#serverBusy);
    if (!this.#turnProgress && stalled) {
      this.#stalls++;
      if (this.#stalls > 2 * (this.#options.retries + 1)) {
        const message = `${describeHdlcAddress(this.#server)} answers ${this.#stalls} times without getting further`;
        return this.#closed('no-answer', linkError('no-answer', message).error);
      }
    }
    this.#ownTurn();
    return this.#speak(now);
  }

  #information(frame: HdlcFrame & { readonly kind: 'I'; readonly ns: number }): LinkEvent[] {
    const accepted = this.#transfer.accept(frame.ns, frame.segmented, frame.information);
    if (accepted.result === 'out-of-sequence') {
      return [
        linkError('out-of-sequence', `I frame ${frame.ns} instead of ${this.#transfer.nr}; it is asked for again`),
      ];
    }
    if (accepted.result === 'segment') return [];
    this.#answerBy = undefined;
    if (accepted.result === 'limit') return [linkError('limit', `APDU of more than ${this.#maxLpdu} octets dropped`)];
    return [this.#apdu(accepted.lpdu)];
  }

  #unnumberedInformation(frame: HdlcFrame): LinkEvent[] {
    const added = this.#unnumbered.add(frame.information, frame.segmented);
    if (added.result === 'segment') return [];
    if (added.result === 'limit') return [linkError('limit', `APDU of more than ${this.#maxLpdu} octets dropped`)];
    const lower = lowerOf(frame.source);
    const peer = { client: upperOf(frame.destination), server: upperOf(frame.source) };
    const from = lower === undefined ? peer : { ...peer, physical: lower };
    // Some meters push several APDUs in one frame (Q10).
    return apdusOf(added.lpdu).map((apdu) => {
      return { type: 'apdu', apdu, peer: from, unsolicited: true, broadcast: false };
    });
  }

  #apdu(lpdu: Uint8Array): LinkEvent {
    const apdu = decodeLpdu(lpdu)?.payload ?? lpdu;
    return { type: 'apdu', apdu, peer: this.peer, unsolicited: false, broadcast: false };
  }

  /** The client has the right to send again. */
  #ownTurn(): void {
    this.#waiting = undefined;
    this.#deadline = undefined;
  }

  #progress(now: number): void {
    this.#turnProgress = true;
    this.#attempts = 0;
    this.#stalls = 0;
    this.#deliverBy = now + this.#patience;
    if (this.#answerBy !== undefined) this.#answerBy = this.#deliverBy;
  }

  /** Uses the right to send: data, a request for the next segment, or later a poll for the answer still missing. */
  #speak(now: number): LinkEvent[] {
    if (this.#transfer.sending && !this.#serverBusy) return this.#sendInformation(this.#transfer.burst(), now);
    if (this.#transfer.receiving) return this.#sendReady(now);
    if (this.#answerBy === undefined && !this.#transfer.sending) return [];
    if (now >= (this.#answerBy ?? this.#deliverBy)) {
      const what = this.#transfer.sending ? 'is not ready to receive' : 'acknowledged the request and has no answer';
      const message = `${describeHdlcAddress(this.#server)} ${what} after ${this.#patience} ms`;
      return this.#closed('no-answer', linkError('no-answer', message).error);
    }
    this.#pollAt = now + this.#options.pollInterval;
    return [];
  }

  #sendInformation(segments: readonly InformationSegment[], now: number): LinkEvent[] {
    this.#await('final', now);
    this.#lonely = segments.length === 1 ? segments[0]!.ns : undefined;
    return segments.map(({ ns, nr, segmented, information }, i) =>
      this.#emit({ kind: 'I', ns, nr }, i === segments.length - 1, information, segmented),
    );
  }

  #sendReady(now: number): LinkEvent[] {
    this.#pollAt = undefined;
    this.#await('final', now);
    return [this.#emit({ kind: 'RR', nr: this.#transfer.nr }, true)];
  }

  #command(kind: UnnumberedKind & Waiting, now: number): LinkEvent[] {
    this.#pollAt = undefined;
    this.#attempts = 0;
    this.#await(kind, now);
    return [this.#emit({ kind }, true, kind === 'SNRM' ? this.#snrmInformation() : undefined)];
  }

  #await(waiting: Waiting, now: number): void {
    this.#waiting = waiting;
    this.#lonely = undefined;
    this.#turnProgress = false;
    this.#deadline = now + this.#options.responseTimeout;
  }

  #snrmInformation(): Uint8Array {
    const { parameters = {}, sendParameters = 'when-needed' } = this.#options;
    const wanted =
      sendParameters === 'always' || (sendParameters === 'when-needed' && Object.keys(parameters).length > 0);
    return wanted ? encodeHdlcParameters(this.#proposal) : new Uint8Array(0);
  }

  #emit(
    control: HdlcControl,
    pollFinal: boolean,
    information: Uint8Array = new Uint8Array(0),
    segmented = false,
  ): LinkEvent {
    const route = { destination: this.#server, source: this.#own };
    const octets = encodeHdlcFrame({ ...control, ...route, pollFinal, segmented, information });
    this.#echo.sent(octets);
    if (this.#deadline !== undefined) this.#deadline += octets.length * this.#options.octetTime;
    return { type: 'send', octets };
  }

  #closed(reason: CloseReason, error?: LinkError): LinkEvent[] {
    this.#state = 'closed';
    this.#ownTurn();
    this.#pollAt = undefined;
    this.#answerBy = undefined;
    this.#attempts = 0;
    return [error ? { type: 'closed', peer: this.peer, reason, error } : { type: 'closed', peer: this.peer, reason }];
  }

  #isOurs(frame: HdlcFrame): boolean {
    return upperOf(frame.destination) === upperOf(this.#own) && answersCall(this.#server, frame.source);
  }

  #unexpected(frame: HdlcFrame): LinkEvent {
    return linkError('unexpected-frame', `${describeHdlcFrame(frame)} while ${this.#waiting ?? this.#state}`);
  }
}
