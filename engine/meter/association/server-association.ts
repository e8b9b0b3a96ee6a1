import type { Aarq, Rlrq, Undecodable } from '../../codec/acse/types.ts';
import type { Apdu } from '../../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../codec/apdu-codec.ts';
import type { CodecError, Decoded } from '../../codec/result.ts';
import type { ProtectedApdu } from '../../codec/security/types.ts';
import type { ConfirmedServiceError, GeneralBlockTransfer, InitiateResponse } from '../../codec/xdlms/types.ts';
import { GeneralBlockExchange, type GeneralBlockStep } from '../../link/general-block-exchange.ts';
import { readAttributeData } from '../attribute-access.ts';
import type { RequestBehaviour } from '../behaviours/request-behaviour.ts';
import type { BlueprintAssociation, CosemObject } from '../blueprint.ts';
import { momentOctets } from '../classes/clock.ts';
import type { VirtualMeter } from '../meter.ts';
import { runDue } from '../schedule/run-due.ts';
import { handleAccess, isConfirmedAccess } from '../services/access.ts';
import { handleAction, isHlsReply } from '../services/action.ts';
import {
  MALFORMED,
  NOT_ASSOCIATED,
  NOT_DECIPHERABLE,
  NOT_NEGOTIATED,
  replayed,
  TOO_LONG,
  UNKNOWN_SERVICE,
} from '../services/errors.ts';
import { handleGet } from '../services/get.ts';
import { MAX_LONG_REQUEST } from '../services/long-transfer.ts';
import { handleRead } from '../services/read.ts';
import { conformanceHas, type RequestContext } from '../services/request-context.ts';
import { handleSet } from '../services/set.ts';
import { isHlsReplyName } from '../services/short-names.ts';
import { handleWrite } from '../services/write.ts';
import type { AssociationState } from './association-state.ts';
import { initiateResponse } from './initiate.ts';
import { openProtected } from './open-protected.ts';
import { establishedState, type InitiateProposal, openAssociation } from './opening.ts';
import { protectAnswer, protectionOverhead } from './protect-answer.ts';
import { type IncomingProtection, isProtected, PLAIN, type ProtectionContext } from './protection.ts';
import { satisfiesLayers, satisfiesPolicy } from './protection-policy.ts';

/** No limit stated by the client: as much as the link's length fields carry. */
const UNLIMITED_PDU = 0xffff;
const UNLIMITED_LIST = Number.POSITIVE_INFINITY;
/** Largest answer sent in general blocks, octets of plain APDU. */
const MAX_LONG_ANSWER = 1024 * 1024;
/** Blocks of general block transfer this server takes before it wants to acknowledge. */
const WINDOW = 8;
const AARQ_TAG = 0x60;

export interface ServerAssociationOptions {
  readonly meter: VirtualMeter;
  readonly clientSap: number;
  readonly serverSap: number;
  /** Associations of the model for this client and logical device; not empty. */
  readonly candidates: readonly BlueprintAssociation[];
  readonly random: (length: number) => Uint8Array;
}

/** One client's association with one logical device: its state machine over APDUs (GB 9.4, 9.5). */
export class ServerAssociation {
  readonly #options: ServerAssociationOptions;
  #state: AssociationState | undefined;
  #closes = false;
  /** Quirks and faults of the exchange at hand. */
  #behaviour: RequestBehaviour | undefined;

  constructor(options: ServerAssociationOptions) {
    this.#options = options;
  }

  get meter(): VirtualMeter {
    return this.#options.meter;
  }

  get clientSap(): number {
    return this.#options.clientSap;
  }

  get serverSap(): number {
    return this.#options.serverSap;
  }

  get state(): AssociationState | undefined {
    return this.#state;
  }

  /** True once the connection is to be closed without an answer. */
  get closes(): boolean {
    return this.#closes;
  }

  /** Answers one APDU with at most one; undefined where the standard wants no answer. */
  receive(octets: Uint8Array, now: number, behaviour?: RequestBehaviour): Uint8Array | undefined {
    return this.exchange(octets, now, behaviour)[0];
  }

  /** Answers one APDU: the APDUs to send in their order, several when a window of general blocks is due. */
  exchange(octets: Uint8Array, now: number, behaviour?: RequestBehaviour): readonly Uint8Array[] {
    this.#behaviour = behaviour;
    const { meter } = this.#options;
    if (now >= meter.dueAt) runDue(meter, now);
    meter.enforceSecurity();
    meter.advance(now);
    const maxPdu = this.#state?.definition.model.maxPdu ?? 0;
    if (maxPdu > 0 && octets.length > maxPdu && octets[0] !== AARQ_TAG) return [TOO_LONG];
    const decoded = decodeApdu(octets);
    if (this.#state === undefined) this.#state = this.#established(decoded);
    if (decoded.ok && decoded.value.kind === 'general-block-transfer') return this.#block(decoded.value, now);
    if (this.#state !== undefined) this.#state.blocks = undefined;
    const answer = this.#answer(octets, decoded, now);
    return answer === undefined ? [] : this.#fitted(this.#behaviour?.quirks.sealed(answer) ?? answer);
  }

  /** A quirk: the association a request has without an AARQ. */
  #established(decoded: Decoded<Apdu>): AssociationState | undefined {
    const client = this.#behaviour?.habits.associatedFor;
    if (client === undefined || (client !== 0 && client !== this.#options.clientSap)) return undefined;
    if (!decoded.ok || decoded.value.kind === 'aarq' || !isRequest(decoded.value)) return undefined;
    const [definition] = this.#options.candidates;
    return definition && establishedState(this.#options, definition);
  }

  /**
   * The event-notification of an attribute, protected as the policy wants; undefined for clients that are not associated
   * or have not negotiated the service (GB 9.3.10).
   */
  notification(object: CosemObject, attribute: number, now: number): Uint8Array | undefined {
    const state = this.#state;
    if (state?.status !== 'associated' || !conformanceHas(state.conformance, 'event-notification')) return undefined;
    const { meter } = this.#options;
    const apdu = encodeApdu({
      kind: 'event-notification',
      time: momentOctets(meter, now),
      attr: { class: object.model.class, obis: object.obis, index: attribute },
      data: readAttributeData({ meter, object, time: now }, attribute),
    });
    const { definition, clientTitle } = state;
    return protectAnswer({ ...this.#protection(definition, clientTitle, now), state }, PLAIN, apdu);
  }

  #answer(octets: Uint8Array, decoded: Decoded<Apdu>, now: number): Uint8Array | undefined {
    if (!decoded.ok) return this.#refuse(octets, decoded.error);
    const apdu = decoded.value;
    if (apdu.kind === 'aarq') return this.#open(apdu, now);
    if (apdu.kind === 'rlrq') return this.#release(apdu, now);
    const state = this.#state;
    if (state === undefined) return isRequest(apdu) ? NOT_ASSOCIATED : undefined;
    if (isProtected(apdu)) return this.#serveProtected(state, apdu, now);
    const wasPending = state.status === 'pending';
    // Pass 3 in the clear is answered in the clear: only what follows it has keys to go by.
    const answer = this.#serve(state, apdu, PLAIN, now);
    if (answer === undefined || wasPending) return answer;
    const { definition, clientTitle } = state;
    return protectAnswer({ ...this.#protection(definition, clientTitle, now), state }, PLAIN, answer);
  }

  /** Largest APDU that may go to the client, octets; 0 = no limit. */
  #clientLimit(state: AssociationState): number {
    const limit = Math.min(state.clientMaxPdu || UNLIMITED_PDU, this.#behaviour?.limit('pdu') ?? UNLIMITED_PDU);
    return limit === UNLIMITED_PDU ? 0 : limit;
  }

  /** An answer longer than the client takes goes out in general blocks, where they were negotiated. */
  #fitted(answer: Uint8Array): readonly Uint8Array[] {
    const state = this.#state;
    if (state === undefined || !conformanceHas(state.conformance, 'general-block-transfer')) return [answer];
    const limit = this.#clientLimit(state);
    if (limit === 0 || answer.length <= limit) return [answer];
    state.blocks = this.#newExchange(state);
    return encoded(state.blocks.send(answer));
  }

  #newExchange(state: AssociationState): GeneralBlockExchange {
    return new GeneralBlockExchange({
      maxApdu: this.#clientLimit(state),
      window: WINDOW,
      maxReceived: MAX_LONG_REQUEST,
      nothingToSend: false,
    });
  }

  /** One block of a request, or the client's word on blocks of an answer. A request in blocks is answered in blocks. */
  #block(block: GeneralBlockTransfer, now: number): readonly Uint8Array[] {
    const state = this.#state;
    if (state === undefined) return [NOT_ASSOCIATED];
    if (!conformanceHas(state.conformance, 'general-block-transfer')) return [NOT_NEGOTIATED];
    const startsAnew = block.block === 1 && block.blockAck === 0 && block.raw.length > 0;
    if (startsAnew || state.blocks === undefined) state.blocks = this.#newExchange(state);
    const exchange = state.blocks;
    const step = exchange.receive(block);
    if (step.failed !== undefined) {
      state.blocks = undefined;
      return [step.failed === 'too-long' ? TOO_LONG : MALFORMED];
    }
    if (step.apdu === undefined) return encoded(step);
    const answer = this.#answer(step.apdu, decodeApdu(step.apdu), now);
    return answer === undefined ? [] : encoded(exchange.send(answer));
  }

  #refuse(octets: Uint8Array, error: CodecError): Uint8Array | undefined {
    if (octets[0] === AARQ_TAG) return undefined;
    if (error.code === 'bad-tag' && error.offset === 0) return UNKNOWN_SERVICE;
    return this.#state?.status === 'associated' ? MALFORMED : NOT_ASSOCIATED;
  }

  #protection(definition: BlueprintAssociation, clientTitle: Uint8Array | undefined, now: number): ProtectionContext {
    const { meter, random } = this.#options;
    return { meter, definition, clientTitle, now, random, habits: this.#behaviour?.habits };
  }

  #open(aarq: Aarq, now: number): Uint8Array | undefined {
    this.#state = undefined;
    let incoming: IncomingProtection | undefined;
    let responseAllowed = true;
    const rejection = this.#behaviour?.rejection;
    const lock = this.#behaviour?.lock;
    const context = {
      ...this.#options,
      now,
      ...(rejection === undefined ? {} : { rejection }),
      ...(lock === undefined ? {} : { lock }),
    };
    const opening = openAssociation(context, aarq, (definition) => {
      const [proposal, protection] = this.#proposal(definition, aarq, now);
      incoming = protection;
      if (proposal.kind === 'initiate-request') responseAllowed = proposal.responseAllowed;
      return proposal;
    });
    this.#state = opening.state;
    if (opening.state === undefined) return encodeApdu(this.#behaviour?.quirks.aare(opening.aare) ?? opening.aare);
    if (!responseAllowed) return undefined;
    const { definition, clientTitle, conformance } = opening.state;
    const userInformation = this.#information(definition, clientTitle, conformance, incoming, now);
    return encodeApdu({ ...opening.aare, userInformation });
  }

  /** The initiateRequest of an AARQ, deciphered where needed, with how it was protected. */
  #proposal(
    definition: BlueprintAssociation,
    aarq: Aarq,
    now: number,
  ): [InitiateProposal, IncomingProtection | undefined] {
    const initiate = aarq.userInformation;
    if (initiate === undefined || initiate.kind === 'undecodable') return [initiateError('other'), undefined];
    if (initiate.kind === 'initiate-request') {
      const enough = satisfiesLayers(this.#options.meter, definition, PLAIN.protections);
      return [enough ? initiate : initiateError('deciphering-error'), PLAIN];
    }
    const opened = openProtected(this.#protection(definition, aarq.callingApTitle, now), initiate);
    if (!opened.ok) this.#noteReplay(opened.why);
    if (!opened.ok) return [initiateError('deciphering-error'), undefined];
    const { decoded } = opened;
    const good = decoded.ok && decoded.value.kind === 'initiate-request';
    return [good ? decoded.value : initiateError('other'), opened.incoming];
  }

  /** A quirk: the connection is closed on an old invocation counter. True if it will be. */
  #noteReplay(why: 'replay' | 'not-decipherable'): boolean {
    if (why !== 'replay' || this.#behaviour?.habits.closesOnReplay !== true) return false;
    this.#closes = true;
    return true;
  }

  /** The initiateResponse for AARE and RLRE, protected like the request it answers. */
  #information(
    definition: BlueprintAssociation,
    clientTitle: Uint8Array | undefined,
    conformance: number,
    incoming: IncomingProtection | undefined,
    now: number,
  ): InitiateResponse | ProtectedApdu | Undecodable {
    const standard = initiateResponse(definition, conformance, this.#behaviour?.announcedPdu);
    if (incoming === undefined) return standard;
    const plain = encodeApdu(standard);
    const told = this.#behaviour?.quirks.initiate(plain) ?? plain;
    const octets = protectAnswer(this.#protection(definition, clientTitle, now), incoming, told);
    const decoded = decodeApdu(octets);
    if (decoded.ok && isProtected(decoded.value)) return decoded.value;
    return told === plain ? standard : { kind: 'undecodable', octets: told, why: 'a quirk' };
  }

  /** RLRE (GB 9.4.3). User-information is answered in kind; a protected one must be genuine. */
  #release(rlrq: Rlrq, now: number): Uint8Array {
    const state = this.#state;
    if (state === undefined) return encodeApdu({ kind: 'rlre', reason: 'not-finished' });
    const reason = rlrq.reason === undefined ? {} : { reason: 'normal' };
    const initiate = rlrq.userInformation;
    if (initiate === undefined || initiate.kind === 'undecodable') {
      this.#state = undefined;
      return encodeApdu({ kind: 'rlre', ...reason });
    }
    const { definition, clientTitle, conformance } = state;
    let incoming = PLAIN;
    if (initiate.kind !== 'initiate-request') {
      const opened = openProtected({ ...this.#protection(definition, clientTitle, now), state }, initiate);
      if (!opened.ok) return encodeApdu({ kind: 'rlre', reason: 'not-finished' });
      incoming = opened.incoming;
    }
    this.#state = undefined;
    const userInformation = this.#information(definition, clientTitle, conformance, incoming, now);
    return encodeApdu({ kind: 'rlre', ...reason, userInformation });
  }

  #serveProtected(state: AssociationState, apdu: ProtectedApdu, now: number): Uint8Array | undefined {
    const context = { ...this.#protection(state.definition, state.clientTitle, now), state };
    const opened = openProtected(context, apdu);
    if (!opened.ok && this.#noteReplay(opened.why)) return undefined;
    if (!opened.ok) return opened.why === 'replay' ? replayed(opened.expected) : NOT_DECIPHERABLE;
    const { decoded } = opened;
    if (!decoded.ok) return this.#refuse(opened.plain, decoded.error);
    // Nothing but services may be inside: protection is not nested, and associations are opened in the clear.
    if (isProtected(decoded.value)) return NOT_DECIPHERABLE;
    const answer = this.#serve(state, decoded.value, opened.incoming, now);
    return answer === undefined ? undefined : protectAnswer(context, opened.incoming, answer);
  }

  #serve(state: AssociationState, apdu: Apdu, incoming: IncomingProtection, now: number): Uint8Array | undefined {
    if (!isRequest(apdu)) return undefined;
    const pendingReply = state.status === 'pending' && isHlsReplyRequest(this.#options.meter, apdu);
    if (state.status !== 'associated' && !pendingReply) return NOT_ASSOCIATED;
    // Pass 3 is itself what authenticates; clients send it before they cipher.
    if (!pendingReply && !satisfiesPolicy(this.#options.meter, state.definition, incoming)) return NOT_DECIPHERABLE;
    const behaviour = this.#behaviour;
    // General blocks cut below the services, which then need none of their own.
    const limit = conformanceHas(state.conformance, 'general-block-transfer')
      ? MAX_LONG_ANSWER
      : this.#clientLimit(state) || UNLIMITED_PDU;
    const context: RequestContext = {
      behaviour,
      meter: this.#options.meter,
      association: state,
      time: now,
      incoming,
      maxResponse: Math.max(0, limit - protectionOverhead(this.#options.meter, state.definition, incoming)),
      maxBlock: behaviour?.limit('block_size') ?? UNLIMITED_PDU,
      maxList: behaviour?.limit('read_list') ?? UNLIMITED_LIST,
    };
    const answer = this.#dispatch(context, apdu);
    if (state.status === 'failed') this.#state = undefined;
    return answer;
  }

  #dispatch(context: RequestContext, apdu: Apdu): Uint8Array | undefined {
    const answer =
      context.association.definition.model.context === 'SN' ? serveShortNames(context, apdu) : serve(context, apdu);
    return isConfirmed(apdu) ? answer : undefined;
  }
}

/** Services of logical name referencing. */
function serve(context: RequestContext, apdu: Apdu): Uint8Array {
  switch (apdu.kind) {
    case 'get-request':
      return handleGet(context, apdu);
    case 'set-request':
      return handleSet(context, apdu);
    case 'action-request':
      return handleAction(context, apdu);
    case 'access-request':
      return handleAccess(context, apdu);
    default:
      return NOT_NEGOTIATED;
  }
}

/** Services of short name referencing. */
function serveShortNames(context: RequestContext, apdu: Apdu): Uint8Array {
  switch (apdu.kind) {
    case 'read-request':
      return handleRead(context, apdu);
    case 'write-request':
    case 'unconfirmed-write-request':
      return handleWrite(context, apdu);
    default:
      return NOT_NEGOTIATED;
  }
}

/** Whether the client waits for an answer. A GET and an HLS reply make no sense without one. */
function isConfirmed(apdu: Apdu): boolean {
  switch (apdu.kind) {
    case 'unconfirmed-write-request':
      return false;
    case 'set-request':
      return apdu.invoke.confirmed;
    case 'action-request':
      return apdu.invoke.confirmed || isHlsReply(apdu);
    case 'access-request':
      return isConfirmedAccess(apdu);
    default:
      return true;
  }
}

/** The one request that is served while HLS is pending. */
function isHlsReplyRequest(meter: VirtualMeter, apdu: Apdu): boolean {
  if (apdu.kind === 'action-request') return isHlsReply(apdu);
  if ((apdu.kind !== 'read-request' && apdu.kind !== 'write-request') || apdu.list.length !== 1) return false;
  const [access] = apdu.list;
  if (access === undefined) return false;
  if ('parameterized-access' in access) return isHlsReplyName(meter, access['parameterized-access'].name);
  return 'variable-name' in access && apdu.kind === 'write-request' && isHlsReplyName(meter, access['variable-name']);
}

function encoded(step: GeneralBlockStep): readonly Uint8Array[] {
  return step.failed === undefined ? step.send.map(encodeApdu) : [TOO_LONG];
}

function initiateError(value: 'other' | 'deciphering-error'): ConfirmedServiceError {
  return { kind: 'confirmed-service-error', service: 'initiate-error', error: 'application-reference', value };
}

/** APDUs a client sends. Everything else is none of a server's business. */
function isRequest(apdu: Apdu): boolean {
  return apdu.kind.endsWith('-request') || isProtected(apdu);
}
