import type { Aare } from '../codec/acse/types.ts';
import { certificateProblem, certificatePublicKey } from '../codec/security/certificates.ts';
import { securitySuite } from '../codec/security/suites.ts';
import type { ClientSession } from './client-session.ts';
import { missing, SessionError } from './errors.ts';

/**
 * Public key of the meter for signatures: the one given, or that of the certificate in the AARE
 * (responding-AE-qualifier, GB 9.4.2) if it was issued by the given authority to the system title of the meter. Throws
 * SessionError `secret-missing`, `server-not-authentic`.
 */
export function meterSigningKey(session: ClientSession, aare: Aare): Uint8Array {
  const { peerSigningKey, authority } = session.params.secrets;
  if (peerSigningKey !== undefined) return peerSigningKey;
  const certificate = aare.respondingAeQualifier;
  const now = session.context.now?.();
  if (authority === undefined || certificate === undefined || now === undefined)
    throw missing(
      'peerSigningKey',
      certificate === undefined
        ? 'public key of the meter for signatures, which sends no certificate'
        : 'public key of the meter for signatures, or authority to verify the certificate it sends',
    );
  const title = aare.respondingApTitle;
  const problem = certificateProblem(certificate, {
    issuer: authority,
    use: 'digital-signature',
    now,
    ...(title === undefined ? {} : { systemTitle: title }),
  });
  if (problem !== undefined)
    throw new SessionError(
      'server-not-authentic',
      `certificate in the AARE: found ${problem.found}, expected ${problem.expected}`,
      { next: 'check authority and the clock, or give peerSigningKey' },
    );
  const key = certificatePublicKey(certificate);
  const curve = securitySuite(session.params.suite)?.curve;
  if (key === undefined || key.length !== 2 * (curve?.size ?? 0))
    throw new SessionError('server-not-authentic', 'the key in the certificate of the AARE is not of this suite', {
      next: 'try the other suite',
    });
  return key;
}
