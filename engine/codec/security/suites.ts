/** What each security suite uses (GB 9.2.3.7). Only the symmetric half is used so far. */
export interface SecuritySuite {
  readonly id: 0 | 1 | 2;
  /** Name of the cipher in node:crypto. */
  readonly gcm: 'aes-128-gcm' | 'aes-256-gcm';
  readonly ctr: 'aes-128-ctr' | 'aes-256-ctr';
  /** Octets of encryption keys and of the authentication key. */
  readonly keyLength: 16 | 32;
}

const SUITES: readonly SecuritySuite[] = [
  { id: 0, gcm: 'aes-128-gcm', ctr: 'aes-128-ctr', keyLength: 16 },
  { id: 1, gcm: 'aes-128-gcm', ctr: 'aes-128-ctr', keyLength: 16 },
  { id: 2, gcm: 'aes-256-gcm', ctr: 'aes-256-ctr', keyLength: 32 },
];

/** Suite of an id 0..15; undefined for those not defined. */
export function securitySuite(id: number): SecuritySuite | undefined {
  return SUITES[id];
}
