import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import type { ConfirmedServiceError } from './types.ts';

/** Service of a ConfirmedServiceError; DLMS/COSEM uses 1, 5 and 6. */
export const SERVICES = new Enumeration('confirmed-service-error service', {
  1: 'initiate-error',
  2: 'get-status',
  3: 'get-name-list',
  4: 'get-variable-attribute',
  5: 'read',
  6: 'write',
  7: 'get-data-set-attribute',
  8: 'get-ti-attribute',
  9: 'change-scope',
  10: 'start',
  11: 'stop',
  12: 'resume',
  13: 'make-usable',
  14: 'initiate-load',
  15: 'load-segment',
  16: 'terminate-load',
  17: 'initiate-up-load',
  18: 'up-load-segment',
  19: 'terminate-up-load',
});

export const ERRORS = new Enumeration('service-error', {
  0: 'application-reference',
  1: 'hardware-resource',
  2: 'vde-state-error',
  3: 'service',
  4: 'definition',
  5: 'access',
  6: 'initiate',
  7: 'load-data-set',
  9: 'task',
});

export const VALUES: Readonly<Record<string, Enumeration<string>>> = {
  'application-reference': new Enumeration('application-reference error', {
    0: 'other',
    1: 'time-elapsed',
    2: 'application-unreachable',
    3: 'application-reference-invalid',
    4: 'application-context-unsupported',
    5: 'provider-communication-error',
    6: 'deciphering-error',
  }),
  'hardware-resource': new Enumeration('hardware-resource error', {
    0: 'other',
    1: 'memory-unavailable',
    2: 'processor-resource-unavailable',
    3: 'mass-storage-unavailable',
    4: 'other-resource-unavailable',
  }),
  'vde-state-error': new Enumeration('vde-state error', {
    0: 'other',
    1: 'no-dlms-context',
    2: 'loading-data-set',
    3: 'status-nochange',
    4: 'status-inoperable',
  }),
  service: new Enumeration('service error', { 0: 'other', 1: 'pdu-size', 2: 'service-unsupported' }),
  definition: new Enumeration('definition error', {
    0: 'other',
    1: 'object-undefined',
    2: 'object-class-inconsistent',
    3: 'object-attribute-inconsistent',
  }),
  access: new Enumeration('access error', {
    0: 'other',
    1: 'scope-of-access-violated',
    2: 'object-access-violated',
    3: 'hardware-fault',
    4: 'object-unavailable',
  }),
  initiate: new Enumeration('initiate error', {
    0: 'other',
    1: 'dlms-version-too-low',
    2: 'incompatible-conformance',
    3: 'pdu-size-too-short',
    4: 'refused-by-the-VDE-Handler',
  }),
  'load-data-set': new Enumeration('load-data-set error', {
    0: 'other',
    1: 'primitive-out-of-sequence',
    2: 'not-loadable',
    3: 'dataset-size-too-large',
    4: 'not-awaited-segment',
    5: 'interpretation-failure',
    6: 'storage-failure',
    7: 'data-set-not-ready',
  }),
  task: new Enumeration('task error', {
    0: 'other',
    1: 'no-remote-control',
    2: 'ti-stopped',
    3: 'ti-running',
    4: 'ti-unusable',
  }),
};
export const OTHER_VALUES = new Enumeration<string>('service-error value', {});

/** ConfirmedServiceError (tag 0Eh): service, group of errors, error in the group. */
export function readConfirmedServiceError(r: Reader): ConfirmedServiceError {
  r.begin('confirmed-service-error', XDLMS_CLAUSE);
  r.tag('tag', 'confirmed-service-error');
  const service = r.enumerated(SERVICES, 'service');
  const error = r.enumerated(ERRORS, 'service-error');
  const value = r.enumerated(VALUES[error] ?? OTHER_VALUES, 'value');
  r.close();
  return { kind: 'confirmed-service-error', service, error, value };
}

export function writeConfirmedServiceError(w: Writer, apdu: ConfirmedServiceError): void {
  w.octet(0x0e);
  w.enumerated(SERVICES, apdu.service, 'service');
  w.enumerated(ERRORS, apdu.error, 'error');
  w.enumerated(VALUES[apdu.error] ?? OTHER_VALUES, apdu.value, 'value');
}
