/**
 * Stable codes of refused targets:
 * - `bad-target`: not an address, block, range or host name
 * - `host-unknown`: a host name that does not resolve
 * - `too-many`: more addresses than one scan takes
 * - `not-scannable`: multicast, broadcast and unspecified addresses
 * - `public-refused`: outside of loopback and private ranges without the permission for it
 * - `no-targets`: nothing is left
 * - `bad-port`: not a port number
 */
export type TargetErrorCode =
  | 'bad-target'
  | 'host-unknown'
  | 'too-many'
  | 'not-scannable'
  | 'public-refused'
  | 'no-targets'
  | 'bad-port';

/** Targets a scan does not take. `message` says which, why, and what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly code: TargetErrorCode;

  constructor(code: TargetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
