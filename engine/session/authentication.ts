import type { ApplicationContext, Mechanism } from '../codec/acse/types.ts';
import type { ClientParams } from './params.ts';

/** Names of the command line and the RPC contract for the mechanisms. */
export type AuthenticationName = 'none' | 'lls' | 'md5' | 'sha1' | 'gmac' | 'sha256' | 'ecdsa' | 'manufacturer';

const MECHANISMS: Readonly<Record<AuthenticationName, Mechanism>> = {
  none: 'lowest',
  lls: 'lls',
  md5: 'hls-md5',
  sha1: 'hls-sha1',
  gmac: 'hls-gmac',
  sha256: 'hls-sha256',
  ecdsa: 'hls-ecdsa',
  manufacturer: 'hls-manufacturer',
};

export function mechanismOf(name: AuthenticationName): Mechanism {
  return MECHANISMS[name];
}

const NAMES = new Map(Object.entries(MECHANISMS).map(([name, mechanism]) => [mechanism, name]));

/** What the command line and the RPC contract call a mechanism, for messages. */
export function nameOfMechanism(mechanism: Mechanism): string {
  return NAMES.get(mechanism) ?? mechanism;
}

/** True for the mechanisms with challenges and four passes (GB 9.2.7.2.2.2). */
export function isHls(mechanism: Mechanism): boolean {
  return mechanism !== 'lowest' && mechanism !== 'lls';
}

/** True when the mechanism or the context needs system titles on both sides. */
export function needsSystemTitle(params: Pick<ClientParams, 'mechanism' | 'protection'>): boolean {
  return (
    params.protection !== 'none' ||
    params.mechanism === 'hls-gmac' ||
    params.mechanism === 'hls-sha256' ||
    params.mechanism === 'hls-ecdsa'
  );
}

export function applicationContextOf(params: Pick<ClientParams, 'referencing' | 'protection'>): ApplicationContext {
  if (params.referencing === 'LN') return params.protection === 'none' ? 'ln' : 'ln-ciphered';
  return params.protection === 'none' ? 'sn' : 'sn-ciphered';
}
