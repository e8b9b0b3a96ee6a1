import type { Aare } from '../codec/acse/types.ts';
import type { ClientSession } from './client-session.ts';
import { SessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';

/** Passes 3 and 4 of HLS (GB 9.2.7.4). */
export function* replyToHls(_session: ClientSession, _challenge: Uint8Array, _aare: Aare): Procedure<void> {
  yield* [];
  throw new SessionError('not-supported', 'HLS is not supported yet');
}
