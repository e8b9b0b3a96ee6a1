import type { Aare } from '../codec/acse/types.ts';
import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import type { CodecError, Deviation } from '../codec/result.ts';
import type { ManufacturerHls } from '../codec/security/manufacturer-hls.ts';
import { invokeIdAndPriority } from '../codec/xdlms/invoke.ts';
import type { ConfirmedServiceError, GeneralBlockTransfer, InvokeIdAndPriority } from '../codec/xdlms/types.ts';
import type { GeneralBlockExchange, GeneralBlockStep } from '../link/general-block-exchange.ts';
import { type Caller, describeCaller, exceptionError } from './aare.ts';
import { summarizeApdu } from './apdu-summary.ts';
import { type AssociationCounters, Ciphering } from './ciphering.ts';
import { malformed, SessionError } from './errors.ts';
import { clientExchange, DEFAULT_WINDOW, finishExchange } from './general-blocks.ts';
import { ANSWER_DECODING } from './limits.ts';
import { confirmationOf, isNotification, type Notification } from './notification.ts';
import type { ClientParams } from './params.ts';
import type { Awaiting, Procedure, Step } from './procedure.ts';
import { maskOctets, type OctetRange } from './secret-ranges.ts';

/** What happened at APDU level, for traces and evidence. Octets never hold a password in clear. */
export interface ApduEvent {
  readonly direction: 'tx' | 'rx' | 'note';
  readonly octets: Uint8Array;
  readonly summary: string;
  readonly plain?: Uint8Array;
  readonly error?: CodecError;
  readonly deviations?: readonly Deviation[];
}

export interface SessionContext {
  /** Random octets for challenges and dedicated keys. */
  readonly random: (length: number) => Uint8Array;
  /** Milliseconds since the epoch, for the validity of certificates; without it none is believed. */
  readonly now?: () => number;
  readonly onApdu?: (event: ApduEvent) => void;
  /** Hears what the meter tells without being asked. It must not throw. */
  readonly onNotification?: (notification: Notification) => void;
  /** What stands behind authentication mechanism 2. */
  readonly manufacturerHls?: ManufacturerHls;
  /** Invocation counters; default: of this association only. */
  readonly counters?: AssociationCounters;
  /** SAPs for messages; the link carries them. */
  readonly client?: number;
  readonly server?: number;
}

/** What the association came to. */
export interface Negotiated {
  readonly conformance: ReadonlySet<string>;
  /** Largest APDU the meter takes; 0 = no limit. */
  readonly maxPdu: number;
  readonly vaaName: number;
  readonly dlmsVersion: number;
  readonly serverSystemTitle?: Uint8Array;
  readonly aare: Aare;
}

export interface RequestOptions {
  readonly awaiting?: Awaiting;
  /** Parts of the plain request that are a password. */
  readonly secret?: (plain: Uint8Array) => readonly OctetRange[];
  readonly secretAnswer?: boolean;
  /** Service-specific ciphering even where general protection was negotiated. */
  readonly specificCiphering?: boolean;
  /** Answers meant for other requests are skipped only when a request went unanswered before. */
  readonly invoke?: InvokeIdAndPriority;
}

/** Unsolicited notifications taken while one answer is awaited. */
export const MAX_NOTIFICATIONS_PER_ANSWER = 64;
/** Answers to earlier, timed-out requests skipped while one answer is awaited. */
export const MAX_STALE_ANSWERS = 8;

/**
 * One client association without I/O (GB 9.3, 9.4): knows what to send, what an answer means, keys and counters.
 * Services are procedures over `request` in files of their own.
 */
export class ClientSession {
  readonly params: ClientParams;
  readonly context: SessionContext;
  readonly ciphering: Ciphering;
  negotiated: Negotiated | undefined;
  #invokeId = 0;
  #unanswered = 0;
  /** A push in general blocks that is under way. */
  #push: GeneralBlockExchange | undefined;

  constructor(params: ClientParams, context: SessionContext) {
    this.params = params;
    this.context = context;
    this.ciphering = new Ciphering(params, context.random, context.counters);
  }

  get caller(): Caller {
    const { client, server } = this.context;
    return {
      ...(client !== undefined ? { client } : {}),
      ...(server !== undefined ? { server } : {}),
      referencing: this.params.referencing,
      authentication: this.params.mechanism,
      protection: this.params.protection,
    };
  }

  /** Next invoke-id-and-priority: high priority, ids 1 to 15 in turn (GB 9.5). */
  nextInvoke(confirmed = true): InvokeIdAndPriority {
    this.#invokeId = (this.#invokeId % 15) + 1;
    return invokeIdAndPriority(this.#invokeId, confirmed);
  }

  /** Sends one service request under the protection of the association and returns the deciphered answer. */
  *request(request: Apdu, options: RequestOptions = {}): Procedure<Apdu> {
    const { what, octets, secret, inBlocks } = this.#prepare(request, options, this.#hasGeneralBlocks);
    if (inBlocks) {
      const exchange = clientExchange(this.negotiated?.maxPdu ?? 0, this.#window, false);
      const whole = yield* this.#exchangeBlocks(exchange, exchange.send(octets), what, {
        ...options,
        ...(secret.length > 0 ? { secretBlocks: true } : {}),
      });
      return yield* this.#answer(whole, { send: null, awaiting: 'response' }, what, options);
    }
    const step: Step = {
      send: octets,
      awaiting: options.awaiting ?? 'response',
      ...(secret.length > 0 ? { secret } : {}),
      ...(options.secretAnswer === true ? { secretAnswer: true } : {}),
    };
    return yield* this.#answer(undefined, step, what, options);
  }

  /** Sends an unconfirmed request under the protection of the association. Nothing tells whether it was heard. */
  *tell(request: Apdu, options: Pick<RequestOptions, 'secret'> = {}): Procedure<void> {
    const { octets, secret } = this.#prepare(request, options, false);
    // A meter that answers all the same is not taken to answer the next request.
    this.#unanswered++;
    yield {
      send: octets,
      awaiting: 'response',
      unconfirmed: true,
      ...(secret.length > 0 ? { secret } : {}),
    };
  }

  /** The octets of a request as they go out, noted; `secret` says what of them is a password in clear. */
  #prepare(request: Apdu, options: RequestOptions, mayCut: boolean): Prepared {
    const what = summarizeApdu(request);
    const plain = encodeApdu(request);
    const limit = this.negotiated?.maxPdu ?? 0;
    const octets = this.ciphering.active ? this.ciphering.protect(plain, options.specificCiphering) : plain;
    const inBlocks = limit > 0 && octets.length > limit && mayCut;
    if (limit > 0 && octets.length > limit && !inBlocks)
      throw new SessionError('pdu-too-long', `${what} has ${octets.length} octets, the meter takes ${limit}`, {
        next: 'ask for fewer items at once',
      });
    const secret = options.secret?.(plain) ?? [];
    const clear = octets === plain;
    this.#note({
      // What goes out in general blocks is told as a whole first: the blocks follow.
      direction: inBlocks ? 'note' : 'tx',
      octets: clear ? maskOctets(octets, secret) : octets,
      summary: inBlocks ? `${what}, in general blocks` : what,
      ...(clear ? {} : { plain: maskOctets(plain, secret) }),
    });
    return { what, octets, secret: clear ? secret : [], inBlocks };
  }

  get #hasGeneralBlocks(): boolean {
    return this.negotiated?.conformance.has('general-block-transfer') === true;
  }

  get #window(): number {
    return this.params.generalBlockWindow ?? DEFAULT_WINDOW;
  }

  /**
   * Takes an APDU that arrived while nothing was asked: notifications go to `onNotification`, anything else is an
   * answer nobody waits for and only noted. Pushes in general blocks are put together over several calls. Returns the
   * APDU to send if the meter wants a confirmation.
   */
  hear(octets: Uint8Array): Uint8Array | undefined {
    try {
      return this.#hear(octets);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      this.#note({ direction: 'note', octets, summary: `an APDU nobody asked for is passed over: ${error.found}` });
      return undefined;
    }
  }

  #hear(octets: Uint8Array): Uint8Array | undefined {
    const outer = this.#decode(octets, octets, 'nothing', false);
    if (outer.apdu.kind === 'general-block-transfer') {
      this.#noteReceived(octets, outer, false);
      if (outer.apdu.block === 1 || this.#push === undefined) this.#push = clientExchange(0, this.#window, true);
      const { apdu, failed } = this.#push.receive(outer.apdu);
      if (apdu !== undefined || failed !== undefined) this.#push = undefined;
      if (failed !== undefined)
        this.#note({ direction: 'note', octets, summary: `a push in general blocks: ${failed}` });
      return apdu === undefined ? undefined : this.#hear(apdu);
    }
    const opened = this.#openWhole(octets, outer, 'nothing', false);
    return isNotification(opened.apdu) ? this.#notify(opened.apdu, opened.isProtected) : undefined;
  }

  /** Tells of a notification; returns its confirmation, protected as it was, where the meter wants one. */
  #notify(apdu: Notification['apdu'], isProtected: boolean): Uint8Array | undefined {
    this.context.onNotification?.({ apdu, protected: isProtected });
    const confirmation = confirmationOf(apdu);
    if (confirmation === undefined) return undefined;
    const plain = encodeApdu(confirmation);
    const octets = isProtected ? this.ciphering.protectConfirmation(plain) : plain;
    const summary = summarizeApdu(confirmation);
    this.#note({ direction: 'tx', octets, summary, ...(isProtected ? { plain } : {}) });
    return octets;
  }

  /** Tells of a notification that came in the middle of a request. */
  *#notified(apdu: Notification['apdu'], isProtected: boolean): Procedure<void> {
    const send = this.#notify(apdu, isProtected);
    if (send !== undefined) yield { send, awaiting: 'response', unconfirmed: true, between: true };
  }

  /** The answer to `first`, or `received` if it is there already; what is no answer is skipped. */
  *#answer(received: Uint8Array | undefined, first: Step, what: string, options: RequestOptions): Procedure<Apdu> {
    let step = first;
    let stale = 0;
    let ready = received;
    for (let skipped = 0; skipped <= MAX_NOTIFICATIONS_PER_ANSWER; skipped++) {
      const octets: Uint8Array = ready ?? (yield* this.#await(step));
      ready = undefined;
      const { apdu, isProtected } = yield* this.#open(octets, what, options);
      step = { send: null, awaiting: first.awaiting, ...(options.secretAnswer === true ? { secretAnswer: true } : {}) };
      if (isNotification(apdu)) {
        yield* this.#notified(apdu, isProtected);
        continue;
      }
      if (this.#isStale(apdu, options) && stale++ < MAX_STALE_ANSWERS) continue;
      this.#unanswered = 0;
      if (apdu.kind === 'exception-response') throw exceptionError(apdu, what);
      if (apdu.kind === 'confirmed-service-error') throw serviceError(apdu, what);
      return apdu;
    }
    throw new SessionError(
      'limit',
      `more than ${MAX_NOTIFICATIONS_PER_ANSWER} notifications instead of an answer to ${what}`,
    );
  }

  #isStale(apdu: Apdu, options: RequestOptions): boolean {
    return (
      this.#unanswered > 0 && options.invoke !== undefined && 'invoke' in apdu && apdu.invoke.id !== options.invoke.id
    );
  }

  *#await(step: Step): Procedure<Uint8Array> {
    try {
      return yield step;
    } catch (error) {
      this.#unanswered++;
      throw error;
    }
  }

  /** Decodes one received APDU: collects general blocks, takes the protection off, and notes it. */
  *#open(octets: Uint8Array, what: string, options: RequestOptions): Procedure<OpenedApdu> {
    const withhold = options.secretAnswer === true;
    const outer = this.#decode(octets, octets, what, withhold);
    if (outer.apdu.kind !== 'general-block-transfer') return this.#openWhole(octets, outer, what, withhold);
    this.#noteReceived(octets, outer, withhold);
    const exchange = clientExchange(this.negotiated?.maxPdu ?? 0, this.#window, true);
    const whole = yield* this.#exchangeBlocks(exchange, exchange.receive(outer.apdu), what, options);
    return this.#openWhole(whole, this.#decode(whole, whole, what, withhold), what, withhold);
  }

  #openWhole(octets: Uint8Array, outer: Received, what: string, withhold: boolean): OpenedApdu {
    if (!Ciphering.isProtected(outer.apdu)) {
      this.#noteReceived(octets, outer, withhold);
      if (this.ciphering.active && !mayBePlain(outer.apdu)) throw unprotectedAnswer(outer.apdu, what);
      return { apdu: outer.apdu, isProtected: false };
    }
    const opened = this.ciphering.unprotect(outer.apdu, `answer to ${what}`);
    if (!opened.ok) {
      this.#note({ direction: 'rx', octets, summary: outer.apdu.kind, error: opened.error });
      throw opened.failure;
    }
    const inner = this.#decode(opened.plain, octets, what, withhold);
    this.#noteReceived(octets, inner, withhold, opened.plain);
    if (opened.lessProtected !== undefined && !mayBePlain(inner.apdu)) throw opened.lessProtected;
    return { apdu: inner.apdu, isProtected: true };
  }

  /** Runs a general block transfer to its end. Notifications between the blocks are handed on. */
  *#exchangeBlocks(
    exchange: GeneralBlockExchange,
    first: GeneralBlockStep,
    what: string,
    options: RequestOptions & { readonly secretBlocks?: true },
  ): Procedure<Uint8Array> {
    const self = this;
    const withhold = options.secretAnswer === true;
    return yield* finishExchange(exchange, first, function* (send) {
      return yield* self.#swapBlocks(send, what, withhold, options.secretBlocks === true);
    });
  }

  *#swapBlocks(
    send: readonly GeneralBlockTransfer[],
    what: string,
    withhold: boolean,
    secret: boolean,
  ): Procedure<GeneralBlockTransfer> {
    const out = send.map((block) => {
      const octets = encodeApdu(block);
      this.#note({ direction: 'tx', octets: secret ? maskAll(octets) : octets, summary: summarizeApdu(block) });
      return octets;
    });
    const last = out.pop() ?? null;
    let step: Step = {
      send: last,
      before: out,
      awaiting: 'response',
      ...(secret && last !== null ? { secret: [{ from: 0, to: last.length }] } : {}),
      ...(withhold ? { secretAnswer: true } : {}),
    };
    for (let skipped = 0; skipped <= MAX_NOTIFICATIONS_PER_ANSWER; skipped++) {
      const octets = yield* this.#await(step);
      const received = this.#decode(octets, octets, what, withhold);
      if (received.apdu.kind === 'general-block-transfer') {
        this.#noteReceived(octets, received, withhold);
        return received.apdu;
      }
      const { apdu, isProtected } = this.#openWhole(octets, received, what, withhold);
      if (apdu.kind === 'exception-response') throw exceptionError(apdu, what);
      if (apdu.kind === 'confirmed-service-error') throw serviceError(apdu, what);
      if (!isNotification(apdu))
        throw new SessionError('block-sequence', `${what}: ${apdu.kind} where a general block was expected`, {
          next: 'try again',
        });
      yield* this.#notified(apdu, isProtected);
      step = { send: null, awaiting: 'response', ...(withhold ? { secretAnswer: true } : {}) };
    }
    throw new SessionError('limit', `more than ${MAX_NOTIFICATIONS_PER_ANSWER} notifications among general blocks`);
  }

  /** `shown` is what goes into the trace when the octets cannot be decoded. */
  #decode(octets: Uint8Array, shown: Uint8Array, what: string, withhold: boolean): Received {
    const decoded = decodeApdu(octets, ANSWER_DECODING);
    if (decoded.ok) return { apdu: decoded.value, deviations: decoded.deviations };
    this.#note({
      direction: 'rx',
      octets: withhold ? maskAll(shown) : shown,
      summary: 'malformed APDU',
      error: decoded.error,
    });
    throw malformed(`answer to ${what}`, decoded.error);
  }

  #noteReceived(octets: Uint8Array, received: Received, withhold: boolean, plain?: Uint8Array): void {
    this.#note({
      direction: 'rx',
      octets: withhold ? maskAll(octets) : octets,
      summary: summarizeApdu(received.apdu),
      ...(plain !== undefined ? { plain: withhold ? maskAll(plain) : plain } : {}),
      ...(received.deviations.length > 0 ? { deviations: received.deviations } : {}),
    });
  }

  /** For procedures that exchange ACSE APDUs themselves. */
  note(event: ApduEvent): void {
    this.#note(event);
  }

  #note(event: ApduEvent): void {
    this.context.onApdu?.(event);
  }

  /** Throws `not-associated` unless an association is open. */
  requireAssociation(): Negotiated {
    if (this.negotiated !== undefined) return this.negotiated;
    throw new SessionError('not-associated', `${describeCaller(this.caller)} has no open association`);
  }
}

interface Prepared {
  readonly what: string;
  readonly octets: Uint8Array;
  readonly secret: readonly OctetRange[];
  readonly inBlocks: boolean;
}

interface OpenedApdu {
  readonly apdu: Apdu;
  readonly isProtected: boolean;
}

interface Received {
  readonly apdu: Apdu;
  readonly deviations: readonly Deviation[];
}

function maskAll(octets: Uint8Array): Uint8Array {
  return maskOctets(octets, [{ from: 0, to: octets.length }]);
}

/**
 * What a meter may send in clear where services are ciphered: refusals of a request it could not decipher, and
 * notifications, which are passed over here.
 */
function mayBePlain(apdu: Apdu): boolean {
  return apdu.kind === 'exception-response' || apdu.kind === 'confirmed-service-error' || isNotification(apdu);
}

function unprotectedAnswer(apdu: Apdu, what: string): SessionError {
  return new SessionError('less-protected', `answer to ${what}: found ${apdu.kind} in clear, expected it protected`, {
    cause: 'the meter does not protect its answers, or somebody in between answers in its place',
    next: 'associate without ciphering, if you know this meter to be so',
  });
}

function serviceError(error: ConfirmedServiceError, what: string): SessionError {
  const detail = `${error.error}/${error.value}`;
  return new SessionError(
    'service-error',
    `${what} was answered by confirmed-service-error ${error.service} ${detail}`,
    {
      diagnostic: detail,
      next: 'compare the negotiated conformance and the rights of this client',
    },
  );
}
