import type { AssociationFinding } from '../../engine/discovery/types.ts';
import type { ConnectionParams } from '../../engine/rpc/protocol.ts';

/** Authentication mechanism names, as a scan reports them. */
type Mechanism = AssociationFinding['mechanism'];

/** What the engine is asked to do. */
export type Authentication = ConnectionParams['authentication'];

const short: Readonly<Record<Mechanism, string>> = {
  lowest: 'none',
  lls: 'lls',
  'hls-manufacturer': 'hls',
  'hls-md5': 'md5',
  'hls-sha1': 'sha1',
  'hls-gmac': 'gmac',
  'hls-sha256': 'sha256',
  'hls-ecdsa': 'ecdsa',
};

/** A mechanism in the words of the command line: `none`, `lls`, `gmac`. */
export function mechanismName(mechanism: Mechanism): string {
  return short[mechanism];
}

/** What to say to the engine for this mechanism; undefined for those it cannot do yet. */
export function authenticationOf(mechanism: Mechanism): Authentication | undefined {
  const name = mechanismName(mechanism);
  return authentications.find(({ id }) => id === name)?.id;
}

/** What a reader can choose from, weakest first. */
export const authentications: readonly { readonly id: Authentication; readonly title: string }[] = [
  { id: 'none', title: 'No authentication' },
  { id: 'lls', title: 'Low level security (password)' },
  { id: 'md5', title: 'High level security, MD5' },
  { id: 'sha1', title: 'High level security, SHA-1' },
  { id: 'gmac', title: 'High level security, GMAC' },
  { id: 'sha256', title: 'High level security, SHA-256' },
  { id: 'ecdsa', title: 'High level security, ECDSA' },
];
