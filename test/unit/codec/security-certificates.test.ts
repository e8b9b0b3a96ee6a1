import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { toHex } from '../../../engine/codec/hex.ts';
import {
  type CertificateUse,
  certificateProblem,
  certificatePublicKey,
  certificateSystemTitle,
  readCertificate,
} from '../../../engine/codec/security/certificates.ts';
import { importPrivateKey, importPublicKey, P256, P384, publicKeyOf } from '../../../engine/codec/security/curves.ts';
import { readPrivateKey, readPublicKey } from '../../../engine/codec/security/key-material.ts';
import { CERTIFICATES } from './security-certificates.ts';
import { GREEN_BOOK } from './security-keys.ts';

const NOW = Date.UTC(2027, 0, 1);

function der(name: keyof typeof CERTIFICATES): Uint8Array {
  return new Uint8Array(Buffer.from(CERTIFICATES[name], 'base64'));
}

function pem(name: keyof typeof CERTIFICATES): Uint8Array {
  const lines = CERTIFICATES[name].match(/.{1,64}/g) ?? [];
  return new TextEncoder().encode(`-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`);
}

describe('certificates', () => {
  const cases: readonly (readonly [
    keyof typeof CERTIFICATES,
    string | undefined,
    readonly CertificateUse[],
    number,
  ])[] = [
    ['authority', undefined, ['certificate-signing'], 64],
    ['signing', '4d4d4d0000bc614e', ['digital-signature'], 64],
    ['agreement', '4d4d4d0000bc614e', ['key-agreement'], 64],
    ['suite2', '4d4d4d0000000001', ['digital-signature'], 96],
    ['nameless', undefined, [], 64],
  ];
  for (const [name, title, uses, length] of cases) {
    it(`${name}: key, title and uses, from DER and PEM`, () => {
      for (const octets of [der(name), pem(name)]) {
        const read = readCertificate(octets);
        assert.ok(read.ok);
        const { certificate } = read;
        assert.equal(certificate.publicKey.length, length);
        assert.equal(certificate.systemTitle && toHex(certificate.systemTitle), title);
        assert.deepEqual(certificate.uses, uses);
        assert.deepEqual(certificate.der, der(name));
        assert.deepEqual(certificatePublicKey(octets), certificate.publicKey);
        assert.deepEqual(certificateSystemTitle(octets), certificate.systemTitle);
      }
    });
  }

  it('tells names, number and times', () => {
    const read = readCertificate(der('signing'));
    assert.ok(read.ok);
    const { subject, issuer, serialNumber, validFrom, validTo } = read.certificate;
    assert.match(subject, /^CN=4D4D4D0000BC614E, O=/);
    assert.match(issuer, /^CN=Test CA 1, O=/);
    assert.equal(serialNumber, '1001');
    assert.equal(new Date(validFrom).toISOString().slice(0, 10), '2026-11-23');
    assert.equal(new Date(validTo).toISOString().slice(0, 4), '2036');
  });

  it('refuses other curves and kinds of keys, and what is no certificate', () => {
    for (const octets of [der('otherCurve'), der('rsa'), new Uint8Array(0), new Uint8Array(20_000)]) {
      assert.equal(readCertificate(octets).ok, false);
      assert.equal(certificatePublicKey(octets), undefined);
      assert.equal(certificateSystemTitle(octets), undefined);
    }
    const cut = der('signing');
    for (let length = 0; length < cut.length; length += 7)
      assert.equal(readCertificate(cut.slice(0, length)).ok, false);
    for (let at = 0; at < cut.length; at++) {
      const changed = cut.slice();
      changed[at]! ^= 0xff;
      readCertificate(changed);
    }
  });

  describe('are accepted when nothing speaks against them', () => {
    const title = new Uint8Array(Buffer.from('4d4d4d0000bc614e', 'hex'));
    const use = 'digital-signature' as const;
    const good = { issuer: der('authority'), systemTitle: title, use, now: NOW };

    it('issued, valid, for the use, of the party', () => {
      assert.equal(certificateProblem(der('signing'), good), undefined);
      assert.equal(certificateProblem(pem('signing'), { ...good, issuer: pem('authority') }), undefined);
      assert.equal(certificateProblem(der('agreement'), { ...good, use: 'key-agreement' }), undefined);
      assert.equal(certificateProblem(der('nameless'), { use, now: NOW }), undefined);
    });

    const bad: readonly (readonly [string, Uint8Array, Partial<typeof good>, RegExp])[] = [
      [
        'another authority of that name',
        der('signing'),
        { issuer: der('otherAuthority') },
        /not issued by CN=Test CA 1/,
      ],
      ['a self-signed one', der('suite2'), {}, /not issued by/],
      ['an issuer that is none', der('signing'), { issuer: new Uint8Array(4) }, /issuer that is no certificate/],
      ['before its time', der('signing'), { now: Date.UTC(2026, 0, 1) }, /not valid yet/],
      ['after its time', der('signing'), { now: Date.UTC(2040, 0, 1) }, /expired/],
      ['another use', der('agreement'), {}, /for key-agreement/],
      ['another party', der('signing'), { systemTitle: new Uint8Array(8) }, /certificate of CN=4D4D4D0000BC614E/],
      ['no certificate', new Uint8Array(4), {}, /4 octets/],
    ];
    for (const [what, octets, change, found] of bad) {
      it(`not: ${what}`, () => assert.match(certificateProblem(octets, { ...good, ...change })?.found ?? '', found));
    }

    it('not: one with a changed octet', () => {
      const octets = der('signing');
      for (let at = 0; at < octets.length; at++) {
        const changed = octets.slice();
        changed[at]! ^= 0x01;
        assert.notEqual(certificateProblem(changed, good), undefined, `octet ${at}`);
      }
    });
  });
});

describe('key material as people keep it', () => {
  for (const [curve, privateKey] of [
    [P256, GREEN_BOOK.clientSigning.privateKey],
    [P384, new Uint8Array(48).fill(0x11)],
  ] as const) {
    const publicKey = publicKeyOf(curve, privateKey);
    const key = importPrivateKey(curve, privateKey);
    const point = importPublicKey(curve, publicKey);
    assert.ok(point !== undefined);
    const text = (value: string | Buffer): Uint8Array => new Uint8Array(Buffer.from(value));

    it(`${curve.name}: private keys`, () => {
      const forms = [
        privateKey,
        text(key.export({ type: 'pkcs8', format: 'pem' })),
        text(key.export({ type: 'sec1', format: 'pem' })),
        text(key.export({ type: 'pkcs8', format: 'der' })),
        text(key.export({ type: 'sec1', format: 'der' })),
      ];
      for (const form of forms) assert.equal(toHex(readPrivateKey(form) ?? new Uint8Array(0)), toHex(privateKey));
    });

    it(`${curve.name}: public keys`, () => {
      const forms = [
        publicKey,
        Uint8Array.of(0x04, ...publicKey),
        text(point.export({ type: 'spki', format: 'pem' })),
        text(point.export({ type: 'spki', format: 'der' })),
      ];
      for (const form of forms) assert.equal(toHex(readPublicKey(form) ?? new Uint8Array(0)), toHex(publicKey));
      assert.equal(readPublicKey(text(key.export({ type: 'pkcs8', format: 'pem' }))), undefined);
      assert.equal(readPrivateKey(text(point.export({ type: 'spki', format: 'pem' }))), undefined);
    });
  }

  it('public keys of certificates', () => {
    assert.deepEqual(readPublicKey(der('signing')), certificatePublicKey(der('signing')));
    assert.deepEqual(readPublicKey(pem('suite2')), certificatePublicKey(der('suite2')));
  });

  it('refuses everything else', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    for (const { privateKey, publicKey } of [rsa, koblitz]) {
      assert.equal(readPrivateKey(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))), undefined);
      assert.equal(readPublicKey(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))), undefined);
    }
    for (const octets of [new Uint8Array(0), new Uint8Array(32), new Uint8Array(64), new Uint8Array(48).fill(0xff)]) {
      assert.equal(readPrivateKey(octets), undefined);
      assert.equal(readPublicKey(octets), undefined);
    }
  });
});
