import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { KEY_IDS, KEY_RING_NAMES, type KeyId } from '../../../engine/codec/security/key-id.ts';
import type { SecurityKey } from '../../../engine/codec/security/key-transfer.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import type { VirtualMeter } from '../../../engine/meter/meter.ts';
import { ClientSession } from '../../../engine/session/client-session.ts';
import { agreeOnKeys, transferKeys } from '../../../engine/session/key-exchange.ts';
import { getAttribute } from '../../../engine/session/ln-get.ts';
import type { Suite } from '../../../engine/session/params.ts';
import { partiesOf } from '../codec/security-keys.ts';
import { NOW } from '../meter/support/test-client.ts';
import { CLIENT_TITLE, codeOf, meterOf, opened, random } from './security-setup-kit.ts';

const SERIAL = { class: 1, obis: '0-0:96.1.0.255', index: 2 };
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
