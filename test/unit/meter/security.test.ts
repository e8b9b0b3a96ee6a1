import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { type HlsMechanism, verifyHlsReply } from '../../../engine/codec/security/hls.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import type { AssociationModel, MeterModel, PolicyItem } from '../../../engine/template/model.ts';
import { association, meterModel } from './support/models.ts';
import { ALL_LN, CLIENT_TITLE, get, INVOKE, NOW, type OpenOptions, result, TestClient } from './support/test-client.ts';

const CHALLENGE = fromHex('4b35366956616759');
const SECRET = fromHex('5365637265742121');
const KEYS = {
  0: { guek: fromHex('000102030405060708090a0b0c0d0e0f'), gak: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf') },
  2: {
    guek: fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
    gak: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf'),
  },
} as const;
const FULL_POLICY: readonly PolicyItem[] = [
  'authenticated-request',
  'encrypted-request',
  'authenticated-response',
  'encrypted-response',
];
const SERIAL = { t: 'octet-string', v: new TextEncoder().encode('00000001') };
const GET_SERIAL = get('0-0:96.1.0.255');

function modelWith(
  part: Partial<AssociationModel>,
  policy: readonly PolicyItem[] = [],
  suite: 0 | 1 | 2 = 0,
): MeterModel {
  const keys = suite === 2 ? KEYS[2] : KEYS[0];
  return meterModel({
    securities: [
      {
        name: 'guard',
        suite,
        globalUnicastKey: { literal: toHex(keys.guek), encoding: 'hex' },
        authenticationKey: { literal: toHex(keys.gak), encoding: 'hex' },
        policy,
      },
    ],
    associations: [
      association({
        name: 'management',
        clientSap: 1,
        secret: { literal: toHex(SECRET), encoding: 'hex' },
        security: 'guard',
        conformance: ALL_LN,
        ...part,
      }),
    ],
  });
}

function clientOf(model: MeterModel, meter: VirtualMeter = createMeter(model, { startedAt: NOW })): TestClient {
  const client = new TestClient(meter, 1);
  client.suite = model.securities[0]?.suite ?? 0;
  client.keys = client.suite === 2 ? KEYS[2] : KEYS[0];
  return client;
}

function replyRequest(reply: Uint8Array) {
  return {
    kind: 'action-request',
    type: 'normal',
    invoke: INVOKE,
    method: { class: 15, obis: '0-0:40.0.0.255', index: 1 },
    params: { t: 'octet-string', v: reply },
  } as const;
}

const HLS_OPEN: OpenOptions = { authValue: CHALLENGE, title: CLIENT_TITLE };

describe('HLS, passes 1 to 4', () => {
  for (const mechanism of ['hls-md5', 'hls-sha1', 'hls-sha256', 'hls-gmac'] as const) {
    const model = modelWith({ mechanism });

    /** Passes 1 to 3; yields the answer to pass 3. */
    function pass(client: TestClient, change: (reply: Uint8Array) => Uint8Array = (reply) => reply) {
      const aare = client.open({ ...HLS_OPEN, mechanism });
      assert.equal(aare.diagnostic.value, 'authentication-required');
      assert.equal(aare.mechanism, mechanism);
      return { aare, answer: client.plain(replyRequest(change(client.hlsReply(mechanism, aare, CHALLENGE, SECRET)))) };
    }

    it(`${mechanism}: completes and proves itself`, () => {
      const client = clientOf(model);
      const { aare, answer } = pass(client);
      assert.ok(answer.kind === 'action-response' && answer.type === 'normal' && answer.result === 'success');
      assert.ok(answer.return !== undefined && 'data' in answer.return && answer.return.data.t === 'octet-string');
      const own = aare.authValue?.octets;
      assert.ok(own !== undefined);
      const genuine = verifyHlsReply(mechanism satisfies HlsMechanism, answer.return.data.v, {
        challenge: CHALLENGE,
        ownChallenge: own,
        secret: SECRET,
        systemTitle: client.meter.systemTitle,
        peerSystemTitle: CLIENT_TITLE,
        ...client.keys,
      });
      assert.ok(genuine, 'f(CtoS) is wrong');
      assert.deepEqual(result(client.plain(GET_SERIAL)), SERIAL);
    });

    it(`${mechanism}: a wrong reply ends the association`, () => {
      const client = clientOf(model);
      const { answer } = pass(client, (reply) =>
        reply.map((octet, index) => (index === reply.length - 1 ? octet ^ 1 : octet)),
      );
      assert.equal(result(answer), 'read-write-denied');
      assert.equal(client.server.state, undefined);
      assert.equal(client.hex('c001c100010000600100ff0200'), 'd80101');
    });

    it(`${mechanism}: a reply to an earlier challenge is refused`, () => {
      const meter = createMeter(model, { startedAt: NOW });
      let recorded = new Uint8Array(0);
      pass(clientOf(model, meter), (reply) => {
        recorded = new Uint8Array(reply);
        return reply;
      });
      const replaying = new TestClient(meter, 1, 1, 0x60);
      replaying.open({ ...HLS_OPEN, mechanism });
      assert.equal(result(replaying.plain(replyRequest(recorded))), 'read-write-denied');
    });
  }

  it('serves nothing but pass 3 while the association is pending', () => {
    const client = clientOf(modelWith({ mechanism: 'hls-md5' }));
    client.open({ ...HLS_OPEN, mechanism: 'hls-md5' });
    assert.equal(client.hex('c001c100010000600100ff0200'), 'd80101');
  });

  it('needs the client system title for GMAC', () => {
    const client = clientOf(modelWith({ mechanism: 'hls-gmac' }));
    const aare = client.open({ mechanism: 'hls-gmac', authValue: CHALLENGE });
    const reply = client.hlsReply('hls-gmac', aare, CHALLENGE);
    assert.equal(result(client.plain(replyRequest(reply))), 'read-write-denied');
  });

  it('locks after wrong replies', () => {
    const model = modelWith({ mechanism: 'hls-md5', lock: { failures: 2, durationMs: 1000 } });
    const client = clientOf(model);
    for (let i = 0; i < 2; i += 1) {
      client.open({ ...HLS_OPEN, mechanism: 'hls-md5' });
      assert.equal(result(client.plain(replyRequest(fromHex('00')))), 'read-write-denied');
    }
    assert.equal(client.open({ ...HLS_OPEN, mechanism: 'hls-md5' }).result, 'rejected-transient');
  });
});

describe('ciphered associations', () => {
  const ciphered = (policy: readonly PolicyItem[] = FULL_POLICY, suite: 0 | 1 | 2 = 0) =>
    modelWith({ mechanism: 'lowest', ciphering: true }, policy, suite);
  const open: OpenOptions = { context: 'ln-ciphered', title: CLIENT_TITLE, protected: true };

  for (const suite of [0, 1, 2] as const) {
    for (const form of ['glo', 'general-glo'] as const) {
      it(`suite ${suite}, ${form}: initiate and GET are deciphered and answered in kind`, () => {
        const client = clientOf(ciphered(FULL_POLICY, suite));
        client.form = form;
        const aare = client.open(open);
        assert.equal(aare.result, 'accepted');
        assert.deepEqual(aare.respondingApTitle, client.meter.systemTitle);
        const information = aare.userInformation;
        assert.ok(information !== undefined && 'security' in information);
        assert.equal(information.kind, form === 'glo' ? 'glo-initiate-response' : 'general-glo-ciphering');
        assert.ok(client.reveal(information).kind === 'initiate-response');
        assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
        assert.equal(client.last?.[0], form === 'glo' ? 0xcc : 0xdb);
      });
    }
  }

  it('uses the dedicated key for ded- forms, with counters of its own', () => {
    const client = clientOf(ciphered());
    const dedicatedKey = fromHex('00112233445566778899aabbccddeeff');
    client.open({ ...open, initiate: { dedicatedKey } });
    client.keys = { ...client.keys, dedicatedKey };
    client.form = 'ded';
    client.counter = 0;
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
    assert.equal(client.last?.[0], 0xd4);
    client.form = 'general-ded';
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
    assert.equal(client.last?.[0], 0xdc);
  });

  it('refuses a replay and says which counter it expects', () => {
    const client = clientOf(ciphered());
    client.open(open);
    const request = client.protect(GET_SERIAL);
    assert.equal(client.raw(request)?.[0], 0xcc);
    assert.equal(client.hex(request), `d80106${(client.counter + 1).toString(16).padStart(8, '0')}`);
    client.counter -= 2;
    assert.equal(client.raw(client.protect(GET_SERIAL))?.[2], 6);
  });

  it('remembers counters across associations and connections', () => {
    const model = ciphered();
    const meter = createMeter(model, { startedAt: NOW });
    const first = clientOf(model, meter);
    first.open(open);
    const again = clientOf(model, meter);
    again.counter = 0;
    assert.equal(again.open(open).result, 'rejected-permanent');
    again.counter = first.counter;
    assert.equal(again.open(open).result, 'accepted');
  });

  it('takes no counter from an APDU whose header was stripped of its protection', () => {
    const client = clientOf(ciphered([]));
    client.open(open);
    const request = client.protect(GET_SERIAL);
    for (const control of [0x00, 0x10, 0x20]) {
      const stripped = new Uint8Array(request);
      stripped[2] = control;
      assert.equal(client.hex(stripped), 'd80105', `SC ${control}`);
    }
    assert.equal(client.raw(request)?.[0], 0xcc);
  });

  it('takes nothing that only looks protected, whatever the policy', () => {
    const client = clientOf(ciphered([]));
    client.open(open);
    // Security header without a single protection around a plain GET.
    assert.equal(client.hex('c81200ffffffffc001c100010000600100ff0200'), 'd80105');
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
  });

  it('takes no counter from an APDU with less protection than the policy wants', () => {
    const client = clientOf(ciphered());
    client.open(open);
    const counter = client.counter;
    client.counter = 0xfffffff0;
    client.authenticated = false;
    assert.equal(client.hex(client.protect(GET_SERIAL)), 'd80105');
    client.counter = counter;
    client.authenticated = true;
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
  });

  it('takes no counter from an APDU that is not genuine', () => {
    const client = clientOf(ciphered());
    client.open(open);
    const counter = client.counter;
    client.counter = 0xfffffff0;
    const forged = client.protect(GET_SERIAL);
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    assert.equal(client.hex(forged), 'd80105');
    client.counter = counter;
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
  });

  it('refuses every single flipped bit of a protected request', () => {
    const client = clientOf(ciphered());
    client.open(open);
    const request = client.protect(GET_SERIAL);
    for (let bit = 8; bit < request.length * 8; bit += 1) {
      const changed = new Uint8Array(request);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      const answer = client.raw(changed);
      assert.ok(answer === undefined || answer[0] === 0xd8, `bit ${bit} was answered with ${toHex(answer ?? changed)}`);
    }
    assert.equal(client.raw(request)?.[0], 0xcc);
  });

  it('refuses keys of another suite and wrong keys', () => {
    const client = clientOf(ciphered());
    client.open(open);
    client.suite = 1;
    assert.equal(client.hex(client.protect(GET_SERIAL)), 'd80105');
    client.suite = 0;
    client.keys = { guek: KEYS[0].gak, gak: KEYS[0].guek };
    assert.equal(client.hex(client.protect(GET_SERIAL)), 'd80105');
  });

  it('rejects an initiateRequest it cannot decipher', () => {
    const client = clientOf(ciphered());
    client.keys = { guek: KEYS[0].gak, gak: KEYS[0].guek };
    const aare = client.open(open);
    assert.equal(`${aare.result}/${aare.diagnostic.value}`, 'rejected-permanent/no-reason-given');
    assert.deepEqual(aare.userInformation, {
      kind: 'confirmed-service-error',
      service: 'initiate-error',
      error: 'application-reference',
      value: 'deciphering-error',
    });
  });

  interface PolicyCase {
    readonly policy: readonly PolicyItem[];
    readonly authenticated: boolean;
    readonly encrypted: boolean;
    readonly served: boolean;
  }
  const policies: readonly PolicyCase[] = [
    { policy: [], authenticated: false, encrypted: true, served: true },
    { policy: ['authenticated-request'], authenticated: true, encrypted: false, served: true },
    { policy: ['authenticated-request'], authenticated: true, encrypted: true, served: true },
    { policy: ['authenticated-request'], authenticated: false, encrypted: true, served: false },
    { policy: ['encrypted-request'], authenticated: true, encrypted: false, served: false },
    { policy: FULL_POLICY, authenticated: true, encrypted: false, served: false },
  ];
  for (const { policy, authenticated, encrypted, served } of policies) {
    const sent = [authenticated ? 'authenticated' : '', encrypted ? 'encrypted' : ''].filter(Boolean).join(' + ');
    it(`policy ${policy.join(', ') || 'nothing'}: ${sent} is ${served ? 'served' : 'refused'}`, () => {
      const client = clientOf(ciphered(policy));
      client.open(open);
      client.authenticated = authenticated;
      client.encrypted = encrypted;
      const answer = client.secret(GET_SERIAL);
      if (served) assert.deepEqual(result(answer), SERIAL);
      else assert.equal(answer.kind, 'exception-response');
    });
  }

  it('refuses plain requests where the policy wants protection, and serves them where it does not', () => {
    const strict = clientOf(ciphered());
    strict.open(open);
    assert.equal(strict.plain(GET_SERIAL).kind, 'exception-response');
    const loose = clientOf(ciphered([]));
    loose.open({ context: 'ln-ciphered', title: CLIENT_TITLE });
    assert.deepEqual(result(loose.plain(GET_SERIAL)), SERIAL);
  });

  it('protects answers to plain requests where the policy wants that of responses', () => {
    const client = clientOf(ciphered(['authenticated-response', 'encrypted-response']));
    client.open({ context: 'ln-ciphered', title: CLIENT_TITLE });
    const answer = client.plain(GET_SERIAL);
    assert.ok('security' in answer && answer.kind === 'glo-get-response');
    assert.deepEqual(result(client.reveal(answer)), SERIAL);
  });

  it('demands of a request what the rights of the attribute say', () => {
    const guarded = ciphered([]);
    const model = {
      ...guarded,
      objects: guarded.objects.map((item) =>
        item.name === 'serial_number' ? { ...item, access: { management: { get: ['authenticated'] as const } } } : item,
      ),
    };
    const client = clientOf(model);
    client.open(open);
    client.authenticated = false;
    assert.equal(result(client.secret(GET_SERIAL)), 'read-write-denied');
    client.authenticated = true;
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
  });

  it('completes HLS-GMAC inside of a ciphered association, pass 3 ciphered like every ACTION', () => {
    const client = clientOf(modelWith({ mechanism: 'hls-gmac', ciphering: true }, FULL_POLICY, 1));
    const aare = client.open({ ...open, mechanism: 'hls-gmac', authValue: CHALLENGE });
    const reply = client.hlsReply('hls-gmac', aare, CHALLENGE);
    const answer = client.secret(replyRequest(reply));
    assert.equal(result(answer), 'success');
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
  });

  it('keeps an association whose release is not genuine', () => {
    const client = clientOf(ciphered());
    client.open(open);
    const honest = client.keys;
    client.keys = { guek: KEYS[0].gak, gak: KEYS[0].guek };
    const initiate = {
      kind: 'initiate-request',
      dedicatedKey: null,
      responseAllowed: true,
      proposedQoS: null,
      dlmsVersion: 6,
      conformance: ['get'],
      maxPdu: 0,
    } as const;
    const forged = client.protect(initiate);
    const rlrq = (octets: Uint8Array) => {
      const body = toHex(octets);
      const length = (count: number) => count.toString(16).padStart(2, '0');
      return `62${length(octets.length + 7)}800100be${length(octets.length + 2)}04${length(octets.length)}${body}`;
    };
    assert.equal(client.hex(rlrq(forged)), '6303800101');
    client.keys = honest;
    assert.deepEqual(result(client.secret(GET_SERIAL)), SERIAL);
    assert.equal(client.raw(rlrq(client.protect(initiate)))?.[0], 0x63);
    assert.equal(client.server.state, undefined);
  });
});
