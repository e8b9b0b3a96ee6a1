import type { Aare, Aarq } from '../codec/acse/types.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import type { InitiateResponse } from '../codec/xdlms/types.ts';
import { describeCaller, exceptionToAarq, initiateError, rejectionOf, silenceAfterAarq } from './aare.ts';
import { buildAarq, passwordRange } from './aarq.ts';
import { summarizeApdu } from './apdu-summary.ts';
import { isHls } from './authentication.ts';
import { Ciphering } from './ciphering.ts';
import type { ClientSession, Negotiated } from './client-session.ts';
import { asSessionError, malformed, SessionError } from './errors.ts';
import { replyToHls } from './hls.ts';
import { ANSWER_DECODING, ECDSA_CHALLENGE_LENGTH, HLS_CHALLENGE_LENGTH } from './limits.ts';
import type { Procedure } from './procedure.ts';
import { maskOctets } from './secret-ranges.ts';

/**
 * Opens the association (GB 9.3.2): AARQ, AARE, and for HLS passes 3 and 4. Afterwards `session.negotiated` is set.
 * Throws SessionError with the reason and the next step.
 */
export function* associate(session: ClientSession): Procedure<Negotiated> {
  const { params, ciphering } = session;
  const length = params.mechanism === 'hls-ecdsa' ? ECDSA_CHALLENGE_LENGTH : HLS_CHALLENGE_LENGTH;
  const challenge = isHls(params.mechanism) ? session.context.random(length) : null;
  const clear = buildAarq(params, challenge, ciphering.dedicatedKey);
  const aare = yield* exchangeAarq(session, params.protection === 'none' ? clear : ciphering.protectAarq(clear));
  const negotiated = acceptAare(session, aare);
  if (challenge !== null) {
    try {
      yield* replyToHls(session, challenge, aare);
    } catch (error) {
      session.negotiated = undefined;
      throw passThreeFailure(error, session);
    }
  }
  return negotiated;
}

/** Takes an AARE as the beginning of an association: sets `session.negotiated`, or throws why it cannot be one. */
export function acceptAare(session: ClientSession, aare: Aare): Negotiated {
  const rejection = rejectionOf(aare, session.caller);
  if (rejection !== undefined) throw rejection;
  session.ciphering.serverTitle = aare.respondingApTitle ?? session.ciphering.serverTitle;
  const initiate = initiateResponseOf(session, aare);
  const negotiated: Negotiated = {
    conformance: new Set(initiate.conformance),
    maxPdu: initiate.maxPdu,
    vaaName: initiate.vaaName,
    dlmsVersion: initiate.dlmsVersion,
    aare,
    ...(aare.respondingApTitle !== undefined ? { serverSystemTitle: aare.respondingApTitle } : {}),
  };
  session.negotiated = negotiated;
  session.ciphering.activate(negotiated.conformance);
  return negotiated;
}

/** Meters answer a wrong pass 3 by silence or by hanging up as well as by a refusal. */
function passThreeFailure(error: unknown, session: ClientSession): unknown {
  const failure = asSessionError(error);
  if (failure?.code !== 'no-answer' && failure?.code !== 'closed') return error;
  return new SessionError(
    'authentication-failed',
    `${failure.found} after pass 3 of HLS, ${describeCaller(session.caller)}`,
    {
      cause: 'most probably the key, the secret or the invocation counter is wrong for this client',
      next: 'check the secret before trying again: many meters lock after a few failures',
    },
  );
}

/** Sends an AARQ and returns the AARE, whatever its result. */
export function* exchangeAarq(session: ClientSession, aarq: Aarq): Procedure<Aare> {
  const octets = encodeApdu(aarq);
  const password = aarq.mechanism === 'lls' ? aarq.authValue?.octets : undefined;
  const secret = password === undefined ? [] : passwordRange(octets, password);
  session.note({ direction: 'tx', octets: maskOctets(octets, secret), summary: summarizeApdu(aarq) });
  let answer: Uint8Array;
  try {
    answer = yield { send: octets, awaiting: 'aare', ...(secret.length > 0 ? { secret } : {}) };
  } catch (error) {
    const failure = asSessionError(error);
    throw failure?.code === 'no-answer' ? silenceAfterAarq(session.caller, failure) : error;
  }
  return readAare(session, answer);
}

function readAare(session: ClientSession, octets: Uint8Array): Aare {
  const decoded = decodeApdu(octets, ANSWER_DECODING);
  if (!decoded.ok) {
    session.note({ direction: 'rx', octets, summary: 'malformed APDU', error: decoded.error });
    throw malformed('answer to AARQ', decoded.error);
  }
  const apdu = decoded.value;
  session.note({
    direction: 'rx',
    octets,
    summary: summarizeApdu(apdu),
    ...(decoded.deviations.length > 0 ? { deviations: decoded.deviations } : {}),
  });
  if (apdu.kind === 'aare') return apdu;
  if (apdu.kind === 'exception-response') throw exceptionToAarq(apdu, session.caller);
  if (apdu.kind === 'confirmed-service-error') throw initiateError(apdu, session.caller);
  throw new SessionError('unexpected-apdu', `AARQ was answered by ${apdu.kind}`, {
    next: 'check that this port speaks DLMS',
  });
}

/** The InitiateResponse of an accepting AARE, deciphered where it has to be. */
function initiateResponseOf(session: ClientSession, aare: Aare): InitiateResponse {
  let information = aare.userInformation;
  if (information !== undefined && Ciphering.isProtected(information)) {
    const opened = session.ciphering.unprotect(information, 'initiate response');
    if (!opened.ok) throw opened.failure;
    if (opened.lessProtected !== undefined) throw opened.lessProtected;
    const decoded = decodeApdu(opened.plain, ANSWER_DECODING);
    if (!decoded.ok) throw malformed('initiate response', decoded.error);
    session.note({ direction: 'note', octets: opened.plain, summary: `deciphered ${summarizeApdu(decoded.value)}` });
    const inner = decoded.value;
    if (inner.kind !== 'initiate-response' && inner.kind !== 'confirmed-service-error')
      throw new SessionError('unexpected-apdu', `AARE carries ${inner.kind}, expected initiate-response`);
    information = inner;
  }
  if (information?.kind === 'initiate-response') return information;
  if (information?.kind === 'confirmed-service-error') throw initiateError(information, session.caller);
  if (information?.kind === 'undecodable')
    throw new SessionError('malformed', `AARE accepts, but its user-information cannot be read: ${information.why}`);
  throw new SessionError(
    'unexpected-apdu',
    `AARE accepts, but carries ${information === undefined ? 'no user-information' : 'something else'}`,
  );
}
