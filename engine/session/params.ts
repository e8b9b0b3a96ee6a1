import type { Mechanism } from '../codec/acse/types.ts';
import type { SessionSecrets } from './secrets.ts';

/** Protection of every APDU of the association, as in the security control octet (GB 9.2.7.2.4.4). */
export type Protection = 'none' | 'auth' | 'enc' | 'authenc';
export type Suite = 0 | 1 | 2;

/**
 * How an APDU in general-ciphering gets its encryption key (Key-Info, GB 9.5): the global unicast key, a key wrapped
 * under the master key, or one agreed on by C(1e, 1s) (`one-pass`) or C(0e, 2s) (`static`).
 */
export type ContentKeyKind = 'identified' | 'wrapped' | 'one-pass' | 'static';

/** What a client proposes and holds for one association. */
export interface ClientParams {
  readonly referencing: 'LN' | 'SN';
  readonly mechanism: Mechanism;
  /** `none` = application context without ciphering. */
  readonly protection: Protection;
  readonly suite: Suite;
  readonly secrets: SessionSecrets;
  /** Conformance bits to propose. */
  readonly conformance: readonly string[];
  /** Largest APDU the client can receive; 0 = no limit. */
  readonly maxPdu: number;
  /** Generate a dedicated key for the association (GB 9.2.7.2.3); needs `protection`. */
  readonly dedicatedKey?: boolean;
  /** Protect by general-ciphering with this kind of key, also the InitiateRequest; needs `protection`. */
  readonly contentKey?: ContentKeyKind;
  /** System title of the meter, where it has to be known before its AARE: agreed keys are made with it. */
  readonly serverTitle?: Uint8Array;
  /** Sign services before they are ciphered (general-signing, GB 9.2.7.2.5); needs `protection` and suite 1 or 2. */
  readonly signed?: boolean;
  /** Blocks of general block transfer taken before an acknowledgement, 1..63; default 1. */
  readonly generalBlockWindow?: number;
  /** Least invocation counter to send first, when anything is protected. */
  readonly invocationCounter: number;
}

/**
 * Conformance a client proposes with LN referencing (GB 9.4.6.1). General block transfer is left out: peers that
 * have it prefer it to the blocks of GET, which every meter knows.
 */
export const LN_CONFORMANCE: readonly string[] = [
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'block-transfer-with-action',
  'multiple-references',
  'get',
  'set',
  'selective-access',
  'action',
];

/** Conformance a client proposes with SN referencing. */
export const SN_CONFORMANCE: readonly string[] = [
  'read',
  'write',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'multiple-references',
  'parameterized-access',
];

/** Largest APDU proposed over UDP: no datagram has to be cut up on its way (IPv6 carries 1,280 octets everywhere). */
export const DATAGRAM_MAX_PDU = 1280 - 40 - 8 - 8;

/** Largest APDU proposed by default: fits every transport of IEC 62056 and the buffers of small meters. */
export const DEFAULT_MAX_PDU = 0xffff;
