import assert from 'node:assert/strict';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { signApdu } from '../../../engine/codec/security/sign.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { ServerAssociation } from '../../../engine/meter/association/server-association.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { associate } from '../../../engine/session/associate.ts';
import { ClientSession } from '../../../engine/session/client-session.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { getAttribute } from '../../../engine/session/ln-get.ts';
import { type ClientParams, type ContentKeyKind, LN_CONFORMANCE, type Suite } from '../../../engine/session/params.ts';
import { protectionOverhead } from '../../../engine/session/plain-limit.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import type { AssociationModel, PolicyItem } from '../../../engine/template/model.ts';
import { partiesOf, SYMMETRIC } from '../codec/security-keys.ts';
import { association, meterModel } from '../meter/support/models.ts';
import { ALL_LN, NOW } from '../meter/support/test-client.ts';

const SERIAL = { class: 1, obis: '0-0:96.1.0.255', index: 2 };
const CLIENT_TITLE = fromHex('4d4d4d0000000001');
const METER_TITLE = fromHex('41434d0000000001');

interface Pair {
  readonly session: ClientSession;
  /** Octets of the last request and its answer. */
  readonly sent: () => Uint8Array;
  readonly received: () => Uint8Array;
  run<T>(procedure: Procedure<T>, onWay?: (octets: Uint8Array) => Uint8Array): T;
}

function literal(octets: Uint8Array | undefined): { literal: string; encoding: 'hex' } {
  return { literal: toHex(octets ?? new Uint8Array(0)), encoding: 'hex' };
}

/** Our client and our meter, APDU by APDU. */
function pair(
  suite: Suite,
  params: Partial<ClientParams>,
  policy: readonly PolicyItem[] = [],
  model: Partial<AssociationModel> = {},
): Pair {
  const { client, server: keys }: { client: KeyRing; server: KeyRing } =
    suite === 0 ? { client: SYMMETRIC[0], server: SYMMETRIC[0] } : partiesOf(suite);
  const asymmetric =
    suite === 0
      ? {}
      : {
          signingKey: literal(keys.signingKey),
          agreementKey: literal(keys.agreementKey),
          clientSigningKey: literal(keys.peerSigningKey),
          clientAgreementKey: literal(keys.peerAgreementKey),
        };
  const meter = createMeter(
    meterModel({
      securities: [
        {
          name: 'guard',
          suite,
          policy,
          globalUnicastKey: literal(keys.guek),
          authenticationKey: literal(keys.gak),
          masterKey: literal(keys.kek),
          ...asymmetric,
        },
      ],
      associations: [
        association({
          name: 'management',
          clientSap: 1,
          ciphering: true,
          security: 'guard',
          conformance: ALL_LN,
          ...model,
        }),
      ],
    }),
    { startedAt: NOW },
  );
  let drawn = 0;
  const random = (length: number) => Uint8Array.from({ length }, () => (drawn = (drawn * 13 + 7) % 251));
  const candidates = meter.blueprint.associationsOf(1, 1);
  const server = new ServerAssociation({ meter, clientSap: 1, serverSap: 1, candidates, random });
  const session = new ClientSession(
    {
      referencing: 'LN',
      mechanism: 'lowest',
      protection: 'authenc',
      suite,
      secrets: { ...client, systemTitle: CLIENT_TITLE },
      serverTitle: METER_TITLE,
      conformance: [...LN_CONFORMANCE, 'general-protection'],
      maxPdu: 0xffff,
      invocationCounter: 1,
      ...params,
    },
    { random, now: () => NOW },
  );
  let sent = new Uint8Array(0);
  let received = new Uint8Array(0);
  return {
    session,
    sent: () => sent,
    received: () => received,
    run: (procedure, onWay = (octets) => octets) => {
      let state = procedure.next();
      while (state.done !== true) {
        const { send } = state.value;
        const answer = send === null ? undefined : server.receive(send, NOW);
        if (send !== null) sent = new Uint8Array(send);
        if (answer !== undefined) received = new Uint8Array(answer);
        state =
          answer === undefined
            ? procedure.throw(new SessionError('no-answer', 'no answer'))
            : procedure.next(onWay(answer));
      }
      return state.value;
    },
  };
}

function kindOf(octets: Uint8Array): string {
  const decoded = decodeApdu(octets, { strict: true });
  assert.ok(decoded.ok);
  return decoded.value.kind;
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

function read({ session, run }: Pair): void {
  const result = run(getAttribute(session, SERIAL, null));
  assert.ok('data' in result && result.data.t === 'octet-string');
}

const KINDS: Readonly<Record<Suite, readonly ContentKeyKind[]>> = {
  0: ['identified', 'wrapped'],
  1: ['identified', 'wrapped', 'one-pass', 'static'],
  2: ['identified', 'wrapped', 'one-pass', 'static'],
};

describe('general protection between client and meter', () => {
  for (const suite of [0, 1, 2] as const) {
    for (const contentKey of KINDS[suite]) {
      for (const protection of ['auth', 'enc', 'authenc'] as const) {
        for (const signed of suite === 0 ? [false] : [false, true]) {
          it(`suite ${suite}, ${contentKey} key, ${protection}${signed ? ', signed' : ''}`, () => {
            const both = pair(suite, { contentKey, protection, signed });
            both.run(associate(both.session));
            for (let i = 0; i < 3; i++) read(both);
            assert.equal(kindOf(both.sent()), 'general-ciphering');
            assert.equal(kindOf(both.received()), 'general-ciphering');
          });
        }
      }
    }
  }

  it('completes HLS by GMAC and by signatures inside of it', () => {
    for (const mechanism of ['hls-gmac', 'hls-ecdsa'] as const) {
      const both = pair(1, { contentKey: 'one-pass', signed: true, mechanism }, ['signed-request'], { mechanism });
      both.run(associate(both.session));
      read(both);
    }
  });

  it('needs no global keys but the authentication key where keys are agreed on', () => {
    const { client } = partiesOf(1);
    const { guek: _guek, gbek: _gbek, kek: _kek, dedicatedKey: _dedicated, ...secrets } = client;
    const both = pair(1, { contentKey: 'static', secrets: { ...secrets, systemTitle: CLIENT_TITLE } });
    both.run(associate(both.session));
    read(both);
  });

  it('signs under glo keys in the general form, whatever was negotiated', () => {
    const both = pair(1, { signed: true, conformance: LN_CONFORMANCE }, ['signed-request', 'signed-response']);
    both.run(associate(both.session));
    read(both);
    assert.equal(kindOf(both.sent()), 'general-glo-ciphering');
  });

  it('takes answers a meter signs although it was not asked to', () => {
    const { client } = partiesOf(1);
    const both = pair(1, {}, ['signed-response']);
    both.run(associate(both.session));
    read(both);
    const { peerSigningKey: _, ...secrets } = client;
    const unable = pair(1, { secrets: { ...secrets, systemTitle: CLIENT_TITLE } }, ['signed-response']);
    unable.run(associate(unable.session));
    assert.equal(
      codeOf(() => read(unable)),
      'secret-missing',
    );
  });

  it('keeps room for all of it', () => {
    for (const suite of [1, 2] as const) {
      for (const contentKey of [undefined, ...KINDS[suite]]) {
        for (const signed of [false, true]) {
          const both = pair(suite, { ...(contentKey === undefined ? {} : { contentKey }), signed });
          both.run(associate(both.session));
          const plain = 13;
          read(both);
          const overhead = both.sent().length - plain;
          const kept = protectionOverhead(both.session);
          assert.ok(
            overhead <= kept && kept - overhead <= 64,
            `${suite} ${contentKey} ${signed}: ${overhead}, ${kept}`,
          );
        }
      }
    }
  });

  describe('refuses', () => {
    for (const contentKey of ['wrapped', 'one-pass', 'static'] as const)
      it(`an answer to an earlier request again, under a ${contentKey} key`, () => {
        const both = pair(1, { contentKey });
        both.run(associate(both.session));
        read(both);
        const earlier = both.received();
        assert.equal(
          codeOf(() => both.run(getAttribute(both.session, SERIAL, null), () => earlier)),
          'replayed',
        );
      });

    it('an answer without the signature', () => {
      const both = pair(1, { signed: true });
      both.run(associate(both.session));
      const unsigned = pair(1, {});
      unsigned.run(associate(unsigned.session));
      read(unsigned);
      read(unsigned);
      assert.equal(
        codeOf(() => both.run(getAttribute(both.session, SERIAL, null), () => unsigned.received())),
        'less-protected',
      );
    });

    for (const [recipient, code] of [
      [CLIENT_TITLE, 'read'],
      [METER_TITLE, 'replayed'],
    ] as const)
      it(`an answer that is signed for another client, not ours: ${code}`, () => {
        const { client, server } = partiesOf(1);
        const both = pair(1, { signed: true });
        both.run(associate(both.session));
        const answer = (): Uint8Array => {
          const request = decodeApdu(both.sent());
          assert.ok(request.ok && request.value.kind === 'general-glo-ciphering');
          const opened = unprotect(request.value, client);
          assert.ok(opened.ok);
          const signing = decodeApdu(opened.plain);
          assert.ok(signing.ok && signing.value.kind === 'general-signing');
          const get = decodeApdu(signing.value.content);
          assert.ok(get.ok && get.value.kind === 'get-request');
          const { invoke } = get.value;
          const content = encodeApdu({
            kind: 'get-response',
            type: 'normal',
            invoke,
            data: { t: 'octet-string', v: recipient },
          });
          const signed = signApdu(content, {
            signingKey: server.signingKey ?? CLIENT_TITLE,
            transactionId: signing.value.transactionId,
            originatorSystemTitle: METER_TITLE,
            recipientSystemTitle: recipient,
            dateTime: new Uint8Array(0),
            otherInformation: new Uint8Array(0),
          });
          return protect(signed, {
            service: 'general-glo',
            suite: 1,
            authenticated: true,
            encrypted: true,
            systemTitle: METER_TITLE,
            keys: server,
            invocationCounter: 0xfffffff0,
          });
        };
        const run = () => both.run(getAttribute(both.session, SERIAL, null), answer);
        if (code === 'read') assert.ok('data' in run());
        else assert.equal(codeOf(run), code);
      });

    it('an answer signed by somebody else', () => {
      const { client, server } = partiesOf(1);
      const secrets = { ...client, systemTitle: CLIENT_TITLE, peerSigningKey: server.peerSigningKey ?? CLIENT_TITLE };
      const both = pair(1, { signed: true, secrets });
      both.run(associate(both.session));
      assert.equal(
        codeOf(() => read(both)),
        'not-decipherable',
      );
    });

    it('every changed octet of an answer', () => {
      for (const contentKey of ['one-pass', 'static'] as const) {
        const both = pair(1, { contentKey, signed: true });
        both.run(associate(both.session));
        read(both);
        // Tag, transaction-id, titles, empty fields; then any number but 0 says that key-info is there.
        const keyInfoPresent = 1 + 9 + 9 + 9 + 1 + 1;
        for (let at = 0; at < both.received().length; at += 3) {
          if (at === keyInfoPresent) continue;
          const change = (octets: Uint8Array): Uint8Array => {
            const changed = octets.slice();
            changed[at]! ^= 0x08;
            return changed;
          };
          assert.notEqual(
            codeOf(() => both.run(getAttribute(both.session, SERIAL, null), change)),
            'ok',
            `octet ${at}`,
          );
        }
      }
    });
  });

  it('asks for what is missing', () => {
    const { client } = partiesOf(1);
    const cases: readonly (readonly [ContentKeyKind, keyof KeyRing])[] = [
      ['identified', 'guek'],
      ['identified', 'gak'],
      ['wrapped', 'kek'],
      ['one-pass', 'signingKey'],
      ['one-pass', 'agreementKey'],
      ['one-pass', 'peerAgreementKey'],
      ['one-pass', 'peerSigningKey'],
      ['static', 'agreementKey'],
      ['static', 'peerAgreementKey'],
    ];
    for (const [contentKey, name] of cases) {
      const { [name]: _, ...secrets } = client;
      const both = pair(1, { contentKey, secrets: { ...secrets, systemTitle: CLIENT_TITLE } });
      assert.equal(
        codeOf(() => both.run(associate(both.session))),
        'secret-missing',
        `${contentKey} without ${name}`,
      );
    }
    const suite0 = pair(0, { contentKey: 'static' });
    assert.equal(
      codeOf(() => suite0.run(associate(suite0.session))),
      'not-supported',
    );
  });

  it('puts nothing secret into the ciphered octets of a wrapped key', () => {
    const both = pair(1, { contentKey: 'wrapped' });
    both.run(associate(both.session));
    read(both);
    const decoded = decodeApdu(both.sent());
    assert.ok(decoded.ok && decoded.value.kind === 'general-ciphering');
    const opened = unprotect(decoded.value, partiesOf(1).client);
    assert.ok(opened.ok && opened.key !== undefined);
    assert.ok(!toHex(both.sent()).includes(toHex(opened.key)));
  });
});
