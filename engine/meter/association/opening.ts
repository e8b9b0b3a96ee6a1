import type { Aare, Aarq, ApplicationContext } from '../../codec/acse/types.ts';
import type { ConfirmedServiceError, InitiateRequest } from '../../codec/xdlms/types.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import { admitsUser } from '../classes/association-users.ts';
import type { VirtualMeter } from '../meter.ts';
import type { AssociationState, HlsChallenges } from './association-state.ts';
import { ownCertificate } from './certificates.ts';
import { isHlsMechanism } from './hls.ts';
import { initiateResponse, negotiate } from './initiate.ts';
import { isLocked, type LoginLock, recordFailure, recordSuccess } from './login-lock.ts';
import { sameSecret } from './same-secret.ts';

/** acse-service-user diagnostics this server gives (GB 9.4.2; wire.md 7). */
const DIAGNOSTICS = [
  'null',
  'no-reason-given',
  'application-context-name-not-supported',
  'calling-AE-invocation-identifier-not-recognized',
  'authentication-mechanism-name-not-recognised',
  'authentication-mechanism-name-required',
  'authentication-failure',
  'authentication-required',
] as const;
type Diagnostic = (typeof DIAGNOSTICS)[number];

/** acse-requirements with the authentication functional unit. */
const AUTHENTICATION_UNIT = Uint8Array.of(0x07, 0x80);
const VERSION_1 = 0x80;
const MIN_CHALLENGE = 8;
const MAX_CHALLENGE = 64;
const OWN_CHALLENGE = 16;
/** Where challenges are signed: as long as the hash under the signature of suite 1. */
const OWN_SIGNED_CHALLENGE = 32;

export interface OpeningContext {
  readonly meter: VirtualMeter;
  readonly clientSap: number;
  readonly serverSap: number;
  /** Associations of the model for this client and logical device; not empty. */
  readonly candidates: readonly BlueprintAssociation[];
  readonly now: number;
  readonly random: (length: number) => Uint8Array;
  /** A quirk: diagnostic with which every AARQ is rejected. */
  readonly rejection?: string;
  /** A quirk: lock-out in place of the association's. */
  readonly lock?: LoginLock;
}

/** The AARQ's xDLMS part as it is after deciphering, or why there is none. */
export type InitiateProposal = InitiateRequest | ConfirmedServiceError;

export interface Opening {
  readonly aare: Aare;
  /** The association, if it was accepted; pending when HLS has two passes to go. */
  readonly state?: AssociationState;
}

/** Application context an association of the model stands for. */
export function contextOf(definition: BlueprintAssociation): ApplicationContext {
  const { context, ciphering } = definition.model;
  if (context === 'LN') return ciphering ? 'ln-ciphered' : 'ln';
  return ciphering ? 'sn-ciphered' : 'sn';
}

export function isHls(definition: BlueprintAssociation): boolean {
  return definition.model.mechanism.startsWith('hls-');
}

/** The association an AARQ is meant for: the one whose context and mechanism it names. */
export function chooseDefinition(
  candidates: readonly BlueprintAssociation[],
  aarq: Aarq,
): BlueprintAssociation | undefined {
  const fitting = candidates.filter((candidate) => contextOf(candidate) === aarq.applicationContext);
  return fitting.find((candidate) => candidate.model.mechanism === (aarq.mechanism ?? 'lowest')) ?? fitting[0];
}

/** Answers an AARQ (GB 9.4.2, 9.4.4): accepted, pending HLS, or rejected with the exact diagnostic. */
export function openAssociation(
  context: OpeningContext,
  aarq: Aarq,
  proposal: (definition: BlueprintAssociation) => InitiateProposal,
): Opening {
  if (aarq.protocolVersion !== undefined && ((aarq.protocolVersion[1] ?? 0) & VERSION_1) === 0) {
    return { aare: rejectedByProvider(aarq) };
  }
  const { rejection } = context;
  if (rejection !== undefined) {
    const known = DIAGNOSTICS.find((diagnostic) => diagnostic === rejection);
    return { aare: rejected(context, aarq, known ?? 'no-reason-given') };
  }
  const definition = chooseDefinition(context.candidates, aarq);
  if (definition === undefined) return { aare: rejected(context, aarq, 'application-context-name-not-supported') };
  if (isLocked(context.meter, definition, context.now)) {
    return { aare: { ...rejected(context, aarq, 'authentication-failure'), result: 'rejected-transient' } };
  }
  const refusal = checkMechanism(context.meter, definition, aarq) ?? checkPassword(context, definition, aarq);
  if (refusal !== undefined) {
    if (refusal === 'authentication-failure') recordFailure(context.meter, definition, context.now, context.lock);
    return { aare: rejected(context, aarq, refusal) };
  }
  if (!admitsUser(context.meter, definition, aarq.callingAeInvocationId)) {
    return { aare: rejected(context, aarq, 'calling-AE-invocation-identifier-not-recognized') };
  }
  const initiate = proposal(definition);
  const outcome = initiate.kind === 'initiate-request' ? negotiate(initiate, definition) : initiate;
  if ('kind' in outcome) return { aare: { ...rejected(context, aarq, 'no-reason-given'), userInformation: outcome } };

  const challenges = isHls(definition) ? challengesFor(context, definition, aarq) : undefined;
  if (challenges === undefined) recordSuccess(context.meter, definition);
  const state: AssociationState = {
    ...establishedState(context, definition),
    conformance: outcome.conformance,
    clientMaxPdu: outcome.clientMaxPdu,
    clientTitle: aarq.callingApTitle === undefined ? undefined : new Uint8Array(aarq.callingApTitle),
    ...(aarq.callingAeInvocationId === undefined ? {} : { userId: aarq.callingAeInvocationId }),
    dedicatedKey: outcome.dedicatedKey,
    status: challenges === undefined ? 'associated' : 'pending',
    challenges,
  };
  return { aare: accepted(context, state), state };
}

/** An association that is there without an AARQ: all its template allows, and nothing of a client known. */
export function establishedState(
  context: Pick<OpeningContext, 'clientSap' | 'serverSap' | 'random'>,
  definition: BlueprintAssociation,
): AssociationState {
  return {
    definition,
    clientSap: context.clientSap,
    serverSap: context.serverSap,
    mechanism: definition.model.mechanism,
    ciphered: definition.model.ciphering,
    conformance: definition.conformance,
    clientMaxPdu: 0,
    clientTitle: undefined,
    dedicatedKey: undefined,
    random: context.random,
    dedicatedReceived: -1,
    dedicatedSent: 0,
    status: 'associated',
    challenges: undefined,
    response: undefined,
    request: undefined,
  };
}

function checkMechanism(meter: VirtualMeter, definition: BlueprintAssociation, aarq: Aarq): Diagnostic | undefined {
  const wanted = definition.model.mechanism;
  if (wanted === 'lowest') {
    return aarq.mechanism === undefined || aarq.mechanism === 'lowest'
      ? undefined
      : 'authentication-mechanism-name-not-recognised';
  }
  if (aarq.mechanism === undefined) {
    const authenticates = aarq.acseRequirements !== undefined || aarq.authValue !== undefined;
    return authenticates ? 'authentication-mechanism-name-required' : 'authentication-required';
  }
  const plugged = wanted === 'hls-manufacturer' && meter.manufacturerHls !== undefined;
  const served = wanted === 'lls' || isHlsMechanism(wanted) || plugged;
  return aarq.mechanism === wanted && served ? undefined : 'authentication-mechanism-name-not-recognised';
}

function checkPassword(context: OpeningContext, definition: BlueprintAssociation, aarq: Aarq): Diagnostic | undefined {
  const { mechanism } = definition.model;
  if (mechanism === 'lowest') return undefined;
  const value = aarq.authValue?.octets;
  if (mechanism === 'lls') {
    const password = context.meter.associationSecret(definition.index);
    const good = value !== undefined && password !== undefined && sameSecret(value, password);
    return good ? undefined : 'authentication-failure';
  }
  const length = value?.length ?? 0;
  return length >= MIN_CHALLENGE && length <= MAX_CHALLENGE ? undefined : 'authentication-failure';
}

function challengesFor(context: OpeningContext, definition: BlueprintAssociation, aarq: Aarq): HlsChallenges {
  const clientToServer = new Uint8Array(aarq.authValue?.octets ?? []);
  const length = definition.model.mechanism === 'hls-ecdsa' ? OWN_SIGNED_CHALLENGE : OWN_CHALLENGE;
  let serverToClient = context.random(length);
  // The same challenge both ways would let a client answer with our own answer.
  while (sameSecret(serverToClient, clientToServer)) serverToClient = context.random(length);
  return { clientToServer, serverToClient };
}

function accepted(context: OpeningContext, state: AssociationState): Aare {
  const { definition, challenges } = state;
  const titled = state.ciphered || usesTitles(state.mechanism);
  const certificate = state.mechanism === 'hls-ecdsa' ? ownCertificate(context.meter, definition.security) : undefined;
  return {
    kind: 'aare',
    applicationContext: contextOf(definition),
    result: 'accepted',
    diagnostic: {
      source: 'acse-service-user',
      value:
        challenges === undefined ? ('null' satisfies Diagnostic) : ('authentication-required' satisfies Diagnostic),
    },
    ...(titled ? { respondingApTitle: context.meter.systemTitle } : {}),
    ...(certificate === undefined ? {} : { respondingAeQualifier: certificate }),
    ...(challenges === undefined
      ? {}
      : {
          acseRequirements: AUTHENTICATION_UNIT,
          mechanism: state.mechanism,
          authValue: { form: 'charstring', octets: challenges.serverToClient },
        }),
    userInformation: initiateResponse(definition, state.conformance),
  };
}

/** Mechanisms whose answers are made from the system titles (security.md 7). */
function usesTitles(mechanism: string): boolean {
  return mechanism === 'hls-gmac' || mechanism === 'hls-sha256' || mechanism === 'hls-ecdsa';
}

function rejected(context: OpeningContext, aarq: Aarq, value: Diagnostic): Aare {
  const definition = context.candidates[0];
  const plain = definition !== undefined && !definition.model.ciphering;
  return {
    kind: 'aare',
    applicationContext: aarq.applicationContext,
    result: 'rejected-permanent',
    diagnostic: { source: 'acse-service-user', value },
    ...(plain ? { userInformation: initiateResponse(definition, definition.conformance) } : {}),
  };
}

function rejectedByProvider(aarq: Aarq): Aare {
  return {
    kind: 'aare',
    applicationContext: aarq.applicationContext,
    result: 'rejected-permanent',
    diagnostic: { source: 'acse-service-provider', value: 'no-common-acse-version' },
  };
}
