import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { KEY_IDS, KEY_RING_NAMES, type KeyId } from '../../../engine/codec/security/key-id.ts';
import type { SecurityKey } from '../../../engine/codec/security/key-transfer.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import { ServerAssociation } from '../../../engine/meter/association/server-association.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import { associate } from '../../../engine/session/associate.ts';
import { ClientSession } from '../../../engine/session/client-session.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { agreeOnKeys, transferKeys } from '../../../engine/session/key-exchange.ts';
import { getAttribute } from '../../../engine/session/ln-get.ts';
import { type ClientParams, LN_CONFORMANCE, type Suite } from '../../../engine/session/params.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import { partiesOf, SYMMETRIC } from '../codec/security-keys.ts';
import { association, meterModel, object, standardObjects } from '../meter/support/models.ts';
import { ALL_LN, NOW } from '../meter/support/test-client.ts';

const SERIAL = { class: 1, obis: '0-0:96.1.0.255', index: 2 };
const CLIENT_TITLE = fromHex('4d4d4d0000000001');

function literal(octets: Uint8Array | undefined): { literal: string; encoding: 'hex' } {
  return { literal: toHex(octets ?? new Uint8Array(0)), encoding: 'hex' };
}

function meterOf(suite: Suite, without: readonly string[] = []): VirtualMeter {
  const keys: KeyRing = suite === 0 ? SYMMETRIC[0] : partiesOf(suite).server;
  const all = {
    globalUnicastKey: literal(keys.guek),
    authenticationKey: literal(keys.gak),
    masterKey: literal(keys.kek),
    ...(suite === 0 ? {} : { signingKey: literal(keys.signingKey), clientSigningKey: literal(keys.peerSigningKey) }),
  };
  const security = Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
  const setup = object({ name: 'setup', obis: '0-0:43.0.0.255', class: 64, version: 1 });
  const model = meterModel({
    securities: [{ name: 'guard', suite, policy: [], ...security }],
    associations: [
      association({ name: 'management', clientSap: 1, ciphering: true, security: 'guard', conformance: ALL_LN }),
    ],
    objects: [...standardObjects, setup],
  });
  return createMeter(model, { startedAt: NOW });
}

let drawn = 0;
const random = (length: number) => Uint8Array.from({ length }, () => (drawn = (drawn * 13 + 7) % 251));

function opened(meter: VirtualMeter, suite: Suite, change: Partial<KeyRing> = {}, first = 1) {
  const keys: KeyRing = suite === 0 ? SYMMETRIC[0] : partiesOf(suite).client;
  const candidates = meter.blueprint.associationsOf(1, 1);
  const server = new ServerAssociation({ meter, clientSap: 1, serverSap: 1, candidates, random });
  const params: ClientParams = {
    referencing: 'LN',
    mechanism: 'lowest',
    protection: 'authenc',
    suite,
    secrets: { ...keys, ...change, systemTitle: CLIENT_TITLE },
    conformance: LN_CONFORMANCE,
    maxPdu: 0xffff,
    invocationCounter: first,
  };
  const session = new ClientSession(params, { random });
  const run = <T>(procedure: Procedure<T>): T => {
    let state = procedure.next();
    while (state.done !== true) {
      const answer = state.value.send === null ? undefined : server.receive(state.value.send, NOW);
      state =
        answer === undefined ? procedure.throw(new SessionError('no-answer', 'no answer')) : procedure.next(answer);
    }
    return state.value;
  };
  run(associate(session));
  return { session, run, server };
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

function ringOf(keys: readonly SecurityKey[]): Partial<KeyRing> {
  return Object.fromEntries(keys.map(({ id, key }) => [KEY_RING_NAMES[id], key]));
}

/** The new keys are in force, the old ones no more. Counters begin anew with them. */
function checkInForce(meter: VirtualMeter, suite: Suite, keys: readonly SecurityKey[], first = 1): void {
  const again = opened(meter, suite, ringOf(keys), first);
  const read = again.run(getAttribute(again.session, SERIAL, null));
  assert.ok('data' in read);
  const plain = fromHex('c001c100010000600100ff0200');
  const request = again.session.ciphering.protect(plain);
  assert.equal(again.server.receive(request, NOW)?.[0], 0xcc);
  assert.equal(
    toHex(again.server.receive(request, NOW)?.subarray(0, 3) ?? plain),
    'd80106',
    'a replay under the new key',
  );
  if (keys.some(({ id }) => id === 'global-unicast-encryption-key' || id === 'authentication-key'))
    assert.equal(
      codeOf(() => opened(meter, suite, {}, 900)),
      'initiate-refused',
    );
}

describe('key transfer to a meter', () => {
  for (const suite of [0, 1, 2] as const) {
    const length = suite === 2 ? 32 : 16;
    it(`suite ${suite}: the answer comes under the old keys, what follows under the new ones`, () => {
      const meter = meterOf(suite);
      const client = opened(meter, suite);
      const keys = KEY_IDS.map((id, at) => ({ id, key: new Uint8Array(length).fill(0x11 * (at + 1)) }));
      client.run(transferKeys(client.session, keys));
      assert.equal(
        codeOf(() => client.run(getAttribute(client.session, SERIAL, null))),
        'exception',
      );
      checkInForce(meter, suite, keys);
      // The new master key wraps the next ones.
      const second = opened(meter, suite, ringOf(keys), 50);
      const next = [{ id: 'authentication-key', key: new Uint8Array(length).fill(0x77) }] as const;
      second.run(transferKeys(second.session, next));
      checkInForce(meter, suite, [...keys, ...next], 100);
    });
  }

  it('is refused under another master key, for other lengths and without a master key, and changes nothing', () => {
    const key = { id: 'global-unicast-encryption-key', key: new Uint8Array(16) } as const;
    const meter = meterOf(1);
    const wrong = opened(meter, 1, { kek: new Uint8Array(16) });
    const cases = [
      () => wrong.run(transferKeys(wrong.session, [key])),
      () => wrong.run(transferKeys(wrong.session, [{ ...key, key: new Uint8Array(32) }])),
    ];
    for (const run of cases) assert.equal(codeOf(run), 'service-error');
    const read = wrong.run(getAttribute(wrong.session, SERIAL, null));
    assert.ok('data' in read);
    const bare = opened(meterOf(1, ['masterKey']), 1);
    assert.equal(
      codeOf(() => bare.run(transferKeys(bare.session, [key]))),
      'service-error',
    );
    const { kek: _, ...noKek } = partiesOf(1).client;
    const poor = new ClientSession({ ...wrong.session.params, secrets: noKek }, { random });
    assert.equal(
      codeOf(() => transferKeys(poor, [key]).next()),
      'secret-missing',
    );
  });
});

describe('key agreement with a meter', () => {
  for (const suite of [1, 2] as const) {
    it(`suite ${suite}: both come to the same keys, which are in force afterwards`, () => {
      const meter = meterOf(suite);
      const client = opened(meter, suite);
      const ids: readonly KeyId[] = ['global-unicast-encryption-key', 'authentication-key', 'master-key'];
      const keys = client.run(agreeOnKeys(client.session, ids));
      assert.deepEqual(
        keys.map(({ id }) => id),
        ids,
      );
      checkInForce(meter, suite, keys);
      const second = opened(meter, suite, ringOf(keys), 60);
      const next = [{ id: 'authentication-key', key: new Uint8Array(suite === 2 ? 32 : 16).fill(1) }] as const;
      second.run(transferKeys(second.session, next));
      checkInForce(meter, suite, [...keys, ...next], 100);
    });

    it(`suite ${suite}: nobody else can take part`, () => {
      const { server, client } = partiesOf(suite);
      const meter = meterOf(suite);
      const impostor = opened(meter, suite, { signingKey: server.signingKey ?? CLIENT_TITLE });
      assert.equal(
        codeOf(() => impostor.run(agreeOnKeys(impostor.session, ['authentication-key']))),
        'service-error',
      );
      const deceived = opened(meter, suite, { peerSigningKey: server.peerSigningKey ?? CLIENT_TITLE }, 40);
      assert.ok(client.peerSigningKey !== undefined);
      assert.equal(
        codeOf(() => deceived.run(agreeOnKeys(deceived.session, ['authentication-key']))),
        'server-not-authentic',
      );
    });
  }

  it('needs a suite with signatures on both sides', () => {
    const suite0 = opened(meterOf(0), 0);
    assert.equal(
      codeOf(() => suite0.run(agreeOnKeys(suite0.session, ['master-key']))),
      'not-supported',
    );
    const unsigned = opened(meterOf(1, ['signingKey']), 1);
    assert.equal(
      codeOf(() => unsigned.run(agreeOnKeys(unsigned.session, ['master-key']))),
      'service-error',
    );
  });
});
