import { MAX_FRAME_OVERHEAD } from '../codec/hdlc/frame.ts';
import { DEFAULT_HDLC_PARAMETERS, type HdlcLinkParameters } from '../codec/hdlc/parameters.ts';
import type { ApduEvent, ClientLink, CloseReason, LinkError, LinkEvent } from '../link/types.ts';
import { afterPoll } from './deadline.ts';
import { SessionError, type SessionErrorCode } from './errors.ts';
import type { GatewayRoute } from './gateway.ts';
import { maskLinkOctets } from './mask-link-octets.ts';
import type { Procedure, Step } from './procedure.ts';
import { maskOctets, type OctetRange } from './secret-ranges.ts';
import { FIRST_OCTETS_KEPT, judgeStranger, type Stranger } from './stranger.ts';
import type { Tracer } from './tracer.ts';
import { cancelled, type Transport, type TransportEvents } from './transport.ts';

export interface ChannelOptions {
  readonly link: ClientLink;
  readonly framing: 'wrapper' | 'hdlc';
  /** Milliseconds one answer may take; the time octets need on a serial line comes on top. */
  readonly timeoutMs: number;
  /** Milliseconds until the link is open. Default `timeoutMs`. */
  readonly openTimeoutMs?: number;
  /** Header of a gateway in front of the meter. */
  readonly gateway?: GatewayRoute;
  readonly tracer: Tracer;
  readonly signal?: AbortSignal;
  /** Hears of APDUs that answer nothing: pushes, and answers that came too late. What it returns is sent. */
  readonly onUnsolicited?: (apdu: Uint8Array) => Uint8Array | undefined;
  /** Monotonic milliseconds for the link. */
  readonly monotonic: () => number;
  /** Opens the transport; called once, with the channel's own handlers. */
  readonly connect: (events: TransportEvents) => Promise<Transport>;
}

interface Waiter {
  readonly what: 'open' | 'apdu' | 'close';
  /** Milliseconds without progress that count as silence. */
  readonly timeoutMs: number;
  readonly resolve: (octets: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** APDUs kept that nobody has asked for yet; a meter that talks without end loses the oldest. */
export const MAX_UNREAD_APDUS = 32;
/** Octets one answer may bring on the wire before it counts as noise: framing and repetitions included. */
export const MAX_OCTETS_PER_ANSWER = 4 * 1024 * 1024;

const EMPTY = new Uint8Array();

/**
 * Runs one client link over one transport: performs the link's events, keeps its deadlines, and turns the conversation
 * into promises. One request at a time.
 */
export class Channel {
  readonly #options: ChannelOptions;
  #transport: Transport | undefined;
  #waiter: Waiter | undefined;
  #ended: SessionError | undefined;
  #unread: Uint8Array[] = [];
  #lastLinkError: LinkError | undefined;
  #callOffTick: (() => void) | undefined;
  #callOffAnswer: (() => void) | undefined;
  #octetsSinceRequest = 0;
  /** Octets of a message that has not come to its end. Told apart from whole messages only with the wrapper. */
  #octetsSinceApdu = 0;
  /** What came first, as long as nothing of it was understood; undefined afterwards. */
  #firstOctets: Uint8Array | undefined = EMPTY;
  #withhold = false;
  #running = false;
  /** The APDU on its way out, with its secret parts: later segments and repetitions of it are masked too. */
  #outgoing: { readonly apdu: Uint8Array; readonly secret: readonly OctetRange[] } | undefined;
  #parameters: HdlcLinkParameters | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** HDLC parameters as negotiated; undefined for the wrapper. */
  get parameters(): HdlcLinkParameters | undefined {
    return this.#parameters;
  }

  /** Connects the transport, then the link (SNRM and UA for HDLC). Does nothing when it is open. */
  async open(): Promise<void> {
    if (this.#transport !== undefined) return;
    const { signal } = this.#options;
    this.#transport = await this.#options.connect({
      data: (octets) => this.#received(octets),
      closed: (reason) => this.#end(this.#hungUp(reason)),
    });
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted === true) this.#abort();
    if (this.#options.link.state === 'open') return;
    const { timeoutMs, openTimeoutMs = timeoutMs } = this.#options;
    await this.#wait('open', openTimeoutMs, () => this.#perform(this.#options.link.open(this.#now())));
  }

  /** Performs one step of a procedure: sends, and waits for the next APDU. Rejects with SessionError `no-answer` on silence. */
  async exchange(step: Step, timeoutMs = this.#options.timeoutMs): Promise<Uint8Array> {
    if (step.unconfirmed === true && step.send !== null) {
      if (this.#ended !== undefined) throw this.#ended;
      if (step.between !== true) this.#goingOut(step.send, step.secret);
      const events = this.#tell(step.send);
      const refusal = step.between === true ? undefined : refusalIn(events);
      if (refusal !== undefined) throw refusal;
      return EMPTY;
    }
    const unread = step.send === null ? this.#unread.shift() : undefined;
    if (unread !== undefined) return unread;
    this.#withhold = step.secretAnswer === true;
    return this.#wait('apdu', timeoutMs, () => {
      if (step.send === null) {
        this.#perform(this.#options.link.poll(this.#now()));
        return;
      }
      for (const late of this.#unread.splice(0)) this.#unsolicited(late);
      for (const apdu of step.before ?? []) this.#tell(apdu);
      this.#goingOut(step.send, step.secret);
      const events = this.#options.link.send(this.#wrapped(step.send), this.#now());
      this.#perform(events);
      // An APDU the link cannot carry is not waited for.
      const refusal = refusalIn(events);
      if (refusal !== undefined) this.#fail(refusal);
    });
  }

  /** Sends an APDU for which nothing comes back. */
  #tell(apdu: Uint8Array): readonly LinkEvent[] {
    const events = this.#options.link.send(this.#wrapped(apdu), this.#now(), { expectResponse: false });
    this.#perform(events);
    return events;
  }

  #wrapped(apdu: Uint8Array): Uint8Array {
    return this.#options.gateway?.wrap(apdu) ?? apdu;
  }

  #goingOut(apdu: Uint8Array, secret: readonly OctetRange[] | undefined): void {
    const { gateway } = this.#options;
    this.#outgoing =
      secret === undefined ? undefined : { apdu: this.#wrapped(apdu), secret: gateway?.shift(secret) ?? secret };
  }

  /** Runs a procedure to its end. Silence and lost connections are thrown into it. */
  async run<T>(procedure: Procedure<T>, timeoutMs = this.#options.timeoutMs): Promise<T> {
    if (this.#running) throw new TypeError('a channel runs one procedure at a time');
    this.#running = true;
    try {
      let state = procedure.next();
      while (state.done !== true) {
        let answer: Uint8Array;
        try {
          answer = await this.exchange(state.value, timeoutMs);
        } catch (error) {
          state = procedure.throw(error);
          continue;
        }
        state = procedure.next(answer);
      }
      return state.value;
    } finally {
      this.#running = false;
    }
  }

  /** Gives up the request under way, if there is one: whoever waits for its answer gets `error`. The link stays. */
  interrupt(error: SessionError): void {
    this.#fail(error);
  }

  /** Closes the link politely, within `timeoutMs`, then the transport. Never rejects. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#ended === undefined && this.#transport !== undefined && this.#options.link.state === 'open') {
      try {
        await this.#wait('close', timeoutMs, () => this.#perform(this.#options.link.close(this.#now())));
      } catch {
        // The meter did not answer the DISC; the transport goes away all the same.
      }
    }
    this.#end(new SessionError('closed', 'the association was closed'));
  }

  #wait(what: Waiter['what'], timeoutMs: number, start: () => void): Promise<Uint8Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#waiter !== undefined) return Promise.reject(new TypeError('a channel serves one request at a time'));
    return new Promise((resolve, reject) => {
      this.#waiter = { what, timeoutMs, resolve, reject };
      this.#octetsSinceRequest = 0;
      this.#octetsSinceApdu = 0;
      this.#lastLinkError = undefined;
      this.#restartDeadline();
      start();
    });
  }

  #restartDeadline(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    this.#callOffAnswer?.();
    const timeoutMs = waiter.timeoutMs + this.#timeOnLine;
    this.#callOffAnswer = afterPoll(timeoutMs, () => this.#fail(this.#silence(waiter.what, timeoutMs)));
  }

  /** What a frame each way takes on a serial line, ms. */
  get #timeOnLine(): number {
    const octetTime = this.#transport?.octetTime?.();
    if (octetTime === undefined) return 0;
    const { maxInfoTx, maxInfoRx } = this.#parameters ?? DEFAULT_HDLC_PARAMETERS;
    return Math.ceil(octetTime * (maxInfoTx + maxInfoRx + 2 * MAX_FRAME_OVERHEAD));
  }

  #settle(what: Waiter['what'], octets: Uint8Array): boolean {
    const waiter = this.#waiter;
    if (waiter?.what !== what) return false;
    this.#clearWaiter();
    waiter.resolve(octets);
    return true;
  }

  #fail(error: SessionError): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    this.#clearWaiter();
    waiter.reject(error);
  }

  #clearWaiter(): void {
    this.#waiter = undefined;
    this.#callOffAnswer?.();
    this.#callOffAnswer = undefined;
    this.#withhold = false;
  }

  #received(octets: Uint8Array): void {
    this.#options.tracer.link(
      'rx',
      this.#withhold ? maskOctets(octets, [{ from: 0, to: octets.length }]) : octets,
      `${octets.length} octets`,
    );
    this.#octetsSinceRequest += octets.length;
    this.#octetsSinceApdu += octets.length;
    this.#remember(octets);
    if (this.#octetsSinceRequest > MAX_OCTETS_PER_ANSWER) {
      this.#end(
        new SessionError('limit', `more than ${MAX_OCTETS_PER_ANSWER} octets without an answer`, {
          next: 'this is not a DLMS meter',
        }),
      );
      return;
    }
    const events = this.#options.link.receive(octets, this.#now());
    // The link goes on with the transfer (RR for the next segment): a long answer is on its way, not silence.
    if (events.some((event) => event.type === 'send')) this.#restartDeadline();
    this.#perform(events);
  }

  #perform(events: readonly LinkEvent[]): void {
    for (const event of events) {
      if (this.#ended !== undefined) return;
      switch (event.type) {
        case 'send': {
          const out = this.#outgoing;
          const shown =
            out === undefined
              ? event.octets
              : maskLinkOctets(this.#options.framing, event.octets, out.apdu, out.secret);
          this.#options.tracer.link('tx', shown, `${event.octets.length} octets`);
          this.#transport?.write(event.octets);
          break;
        }
        case 'speed':
          if (this.#transport?.setSpeed === undefined) break;
          this.#transport.setSpeed(event.speed);
          this.#options.tracer.note(`the line goes on at ${event.speed} bit/s`);
          break;
        case 'identified':
          this.#options.tracer.note(`the meter identifies itself: ${event.identification}`);
          break;
        case 'opened':
          this.#parameters = event.parameters;
          // The wrapper opens without having heard anything.
          if (event.parameters !== undefined) this.#firstOctets = undefined;
          this.#settle('open', EMPTY);
          break;
        case 'apdu':
          this.#apdu(event);
          break;
        case 'closed':
          if (!this.#settle('close', EMPTY)) this.#end(this.#closed(event.reason, event.error));
          break;
        case 'error':
          this.#lastLinkError = event.error;
          this.#options.tracer.note(`${event.error.code}: ${event.error.message}`);
          break;
      }
    }
    this.#schedule();
  }

  #remember(octets: Uint8Array): void {
    const before = this.#firstOctets;
    if (before === undefined || before.length >= FIRST_OCTETS_KEPT) return;
    const room = octets.subarray(0, FIRST_OCTETS_KEPT - before.length);
    const both = new Uint8Array(before.length + room.length);
    both.set(before);
    both.set(room, before.length);
    this.#firstOctets = both;
  }

  /** Who answers here, when it is no meter or one of another framing. */
  get #stranger(): Stranger | undefined {
    return this.#firstOctets === undefined ? undefined : judgeStranger(this.#firstOctets, this.#options.framing);
  }

  #apdu(event: ApduEvent): void {
    this.#firstOctets = undefined;
    this.#octetsSinceApdu = 0;
    const { gateway } = this.#options;
    const apdu = gateway === undefined ? event.apdu : gateway.unwrap(event.apdu);
    if (apdu === undefined) this.#options.tracer.note('an APDU of another device behind the gateway was passed over');
    else if (event.unsolicited || event.broadcast) this.#unsolicited(apdu);
    else if (!this.#settle('apdu', apdu)) this.#keep(apdu);
  }

  #unsolicited(apdu: Uint8Array): void {
    if (this.#options.onUnsolicited === undefined) this.#options.tracer.note('an unsolicited APDU was passed over');
    else {
      const reply = this.#options.onUnsolicited(apdu);
      if (reply !== undefined && this.#ended === undefined) this.#tell(reply);
    }
  }

  /** Between procedures nobody will ask for it; within one it may be the next of several. */
  #keep(apdu: Uint8Array): void {
    if (!this.#running) {
      this.#unsolicited(apdu);
      return;
    }
    this.#unread.push(apdu);
    if (this.#unread.length > MAX_UNREAD_APDUS) this.#unread.shift();
  }

  #schedule(): void {
    this.#callOffTick?.();
    this.#callOffTick = undefined;
    const at = this.#ended === undefined ? this.#options.link.nextDeadline() : undefined;
    if (at === undefined) return;
    this.#callOffTick = afterPoll(Math.max(0, at - this.#now()), () =>
      this.#perform(this.#options.link.tick(this.#now())),
    );
  }

  #silence(what: Waiter['what'], timeoutMs: number): SessionError {
    const stranger = this.#stranger;
    if (stranger !== undefined) {
      return what === 'open'
        ? explained('no-answer-to-snrm', `no answer to SNRM within ${timeoutMs} ms, ${stranger.found}`, stranger)
        : explained('no-answer', `no answer within ${timeoutMs} ms, ${stranger.found}`, stranger);
    }
    const error = this.#lastLinkError;
    const heard = error === undefined ? '' : `, only ${error.code}: ${error.message}`;
    if (what === 'open') return noAnswerToSnrm(`${timeoutMs} ms${heard}`);
    const isPiece = heard === '' && this.#options.framing === 'wrapper' && this.#octetsSinceApdu > 0;
    const piece = isPiece ? `, only ${this.#octetsSinceApdu} octets that are no whole message` : '';
    return new SessionError('no-answer', `no answer within ${timeoutMs} ms${heard}${piece}`, {
      ...(!isPiece ? {} : { cause: 'the rest of the answer was lost, or the meter is slow' }),
      next: 'allow more time, or check the connection',
    });
  }

  #closed(reason: CloseReason, error: LinkError | undefined): SessionError {
    const said = error === undefined ? '' : `: ${error.message}`;
    if (error?.code === 'no-identification') return noIdentification(error.message);
    const stranger = this.#stranger;
    if (reason === 'no-answer') {
      if (this.#waiter?.what !== 'open')
        return new SessionError('no-answer', `the meter stopped answering on the link${said}`, {
          next: 'connect again, and allow more time if the line is slow',
        });
      return stranger === undefined
        ? noAnswerToSnrm('all repetitions')
        : explained('no-answer-to-snrm', `no answer to SNRM, ${stranger.found}`, stranger);
    }
    if (reason === 'refused')
      return new SessionError('link-refused', `the meter answers SNRM with DM${said}`, {
        cause: 'another client holds the link, or the HDLC parameters are refused',
        next: 'wait for the inactivity timeout of the meter, or try other parameters',
      });
    if (stranger !== undefined) return explained('link-broken', stranger.found, stranger);
    return new SessionError('link-broken', `the link ended (${reason})${said}`, { next: 'connect again' });
  }

  /** The other side ended the connection: what that means depends on how far we had come. */
  #hungUp(reason: SessionError): SessionError {
    if (reason.code !== 'closed') return reason;
    const stranger = this.#stranger;
    if (stranger !== undefined) return explained('closed', `${reason.found}, ${stranger.found}`, stranger);
    if (this.#waiter?.what !== 'open') return reason;
    return new SessionError('closed', reason.found, {
      cause: 'the meter ended the connection instead of answering the SNRM',
      next: 'try the wrapper, or wait until other sessions have ended',
    });
  }

  #end(reason: SessionError): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#callOffTick?.();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#transport?.close();
    this.#fail(reason);
  }

  readonly #abort = (): void => this.#end(cancelled());

  #now(): number {
    return this.#options.monotonic();
  }
}

function explained(code: SessionErrorCode, found: string, { cause, next }: Stranger): SessionError {
  return new SessionError(code, found, { cause, next });
}

/** Why the link does not carry an APDU, if it does not. */
function refusalIn(events: readonly LinkEvent[]): SessionError | undefined {
  const refused = events.find((event) => event.type === 'error' && event.error.code === 'limit');
  if (refused?.type !== 'error') return undefined;
  return new SessionError('pdu-too-long', refused.error.message, { next: 'ask for fewer items at once' });
}

function noIdentification(found: string): SessionError {
  return new SessionError('no-identification', found, {
    cause: 'the optical head or the line does not reach the meter, or it answers to its device address only',
    next: 'check how the head sits, give the device address, or try HDLC without the IEC 62056-21 opening',
  });
}

function noAnswerToSnrm(waited: string): SessionError {
  return new SessionError('no-answer-to-snrm', `no answer to SNRM within ${waited}`, {
    cause: 'client SAP, server address, its number of octets or the framing do not fit this meter',
    next: 'try client 16, HDLC addresses of 1, 2 and 4 octets, or the wrapper',
  });
}
