import { type Curve, P256, P384 } from './curves.ts';

/** What each security suite uses (GB 9.2.3.7). */
export interface SecuritySuite {
  readonly id: 0 | 1 | 2;
  /** Names of the ciphers in node:crypto. */
  readonly gcm: 'aes-128-gcm' | 'aes-256-gcm';
  readonly ctr: 'aes-128-ctr' | 'aes-256-ctr';
  /** Octets of encryption keys, of the authentication key and of the master key. */
  readonly keyLength: 16 | 32;
  /** Curve of signatures and key agreement; suite 0 has neither. */
  readonly curve?: Curve;
}

const SUITES: readonly SecuritySuite[] = [
  { id: 0, gcm: 'aes-128-gcm', ctr: 'aes-128-ctr', keyLength: 16 },
  { id: 1, gcm: 'aes-128-gcm', ctr: 'aes-128-ctr', keyLength: 16, curve: P256 },
  { id: 2, gcm: 'aes-256-gcm', ctr: 'aes-256-ctr', keyLength: 32, curve: P384 },
];

/** Suite of an id 0..15; undefined for those not defined. */
export function securitySuite(id: number): SecuritySuite | undefined {
  return SUITES[id];
}
