import { drawPrivateKey } from '../codec/security/curves.ts';
import { agreedKeys, keyAgreementData, keyOffersFromData } from '../codec/security/key-agreement.ts';
import type { KeyId } from '../codec/security/key-id.ts';
import { type SecurityKey, wrapKeys } from '../codec/security/key-transfer.ts';
import { securitySuite } from '../codec/security/suites.ts';
import type { ClientSession } from './client-session.ts';
import { missing, SessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';
import { invokeSetup, MANAGEMENT_SETUP, type SecuritySetup } from './security-setup.ts';

/** Methods of the security setup (BB 4.4.7). */
const KEY_TRANSFER = 2;
const KEY_AGREEMENT = 3;
const TITLE_LENGTH = 8;

/**
 * Gives the meter new keys, wrapped under the master key (key_transfer). They are in force afterwards: associate again
 * with them. Throws SessionError `secret-missing` without `kek`, `service-error` when the meter refuses.
 */
export function* transferKeys(
  session: ClientSession,
  keys: readonly SecurityKey[],
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<void> {
  const { kek } = session.params.secrets;
  if (kek === undefined) throw missing('kek', 'master key');
  yield* invokeSetup(session, setup, KEY_TRANSFER, wrapKeys(keys, kek), {
    next: 'check the master key and the suite; the meter changed nothing',
  });
}

/**
 * Agrees on new keys with the meter by C(2e, 0s) (key_agreement, suites 1 and 2). Returns them; they are in force
 * afterwards. Throws SessionError `secret-missing`, `not-supported`, `service-error`, and `server-not-authentic` when
 * what the meter offers is not signed by it.
 */
export function* agreeOnKeys(
  session: ClientSession,
  ids: readonly KeyId[],
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<readonly SecurityKey[]> {
  const { signingKey, peerSigningKey, systemTitle } = session.params.secrets;
  const suite = securitySuite(session.params.suite);
  const curve = suite?.curve;
  if (suite === undefined || curve === undefined)
    throw new SessionError('not-supported', `key agreement in security suite ${session.params.suite}`, {
      next: 'use suite 1 or 2, or transfer the keys wrapped',
    });
  if (signingKey === undefined) throw missing('signingKey', 'private key of the client for signatures');
  if (peerSigningKey === undefined) throw missing('peerSigningKey', 'public key of the meter for signatures');
  if (systemTitle === undefined) throw missing('systemTitle', 'system title of the client');
  const { serverTitle } = session.ciphering;
  if (serverTitle?.length !== TITLE_LENGTH)
    throw new SessionError('unexpected-apdu', 'the AARE carries no system title of the meter, which enters the keys');
  const own = ids.map((id) => ({ id, ephemeralKey: drawPrivateKey(curve, session.context.random) }));
  const answer = yield* invokeSetup(session, setup, KEY_AGREEMENT, keyAgreementData(suite, own, signingKey), {
    returnsData: true,
    next: 'the meter has to know the public key of this client for signatures, and needs a signing key of its own',
  });
  if (answer === undefined)
    throw new SessionError('unexpected-apdu', 'key_agreement was answered without the offer of the meter');
  const read = keyOffersFromData(suite, answer, peerSigningKey);
  if (!read.ok)
    throw new SessionError(
      read.malformed === true ? 'malformed' : 'server-not-authentic',
      `answer to key_agreement: found ${read.found}, expected ${read.expected}`,
      { next: 'check the public key of the meter; the meter may hold new keys now that nobody else has' },
    );
  const keys = agreedKeys(suite, own, read.offers, { requester: systemTitle, responder: serverTitle });
  if (keys.length === ids.length) return keys;
  throw new SessionError(
    'unexpected-apdu',
    `the meter offers ${read.offers.length} keys where ${ids.length} were asked`,
  );
}
