import type { Aare } from '../codec/acse/types.ts';
import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import type { CodecError, Deviation } from '../codec/result.ts';
import type { ConfirmedServiceError, GeneralBlockTransfer, InvokeIdAndPriority } from '../codec/xdlms/types.ts';
import { type Caller, describeCaller, exceptionError } from './aare.ts';
import { summarizeApdu } from './apdu-summary.ts';
import { type AssociationCounters, Ciphering } from './ciphering.ts';
import { malformed, SessionError } from './errors.ts';
import { collectGeneralBlocks } from './general-blocks.ts';
import { ANSWER_DECODING } from './limits.ts';
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

  /** Next invoke-id-and-priority: confirmed, high priority, ids 1 to 15 in turn (GB 9.5). */
  nextInvoke(): InvokeIdAndPriority {
    this.#invokeId = (this.#invokeId % 15) + 1;
    return { raw: 0xc0 | this.#invokeId, id: this.#invokeId, confirmed: true, highPriority: true };
  }

  /** Sends one service request under the protection of the association and returns the deciphered answer. */
  *request(request: Apdu, options: RequestOptions = {}): Procedure<Apdu> {
    const what = summarizeApdu(request);
    const plain = encodeApdu(request);
    const limit = this.negotiated?.maxPdu ?? 0;
    const octets = this.ciphering.active ? this.ciphering.protect(plain, options.specificCiphering) : plain;
    if (limit > 0 && octets.length > limit)
      throw new SessionError('pdu-too-long', `${what} has ${octets.length} octets, the meter takes ${limit}`, {
        next: 'ask for fewer items at once',
      });
    const secret = options.secret?.(plain) ?? [];
    const clear = octets === plain;
    this.#note({
      direction: 'tx',
      octets: clear ? maskOctets(octets, secret) : octets,
      summary: what,
      ...(clear ? {} : { plain: maskOctets(plain, secret) }),
    });
    const step: Step = {
      send: octets,
      awaiting: options.awaiting ?? 'response',
      ...(clear && secret.length > 0 ? { secret } : {}),
      ...(options.secretAnswer === true ? { secretAnswer: true } : {}),
    };
    return yield* this.#answer(step, what, options);
  }

  *#answer(first: Step, what: string, options: RequestOptions): Procedure<Apdu> {
    let step = first;
    let stale = 0;
    for (let skipped = 0; skipped <= MAX_NOTIFICATIONS_PER_ANSWER; skipped++) {
      let octets: Uint8Array;
      try {
        octets = yield step;
      } catch (error) {
        this.#unanswered++;
        throw error;
      }
      const apdu = yield* this.#open(octets, what, options.secretAnswer === true);
      step = { send: null, awaiting: first.awaiting, ...(options.secretAnswer === true ? { secretAnswer: true } : {}) };
      if (isNotification(apdu)) continue;
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

  /** Decodes one received APDU: collects general blocks, takes the protection off, and notes it. */
  *#open(octets: Uint8Array, what: string, withhold: boolean): Procedure<Apdu> {
    let whole = octets;
    let outer = this.#decode(octets, octets, what, withhold);
    if (outer.apdu.kind === 'general-block-transfer') {
      this.#noteReceived(octets, outer, withhold);
      whole = yield* collectGeneralBlocks(outer.apdu, (next) => this.#nextBlock(next, what, withhold));
      outer = this.#decode(whole, whole, what, withhold);
    }
    if (!Ciphering.isProtected(outer.apdu)) {
      this.#noteReceived(whole, outer, withhold);
      if (this.ciphering.active && !mayBePlain(outer.apdu)) throw unprotectedAnswer(outer.apdu, what);
      return outer.apdu;
    }
    const opened = this.ciphering.unprotect(outer.apdu, `answer to ${what}`);
    if (!opened.ok) {
      this.#note({ direction: 'rx', octets: whole, summary: outer.apdu.kind, error: opened.error });
      throw opened.failure;
    }
    const inner = this.#decode(opened.plain, whole, what, withhold);
    this.#noteReceived(whole, inner, withhold, opened.plain);
    return inner.apdu;
  }

  *#nextBlock(acknowledge: GeneralBlockTransfer | null, what: string, withhold: boolean): Procedure<Apdu> {
    const send = acknowledge === null ? null : encodeApdu(acknowledge);
    if (acknowledge !== null && send !== null)
      this.#note({ direction: 'tx', octets: send, summary: summarizeApdu(acknowledge) });
    const octets = yield { send, awaiting: 'response', ...(withhold ? { secretAnswer: true } : {}) };
    const received = this.#decode(octets, octets, what, withhold);
    this.#noteReceived(octets, received, withhold);
    return received.apdu;
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

function isNotification(apdu: Apdu): boolean {
  return apdu.kind === 'data-notification' || apdu.kind === 'event-notification' || apdu.kind === 'information-report';
}

function serviceError(error: ConfirmedServiceError, what: string): SessionError {
  const detail = `${error.error}/${error.value}`;
  return new SessionError(
    'service-error',
    `${what} was answered by confirmed-service-error ${error.service} ${detail}`,
    {
      diagnostic: detail,
    },
  );
}
