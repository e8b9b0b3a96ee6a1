import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import type { ExceptionResponse } from './types.ts';

export const STATE_ERRORS = new Enumeration('state-error', { 1: 'service-not-allowed', 2: 'service-unknown' });

const INVOCATION_COUNTER_ERROR = 'invocation-counter-error';
export const SERVICE_ERRORS = new Enumeration('service-error', {
  1: 'operation-not-possible',
  2: 'service-not-supported',
  3: 'other-reason',
  4: 'pdu-too-long',
  5: 'deciphering-error',
  6: INVOCATION_COUNTER_ERROR,
});

/** Exception-Response (tag D8h). The expected invocation counter follows invocation-counter-error. */
export function readExceptionResponse(r: Reader): ExceptionResponse {
  r.begin('exception-response', XDLMS_CLAUSE);
  r.tag('tag', 'exception-response');
  const stateError = r.enumerated(STATE_ERRORS, 'state-error');
  const serviceError = r.enumerated(SERVICE_ERRORS, 'service-error');
  const head = { kind: 'exception-response', stateError, serviceError } as const;
  let apdu: ExceptionResponse = head;
  if (serviceError === INVOCATION_COUNTER_ERROR) {
    if (r.remaining > 0) apdu = { ...head, invocationCounter: r.u32('invocation-counter') };
    else r.deviate('invocation-counter-absent', 'invocation-counter-error without the counter', 'truncated');
  }
  r.close();
  return apdu;
}

export function writeExceptionResponse(w: Writer, apdu: ExceptionResponse): void {
  w.octet(0xd8);
  w.enumerated(STATE_ERRORS, apdu.stateError, 'stateError');
  w.enumerated(SERVICE_ERRORS, apdu.serviceError, 'serviceError');
  if (apdu.serviceError === INVOCATION_COUNTER_ERROR) w.u32(apdu.invocationCounter ?? 0, 'invocationCounter');
}
