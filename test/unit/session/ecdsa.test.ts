import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import type { Aarq } from '../../../engine/codec/acse/types.ts';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { importPrivateKey, P256, P384, publicKeyOf } from '../../../engine/codec/security/curves.ts';
import { hlsReply, verifyHlsReply } from '../../../engine/codec/security/hls.ts';
import { associate } from '../../../engine/session/associate.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { parseSecrets, type SessionSecrets } from '../../../engine/session/secrets.ts';
import { CERTIFICATES, SIGNING_PRIVATE_KEY } from '../codec/security-certificates.ts';
import { partiesOf } from '../codec/security-keys.ts';
import { converse, type Reply, testSession } from './converse.ts';
import { accept } from './fake-meter.ts';

const CLIENT_TITLE = fromHex('4d4d4d0000000001');
/** The title in certificate `signing`. */
const SERVER_TITLE = fromHex('4d4d4d0000bc614e');
const SERVER_CHALLENGE = Uint8Array.from({ length: 32 }, (_, at) => 0x61 + (at % 20));
const NOW = Date.UTC(2027, 0, 1);

function der(name: keyof typeof CERTIFICATES): Uint8Array {
  return new Uint8Array(Buffer.from(CERTIFICATES[name], 'base64'));
}

interface MeterOptions {
  readonly signingKey: Uint8Array;
  readonly clientKey: Uint8Array;
  readonly certificate?: Uint8Array;
  readonly answer?: 'right' | 'own' | 'changed';
}

/** A meter with signatures: judges pass 3 and answers with pass 4. */
function signingMeter(options: MeterOptions, seen: { aarq?: Aarq } = {}): (apdu: Apdu) => Reply {
  let clientChallenge = new Uint8Array();
  return (apdu) => {
    if (apdu.kind === 'aarq') {
      seen.aarq = apdu;
      clientChallenge = Uint8Array.from(apdu.authValue?.octets ?? []);
      return {
        ...accept(apdu, ['get', 'action']),
        diagnostic: { source: 'acse-service-user', value: 'authentication-required' },
        respondingApTitle: SERVER_TITLE,
        ...(options.certificate === undefined ? {} : { respondingAeQualifier: options.certificate }),
        authValue: { form: 'charstring', octets: SERVER_CHALLENGE },
      };
    }
    if (apdu.kind !== 'action-request' || apdu.type !== 'normal' || apdu.params?.t !== 'octet-string') return undefined;
    const { invoke } = apdu;
    const good = verifyHlsReply('hls-ecdsa', apdu.params.v, {
      challenge: SERVER_CHALLENGE,
      ownChallenge: clientChallenge,
      systemTitle: CLIENT_TITLE,
      peerSystemTitle: SERVER_TITLE,
      publicKey: options.clientKey,
    });
    if (!good) return { kind: 'action-response', type: 'normal', invoke, result: 'read-write-denied' };
    const reply = hlsReply('hls-ecdsa', {
      challenge: clientChallenge,
      ownChallenge: SERVER_CHALLENGE,
      systemTitle: SERVER_TITLE,
      peerSystemTitle: CLIENT_TITLE,
      signingKey: options.signingKey,
    });
    if (options.answer === 'changed') reply[5]! ^= 1;
    const v = options.answer === 'own' ? apdu.params.v : reply;
    return {
      kind: 'action-response',
      type: 'normal',
      invoke,
      result: 'success',
      return: { data: { t: 'octet-string', v } },
    };
  };
}

function failure(run: () => unknown): SessionError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error;
  }
  return assert.fail('did not fail');
}

function opening(secrets: SessionSecrets, suite: 0 | 1 | 2, now?: number) {
  const params = { mechanism: 'hls-ecdsa', suite, secrets: { systemTitle: CLIENT_TITLE, ...secrets } } as const;
  return testSession(params, now === undefined ? {} : { now: () => now }).session;
}

describe('authentication by signatures (HLS 7)', () => {
  for (const suite of [1, 2] as const) {
    const { client, server } = partiesOf(suite);
    assert.ok(client.signingKey !== undefined && client.peerSigningKey !== undefined);
    assert.ok(server.signingKey !== undefined && server.peerSigningKey !== undefined);
    const keys = { signingKey: server.signingKey, clientKey: server.peerSigningKey };
    const secrets = { signingKey: client.signingKey, peerSigningKey: client.peerSigningKey };

    it(`suite ${suite}: both sides prove who they are`, () => {
      const session = opening(secrets, suite);
      const seen: { aarq?: Aarq } = {};
      converse(associate(session), signingMeter(keys, seen));
      assert.ok(session.negotiated !== undefined);
      assert.equal(seen.aarq?.mechanism, 'hls-ecdsa');
      assert.equal(seen.aarq?.callingAeQualifier, undefined);
      assert.deepEqual(seen.aarq?.callingApTitle, CLIENT_TITLE);
      assert.equal(seen.aarq?.authValue?.octets.length, 32);
    });

    for (const answer of ['changed', 'own'] as const)
      it(`suite ${suite}: a meter whose answer is ${answer === 'own' ? 'our own signature' : 'changed'} is refused`, () => {
        const session = opening(secrets, suite);
        const error = failure(() => converse(associate(session), signingMeter({ ...keys, answer })));
        assert.equal(error.code, 'server-not-authentic');
        assert.equal(session.negotiated, undefined);
      });

    it(`suite ${suite}: a client with another key learns that authentication failed`, () => {
      const session = opening({ ...secrets, signingKey: server.signingKey ?? CLIENT_TITLE }, suite);
      assert.equal(failure(() => converse(associate(session), signingMeter(keys))).code, 'authentication-failed');
    });
  }

  const { client, server } = partiesOf(1);
  const signingKey = client.signingKey ?? CLIENT_TITLE;
  const certified = {
    signingKey: fromHex(SIGNING_PRIVATE_KEY),
    clientKey: server.peerSigningKey ?? CLIENT_TITLE,
    certificate: der('signing'),
  };

  it('sends the certificate of the client, and believes that of the meter when the authority issued it', () => {
    const session = opening({ signingKey, certificate: der('nameless'), authority: der('authority') }, 1, NOW);
    const seen: { aarq?: Aarq } = {};
    converse(associate(session), signingMeter(certified, seen));
    assert.deepEqual(seen.aarq?.callingAeQualifier, der('nameless'));
  });

  const refused: readonly (readonly [
    string,
    SessionSecrets,
    { readonly certificate?: Uint8Array | undefined },
    number | undefined,
    string,
  ])[] = [
    ['no key of the meter and no certificate', { signingKey }, { certificate: undefined }, NOW, 'secret-missing'],
    ['a certificate but nobody to verify it', { signingKey }, {}, NOW, 'secret-missing'],
    ['no clock', { signingKey, authority: der('authority') }, {}, undefined, 'secret-missing'],
    [
      'a certificate of another authority',
      { signingKey, authority: der('otherAuthority') },
      {},
      NOW,
      'server-not-authentic',
    ],
    [
      'a certificate that has expired',
      { signingKey, authority: der('authority') },
      {},
      Date.UTC(2050, 0),
      'server-not-authentic',
    ],
    [
      'a certificate for key agreement',
      { signingKey, authority: der('authority') },
      { certificate: der('agreement') },
      NOW,
      'server-not-authentic',
    ],
    [
      'junk for a certificate',
      { signingKey, authority: der('authority') },
      { certificate: new Uint8Array(5) },
      NOW,
      'server-not-authentic',
    ],
  ];
  for (const [what, secrets, change, now, code] of refused)
    it(`refuses ${what}, before anything is signed`, () => {
      const { certificate, ...rest } = { ...certified, ...change };
      const meter = signingMeter({ ...rest, ...(certificate === undefined ? {} : { certificate }) });
      let passThree = false;
      const error = failure(() =>
        converse(associate(opening(secrets, 1, now)), (apdu) => {
          if (apdu.kind === 'action-request') passThree = true;
          return meter(apdu);
        }),
      );
      assert.equal(error.code, code);
      assert.equal(passThree, false);
    });

  it('needs a suite with signatures and a key, and says so before it sends anything', () => {
    const cases: readonly (readonly [SessionSecrets, 0 | 1, string])[] = [
      [{ signingKey }, 0, 'not-supported'],
      [{}, 1, 'secret-missing'],
    ];
    for (const [secrets, suite, code] of cases) {
      const error = failure(() => converse(associate(opening(secrets, suite)), () => assert.fail('sent something')));
      assert.equal(error.code, code);
    }
  });
});

describe('secrets of signatures as text', () => {
  const privateKey = partiesOf(1).client.signingKey ?? CLIENT_TITLE;
  const pem = importPrivateKey(P256, privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificate = `-----BEGIN CERTIFICATE-----\n${CERTIFICATES.signing}\n-----END CERTIFICATE-----\n`;

  it('may be PEM, DER or raw octets', () => {
    const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }).toString('hex');
    for (const value of [pem, `text:${pem}`, `hex:${pkcs8}`, toHex(privateKey)])
      assert.deepEqual(parseSecrets({ signingKey: value }, 1).signingKey, privateKey);
    const publicKey = publicKeyOf(P256, fromHex(SIGNING_PRIVATE_KEY));
    for (const value of [certificate, toHex(publicKey), `04${toHex(publicKey)}`])
      assert.deepEqual(parseSecrets({ peerSigningKey: value }, 1).peerSigningKey, publicKey);
    assert.deepEqual(toHex(parseSecrets({ certificate }, 1).certificate ?? CLIENT_TITLE), toHex(der('signing')));
    assert.deepEqual(parseSecrets({ authority: toHex(der('authority')) }, 1).authority, der('authority'));
  });

  const bad: readonly (readonly [Record<string, string>, 0 | 1 | 2, RegExp])[] = [
    [{ signingKey: pem }, 2, /signingKey is on another curve than P-384/],
    [{ signingKey: '00'.repeat(32) }, 1, /signingKey is no private key/],
    [{ signingKey: certificate }, 1, /signingKey is no private key/],
    [{ peerSigningKey: pem }, 1, /peerSigningKey is no public key or certificate/],
    [{ peerSigningKey: toHex(publicKeyOf(P384, new Uint8Array(48).fill(1))) }, 1, /another curve than P-256/],
    [{ certificate: 'hex:3000' }, 1, /certificate: found 2 octets, expected an X.509 certificate/],
    [{ authority: 'xyz' }, 1, /authority is not a string of hex octets/],
  ];
  for (const [secrets, suite, message] of bad)
    it(`refuses ${message.source}`, () => {
      const error = failure(() => parseSecrets(secrets, suite));
      assert.equal(error.code, 'bad-secret');
      assert.match(error.message, message);
      for (const value of Object.values(secrets)) assert.ok(!error.message.includes(value.slice(0, 12)));
    });
});
