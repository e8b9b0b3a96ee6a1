import type { CodecError } from '../codec/result.ts';

/**
 * Stable codes of what can go wrong between a client and a meter.
 * - transport: `host-unknown`, `connect-refused`, `connect-timeout`, `unreachable`, `not-permitted`, `no-sockets`, `closed`
 * - serial ports: `serial-driver`, `port-unknown`, `port-busy`, `port-failed`
 * - link: `no-identification` (IEC 62056-21), `no-answer-to-snrm`, `link-refused`, `link-broken`
 * - association: `no-answer-to-aarq`, `association-rejected`, `authentication-failed`, `authentication-required`,
 *   `mechanism-refused`, `context-refused`, `initiate-refused`, `server-not-authentic`, `challenge-reflected`
 * - services: `no-answer`, `exception`, `service-error`, `unexpected-apdu`, `block-sequence`
 * - octets: `malformed`, `not-decipherable`, `replayed`, `less-protected`, `limit`
 * - caller: `secret-missing`, `bad-secret`, `not-supported`, `not-associated`, `object-unknown`, `pdu-too-long`,
 *   `counter-store`, `cancelled`
 */
export type SessionErrorCode =
  | 'host-unknown'
  | 'connect-refused'
  | 'connect-timeout'
  | 'unreachable'
  | 'not-permitted'
  | 'no-sockets'
  | 'closed'
  | 'serial-driver'
  | 'port-unknown'
  | 'port-busy'
  | 'port-failed'
  | 'no-identification'
  | 'no-answer-to-snrm'
  | 'link-refused'
  | 'link-broken'
  | 'no-answer-to-aarq'
  | 'association-rejected'
  | 'authentication-failed'
  | 'authentication-required'
  | 'mechanism-refused'
  | 'context-refused'
  | 'initiate-refused'
  | 'server-not-authentic'
  | 'challenge-reflected'
  | 'no-answer'
  | 'exception'
  | 'service-error'
  | 'unexpected-apdu'
  | 'block-sequence'
  | 'malformed'
  | 'not-decipherable'
  | 'replayed'
  | 'less-protected'
  | 'limit'
  | 'secret-missing'
  | 'bad-secret'
  | 'not-supported'
  | 'not-associated'
  | 'object-unknown'
  | 'pdu-too-long'
  | 'counter-store'
  | 'cancelled';

export interface SessionErrorDetails {
  /** What most probably lies behind it. */
  readonly cause?: string;
  /** What to try next. */
  readonly next?: string;
  /** Name of the AARE diagnostic, or `service/value` of an error APDU. */
  readonly diagnostic?: string;
  /** Where in the received octets. */
  readonly codec?: CodecError;
  /** Counter the meter expects, from an invocation-counter-error. */
  readonly expectedCounter?: number;
}

/** A failed session. `message` reads: what was found; cause; what to do next. Compare `code`, never the message. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;
  readonly found: string;
  readonly details: SessionErrorDetails;

  constructor(code: SessionErrorCode, found: string, details: SessionErrorDetails = {}) {
    super([found, details.cause, details.next].filter((part) => part !== undefined).join('; '));
    this.code = code;
    this.found = found;
    this.details = details;
  }
}

/** Error for octets that the codec could not accept: layer, offset, found and expected in the message. */
export function malformed(what: string, error: CodecError): SessionError {
  const code = error.code === 'not-decipherable' ? 'not-decipherable' : 'malformed';
  const place = `${error.layer} octet ${error.offset}`;
  return new SessionError(
    code,
    `${what}: ${error.code} at ${place}, found ${error.found}, expected ${error.expected}`,
    {
      codec: error,
      ...(code === 'not-decipherable' ? { next: 'check the keys, the suite and the system title of the meter' } : {}),
    },
  );
}

/** Error for a secret that is needed and was not given. */
export function missing(name: string, what: string): SessionError {
  return new SessionError('secret-missing', `${name} (${what}) is missing`, { next: `give ${name} with the keys` });
}

/** The error itself when it is one of ours, otherwise undefined. */
export function asSessionError(error: unknown): SessionError | undefined {
  return error instanceof SessionError ? error : undefined;
}

const NO_SERVICE: ReadonlySet<string> = new Set([
  'service-not-allowed/operation-not-possible',
  'service-not-allowed/service-not-supported',
  'service-unknown/operation-not-possible',
  'service-unknown/service-not-supported',
  'service-not-allowed/other-reason',
  'service/service-unsupported',
]);

/** True when a meter says by an error APDU that it does not have the service, or this form of it. */
export function saysNoService(error: unknown): boolean {
  return error instanceof SessionError && NO_SERVICE.has(error.details.diagnostic ?? '');
}

const HARMLESS: ReadonlySet<SessionErrorCode> = new Set([
  'exception',
  'service-error',
  'unexpected-apdu',
  'malformed',
  'block-sequence',
  'limit',
  'pdu-too-long',
  'object-unknown',
]);

/** True for errors that cost one request and leave the association to go on with. */
export function costsOneRequest(error: unknown): error is SessionError {
  return error instanceof SessionError && HARMLESS.has(error.code);
}
