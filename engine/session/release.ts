import type { Rlrq } from '../codec/acse/types.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import { summarizeApdu } from './apdu-summary.ts';
import type { ClientSession } from './client-session.ts';
import type { Procedure } from './procedure.ts';

/**
 * RLRQ and RLRE (GB 9.3.3). Never fails because of the answer: meters without RLRQ, and junk after it, are common
 * (quirks Q47, Q48); the association is over either way. Ciphered associations repeat the ciphered InitiateRequest.
 */
export function* release(session: ClientSession): Procedure<void> {
  if (session.negotiated === undefined) return;
  session.negotiated = undefined;
  const request: Rlrq = {
    kind: 'rlrq',
    reason: 'normal',
    ...(session.params.protection === 'none' ? {} : { userInformation: session.ciphering.protectRelease() }),
  };
  const octets = encodeApdu(request);
  session.note({ direction: 'tx', octets, summary: summarizeApdu(request) });
  const answer = yield { send: octets, awaiting: 'rlre' };
  const decoded = decodeApdu(answer);
  session.note({
    direction: 'rx',
    octets: answer,
    summary: decoded.ok ? summarizeApdu(decoded.value) : 'malformed APDU',
    ...(decoded.ok ? {} : { error: decoded.error }),
  });
}
