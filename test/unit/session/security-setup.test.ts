import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { readCertificateRequest } from '../../../engine/codec/security/certificate-request.ts';
import { type CertificateUse, certificatePublicKey } from '../../../engine/codec/security/certificates.ts';
import { type Curve, P256, P384, publicKeyOf } from '../../../engine/codec/security/curves.ts';
import { issueCertificate } from '../../../engine/codec/security/issue-certificate.ts';
import { commonName, titleName } from '../../../engine/codec/security/x500-name.ts';
import { SECURITY_POLICY_ITEMS, type SecurityPolicyItem } from '../../../engine/cosem/security-policy.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { agreeOnKeys } from '../../../engine/session/key-exchange.ts';
import { getAttribute } from '../../../engine/session/ln-get.ts';
import {
  activatePolicy,
  invokeSetup,
  listCertificates,
  MANAGEMENT_SETUP,
  readSecurityStatus,
  writePolicy,
  writeSuite,
} from '../../../engine/session/security-setup.ts';
import {
  exportCertificate,
  generateKeyPair,
  importCertificate,
  removeCertificate,
  requestCertificate,
} from '../../../engine/session/setup-certificates.ts';
import { partiesOf } from '../codec/security-keys.ts';
import { object } from '../meter/support/models.ts';
import { NOW } from '../meter/support/test-client.ts';
import { loop } from './loop.ts';
import { loopModel } from './loop-models.ts';
import { CLIENT_TITLE, codeOf, literal, meterOf, opened } from './security-setup-kit.ts';

const V0 = { ...MANAGEMENT_SETUP, version: 0 };
const SERIAL = { class: 1, obis: '0-0:96.1.0.255', index: 2 };
const DAY = 86_400_000;
const REQUESTS: readonly SecurityPolicyItem[] = ['authenticated-request', 'encrypted-request'];

type Client = ReturnType<typeof opened>;

function diagnosticOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    assert.equal(error.code, 'service-error');
    assert.ok(error.details.next !== undefined, 'an error without a next step');
    return error.details.diagnostic;
  }
  return assert.fail('was not refused');
}

/** A certification authority of these tests. */
class Authority {
  readonly #key: Uint8Array;
  readonly #name: Uint8Array;
  readonly certificate: Uint8Array;
  #serial = 0x80;

  constructor(curve: Curve, octet = 0x51, name = 'Test CA') {
    this.#key = new Uint8Array(curve.size).fill(octet);
    this.#name = commonName(name);
    this.certificate = this.issue(this.#name, publicKeyOf(curve, this.#key), ['certificate-signing']);
  }

  issue(
    subjectName: Uint8Array,
    publicKey: Uint8Array,
    uses: readonly CertificateUse[],
    validFrom = NOW - DAY,
    validTo = NOW + DAY,
  ): Uint8Array {
    this.#serial += 1;
    return issueCertificate(
      { subjectName, publicKey, uses, serial: Uint8Array.of(this.#serial), validFrom, validTo },
      { name: this.#name, privateKey: this.#key },
    );
  }

  answer(request: Uint8Array): Uint8Array {
    const read = readCertificateRequest(request);
    assert.ok(read.ok);
    return this.issue(read.request.subjectName, read.request.publicKey, read.request.uses);
  }
}

function certificatesOf(client: Client): string[] {
  return client.run(listCertificates(client.session, MANAGEMENT_SETUP)).map(({ entity, type }) => `${entity} ${type}`);
}

describe('security policy of a meter', () => {
  for (const version of [0, 1] as const) {
    const setup = { ...MANAGEMENT_SETUP, version };
    it(`version ${version}: status, then a stronger policy that new associations have to keep`, () => {
      const meter = meterOf(1, [], version);
      const client = opened(meter, 1);
      const before = client.run(readSecurityStatus(client.session, setup));
      assert.deepEqual(before.policy, []);
      assert.equal(before.suite, 1);
      assert.deepEqual(before.clientTitle, CLIENT_TITLE);
      assert.deepEqual(before.serverTitle, meter.systemTitle);
      assert.deepEqual(before.certificates, version === 0 ? undefined : []);
      assert.deepEqual(before.refused, {});
      client.run(activatePolicy(client.session, REQUESTS, setup));
      const status = client.run(readSecurityStatus(client.session, setup));
      const both = SECURITY_POLICY_ITEMS.filter((item) => !item.startsWith('signed'));
      assert.deepEqual(status.policy, version === 0 ? both : REQUESTS);
      assert.equal(status.policyValue, version === 0 ? 3 : 0x0c);
      assert.ok('data' in client.run(getAttribute(client.session, SERIAL, null)));
      assert.equal(
        codeOf(() => opened(meter, 1, {}, 500, 'auth')),
        'initiate-refused',
      );
      opened(meter, 1, {}, 600);
    });
  }

  it('only becomes stronger by security_activate; who may write it may weaken it', () => {
    const meter = meterOf(1);
    const client = opened(meter, 1);
    client.run(activatePolicy(client.session, REQUESTS));
    for (const weaker of [[], ['encrypted-request'], ['signed-request']] as const)
      assert.equal(
        diagnosticOf(() => client.run(activatePolicy(client.session, weaker))),
        'read-write-denied',
      );
    client.run(activatePolicy(client.session, [...REQUESTS, 'authenticated-response']));
    client.run(writePolicy(client.session, []));
    assert.deepEqual(client.run(readSecurityStatus(client.session, MANAGEMENT_SETUP)).policy, []);
  });

  it('asks for nothing the meter has no keys for, and takes defined values only', () => {
    const suite0 = opened(meterOf(0), 0);
    assert.equal(
      diagnosticOf(() => suite0.run(activatePolicy(suite0.session, ['signed-request']))),
      'object-unavailable',
    );
    const unsigned = opened(meterOf(1, ['signingKey']), 1);
    assert.equal(
      diagnosticOf(() => unsigned.run(activatePolicy(unsigned.session, ['signed-response']))),
      'object-unavailable',
    );
    const next = 'a step';
    for (const [setup, data] of [
      [MANAGEMENT_SETUP, { t: 'enum', v: 1 }],
      [MANAGEMENT_SETUP, { t: 'unsigned', v: 0x0c }],
    ] as const)
      assert.equal(
        diagnosticOf(() => suite0.run(invokeSetup(suite0.session, setup, 1, data, { next }))),
        'type-unmatched',
      );
    const old = opened(meterOf(0, [], 0), 0);
    assert.equal(
      diagnosticOf(() => old.run(invokeSetup(old.session, V0, 1, { t: 'enum', v: 4 }, { next }))),
      'type-unmatched',
    );
    assert.equal(
      diagnosticOf(() => old.run(invokeSetup(old.session, MANAGEMENT_SETUP, 4, { t: 'enum', v: 0 }, { next }))),
      'object-undefined',
    );
  });

  it('the suite can be written when the keys fit', () => {
    const meter = meterOf(0);
    const client = opened(meter, 0);
    assert.equal(
      diagnosticOf(() => client.run(writeSuite(client.session, 2))),
      'object-unavailable',
    );
    client.run(writeSuite(client.session, 1));
    // In force from the next request on, also in this association.
    assert.equal(
      codeOf(() => client.run(getAttribute(client.session, SERIAL, null))),
      'exception',
    );
    const next = opened(meter, 1, {}, 50);
    assert.equal(next.run(readSecurityStatus(next.session, MANAGEMENT_SETUP)).suite, 1);
  });
});

describe('certificates of a meter', () => {
  for (const [suite, curve] of [
    [1, P256],
    [2, P384],
  ] as const) {
    it(`suite ${suite}: new key pair, request, certificate; the new key is used afterwards`, () => {
      const meter = meterOf(suite);
      const client = opened(meter, suite);
      const authority = new Authority(curve);
      client.run(importCertificate(client.session, authority.certificate));
      client.run(generateKeyPair(client.session, 'digital-signature'));
      const request = client.run(requestCertificate(client.session, 'digital-signature'));
      assert.deepEqual(request.uses, ['digital-signature']);
      assert.deepEqual(request.subjectName, titleName(meter.systemTitle));
      // Until its certificate is there, the old key signs.
      client.run(agreeOnKeys(client.session, ['global-broadcast-encryption-key']));
      client.run(importCertificate(client.session, authority.answer(request.der)));
      assert.deepEqual(certificatesOf(client), ['certification-authority other', 'server digital-signature']);
      assert.equal(
        codeOf(() => client.run(agreeOnKeys(client.session, ['global-broadcast-encryption-key']))),
        'server-not-authentic',
      );
      const second = opened(meter, suite, { peerSigningKey: request.publicKey }, 80);
      second.run(agreeOnKeys(second.session, ['global-broadcast-encryption-key']));
      const wanted = {
        by: 'entity',
        entity: 'server',
        type: 'digital-signature',
        systemTitle: meter.systemTitle,
      } as const;
      const trusting = opened(meter, suite, { authority: authority.certificate }, 120);
      const { facts, problem } = trusting.run(exportCertificate(trusting.session, wanted));
      assert.equal(problem, undefined);
      assert.deepEqual(certificatePublicKey(facts.der), request.publicKey);
      const { serial, issuerName: issuer } = facts;
      const bySerial = trusting.run(exportCertificate(trusting.session, { by: 'serial', serial, issuer }));
      assert.deepEqual(bySerial.facts.der, facts.der);
      const distrusting = opened(meter, suite, { authority: new Authority(curve, 0x52).certificate }, 160);
      assert.match(
        distrusting.run(exportCertificate(distrusting.session, wanted)).problem?.found ?? '',
        /not issued by/,
      );
      distrusting.run(removeCertificate(distrusting.session, { by: 'serial', serial, issuer }));
      assert.deepEqual(certificatesOf(distrusting), ['certification-authority other']);
      assert.equal(
        diagnosticOf(() => distrusting.run(exportCertificate(distrusting.session, wanted))),
        'object-unavailable',
      );
    });
  }

  it('of a client: its key is taken from the certificate, and no more when that was removed', () => {
    const meter = meterOf(1, ['clientSigningKey']);
    const client = opened(meter, 1);
    const agree = () => client.run(agreeOnKeys(client.session, ['global-broadcast-encryption-key']));
    assert.equal(diagnosticOf(agree), 'object-unavailable');
    const authority = new Authority(P256);
    const signingKey = partiesOf(1).client.signingKey ?? assert.fail();
    const own = authority.issue(titleName(CLIENT_TITLE), publicKeyOf(P256, signingKey), ['digital-signature']);
    client.run(importCertificate(client.session, own));
    assert.deepEqual(certificatesOf(client), ['client digital-signature']);
    agree();
    // A certificate of another client says nothing about this one.
    const other = authority.issue(
      titleName(fromHex('4d4d4d0000000002')),
      publicKeyOf(P256, new Uint8Array(32).fill(9)),
      ['digital-signature'],
    );
    client.run(importCertificate(client.session, other));
    agree();
    client.run(
      removeCertificate(client.session, {
        by: 'entity',
        entity: 'client',
        type: 'digital-signature',
        systemTitle: CLIENT_TITLE,
      }),
    );
    assert.equal(diagnosticOf(agree), 'object-unavailable');
  });

  it('given by the template are listed, and removed ones no longer trusted', () => {
    const authority = new Authority(P256);
    const { client: keys, server } = partiesOf(1);
    const certificate = (title: Uint8Array, key: Uint8Array | undefined) =>
      literal(authority.issue(titleName(title), publicKeyOf(P256, key ?? assert.fail()), ['digital-signature']));
    const title = meterOf(1).systemTitle;
    const meter = meterOf(1, [], 1, {
      certificate: certificate(title, server.signingKey),
      clientSigningKey: certificate(CLIENT_TITLE, keys.signingKey),
    });
    const client = opened(meter, 1);
    const agree = () => client.run(agreeOnKeys(client.session, ['global-broadcast-encryption-key']));
    assert.deepEqual(certificatesOf(client), ['server digital-signature', 'client digital-signature']);
    agree();
    const [, info] = client.run(listCertificates(client.session, MANAGEMENT_SETUP));
    assert.ok(info !== undefined);
    // Some clients name the issuer by its text.
    const issuer = new TextEncoder().encode('CN=Test CA');
    client.run(removeCertificate(client.session, { by: 'serial', serial: info.serial, issuer }));
    assert.equal(diagnosticOf(agree), 'object-unavailable');
  });

  it('are refused when nobody known issued them, for foreign keys, other curves and outside of their time', () => {
    const meter = meterOf(1);
    const client = opened(meter, 1);
    const authority = new Authority(P256);
    const stranger = new Authority(P256, 0x52, 'Strange CA');
    client.run(importCertificate(client.session, authority.certificate));
    const key = publicKeyOf(P256, partiesOf(1).server.signingKey ?? assert.fail());
    const own = titleName(meter.systemTitle);
    const refusals: readonly (readonly [Uint8Array, string])[] = [
      [stranger.issue(own, key, ['digital-signature']), 'read-write-denied'],
      [stranger.certificate, 'read-write-denied'],
      [
        authority.issue(own, publicKeyOf(P256, new Uint8Array(32).fill(8)), ['digital-signature']),
        'object-unavailable',
      ],
      [authority.issue(own, key, ['key-agreement']), 'object-unavailable'],
      [new Authority(P384).certificate, 'read-write-denied'],
      [authority.issue(own, key, ['digital-signature'], NOW - 2 * DAY, NOW - DAY), 'read-write-denied'],
      [new Uint8Array(40), 'read-write-denied'],
    ];
    for (const [octets, result] of refusals)
      assert.equal(
        diagnosticOf(() =>
          client.run(
            invokeSetup(client.session, MANAGEMENT_SETUP, 6, { t: 'octet-string', v: octets }, { next: 'a step' }),
          ),
        ),
        result,
      );
    const fresh = opened(meterOf(1), 1);
    const onOtherCurve = { t: 'octet-string', v: new Authority(P384).certificate } as const;
    assert.equal(
      diagnosticOf(() => fresh.run(invokeSetup(fresh.session, MANAGEMENT_SETUP, 6, onOtherCurve, { next: 'a step' }))),
      'read-write-denied',
    );
    assert.deepEqual(certificatesOf(client), ['certification-authority other']);
    client.run(importCertificate(client.session, authority.issue(own, key, ['digital-signature'])));
  });

  it('the client gives none away that is none, has expired, or is of another suite', () => {
    const client = opened(meterOf(1), 1);
    const authority = new Authority(P256);
    const expired = authority.issue(titleName(CLIENT_TITLE), publicKeyOf(P256, new Uint8Array(32).fill(9)), [], 0, 1e9);
    for (const octets of [new Uint8Array(9), expired, new Authority(P384).certificate])
      assert.equal(
        codeOf(() => client.run(importCertificate(client.session, octets))),
        'bad-secret',
      );
  });

  it('key pairs and requests need a suite with signatures and a key', () => {
    const suite0 = opened(meterOf(0), 0);
    assert.equal(
      diagnosticOf(() => suite0.run(generateKeyPair(suite0.session, 'digital-signature'))),
      'object-unavailable',
    );
    const client = opened(meterOf(1), 1);
    assert.equal(
      diagnosticOf(() => client.run(requestCertificate(client.session, 'key-agreement'))),
      'object-unavailable',
    );
    for (const pair of ['key-agreement', 'tls'] as const) {
      client.run(generateKeyPair(client.session, pair));
      const request = client.run(requestCertificate(client.session, pair));
      const answer = new Authority(P256).answer(request.der);
      client.run(importCertificate(client.session, answer));
    }
    assert.deepEqual(certificatesOf(client), ['server key-agreement', 'server tls']);
  });
});

describe('a security setup by short names', () => {
  it('status, policy and certificates', async () => {
    const model = loopModel({ referencing: 'SN' });
    const setup = object({
      name: 'setup',
      obis: '0-0:43.0.0.255',
      class: 64,
      version: 1,
      baseName: 0x3000,
      access: { management: { get: [], set: [], action: [] } },
    });
    const parties = partiesOf(1);
    const [security] = model.securities;
    const securities = [
      { ...(security ?? assert.fail()), suite: 1 as const, signingKey: literal(parties.server.signingKey) },
    ];
    const { association, session: client } = await loop(
      { ...model, securities, objects: [...model.objects, setup] },
      { params: { referencing: 'SN', suite: 1 } },
    );
    const at = { obis: '0-0:43.0.0.255', version: 1, baseName: 0x3000 };
    await association.perform((session) => activatePolicy(session, REQUESTS, at));
    const status = await association.perform((session) => readSecurityStatus(session, at));
    assert.deepEqual(status.policy, REQUESTS);
    const request = await association.perform((session) => requestCertificate(session, 'digital-signature', at));
    const certificate = new Authority(P256).answer(request.der);
    await association.perform((session) => importCertificate(session, certificate, at));
    const [info] = await association.perform((session) => listCertificates(session, at));
    assert.equal(info && toHex(info.subject), toHex(request.subjectName));
    client.ciphering.serverTitle = CLIENT_TITLE;
    await assert.rejects(
      association.perform((session) => requestCertificate(session, 'digital-signature', at)),
      (error: unknown) => error instanceof SessionError && error.code === 'server-not-authentic',
    );
    await association.release();
  });
});
