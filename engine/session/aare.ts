import type { Aare, Mechanism } from '../codec/acse/types.ts';
import type { ConfirmedServiceError, ExceptionResponse } from '../codec/xdlms/types.ts';
import { nameOfMechanism } from './authentication.ts';
import { SessionError, type SessionErrorCode } from './errors.ts';

/** What the client said about itself, for messages that name the next step. */
export interface Caller {
  readonly client?: number;
  readonly server?: number;
  readonly referencing: 'LN' | 'SN';
  readonly authentication: Mechanism;
  readonly protection: string;
}

interface Advice {
  readonly code: SessionErrorCode;
  readonly cause: string;
  readonly next: string;
}

/** Diagnostics of the AARE (GB 9.4.2.1, wire.json `acseServiceUserDiagnostic`) and what to make of them. */
const ADVICE: Readonly<Record<string, Advice>> = {
  'application-context-name-not-supported': {
    code: 'context-refused',
    cause: 'the meter does not know this application context for this client',
    next: 'try the other referencing (LN/SN), or switch ciphering on or off',
  },
  'authentication-mechanism-name-not-recognised': {
    code: 'mechanism-refused',
    cause: 'the meter does not use this authentication mechanism for this client',
    next: 'try another mechanism: none, lls, gmac, sha256, sha1 or md5',
  },
  'authentication-mechanism-name-required': {
    code: 'authentication-required',
    cause: 'this client has to name an authentication mechanism',
    next: 'try lls with a password, or an HLS mechanism',
  },
  'authentication-failure': {
    code: 'authentication-failed',
    cause: 'the password, the key or the mechanism is wrong for this client',
    next: 'check the secret before trying again: many meters lock after a few failures',
  },
  'authentication-required': {
    code: 'authentication-required',
    cause: 'this client has to authenticate',
    next: 'try lls with a password, or an HLS mechanism',
  },
  'calling-AP-title-not-recognized': {
    code: 'association-rejected',
    cause: 'the meter does not accept the system title of the client',
    next: 'give the systemTitle the meter expects with the keys',
  },
};

/** Meters say no more than this about every fault of the protection. */
const DECIPHERING = {
  cause: 'the meter could not decipher the request, or wants another protection or a higher invocation counter',
  next: 'check keys, suite, security, the client system title and the invocation counter',
} as const;

const UNEXPLAINED: Advice = {
  code: 'association-rejected',
  cause: 'the meter gives no reason; often an unknown client SAP, an unsupported context or no free association',
  next: 'try another client SAP, release other sessions, or wait for the meter to time them out',
};

/**
 * Why an AARE is not a usable association; undefined when it is, or when it asks for the HLS passes (result accepted,
 * diagnostic authentication-required, GB 9.4.2.2.3). A rejecting AARE may carry any user-information (quirks Q45, Q46).
 */
export function rejectionOf(aare: Aare, caller: Caller): SessionError | undefined {
  if (aare.result === 'accepted') return undefined;
  const diagnostic = aare.diagnostic.value;
  const information = aare.userInformation;
  if (information?.kind === 'confirmed-service-error') return initiateError(information, caller);
  const advice = ADVICE[diagnostic] ?? UNEXPLAINED;
  const who = describeCaller(caller);
  return new SessionError(advice.code, `AARE ${aare.result}, ${aare.diagnostic.source} ${diagnostic}, for ${who}`, {
    cause: advice.cause,
    next: advice.next,
    diagnostic,
  });
}

/** xDLMS refused the initiate: in the AARE's user-information or as an APDU of its own (GB 9.4.1, `0E 01 ...`). */
export function initiateError(error: ConfirmedServiceError, caller: Caller): SessionError {
  const detail = `${error.error}/${error.value}`;
  const advice: Pick<Advice, 'cause' | 'next'> =
    error.value === 'deciphering-error'
      ? DECIPHERING
      : error.value === 'incompatible-conformance'
        ? { cause: 'no service is common to client and meter', next: 'try the other referencing (LN/SN)' }
        : { cause: 'the meter refuses the proposed xDLMS context', next: 'compare version, conformance and PDU size' };
  return new SessionError('initiate-refused', `initiate refused with ${detail} for ${describeCaller(caller)}`, {
    ...advice,
    diagnostic: detail,
  });
}

/** The meter answered a request with an exception-response (GB 9.5, D8). */
export function exceptionError(exception: ExceptionResponse, request: string): SessionError {
  const detail = `${exception.stateError}/${exception.serviceError}`;
  const counter = exception.invocationCounter;
  const advice = EXCEPTIONS[exception.serviceError];
  return new SessionError('exception', `${request} was answered by exception-response ${detail}`, {
    diagnostic: detail,
    ...(advice ?? {}),
    ...(counter !== undefined ? { expectedCounter: counter } : {}),
  });
}

const EXCEPTIONS: Readonly<Record<string, { readonly cause: string; readonly next: string }>> = {
  'operation-not-possible': { cause: 'usually no association is open any more', next: 'associate again' },
  'service-not-supported': {
    cause: 'the meter does not have this service in this association',
    next: 'compare the negotiated conformance',
  },
  'pdu-too-long': { cause: 'the request is longer than the meter takes', next: 'ask for fewer items at once' },
  'deciphering-error': DECIPHERING,
  'invocation-counter-error': {
    cause: 'the invocation counter is behind the one the meter saw last',
    next: 'go on from the counter the meter expects',
  },
};

/** The meter answered the AARQ with an exception-response: what services mean by it does not fit. */
export function exceptionToAarq(exception: ExceptionResponse, caller: Caller): SessionError {
  const error = exceptionError(exception, `AARQ for ${describeCaller(caller)}`);
  if (exception.serviceError === 'deciphering-error' || exception.serviceError === 'invocation-counter-error')
    return error;
  return new SessionError(error.code, error.found, {
    ...error.details,
    cause: 'the meter does not take an AARQ now or from this client; often another association is still open',
    next: 'release other sessions or wait for the meter to time them out, or try another client SAP',
  });
}

/** Nothing that was understood came back after an AARQ. What the channel knows about that comes first. */
export function silenceAfterAarq(caller: Caller, silence?: SessionError): SessionError {
  const { cause, next } = silence?.details ?? {};
  if (silence !== undefined && cause !== undefined && next !== undefined)
    return new SessionError('no-answer-to-aarq', `AARQ for ${describeCaller(caller)}: ${silence.found}`, {
      cause,
      next,
    });
  return new SessionError('no-answer-to-aarq', `silence after AARQ for ${describeCaller(caller)}`, {
    cause: 'most meters do not answer a client SAP or server address they do not know, nor a wrong framing',
    next: 'try client 16 without authentication, server 1, or the other framing (wrapper/HDLC)',
  });
}

export function describeCaller(caller: Caller): string {
  const who = caller.client === undefined ? 'the client' : `client ${caller.client}`;
  const whom = caller.server === undefined ? '' : ` to server ${caller.server}`;
  return `${who}${whom} (${caller.referencing}, authentication ${nameOfMechanism(caller.authentication)}, protection ${caller.protection})`;
}
