import { timingSafeEqual } from 'node:crypto';
import type { Aare } from '../codec/acse/types.ts';
import type { Data } from '../codec/axdr/data.ts';
import { type HlsMechanism, type HlsReplyInput, hlsReply, verifyHlsReply } from '../codec/security/hls.ts';
import type { ClientSession } from './client-session.ts';
import { missing, SessionError } from './errors.ts';
import { invokeMethod } from './ln-invoke.ts';
import { meterSigningKey } from './meter-certificate.ts';
import type { Procedure } from './procedure.ts';
import { callMethod } from './sn-read.ts';

/** Current association, method 1 reply_to_HLS_authentication (BB 4.4.4.3.1). */
const REPLY_TO_HLS = { class: 15, obis: '0-0:40.0.0.255', index: 1 };
/** The same method of Association SN: FA00 + 58h (BB 4.4.3). */
const SN_REPLY_TO_HLS = 0xfa58;
const MIN_CHALLENGE = 8;

/**
 * Passes 3 and 4 of HLS (GB 9.2.7.4): answers the challenge of the AARE and checks the meter's answer to ours. Throws
 * `challenge-reflected`, `authentication-failed`, `server-not-authentic`, `secret-missing`.
 */
export function* replyToHls(session: ClientSession, ownChallenge: Uint8Array, aare: Aare): Procedure<void> {
  const { mechanism } = session.params;
  const challenge = aare.authValue?.octets;
  if (challenge === undefined || challenge.length < MIN_CHALLENGE)
    throw new SessionError(
      'unexpected-apdu',
      `AARE for ${mechanism} carries ${challenge?.length ?? 'no'} octets of challenge, expected at least ${MIN_CHALLENGE}`,
    );
  if (challenge.length === ownChallenge.length && timingSafeEqual(challenge, ownChallenge))
    throw new SessionError('challenge-reflected', 'the meter sent our own challenge back', {
      cause: 'somebody without the key may answer in place of the meter',
      next: 'do not use this connection',
    });
  const handshake = handshakeOf(session, challenge, ownChallenge, aare);
  const { referencing } = session.params;
  const returned = yield* referencing === 'LN' ? lnReply(session, handshake.reply) : snReply(session, handshake.reply);
  if (handshake.verify === undefined) return;
  if (!handshake.verify(octets(returned)))
    throw new SessionError('server-not-authentic', 'the meter answered our challenge with a wrong value', {
      cause: 'the meter has other keys, or computes the reply in a way of its own',
      next: 'check keys, suite and system titles',
    });
}

/** Our reply, and the judge of the meter's; without one nothing is asked of the meter. */
interface Handshake {
  readonly reply: Uint8Array;
  readonly verify?: (reply: Uint8Array) => boolean;
}

function handshakeOf(session: ClientSession, challenge: Uint8Array, ownChallenge: Uint8Array, aare: Aare): Handshake {
  if (session.params.mechanism === 'hls-manufacturer') return ofManufacturer(session, challenge, ownChallenge);
  const mechanism = hlsMechanism(session);
  // Before our own reply goes out: a meter that cannot be verified gets no signature of ours.
  const expected = expectedInput(session, mechanism, challenge, ownChallenge, aare);
  return {
    reply: hlsReply(mechanism, replyInput(session, mechanism, challenge, ownChallenge)),
    verify: (reply) => verifyHlsReply(mechanism, reply, expected),
  };
}

function ofManufacturer(session: ClientSession, challenge: Uint8Array, ownChallenge: Uint8Array): Handshake {
  const { manufacturerHls } = session.context;
  if (manufacturerHls === undefined)
    throw new SessionError('not-supported', 'authentication hls-manufacturer without the routine of the manufacturer', {
      next: 'give manufacturerHls, or use gmac, sha256, sha1, md5 or ecdsa',
    });
  const { password, guek, gak, systemTitle } = session.params.secrets;
  const shared = {
    ...(password === undefined ? {} : { secret: password }),
    ...(guek === undefined ? {} : { guek }),
    ...(gak === undefined ? {} : { gak }),
  };
  const { serverTitle } = session.ciphering;
  const ours = { ...shared, challenge, ownChallenge, ...titles(systemTitle, serverTitle) };
  const theirs = { ...shared, challenge: ownChallenge, ownChallenge: challenge, ...titles(serverTitle, systemTitle) };
  const { verify } = manufacturerHls;
  const reply = manufacturerHls.reply(ours);
  return verify === undefined ? { reply } : { reply, verify: (answer) => verify(answer, theirs) };
}

/** True when silence or a refusal of pass 3 has to be read as a failed login. */
function refused(found: string): SessionError {
  return new SessionError('authentication-failed', found, {
    cause: 'the key or secret is wrong for this client',
    next: 'check the secret before trying again: many meters lock after a few failures',
  });
}

function* lnReply(session: ClientSession, reply: Uint8Array): Procedure<Data | undefined> {
  const outcome = yield* invokeMethod(
    session,
    REPLY_TO_HLS,
    { t: 'octet-string', v: reply },
    { specificCiphering: true },
  );
  if (outcome.result !== 'success') throw refused(`reply_to_HLS_authentication was answered by ${outcome.result}`);
  const returned = outcome.return;
  return returned !== undefined && 'data' in returned ? returned.data : undefined;
}

function* snReply(session: ClientSession, reply: Uint8Array): Procedure<Data> {
  const result = yield* callMethod(session, SN_REPLY_TO_HLS, { t: 'octet-string', v: reply });
  if ('result' in result) throw refused(`reply_to_HLS_authentication was answered by ${result.result}`);
  return result.data;
}

function octets(data: Data | undefined): Uint8Array {
  if (data === undefined) throw refused('reply_to_HLS_authentication brought no answer to our challenge');
  if (data.t === 'octet-string') return data.v;
  throw refused(`reply_to_HLS_authentication returned ${data.t}, expected octet-string`);
}

function hlsMechanism(session: ClientSession): HlsMechanism {
  const { mechanism } = session.params;
  if (
    mechanism === 'hls-md5' ||
    mechanism === 'hls-sha1' ||
    mechanism === 'hls-gmac' ||
    mechanism === 'hls-sha256' ||
    mechanism === 'hls-ecdsa'
  )
    return mechanism;
  throw new SessionError('not-supported', `authentication ${mechanism} is not supported`, {
    next: 'use gmac, sha256, sha1, md5 or ecdsa',
  });
}

/** Our reply f(StoC). */
function replyInput(
  session: ClientSession,
  mechanism: HlsMechanism,
  challenge: Uint8Array,
  ownChallenge: Uint8Array,
): HlsReplyInput {
  const { suite, secrets } = session.params;
  return {
    ...shared(session, mechanism),
    ...(mechanism === 'hls-ecdsa' && secrets.signingKey !== undefined ? { signingKey: secrets.signingKey } : {}),
    challenge,
    ownChallenge,
    ...titles(session.params.secrets.systemTitle, session.ciphering.serverTitle),
    ...(mechanism === 'hls-gmac' ? { suite, invocationCounter: session.ciphering.nextCounter() } : {}),
  };
}

/** The meter's reply f(CtoS), seen from the meter. */
function expectedInput(
  session: ClientSession,
  mechanism: HlsMechanism,
  challenge: Uint8Array,
  ownChallenge: Uint8Array,
  aare: Aare,
): HlsReplyInput {
  return {
    ...shared(session, mechanism),
    ...(mechanism === 'hls-ecdsa' ? { publicKey: meterSigningKey(session, aare) } : {}),
    challenge: ownChallenge,
    ownChallenge: challenge,
    ...titles(session.ciphering.serverTitle, session.params.secrets.systemTitle),
  };
}

function titles(own: Uint8Array | undefined, peer: Uint8Array | undefined): Partial<HlsReplyInput> {
  return {
    ...(own === undefined ? {} : { systemTitle: own }),
    ...(peer === undefined ? {} : { peerSystemTitle: peer }),
  };
}

function shared(session: ClientSession, mechanism: HlsMechanism): Partial<HlsReplyInput> {
  const { password, guek, gak } = session.params.secrets;
  const titled = mechanism !== 'hls-md5' && mechanism !== 'hls-sha1';
  if (titled && session.ciphering.serverTitle === undefined)
    throw new SessionError('unexpected-apdu', `AARE for ${mechanism} carries no system title of the meter`);
  if (mechanism === 'hls-ecdsa') return {};
  if (mechanism !== 'hls-gmac') {
    if (password === undefined) throw missing('password', `shared secret of ${mechanism}`);
    return { secret: password };
  }
  if (guek === undefined) throw missing('guek', 'encryption key');
  if (gak === undefined) throw missing('gak', 'authentication key');
  return { guek, gak };
}
