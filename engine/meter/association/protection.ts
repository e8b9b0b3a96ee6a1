import type { Apdu } from '../../codec/apdu.ts';
import { decodeApdu } from '../../codec/apdu-codec.ts';
import type { Decoded } from '../../codec/result.ts';
import { cipheredTagsOf } from '../../codec/security/ciphered-services.ts';
import { protect } from '../../codec/security/protect.ts';
import { protectGeneral } from '../../codec/security/protect-general.ts';
import type { GeneralCiphering, ProtectedApdu } from '../../codec/security/types.ts';
import { unprotect } from '../../codec/security/unprotect.ts';
import type { PolicyItem, Protection } from '../../template/model.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import { globalKeyName, type VirtualMeter } from '../meter.ts';
import type { AssociationState } from './association-state.ts';
import { keyRing } from './keys.ts';

/** How a request was protected, which is how its answer will be. */
export type ProtectionForm =
  | { readonly form: 'glo' | 'ded' | 'general-glo' | 'general-ded' }
  | { readonly form: 'general-ciphering'; readonly request: GeneralCiphering };

export interface IncomingProtection {
  readonly protections: readonly Protection[];
  /** Undefined for a plain request. */
  readonly form: ProtectionForm | undefined;
}

/** A request without protection. */
export const PLAIN: IncomingProtection = { protections: [], form: undefined };

export type Opened =
  | {
      readonly ok: true;
      readonly plain: Uint8Array;
      readonly decoded: Decoded<Apdu>;
      readonly incoming: IncomingProtection;
    }
  /** `replay` with the counter that would be accepted. */
  | { readonly ok: false; readonly why: 'not-decipherable' }
  | { readonly ok: false; readonly why: 'replay'; readonly expected: number };

/** Whose keys and counters a protected APDU needs; before the association is there, without a dedicated key. */
export interface ProtectionContext {
  readonly meter: VirtualMeter;
  readonly definition: BlueprintAssociation;
  readonly clientTitle: Uint8Array | undefined;
  readonly state?: AssociationState;
  readonly now: number;
}

const ACCESS_RESPONSE = 0xda;
const NOT_DECIPHERABLE: Opened = { ok: false, why: 'not-decipherable' };

/** True for APDUs whose content is protected. */
export function isProtected(apdu: Apdu): apdu is ProtectedApdu {
  return (
    apdu.kind.startsWith('glo-') ||
    apdu.kind.startsWith('ded-') ||
    apdu.kind.startsWith('general-glo') ||
    apdu.kind.startsWith('general-ded') ||
    apdu.kind === 'general-ciphering' ||
    apdu.kind === 'general-signing'
  );
}

function formOf(apdu: ProtectedApdu): ProtectionForm {
  switch (apdu.kind) {
    case 'general-glo-ciphering':
      return { form: 'general-glo' };
    case 'general-ded-ciphering':
      return { form: 'general-ded' };
    case 'general-ciphering':
      return { form: 'general-ciphering', request: apdu };
    default:
      return { form: apdu.kind.startsWith('ded-') ? 'ded' : 'glo' };
  }
}

/**
 * Deciphers, verifies and judges the invocation counter of a request: a counter is taken only once it is known to be
 * genuine, and never again (security.md 4).
 */
export function openProtected(context: ProtectionContext, apdu: ProtectedApdu): Opened {
  const { meter, definition, state } = context;
  const { security } = definition;
  if (security === undefined || apdu.kind === 'general-signing') return NOT_DECIPHERABLE;
  if (apdu.security.suite !== security.suite) return NOT_DECIPHERABLE;
  // Before anything else: a header stripped of its protection must not even use up a counter.
  const { authenticated, encrypted, ic } = apdu.security;
  const incoming = { protections: protectionsOf(authenticated, encrypted), form: formOf(apdu) };
  if ((!authenticated && !encrypted) || !satisfiesPolicy(definition, incoming)) return NOT_DECIPHERABLE;
  const { form } = incoming;
  const dedicated = form.form === 'ded' || form.form === 'general-ded';
  const dedicatedKey = state?.dedicatedKey;
  const opened = unprotect(apdu, {
    ...keyRing(meter, security),
    ...(dedicatedKey === undefined ? {} : { dedicatedKey }),
    ...(context.clientTitle === undefined ? {} : { systemTitle: context.clientTitle }),
  });
  if (!opened.ok) return NOT_DECIPHERABLE;
  const decoded = decodeApdu(opened.plain);
  // Without authentication, sense is all that tells the right key from a wrong one.
  if (!authenticated && !decoded.ok) return NOT_DECIPHERABLE;

  const broadcast = !dedicated && isBroadcast(apdu);
  const key = broadcast ? `${security.name}/gbek` : globalKeyName(security.name);
  const last = dedicated ? (state?.dedicatedReceived ?? -1) : meter.lastReceived(key);
  if (ic <= last) return { ok: false, why: 'replay', expected: Math.min(last + 1, 0xffffffff) };
  if (dedicated && state !== undefined) state.dedicatedReceived = ic;
  else meter.setReceived(key, ic);
  return { ok: true, plain: opened.plain, decoded, incoming };
}

function isBroadcast(apdu: Exclude<ProtectedApdu, { kind: 'general-signing' }>): boolean {
  return apdu.kind === 'general-ciphering'
    ? apdu.keyInfo?.identifiedKey === 'broadcast'
    : apdu.security.keySet === 'broadcast';
}

function protectionsOf(authenticated: boolean, encrypted: boolean): Protection[] {
  return [...(authenticated ? (['authenticated'] as const) : []), ...(encrypted ? (['encrypted'] as const) : [])];
}

/** Protections the security policy asks of one direction (security.md 6). */
function policyFor(definition: BlueprintAssociation, direction: 'request' | 'response'): Protection[] {
  if (!definition.model.ciphering) return [];
  const wanted = (protection: Protection): boolean =>
    definition.security?.policy.includes(`${protection}-${direction}` satisfies PolicyItem) ?? false;
  return (['authenticated', 'encrypted', 'signed'] as const).filter(wanted);
}

/** Whether a request has what the policy asks for; more is always allowed. */
export function satisfiesPolicy(definition: BlueprintAssociation, incoming: IncomingProtection): boolean {
  return policyFor(definition, 'request').every((protection) => incoming.protections.includes(protection));
}

/** Protections of the answer: those of the request, and what the policy asks of responses. Never signed. */
function answerProtections(definition: BlueprintAssociation, incoming: IncomingProtection) {
  const all = [...incoming.protections, ...policyFor(definition, 'response')];
  return { authenticated: all.includes('authenticated'), encrypted: all.includes('encrypted') };
}

/** Octets protection adds to an answer at most: tag, length, SC, IC, authentication tag, and the general header. */
export function protectionOverhead(definition: BlueprintAssociation, incoming: IncomingProtection): number {
  const { authenticated, encrypted } = answerProtections(definition, incoming);
  if (!authenticated && !encrypted) return 0;
  const service = 1 + 3 + 1 + 4 + (authenticated ? 12 : 0);
  switch (incoming.form?.form) {
    case 'general-glo':
    case 'general-ded':
      return service + 9;
    case 'general-ciphering':
      return service + 48 + incoming.form.request.transactionId.length;
    default:
      return service;
  }
}

/**
 * Protects an answer in the form its request had. Exceptions stay plain, since a client that cannot decipher must
 * understand them too.
 */
export function protectAnswer(
  context: ProtectionContext,
  incoming: IncomingProtection,
  answer: Uint8Array,
): Uint8Array {
  const { meter, definition, state, now } = context;
  const { security } = definition;
  const { authenticated, encrypted } = answerProtections(definition, incoming);
  if (security === undefined || (!authenticated && !encrypted)) return answer;
  const form = incoming.form ?? { form: 'glo' };
  // ACCESS has no ciphered form of its own; its requests come, and its answers go, in the general ones.
  const general = form.form.startsWith('general-') && answer[0] === ACCESS_RESPONSE;
  if (cipheredTagsOf(answer[0] ?? -1) === undefined && !general) return answer;
  const keys = keyRing(meter, security);
  const base = { suite: security.suite, authenticated, encrypted, systemTitle: meter.systemTitle };
  if (form.form === 'general-ciphering') {
    const { request } = form;
    return protectGeneral(answer, {
      ...base,
      keys,
      invocationCounter: meter.nextSent(globalKeyName(security.name), now),
      transactionId: request.transactionId,
      recipientSystemTitle: request.originatorSystemTitle,
      dateTime: new Uint8Array(0),
      otherInformation: new Uint8Array(0),
    });
  }
  const dedicatedKey = state?.dedicatedKey;
  if ((form.form === 'ded' || form.form === 'general-ded') && state !== undefined && dedicatedKey !== undefined) {
    state.dedicatedSent += 1;
    const invocationCounter = state.dedicatedSent;
    return protect(answer, { ...base, service: form.form, keys: { ...keys, dedicatedKey }, invocationCounter });
  }
  const service = form.form === 'general-glo' ? 'general-glo' : 'glo';
  const invocationCounter = meter.nextSent(globalKeyName(security.name), now);
  return protect(answer, { ...base, service, keys, invocationCounter });
}
