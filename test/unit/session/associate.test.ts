import assert from 'node:assert/strict';
import type { Aarq, Mechanism } from '../../../engine/codec/acse/types.ts';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { type HlsMechanism, hlsReply, verifyHlsReply } from '../../../engine/codec/security/hls.ts';
import { associate } from '../../../engine/session/associate.ts';
import { SessionError, type SessionErrorCode } from '../../../engine/session/errors.ts';
import { release } from '../../../engine/session/release.ts';
import type { SessionSecrets } from '../../../engine/session/secrets.ts';
import { converse, HLS, type Reply, testSession } from './converse.ts';
import { accept, reject } from './fake-meter.ts';

function failure(run: () => unknown): SessionError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error;
  }
  return assert.fail('did not fail');
}

const SERVER_TITLE = Uint8Array.from(Buffer.from('4752580000000001', 'hex'));
const CLIENT_TITLE = Uint8Array.from(Buffer.from('4d4d4d0000bc614e', 'hex'));
const SERVER_CHALLENGE = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const SECRETS: SessionSecrets = {
  password: new TextEncoder().encode('Gurux'),
  guek: Uint8Array.from({ length: 16 }, (_, i) => i),
  gak: Uint8Array.from({ length: 16 }, (_, i) => 0xd0 + i),
  systemTitle: CLIENT_TITLE,
};

describe('opening an association', () => {
  it('proposes LN without authentication as the book prints it', () => {
    const { session } = testSession({ conformance: ['get'], maxPdu: 1200 });
    let sent = '';
    converse(associate(session), (apdu, octets) => {
      sent = Buffer.from(octets).toString('hex');
      return apdu.kind === 'aarq' ? accept(apdu) : undefined;
    });
    assert.equal(sent, '601da109060760857405080101be10040e01000000065f1f040000001004b0');
    assert.equal(session.negotiated?.maxPdu, 1024);
    assert.deepEqual([...(session.negotiated?.conformance ?? [])], ['block-transfer-with-get-or-read', 'get']);
  });

  const contexts: readonly (readonly ['LN' | 'SN', 'none' | 'authenc', string])[] = [
    ['LN', 'none', 'ln'],
    ['SN', 'none', 'sn'],
    ['LN', 'authenc', 'ln-ciphered'],
    ['SN', 'authenc', 'sn-ciphered'],
  ];
  for (const [referencing, protection, context] of contexts) {
    it(`names context ${context} for ${referencing} with protection ${protection}`, () => {
      const { session } = testSession({ referencing, protection, secrets: SECRETS });
      let aarq: Aarq | undefined;
      converse(associate(session), (apdu) => {
        if (apdu.kind !== 'aarq') return undefined;
        aarq = apdu;
        return accept(apdu);
      });
      assert.equal(aarq?.applicationContext, context);
      assert.equal(aarq?.userInformation?.kind, protection === 'none' ? 'initiate-request' : 'glo-initiate-request');
      assert.equal(aarq?.callingApTitle === undefined, protection === 'none');
    });
  }

  const diagnostics: readonly (readonly [string, SessionErrorCode])[] = [
    ['application-context-name-not-supported', 'context-refused'],
    ['authentication-mechanism-name-not-recognised', 'mechanism-refused'],
    ['authentication-mechanism-name-required', 'authentication-required'],
    ['authentication-failure', 'authentication-failed'],
    ['authentication-required', 'authentication-required'],
    ['no-reason-given', 'association-rejected'],
    ['calling-AP-title-not-recognized', 'association-rejected'],
  ];
  for (const [diagnostic, code] of diagnostics) {
    it(`explains the diagnostic ${diagnostic}`, () => {
      const { session } = testSession();
      const error = failure(() =>
        converse(associate(session), (apdu) => (apdu.kind === 'aarq' ? reject(apdu, diagnostic) : undefined)),
      );
      assert.equal(error.code, code);
      assert.equal(error.details.diagnostic, diagnostic);
      assert.ok(error.message.includes('client 16 to server 1'), error.message);
      assert.ok(error.details.cause !== undefined && error.details.next !== undefined, 'names cause and next step');
      assert.equal(session.negotiated, undefined);
    });
  }

  const answers: readonly (readonly [string, (aarq: Aarq) => Reply, SessionErrorCode])[] = [
    ['silence', () => undefined, 'no-answer-to-aarq'],
    [
      'an exception-response',
      () => ({ kind: 'exception-response', stateError: 'service-not-allowed', serviceError: 'operation-not-possible' }),
      'exception',
    ],
    [
      'a confirmed-service-error',
      () => ({
        kind: 'confirmed-service-error',
        service: 'initiate-error',
        error: 'initiate',
        value: 'dlms-version-too-low',
      }),
      'initiate-refused',
    ],
    ['another APDU', () => ({ kind: 'rlre' }), 'unexpected-apdu'],
    ['octets that are no APDU', () => Uint8Array.of(0x61, 0x03, 0xa1), 'malformed'],
    ['nothing at all in the octets', () => new Uint8Array(), 'malformed'],
    [
      'a rejecting AARE with a confirmed-service-error inside',
      (aarq) => ({
        ...reject(aarq, 'no-reason-given'),
        userInformation: {
          kind: 'confirmed-service-error',
          service: 'initiate-error',
          error: 'initiate',
          value: 'pdu-size-too-short',
        },
      }),
      'initiate-refused',
    ],
    [
      'an accepting AARE without user-information',
      (aarq) => ({ ...reject(aarq, 'null'), result: 'accepted' }),
      'unexpected-apdu',
    ],
  ];
  for (const [name, answer, code] of answers) {
    it(`fails with ${code} on ${name}`, () => {
      const { session } = testSession();
      const error = failure(() =>
        converse(associate(session), (apdu) => (apdu.kind === 'aarq' ? answer(apdu) : undefined)),
      );
      assert.equal(error.code, code);
    });
  }

  it('an exception-response to the AARQ is not taken for one to a service', () => {
    const { session } = testSession();
    const error = failure(() =>
      converse(associate(session), () => ({
        kind: 'exception-response',
        stateError: 'service-not-allowed',
        serviceError: 'operation-not-possible',
      })),
    );
    assert.match(error.message, /another association is still open; release other sessions/);
    assert.doesNotMatch(error.message, /associate again/);
  });

  it('says what to try after silence', () => {
    const { session } = testSession();
    const error = failure(() => converse(associate(session), () => undefined));
    assert.match(error.message, /client SAP|server address/);
    assert.match(error.message, /try client 16/);
  });

  const lacking: readonly (readonly [Mechanism, SessionSecrets])[] = [
    ['lls', {}],
    ['hls-gmac', { systemTitle: CLIENT_TITLE }],
    ['hls-md5', {}],
    ['hls-sha256', { password: SECRETS.password! }],
  ];
  for (const [mechanism, secrets] of lacking) {
    it(`asks for the missing secret of ${mechanism}`, () => {
      const { session } = testSession({ mechanism, secrets });
      const error = failure(() =>
        converse(associate(session), (apdu) => (apdu.kind === 'aarq' ? hlsAccept(apdu) : undefined)),
      );
      assert.equal(error.code, 'secret-missing');
    });
  }
});

function hlsAccept(aarq: Aarq, challenge: Uint8Array = SERVER_CHALLENGE): Apdu {
  return {
    ...accept(aarq, ['get', 'action']),
    diagnostic: { source: 'acse-service-user', value: 'authentication-required' },
    respondingApTitle: SERVER_TITLE,
    ...(aarq.mechanism === undefined ? {} : { mechanism: aarq.mechanism }),
    authValue: { form: 'charstring', octets: challenge },
  };
}

/** A meter that knows SECRETS, judges pass 3 and answers with pass 4. */
function hlsMeter(mechanism: HlsMechanism, answer: 'right' | 'wrong' | 'none' | 'refuse'): (apdu: Apdu) => Reply {
  let clientChallenge = new Uint8Array();
  const parts = { secret: SECRETS.password!, guek: SECRETS.guek!, gak: SECRETS.gak! };
  return (apdu) => {
    if (apdu.kind === 'aarq') {
      clientChallenge = Uint8Array.from(apdu.authValue?.octets ?? []);
      return hlsAccept(apdu);
    }
    if (apdu.kind !== 'action-request' || apdu.type !== 'normal' || apdu.params?.t !== 'octet-string') return undefined;
    const good = verifyHlsReply(mechanism, apdu.params.v, {
      ...parts,
      challenge: SERVER_CHALLENGE,
      ownChallenge: clientChallenge,
      systemTitle: CLIENT_TITLE,
      peerSystemTitle: SERVER_TITLE,
    });
    const { invoke } = apdu;
    if (!good || answer === 'refuse')
      return { kind: 'action-response', type: 'normal', invoke, result: 'read-write-denied' };
    if (answer === 'none') return { kind: 'action-response', type: 'normal', invoke, result: 'success' };
    const reply = hlsReply(mechanism, {
      ...parts,
      challenge: answer === 'right' ? clientChallenge : SERVER_CHALLENGE,
      ownChallenge: SERVER_CHALLENGE,
      systemTitle: SERVER_TITLE,
      peerSystemTitle: CLIENT_TITLE,
      suite: 0,
      invocationCounter: 7,
    });
    return {
      kind: 'action-response',
      type: 'normal',
      invoke,
      result: 'success',
      return: { data: { t: 'octet-string', v: reply } },
    };
  };
}

describe('HLS passes', () => {
  for (const mechanism of HLS as readonly HlsMechanism[]) {
    it(`${mechanism}: both sides prove that they hold the secret`, () => {
      const { session } = testSession({ mechanism, secrets: SECRETS });
      converse(associate(session), hlsMeter(mechanism, 'right'));
      assert.ok(session.negotiated !== undefined);
    });
    it(`${mechanism}: a meter that answers wrongly is refused`, () => {
      const { session } = testSession({ mechanism, secrets: SECRETS });
      const error = failure(() => converse(associate(session), hlsMeter(mechanism, 'wrong')));
      assert.equal(error.code, 'server-not-authentic');
      assert.equal(session.negotiated, undefined);
    });
  }

  it('a client without the key learns that authentication failed', () => {
    const guek = Uint8Array.from({ length: 16 }, () => 0xff);
    const { session } = testSession({ mechanism: 'hls-gmac', secrets: { ...SECRETS, guek } });
    const error = failure(() => converse(associate(session), hlsMeter('hls-gmac', 'right')));
    assert.equal(error.code, 'authentication-failed');
  });

  it('a meter that proves nothing is refused', () => {
    const { session } = testSession({ mechanism: 'hls-md5', secrets: SECRETS });
    assert.equal(
      failure(() => converse(associate(session), hlsMeter('hls-md5', 'none'))).code,
      'authentication-failed',
    );
  });

  it('a reflected challenge is refused before anything is computed with the key', () => {
    const { session } = testSession({ mechanism: 'hls-gmac', secrets: SECRETS });
    let passThree = false;
    const error = failure(() =>
      converse(associate(session), (apdu) => {
        if (apdu.kind === 'aarq') return hlsAccept(apdu, apdu.authValue?.octets);
        passThree = true;
        return undefined;
      }),
    );
    assert.equal(error.code, 'challenge-reflected');
    assert.equal(passThree, false);
  });

  it('a short challenge is refused', () => {
    const { session } = testSession({ mechanism: 'hls-gmac', secrets: SECRETS });
    const error = failure(() =>
      converse(associate(session), (apdu) =>
        apdu.kind === 'aarq' ? hlsAccept(apdu, Uint8Array.of(1, 2, 3)) : undefined,
      ),
    );
    assert.equal(error.code, 'unexpected-apdu');
  });

  it('silence after pass 3 is read as a failed login', () => {
    const { session } = testSession({ mechanism: 'hls-gmac', secrets: SECRETS });
    const error = failure(() =>
      converse(associate(session), (apdu) => (apdu.kind === 'aarq' ? hlsAccept(apdu) : undefined)),
    );
    assert.equal(error.code, 'authentication-failed');
  });
});

describe('the LLS password in traces', () => {
  for (const password of ['12345678', 'A', 'x'.repeat(100)]) {
    it(`is masked with its length kept (${password.length} octets)`, () => {
      const secret = new TextEncoder().encode(password);
      const { session, events } = testSession({ mechanism: 'lls', secrets: { password: secret } });
      let sent = new Uint8Array();
      converse(associate(session), (apdu, octets) => {
        sent = Uint8Array.from(octets);
        return apdu.kind === 'aarq' ? accept(apdu) : undefined;
      });
      const shown = events[0]!.octets;
      assert.equal(shown.length, sent.length);
      const decoded = decodeApdu(shown);
      assert.ok(decoded.ok && decoded.value.kind === 'aarq');
      assert.equal(Buffer.from(decoded.value.authValue?.octets ?? []).toString(), '*'.repeat(password.length));
      const real = decodeApdu(sent);
      assert.ok(real.ok && real.value.kind === 'aarq');
      assert.equal(Buffer.from(real.value.authValue?.octets ?? []).toString(), password);
    });
  }
});

describe('release', () => {
  for (const [name, answer] of [
    ['RLRE', { kind: 'rlre', reason: 'normal' }],
    ['junk', Uint8Array.of(0xff, 0x00)],
  ] as const) {
    it(`is over after ${name}`, () => {
      const { session } = testSession();
      converse(associate(session), (apdu) => (apdu.kind === 'aarq' ? accept(apdu) : undefined));
      converse(release(session), () => answer);
      assert.equal(session.negotiated, undefined);
    });
  }
});
