import type { Apdu } from '../../codec/apdu.ts';
import { decodeApdu } from '../../codec/apdu-codec.ts';
import { sameOctets } from '../../codec/octets.ts';
import type { Decoded } from '../../codec/result.ts';
import { isSignedBy } from '../../codec/security/sign.ts';
import type { CipheredApdu, GeneralSigning, ProtectedApdu } from '../../codec/security/types.ts';
import { unprotect } from '../../codec/security/unprotect.ts';
import type { Protection, SecurityModel } from '../../template/model.ts';
import { globalKeyName } from '../meter.ts';
import { contentKeyName } from './content-keys.ts';
import { keyRing } from './keys.ts';
import {
  type IncomingProtection,
  isProtected,
  type Opened,
  PLAIN,
  type ProtectionContext,
  type ProtectionForm,
} from './protection.ts';
import { protectionsOf, satisfiesLayers } from './protection-policy.ts';

/** One ciphered and one signed layer, in either order. */
const MAX_LAYERS = 2;
const NO_TITLE = new Uint8Array(0);
const NOT_DECIPHERABLE = { ok: false, why: 'not-decipherable' } as const;

/** Invocation counter of a ciphered layer, taken only when everything around it was found good. */
interface CounterToTake {
  readonly last: number;
  readonly counter: number;
  take(): void;
}

type Layer =
  | {
      readonly ok: true;
      readonly plain: Uint8Array;
      readonly counter?: CounterToTake;
      readonly adds: IncomingProtection;
    }
  | typeof NOT_DECIPHERABLE;

/**
 * Deciphers and verifies a request layer by layer and judges its invocation counter: a counter is taken only once it is
 * known to be genuine, and never again (security.md 4).
 */
export function openProtected(context: ProtectionContext, apdu: ProtectedApdu): Opened {
  const security = context.meter.inForce(context.definition.security);
  if (security === undefined) return NOT_DECIPHERABLE;
  let incoming = PLAIN;
  let counter: CounterToTake | undefined;
  let current: ProtectedApdu = apdu;
  for (let layers = 1; layers <= MAX_LAYERS; layers++) {
    const layer =
      current.kind === 'general-signing'
        ? openSigned(context, security, current, incoming)
        : openCiphered(context, security, current, incoming);
    if (!layer.ok) return layer;
    incoming = layer.adds;
    counter ??= layer.counter;
    const decoded: Decoded<Apdu> = decodeApdu(layer.plain);
    // Without authentication, sense is all that tells the right key from a wrong one.
    const verified = incoming.protections.includes('authenticated') || incoming.protections.includes('signed');
    if (!verified && !decoded.ok) return NOT_DECIPHERABLE;
    if (decoded.ok && isProtected(decoded.value)) {
      current = decoded.value;
      continue;
    }
    if (!satisfiesLayers(context.meter, context.definition, incoming.protections)) return NOT_DECIPHERABLE;
    if (counter !== undefined) {
      if (counter.counter <= counter.last)
        return { ok: false, why: 'replay', expected: Math.min(counter.last + 1, 0xffffffff) };
      counter.take();
    }
    return { ok: true, plain: layer.plain, decoded, incoming };
  }
  return NOT_DECIPHERABLE;
}

function openSigned(
  context: ProtectionContext,
  security: SecurityModel,
  apdu: GeneralSigning,
  outer: IncomingProtection,
): Layer {
  const key = keyRing(context.meter, security, context.clientTitle).peerSigningKey;
  const again = outer.signed !== undefined;
  if (key === undefined || again || !isForMe(context, apdu.recipientSystemTitle) || !isSignedBy(apdu, key))
    return NOT_DECIPHERABLE;
  return {
    ok: true,
    plain: apdu.content,
    adds: { ...outer, protections: [...outer.protections, 'signed'], signed: apdu },
  };
}

function openCiphered(
  context: ProtectionContext,
  security: SecurityModel,
  apdu: CipheredApdu,
  outer: IncomingProtection,
): Layer {
  const { meter, definition, state } = context;
  if (outer.form !== undefined || apdu.security.suite !== security.suite) return NOT_DECIPHERABLE;
  if (apdu.kind === 'general-ciphering' && !isForMe(context, apdu.recipientSystemTitle)) return NOT_DECIPHERABLE;
  // Before anything else: a header stripped of its protection must not even use up a counter.
  const protections: readonly Protection[] = protectionsOf(apdu.security);
  if (protections.length === 0 || !satisfiesLayers(meter, definition, protections)) return NOT_DECIPHERABLE;
  const dedicatedKey = state?.dedicatedKey;
  const opened = unprotect(apdu, {
    ...keyRing(meter, security, context.clientTitle),
    ...(dedicatedKey === undefined ? {} : { dedicatedKey }),
    ...(context.clientTitle === undefined ? {} : { systemTitle: context.clientTitle }),
  });
  if (!opened.ok) return NOT_DECIPHERABLE;
  return {
    ok: true,
    plain: opened.plain,
    counter: counterOf(context, security, apdu),
    adds: { ...outer, protections: [...outer.protections, ...protections], form: formOf(apdu) },
  };
}

/** Counters are kept per key: dedicated, wrapped or agreed on, broadcast, unicast. */
function counterOf(context: ProtectionContext, security: SecurityModel, apdu: CipheredApdu): CounterToTake {
  const { meter, state } = context;
  const counter = apdu.security.ic;
  if (apdu.kind === 'general-ded-ciphering' || apdu.kind.startsWith('ded-')) {
    return {
      last: state?.dedicatedReceived ?? -1,
      counter,
      take: () => {
        if (state !== undefined) state.dedicatedReceived = counter;
      },
    };
  }
  const sender = context.clientTitle ?? NO_TITLE;
  const content = apdu.kind === 'general-ciphering' ? contentKeyName(security.name, apdu, sender) : undefined;
  if (content !== undefined) {
    const { contentKeys } = meter;
    return { last: contentKeys.last(content), counter, take: () => contentKeys.set(content, counter) };
  }
  const key = isBroadcast(apdu) ? `${security.name}/gbek` : globalKeyName(security.name);
  return { last: meter.lastReceived(key), counter, take: () => meter.setReceived(key, counter) };
}

function isBroadcast(apdu: CipheredApdu): boolean {
  return apdu.kind === 'general-ciphering'
    ? apdu.keyInfo?.identifiedKey === 'broadcast'
    : apdu.security.keySet === 'broadcast';
}

/** An empty recipient is whoever gets the APDU. */
function isForMe(context: ProtectionContext, recipient: Uint8Array): boolean {
  const own = context.meter.systemTitle;
  return recipient.length === 0 || sameOctets(recipient, own);
}

function formOf(apdu: CipheredApdu): ProtectionForm {
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
