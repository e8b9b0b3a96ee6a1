import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { importPrivateKey, P256 } from '../../../engine/codec/security/curves.ts';
import { ServerAssociation } from '../../../engine/meter/association/server-association.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import { associate } from '../../../engine/session/associate.ts';
import { ClientSession } from '../../../engine/session/client-session.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { getAttribute } from '../../../engine/session/ln-get.ts';
import { type ClientParams, LN_CONFORMANCE } from '../../../engine/session/params.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import type { SessionSecrets } from '../../../engine/session/secrets.ts';
import type { MeterModel, SecurityModel } from '../../../engine/template/model.ts';
import { CERTIFICATES, SIGNING_PRIVATE_KEY } from '../codec/security-certificates.ts';
import { partiesOf } from '../codec/security-keys.ts';
import { association, meterModel } from './support/models.ts';
import { ALL_LN, NOW } from './support/test-client.ts';

const CLIENT_TITLE = fromHex('4d4d4d0000000001');
const SERIAL = { class: 1, obis: '0-0:96.1.0.255', index: 2 };

function literal(octets: Uint8Array | undefined): { literal: string; encoding: 'hex' } {
  assert.ok(octets !== undefined);
  return { literal: toHex(octets), encoding: 'hex' };
}

function der(name: keyof typeof CERTIFICATES): Uint8Array {
  return new Uint8Array(Buffer.from(CERTIFICATES[name], 'base64'));
}

function modelWith(security: Omit<SecurityModel, 'name' | 'policy'>, systemTitle?: string): MeterModel {
  const model = meterModel({
    securities: [{ name: 'guard', policy: [], ...security }],
    associations: [
      association({
        name: 'management',
        clientSap: 1,
        mechanism: 'hls-ecdsa',
        security: 'guard',
        conformance: ALL_LN,
        lock: { failures: 2, durationMs: 60_000 },
      }),
    ],
  });
  return systemTitle === undefined ? model : { ...model, identity: { ...model.identity, systemTitle } };
}

function runs<T>(procedure: Procedure<T>, server: ServerAssociation): T {
  let state = procedure.next();
  while (state.done !== true) {
    const answer = state.value.send === null ? undefined : server.receive(state.value.send, NOW);
    state = answer === undefined ? procedure.throw(new SessionError('no-answer', 'no answer')) : procedure.next(answer);
  }
  return state.value;
}

let drawn = 0;
const random = (length: number) => Uint8Array.from({ length }, () => (drawn = (drawn * 7 + 3) % 251));

function connected(meter: VirtualMeter, secrets: SessionSecrets, suite: 1 | 2) {
  const server = new ServerAssociation({
    meter,
    clientSap: 1,
    serverSap: 1,
    candidates: meter.blueprint.associationsOf(1, 1),
    random,
  });
  const params: ClientParams = {
    referencing: 'LN',
    mechanism: 'hls-ecdsa',
    protection: 'none',
    suite,
    secrets: { systemTitle: CLIENT_TITLE, ...secrets },
    conformance: LN_CONFORMANCE,
    maxPdu: 0xffff,
    invocationCounter: 1,
  };
  return { server, session: new ClientSession(params, { random, now: () => NOW }) };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error.code;
  }
  return assert.fail('did not fail');
}

describe('a meter with signatures (HLS 7)', () => {
  for (const suite of [1, 2] as const) {
    const { client, server: keys } = partiesOf(suite);
    const security = {
      suite,
      signingKey: literal(keys.signingKey),
      clientSigningKey: literal(keys.peerSigningKey),
    } as const;
    const signingKey = client.signingKey ?? CLIENT_TITLE;
    const peerSigningKey = client.peerSigningKey ?? CLIENT_TITLE;

    it(`suite ${suite}: client and meter know each other by their signatures`, () => {
      const meter = createMeter(modelWith(security), { startedAt: NOW });
      const { server, session } = connected(meter, { signingKey, peerSigningKey }, suite);
      runs(associate(session), server);
      const read = runs(getAttribute(session, SERIAL, null), server);
      assert.ok('data' in read && read.data.t === 'octet-string');
      assert.equal(server.state?.challenges, undefined);
    });

    it(`suite ${suite}: a client with another key is turned away, and locked out after two`, () => {
      const meter = createMeter(modelWith(security), { startedAt: NOW });
      const wrong = { signingKey: keys.signingKey ?? CLIENT_TITLE, peerSigningKey };
      for (let attempt = 0; attempt < 2; attempt++) {
        const { server, session } = connected(meter, wrong, suite);
        assert.equal(
          codeOf(() => runs(associate(session), server)),
          'authentication-failed',
        );
        assert.equal(server.state, undefined);
      }
      const { server, session } = connected(meter, { signingKey, peerSigningKey }, suite);
      assert.equal(
        codeOf(() => runs(associate(session), server)),
        'authentication-failed',
      );
    });

    it(`suite ${suite}: another meter is found out`, () => {
      const meter = createMeter(modelWith({ ...security, signingKey: literal(client.signingKey) }), { startedAt: NOW });
      const { server, session } = connected(meter, { signingKey, peerSigningKey }, suite);
      assert.equal(
        codeOf(() => runs(associate(session), server)),
        'server-not-authentic',
      );
    });
  }

  const { client, server: keys } = partiesOf(1);
  const signingKey = client.signingKey ?? CLIENT_TITLE;

  it('takes keys as PEM and sends its certificate', () => {
    const pem = importPrivateKey(P256, fromHex(SIGNING_PRIVATE_KEY))
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const security = {
      suite: 1,
      signingKey: { literal: pem, encoding: 'text' },
      certificate: literal(der('signing')),
      clientSigningKey: literal(keys.peerSigningKey),
    } as const;
    const meter = createMeter(modelWith(security, '4D4D4D0000BC614E'), { startedAt: NOW });
    const { server, session } = connected(meter, { signingKey, authority: der('authority') }, 1);
    // The certificates of the tests begin some hours after the time of the other tests.
    const later = Date.UTC(2027, 0, 1);
    const believing = new ClientSession(session.params, { random, now: () => later });
    runs(associate(believing), server);
    assert.deepEqual(believing.negotiated?.aare.respondingAeQualifier, der('signing'));
    assert.equal(
      codeOf(() => runs(associate(session), server)),
      'server-not-authentic',
    );
  });

  for (const missing of ['signingKey', 'clientSigningKey'] as const)
    it(`refuses without its ${missing}`, () => {
      const whole = { signingKey: literal(keys.signingKey), clientSigningKey: literal(keys.peerSigningKey) };
      const { [missing]: _, ...security } = whole;
      const meter = createMeter(modelWith({ suite: 1, ...security }), { startedAt: NOW });
      const secrets = { signingKey, peerSigningKey: client.peerSigningKey ?? CLIENT_TITLE };
      const { server, session } = connected(meter, secrets, 1);
      assert.equal(
        codeOf(() => runs(associate(session), server)),
        'authentication-failed',
      );
    });
});
