import type { Data } from '../../codec/axdr/data.ts';
import { type HlsMechanism, hlsReply, hlsReplyCounter, verifyHlsReply } from '../../codec/security/hls.ts';
import { sha256 } from '../../codec/security/sha256.ts';
import type { KeyRing } from '../../codec/security/types.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import { globalKeyName } from '../meter.ts';
import type { RequestContext } from '../services/request-context.ts';
import type { HlsChallenges } from './association-state.ts';
import { keyRing } from './keys.ts';
import { recordFailure, recordSuccess } from './login-lock.ts';
import { sameSecret } from './same-secret.ts';

const NO_TITLE = new Uint8Array(0);
const TITLE_LENGTH = 8;

/** Mechanisms the standard defines; HLS 2 is whatever its manufacturer made it (`MeterOptions.manufacturerHls`). */
const MECHANISMS: ReadonlySet<string> = new Set<HlsMechanism>([
  'hls-md5',
  'hls-sha1',
  'hls-gmac',
  'hls-sha256',
  'hls-ecdsa',
]);

export function isHlsMechanism(mechanism: string): mechanism is HlsMechanism {
  return MECHANISMS.has(mechanism);
}

/**
 * reply_to_HLS_authentication (Blue Book 4.4.4 method 1, GB 9.2.7.4 passes 3 and 4): checks f(StoC) and answers with
 * f(CtoS). The association is complete after a good answer and gone after a bad one.
 */
export function replyToHls(context: RequestContext, params: Data | null): ActionOutcome {
  const { association, meter } = context;
  const { definition, challenges, mechanism } = association;
  const reply = params?.t === 'octet-string' ? params.v : undefined;
  if (challenges === undefined || reply === undefined) return fail(context);
  if (mechanism === 'hls-manufacturer') return replyOfManufacturer(context, challenges, reply);
  if (!isHlsMechanism(mechanism)) return fail(context);

  const security = meter.inForce(definition.security);
  const keys = security === undefined ? {} : keyRing(meter, security, association.clientTitle);
  const secret = meter.associationSecret(definition.index);
  if (!isUsable(mechanism, keys, secret)) return fail(context);
  const titled = mechanism === 'hls-gmac' || mechanism === 'hls-ecdsa';
  if (titled && association.clientTitle?.length !== TITLE_LENGTH) return fail(context);
  const shared = { ...keys, ...(secret === undefined ? {} : { secret }) };
  const clientTitle = association.clientTitle ?? NO_TITLE;
  const genuine = verifyHlsReply(mechanism, reply, {
    ...shared,
    ...(keys.peerSigningKey === undefined ? {} : { publicKey: keys.peerSigningKey }),
    challenge: challenges.serverToClient,
    ownChallenge: challenges.clientToServer,
    systemTitle: clientTitle,
    peerSystemTitle: meter.systemTitle,
  });
  if (!genuine) return fail(context);
  countReply(context, reply);

  association.status = 'associated';
  association.challenges = undefined;
  recordSuccess(meter, definition);
  const habits = context.behaviour?.habits;
  if (habits?.hlsWithoutAnswer === true) return { result: 'success' };
  // Challenge and secret alone is the formula of MD5 and SHA-1 (security.md 7).
  if (habits?.hlsKeyOnly === true && mechanism === 'hls-sha256' && secret !== undefined) {
    const digest = sha256(challenges.clientToServer, secret);
    return { result: 'success', return: { data: { t: 'octet-string', v: digest } } };
  }
  const answer = hlsReply(mechanism, {
    ...shared,
    challenge: challenges.clientToServer,
    ownChallenge: challenges.serverToClient,
    systemTitle: meter.systemTitle,
    peerSystemTitle: clientTitle,
    ...(mechanism === 'hls-gmac' && security !== undefined
      ? {
          // The suites 0 and 1 differ in this octet only.
          suite: habits?.hlsControl10 === true && security.suite === 1 ? 0 : security.suite,
          invocationCounter: replyCounter(context, globalKeyName(security.name)),
        }
      : {}),
  });
  return { result: 'success', return: { data: { t: 'octet-string', v: answer } } };
}

/** Passes 3 and 4 with the routine the meter was given. */
function replyOfManufacturer(context: RequestContext, challenges: HlsChallenges, reply: Uint8Array): ActionOutcome {
  const { association, meter } = context;
  const { manufacturerHls } = meter;
  if (manufacturerHls === undefined) return fail(context);
  const { definition, clientTitle } = association;
  const { guek, gak } = securityKeys(context);
  const secret = meter.associationSecret(definition.index);
  const shared = {
    ...(secret === undefined ? {} : { secret }),
    ...(guek === undefined ? {} : { guek }),
    ...(gak === undefined ? {} : { gak }),
  };
  const theirs = {
    ...shared,
    challenge: challenges.serverToClient,
    ownChallenge: challenges.clientToServer,
    ...(clientTitle === undefined ? {} : { systemTitle: clientTitle }),
    peerSystemTitle: meter.systemTitle,
  };
  const genuine = manufacturerHls.verify?.(reply, theirs) ?? sameSecret(reply, manufacturerHls.reply(theirs));
  if (!genuine) return fail(context);
  association.status = 'associated';
  association.challenges = undefined;
  recordSuccess(meter, definition);
  const answer = manufacturerHls.reply({
    ...shared,
    challenge: challenges.clientToServer,
    ownChallenge: challenges.serverToClient,
    systemTitle: meter.systemTitle,
    ...(clientTitle === undefined ? {} : { peerSystemTitle: clientTitle }),
  });
  return { result: 'success', return: { data: { t: 'octet-string', v: answer } } };
}

function securityKeys({ association, meter }: RequestContext): KeyRing {
  const security = meter.inForce(association.definition.security);
  return security === undefined ? {} : keyRing(meter, security, association.clientTitle);
}

/** The invocation counter of the meter's own GMAC; with a quirk the next APDU has it again. */
function replyCounter({ meter, time, behaviour }: RequestContext, key: string): number {
  const counter = meter.nextSent(key, time);
  if (behaviour?.habits.hlsKeepsCounter === true) meter.state.sent?.set(key, counter);
  return counter;
}

/** Whether the meter has what the mechanism needs. */
function isUsable(mechanism: HlsMechanism, keys: KeyRing, secret: Uint8Array | undefined): boolean {
  if (mechanism === 'hls-gmac') return keys.guek !== undefined && keys.gak !== undefined;
  if (mechanism === 'hls-ecdsa') return keys.signingKey !== undefined && keys.peerSigningKey !== undefined;
  return secret !== undefined;
}

/**
 * The counter inside a GMAC reply is one of the global key, so later APDUs must be above it. It is not refused when it
 * was seen before: what makes the reply fresh is our challenge, and clients exist that start every reply at the same
 * counter, or use that of the APDU around it (quirks Q39).
 */
function countReply(context: RequestContext, reply: Uint8Array): void {
  const security = context.association.definition.security;
  const counter = context.association.mechanism === 'hls-gmac' ? hlsReplyCounter(reply) : undefined;
  if (counter === undefined || security === undefined) return;
  const key = globalKeyName(security.name);
  context.meter.setReceived(key, Math.max(counter, context.meter.lastReceived(key)));
}

function fail(context: RequestContext): ActionOutcome {
  const { association, meter } = context;
  recordFailure(meter, association.definition, context.time, context.behaviour?.lock);
  association.status = 'failed';
  return { result: 'read-write-denied' };
}
