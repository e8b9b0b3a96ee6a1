import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import {
  type ContentKeySource,
  type GeneralProtectOptions,
  protectGeneral,
} from '../../../engine/codec/security/protect-general.ts';
import { isSignedBy, signApdu } from '../../../engine/codec/security/sign.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { ContentKeyCounters, MAX_CONTENT_KEYS } from '../../../engine/meter/association/content-keys.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { MeterModel, PolicyItem, SecurityModel } from '../../../engine/template/model.ts';
import { partiesOf, SYMMETRIC } from '../codec/security-keys.ts';
import { association, meterModel } from './support/models.ts';
import { ALL_LN, CLIENT_TITLE, get, NOW, result, TestClient } from './support/test-client.ts';

const GET_SERIAL = get('0-0:96.1.0.255');
const SERIAL = { t: 'octet-string', v: new TextEncoder().encode('00000001') };
const NOT_DECIPHERABLE = 'd80105';
/** Behind tag, transaction-id of 3 octets, two titles and two empty fields. */
const KEY_INFO_PRESENT = 1 + 4 + 9 + 9 + 1 + 1;

type Suite = 0 | 1 | 2;

function literal(octets: Uint8Array | undefined): { literal: string; encoding: 'hex' } {
  assert.ok(octets !== undefined);
  return { literal: toHex(octets), encoding: 'hex' };
}

function modelWith(suite: Suite, policy: readonly PolicyItem[] = [], without: readonly string[] = []): MeterModel {
  const keys: KeyRing = suite === 0 ? SYMMETRIC[0] : partiesOf(suite).server;
  const all = {
    globalUnicastKey: literal(keys.guek),
    globalBroadcastKey: literal(keys.gbek),
    authenticationKey: literal(keys.gak),
    masterKey: literal(keys.kek),
    ...(suite === 0
      ? {}
      : {
          signingKey: literal(keys.signingKey),
          agreementKey: literal(keys.agreementKey),
          clientSigningKey: literal(keys.peerSigningKey),
          clientAgreementKey: literal(keys.peerAgreementKey),
        }),
  };
  const security: SecurityModel = {
    name: 'guard',
    suite,
    policy,
    ...Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name))),
  };
  return meterModel({
    securities: [security],
    associations: [
      association({
        name: 'management',
        clientSap: 1,
        mechanism: 'lowest',
        ciphering: true,
        security: 'guard',
        conformance: ALL_LN,
      }),
    ],
  });
}

/** A client whose association is open; `random` is the first octet of what the meter draws. */
function opened(
  suite: Suite,
  policy: readonly PolicyItem[] = [],
  without: readonly string[] = [],
  random = 0x40,
): TestClient {
  const client = new TestClient(createMeter(modelWith(suite, policy, without), { startedAt: NOW }), 1, 1, random);
  client.suite = suite;
  client.keys = suite === 0 ? SYMMETRIC[0] : partiesOf(suite).client;
  const ciphered = policy.includes('encrypted-request');
  const aare = client.open({ context: 'ln-ciphered', title: CLIENT_TITLE, protected: ciphered });
  assert.equal(aare.result, 'accepted');
  return client;
}

let transaction = 0;

function general(client: TestClient, contentKey: ContentKeySource, change: Partial<GeneralProtectOptions> = {}) {
  transaction += 1;
  return protectGeneral(encodeApdu(GET_SERIAL), {
    suite: client.suite,
    authenticated: true,
    encrypted: true,
    systemTitle: CLIENT_TITLE,
    keys: client.keys,
    contentKey,
    invocationCounter: 5,
    transactionId: Uint8Array.of(9, transaction >> 8, transaction & 0xff),
    recipientSystemTitle: client.meter.systemTitle,
    dateTime: new Uint8Array(0),
    otherInformation: new Uint8Array(0),
    ...change,
  });
}

function decoded(octets: Uint8Array | undefined): Apdu {
  assert.ok(octets !== undefined);
  const apdu = decodeApdu(octets, { strict: true });
  assert.ok(apdu.ok);
  return apdu.value;
}

/** The answer inside of general-ciphering, verified. */
function inside(client: TestClient, octets: Uint8Array | undefined) {
  const apdu = decoded(octets);
  assert.ok(apdu.kind === 'general-ciphering', apdu.kind);
  const plain = unprotect(apdu, client.keys);
  assert.ok(plain.ok && plain.verified);
  return { apdu, plain: decoded(plain.plain), ic: plain.header.ic };
}

function sources(suite: Suite): readonly (readonly [string, ContentKeySource])[] {
  const symmetric = [
    ['no key-info', { kind: 'identified', key: 'unicast', named: false }],
    ['the unicast key', { kind: 'identified', key: 'unicast' }],
    ['the broadcast key', { kind: 'identified', key: 'broadcast' }],
    ['a wrapped key', { kind: 'wrapped', key: new Uint8Array(suite === 2 ? 32 : 16).fill(0x5a) }],
  ] as const;
  if (suite === 0) return symmetric;
  return [
    ...symmetric,
    ['C(1e, 1s)', { kind: 'one-pass', ephemeralKey: partiesOf(suite).ephemeralKey }],
    ['C(0e, 2s)', { kind: 'static' }],
  ];
}

describe('general protection of a meter', () => {
  for (const suite of [0, 1, 2] as const) {
    for (const [what, source] of sources(suite)) {
      it(`suite ${suite}: general-ciphering under ${what} is served and answered in kind, once`, () => {
        const client = opened(suite);
        const request = general(client, source);
        const answer = inside(client, client.raw(request));
        assert.deepEqual(result(answer.plain), SERIAL);
        const sent = decoded(request);
        assert.ok(sent.kind === 'general-ciphering');
        assert.deepEqual(answer.apdu.transactionId, sent.transactionId);
        assert.deepEqual(answer.apdu.recipientSystemTitle, CLIENT_TITLE);
        const info = answer.apdu.keyInfo;
        assert.equal(info?.wrappedKey !== undefined, source.kind === 'wrapped');
        assert.equal(info?.agreedKey?.keyParameters[0], { 'one-pass': 1, static: 2 }[source.kind as string]);
        assert.equal(answer.ic === 0, source.kind !== 'identified');
        assert.equal(client.hex(request), 'd8010600000006', 'the same octets again are a replay');
      });
    }
  }

  it('never uses a counter twice under a key of C(0e, 2s)', () => {
    const client = opened(1);
    const transactionId = Uint8Array.of(1, 2, 3);
    const answers = [1, 2, 3].map((invocationCounter) => {
      const request = general(client, { kind: 'static' }, { transactionId, invocationCounter });
      return inside(client, client.raw(request)).ic;
    });
    assert.deepEqual(answers, [0, 1, 2]);
  });

  it('makes a new key for every answer under wrapped keys and C(1e, 1s)', () => {
    for (const kind of ['wrappedKey', 'agreedKey'] as const) {
      const [, source] =
        sources(1).find(([what]) => what === (kind === 'wrappedKey' ? 'a wrapped key' : 'C(1e, 1s)')) ?? [];
      assert.ok(source !== undefined);
      const made = [0x40, 0x50].map((random) => {
        const client = opened(1, [], [], random);
        const { apdu } = inside(client, client.raw(general(client, source)));
        return toHex(apdu.keyInfo?.[kind]?.keyCipheredData ?? new Uint8Array(0));
      });
      assert.notEqual(made[0], made[1]);
    }
  });

  it('refuses what is meant for another meter', () => {
    const client = opened(1);
    const other = fromHex('41434d0000000099');
    for (const [, source] of sources(1))
      assert.equal(client.hex(general(client, source, { recipientSystemTitle: other })), NOT_DECIPHERABLE);
  });

  it('refuses every changed octet of a request with an agreed key, and takes no counter from it', () => {
    const client = opened(1);
    for (const [, source] of sources(1).slice(-2)) {
      const request = general(client, source);
      for (let at = 0; at < request.length; at++) {
        // Any number but 0 says that key-info is there, and key-info is not authenticated.
        if (at === KEY_INFO_PRESENT) continue;
        const changed = request.slice();
        changed[at]! ^= 0x04;
        const answer = client.raw(changed);
        assert.ok(answer === undefined || answer[0] === 0xd8, `octet ${at}`);
      }
      assert.deepEqual(result(inside(client, client.raw(request)).plain), SERIAL);
    }
  });

  it('cannot serve keys it has no part of', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['a wrapped key', 'masterKey'],
      ['C(1e, 1s)', 'agreementKey'],
      ['C(1e, 1s)', 'clientSigningKey'],
      ['C(1e, 1s)', 'clientAgreementKey'],
      ['C(1e, 1s)', 'signingKey'],
      ['C(0e, 2s)', 'clientAgreementKey'],
    ];
    for (const [what, missing] of cases) {
      const client = opened(1, [], [missing]);
      const [, source] = sources(1).find(([name]) => name === what) ?? [];
      assert.ok(source !== undefined);
      assert.equal(client.hex(general(client, source)), NOT_DECIPHERABLE, `${what} without ${missing}`);
    }
  });

  it('remembers only so many content keys', () => {
    const counters = new ContentKeyCounters();
    for (let at = 0; at <= MAX_CONTENT_KEYS; at++) counters.set(`key ${at}`, at);
    assert.equal(counters.last('key 0'), -1);
    assert.equal(counters.last('key 1'), 1);
    assert.equal(counters.last(`key ${MAX_CONTENT_KEYS}`), MAX_CONTENT_KEYS);
  });
});

describe('signed requests to a meter', () => {
  const signed = (
    client: TestClient,
    content: Uint8Array,
    signingKey = client.keys.signingKey,
    recipientSystemTitle = client.meter.systemTitle,
  ): Uint8Array => {
    assert.ok(signingKey !== undefined);
    return signApdu(content, {
      signingKey,
      transactionId: Uint8Array.of(7),
      originatorSystemTitle: CLIENT_TITLE,
      recipientSystemTitle,
      dateTime: new Uint8Array(0),
      otherInformation: new Uint8Array(0),
    });
  };
  const ciphered = (client: TestClient, plain: Uint8Array): Uint8Array => {
    client.counter += 1;
    return protect(plain, {
      service: 'general-glo',
      suite: client.suite,
      authenticated: true,
      encrypted: true,
      systemTitle: CLIENT_TITLE,
      keys: client.keys,
      invocationCounter: client.counter,
    });
  };
  const contentOf = (client: TestClient, octets: Uint8Array | undefined): Apdu => {
    const apdu = decoded(octets);
    assert.ok(apdu.kind === 'general-signing', apdu.kind);
    assert.ok(isSignedBy(apdu, client.keys.peerSigningKey ?? CLIENT_TITLE));
    assert.deepEqual(apdu.transactionId, Uint8Array.of(7));
    assert.deepEqual(apdu.recipientSystemTitle, CLIENT_TITLE);
    return decoded(apdu.content);
  };

  for (const suite of [1, 2] as const) {
    it(`suite ${suite}: are verified and answered signed`, () => {
      const client = opened(suite, ['signed-request', 'signed-response']);
      assert.deepEqual(result(contentOf(client, client.raw(signed(client, encodeApdu(GET_SERIAL))))), SERIAL);
      assert.equal(client.hex(encodeApdu(GET_SERIAL)), NOT_DECIPHERABLE);
    });

    it(`suite ${suite}: signed, then ciphered, and answered so`, () => {
      const client = opened(suite, ['signed-request', 'authenticated-request', 'encrypted-request']);
      const answer = decoded(client.raw(ciphered(client, signed(client, encodeApdu(GET_SERIAL)))));
      assert.ok(answer.kind === 'general-glo-ciphering');
      const plain = unprotect(answer, client.keys);
      assert.ok(plain.ok);
      assert.deepEqual(result(contentOf(client, plain.plain)), SERIAL);
      client.form = 'general-glo';
      assert.equal(client.hex(client.protect(GET_SERIAL)), NOT_DECIPHERABLE, 'ciphered without a signature');
      assert.equal(client.hex(signed(client, encodeApdu(GET_SERIAL))), NOT_DECIPHERABLE, 'signed without ciphering');
    });
  }

  it('are refused with a wrong signature, for another meter, and twice signed', () => {
    const client = opened(1, ['signed-request']);
    const request = signed(client, encodeApdu(GET_SERIAL));
    for (let at = 0; at < request.length; at++) {
      const changed = request.slice();
      changed[at]! ^= 0x01;
      const answer = client.raw(changed);
      assert.ok(answer === undefined || answer[0] === 0xd8, `octet ${at}`);
    }
    assert.equal(client.hex(signed(client, request)), NOT_DECIPHERABLE);
    const { signingKey } = client.keys;
    assert.equal(client.hex(signed(client, encodeApdu(GET_SERIAL), signingKey, CLIENT_TITLE)), NOT_DECIPHERABLE);
    assert.equal(client.raw(signed(client, encodeApdu(GET_SERIAL), signingKey, new Uint8Array(0)))?.[0], 0xdf);
    const { server } = partiesOf(1);
    assert.equal(client.hex(signed(client, encodeApdu(GET_SERIAL), server.signingKey)), NOT_DECIPHERABLE);
  });

  it('do not stand in for ciphering of an InitiateRequest', () => {
    for (const [policy, result] of [
      [['signed-request'], 'accepted'],
      [['signed-request', 'authenticated-request'], 'rejected-permanent'],
    ] as const) {
      const client = new TestClient(createMeter(modelWith(1, policy), { startedAt: NOW }), 1);
      client.suite = 1;
      client.keys = partiesOf(1).client;
      const initiate = encodeApdu({
        kind: 'initiate-request',
        dedicatedKey: null,
        responseAllowed: true,
        proposedQoS: null,
        dlmsVersion: 6,
        conformance: ALL_LN,
        maxPdu: 0xffff,
      });
      const userInformation = decoded(signed(client, initiate));
      assert.ok(userInformation.kind === 'general-signing');
      const aare = client.open({ context: 'ln-ciphered', title: CLIENT_TITLE, aarq: { userInformation } });
      assert.equal(aare.result, result);
    }
  });

  it('leave the counter alone when the signature inside is wrong', () => {
    const client = opened(1, ['signed-request']);
    const { server } = partiesOf(1);
    const forged = ciphered(client, signed(client, encodeApdu(GET_SERIAL), server.signingKey));
    assert.equal(client.hex(forged), NOT_DECIPHERABLE);
    client.counter -= 1;
    assert.equal(client.raw(ciphered(client, signed(client, encodeApdu(GET_SERIAL))))?.[0], 0xdb);
  });

  it('are answered by an exception where the policy wants a signature the meter cannot make', () => {
    const client = opened(1, ['signed-response'], ['signingKey']);
    assert.equal(client.hex(client.protect(GET_SERIAL)), NOT_DECIPHERABLE);
  });

  it('go into the general form when a glo- request has to be answered signed', () => {
    const client = opened(1, ['signed-response']);
    const answer = decoded(client.raw(client.protect(GET_SERIAL)));
    assert.ok(answer.kind === 'general-glo-ciphering');
    const plain = unprotect(answer, client.keys);
    assert.ok(plain.ok);
    const apdu = decoded(plain.plain);
    assert.ok(apdu.kind === 'general-signing' && isSignedBy(apdu, client.keys.peerSigningKey ?? CLIENT_TITLE));
  });
});
