import { securityPolicyBits, securityPolicyMask } from './enumerations.ts';

/** What a security policy asks of requests or responses (security.md 6). */
export type SecurityPolicyItem = `${'authenticated' | 'encrypted' | 'signed'}-${'request' | 'response'}`;

/** Every item, in the order of the bits of version 1. */
export const SECURITY_POLICY_ITEMS: readonly SecurityPolicyItem[] = [
  'authenticated-request',
  'encrypted-request',
  'signed-request',
  'authenticated-response',
  'encrypted-response',
  'signed-response',
];

/** Bits of version 1 that mean something; 0 and 1 are unused. */
const KNOWN_BITS = [...securityPolicyBits.keys()].reduce((mask, bit) => mask | (1 << bit), 0);
const AUTHENTICATED = 1;
const ENCRYPTED = 2;

/** A policy as versions 0 (one of four values, both directions alike) and 1 (bits) of class 64 write it. */
export function securityPolicyNumber(policy: readonly SecurityPolicyItem[], version: number): number {
  if (version > 0) return securityPolicyMask(policy);
  const some = (protection: string): boolean => policy.some((item) => item.startsWith(protection));
  return (some('authenticated') ? AUTHENTICATED : 0) + (some('encrypted') ? ENCRYPTED : 0);
}

/** What a value of security_policy asks for; undefined for values that are not defined. */
export function securityPolicyItems(value: number, version: number): readonly SecurityPolicyItem[] | undefined {
  if (version > 0) {
    if ((value & ~KNOWN_BITS) !== 0) return undefined;
    return SECURITY_POLICY_ITEMS.filter((item) => (value & securityPolicyMask([item])) !== 0);
  }
  if (value < 0 || value > AUTHENTICATED + ENCRYPTED) return undefined;
  return SECURITY_POLICY_ITEMS.filter(
    (item) =>
      (item.startsWith('authenticated') && (value & AUTHENTICATED) !== 0) ||
      (item.startsWith('encrypted') && (value & ENCRYPTED) !== 0),
  );
}
