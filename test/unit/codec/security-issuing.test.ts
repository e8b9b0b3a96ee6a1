import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import {
  CERTIFICATE_ENTITIES,
  CERTIFICATE_TYPES,
  certificateIdentificationData,
  certificateIdentificationFromData,
  certificateInfoData,
  certificateInfosFromData,
  keyPairData,
  keyPairFromData,
} from '../../../engine/codec/security/certificate-data.ts';
import { makeCertificateRequest, readCertificateRequest } from '../../../engine/codec/security/certificate-request.ts';
import {
  type CertificateUse,
  certificateProblem,
  readCertificate,
} from '../../../engine/codec/security/certificates.ts';
import { P256, P384, publicKeyOf } from '../../../engine/codec/security/curves.ts';
import { derInteger, derOid, derTime } from '../../../engine/codec/security/der-write.ts';
import { issueCertificate } from '../../../engine/codec/security/issue-certificate.ts';
import { fromPem, toPem } from '../../../engine/codec/security/pem.ts';
import { commonName, nameText, titleName } from '../../../engine/codec/security/x500-name.ts';

const TITLE = fromHex('4d4d4d0000bc614e');
const FROM = Date.UTC(2026, 10, 23);
const TO = Date.UTC(2051, 0, 1);
const NOW = Date.UTC(2027, 0, 1);
const USES: readonly (readonly CertificateUse[])[] = [
  ['digital-signature'],
  ['key-agreement'],
  ['digital-signature', 'key-agreement'],
];

function opensslIsHere(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

for (const curve of [P256, P384]) {
  const authorityKey = new Uint8Array(curve.size).fill(0x21);
  const partyKey = new Uint8Array(curve.size).fill(0x42);
  const authorityName = commonName('Test CA');
  const times = { validFrom: FROM, validTo: TO };
  const authority = issueCertificate(
    {
      subjectName: authorityName,
      publicKey: publicKeyOf(curve, authorityKey),
      uses: ['certificate-signing'],
      serial: fromHex('01'),
      ...times,
    },
    { name: authorityName, privateKey: authorityKey },
  );
  const issued = (uses: readonly CertificateUse[]): Uint8Array => {
    const read = readCertificateRequest(makeCertificateRequest(partyKey, TITLE, uses));
    assert.ok(read.ok);
    const { subjectName, publicKey } = read.request;
    return issueCertificate(
      { subjectName, publicKey, uses: read.request.uses, serial: fromHex('00ff01'), ...times },
      { name: authorityName, privateKey: authorityKey },
    );
  };

  describe(`certificates and requests made on ${curve.name}`, () => {
    for (const uses of USES) {
      it(`${uses.join(' and ')}: from request to certificate`, () => {
        const certificate = issued(uses);
        const read = readCertificate(certificate);
        assert.ok(read.ok);
        const facts = read.certificate;
        assert.deepEqual(facts.uses, uses);
        assert.deepEqual(facts.systemTitle, TITLE);
        assert.equal(facts.subject, 'CN=4D4D4D0000BC614E');
        assert.equal(facts.issuer, 'CN=Test CA');
        assert.deepEqual(facts.publicKey, publicKeyOf(curve, partyKey));
        assert.equal(facts.validFrom, FROM);
        assert.equal(facts.validTo, TO);
        assert.equal(toHex(facts.serial), '00ff01');
        assert.deepEqual(facts.issuerName, authorityName);
        assert.deepEqual(facts.subjectName, titleName(TITLE));
        assert.equal(facts.subjectAltName.length, 0);
        const [use = 'digital-signature'] = uses;
        assert.equal(
          certificateProblem(certificate, { issuer: authority, systemTitle: TITLE, use, now: NOW }),
          undefined,
        );
      });
    }

    it('the authority signs its own, and Node takes it as one', () => {
      const x509 = new X509Certificate(authority);
      assert.equal(x509.ca, true);
      assert.ok(x509.checkIssued(x509) && x509.verify(x509.publicKey));
      const read = readCertificate(authority);
      assert.deepEqual(read.ok && read.certificate.uses, ['certificate-signing']);
    });

    it('a request is refused when an octet was changed, and cut requests are none', () => {
      const request = makeCertificateRequest(partyKey, TITLE, ['digital-signature']);
      for (let at = 0; at < request.length; at++) {
        const changed = request.slice();
        changed[at]! ^= 0x01;
        const read = readCertificateRequest(changed);
        assert.equal(read.ok && toHex(read.request.subjectName) !== toHex(titleName(TITLE)), false, `octet ${at}`);
        readCertificateRequest(request.subarray(0, at));
      }
      const other = request.slice();
      other[other.length - 1]! ^= 0x01;
      const read = readCertificateRequest(other);
      assert.match(read.ok ? '' : read.found, /wrong signature|octets/);
    });

    it('openssl takes requests, certificates and the chain', function () {
      if (!opensslIsHere()) return this.skip();
      const folder = mkdtempSync(path.join(tmpdir(), 'dlms-certificates-'));
      try {
        const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString();
        writeFileSync(path.join(folder, 'ca.pem'), toPem('CERTIFICATE', authority));
        for (const uses of USES) {
          writeFileSync(path.join(folder, 'party.pem'), toPem('CERTIFICATE', issued(uses)));
          writeFileSync(
            path.join(folder, 'csr.pem'),
            toPem('CERTIFICATE REQUEST', makeCertificateRequest(partyKey, TITLE, uses)),
          );
          assert.match(openssl('verify', '-x509_strict', '-CAfile', 'ca.pem', 'party.pem'), /OK/);
          const request = openssl('req', '-in', 'csr.pem', '-noout', '-verify', '-text');
          assert.match(request, /CN\s?=\s?4D4D4D0000BC614E/);
          assert.equal(/Digital Signature/.test(request), uses.includes('digital-signature'));
          assert.match(request, curve === P256 ? /ecdsa-with-SHA256/ : /ecdsa-with-SHA384/);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}

describe('requests that openssl made', () => {
  it('are read', function () {
    if (!opensslIsHere()) return this.skip();
    const folder = mkdtempSync(path.join(tmpdir(), 'dlms-certificates-'));
    try {
      const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
      openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'key.pem');
      openssl('req', '-new', '-key', 'key.pem', '-subj', '/O=Some Maker/CN=4D4D4D0000BC614E', '-out', 'csr.pem');
      const text = openssl('req', '-in', 'csr.pem');
      const read = readCertificateRequest(new Uint8Array(text));
      assert.ok(read.ok);
      assert.equal(read.request.subject, 'O=Some Maker, CN=4D4D4D0000BC614E');
      assert.deepEqual(read.request.uses, []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('DER written', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['integer 0', derInteger(Uint8Array.of(0)), '020100'],
    ['integer without octets', derInteger(new Uint8Array(0)), '020100'],
    ['integer 127', derInteger(Uint8Array.of(0, 0x7f)), '02017f'],
    ['integer 128', derInteger(Uint8Array.of(0x80)), '02020080'],
    ['object identifier', derOid('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['time up to 2049', derTime(Date.UTC(2049, 11, 31, 23, 59, 59)), `170d${toHex(Buffer.from('491231235959Z'))}`],
    ['time from 2050', derTime(Date.UTC(2050, 0, 1)), `180f${toHex(Buffer.from('20500101000000Z'))}`],
  ];
  for (const [what, octets, hex] of cases) it(what, () => assert.equal(toHex(octets), hex));

  it('names as text, and none for what is no name', () => {
    assert.equal(nameText(commonName('Häuser')), 'CN=Häuser');
    for (const hex of ['', '04', '30', '3003310130', '0c0141']) assert.doesNotThrow(() => nameText(fromHex(hex)));
    assert.equal(nameText(fromHex('0c0141')), undefined);
  });

  it('PEM there and back, and DER as it is', () => {
    const octets = Uint8Array.from({ length: 100 }, (_, at) => at);
    const text = new TextEncoder().encode(`Bag Attributes\n${toPem('CERTIFICATE', octets)}`);
    assert.deepEqual(fromPem('CERTIFICATE', text), octets);
    assert.deepEqual(fromPem('CERTIFICATE', octets), octets);
    assert.equal(fromPem('CERTIFICATE REQUEST', text), undefined);
  });
});

describe('Data of the certificate methods of the security setup', () => {
  const serial = fromHex('1001');
  const issuer = commonName('Test CA');

  it('certificate_info, all entities and types; text in place of octets', () => {
    for (const entity of CERTIFICATE_ENTITIES) {
      for (const type of CERTIFICATE_TYPES) {
        const info = { entity, type, serial, issuer, subject: titleName(TITLE), subjectAltName: new Uint8Array(0) };
        assert.deepEqual(certificateInfosFromData({ t: 'array', v: [certificateInfoData(info)] }), [info]);
      }
    }
    const element = {
      t: 'structure',
      v: [
        { t: 'enum', v: 2 },
        { t: 'enum', v: 3 },
        { t: 'visible-string', v: '1' },
        { t: 'visible-string', v: 'CN=A' },
        { t: 'utf8-string', v: 'CN=B' },
        { t: 'octet-string', v: new Uint8Array(0) },
      ],
    } as const;
    const [read] = certificateInfosFromData({ t: 'array', v: [element] }) ?? [];
    assert.equal(new TextDecoder().decode(read?.issuer), 'CN=A');
    for (let length = 0; length < 5; length++) {
      const v = element.v.slice(0, length);
      assert.equal(
        certificateInfosFromData({ t: 'array', v: [{ t: 'structure', v }] }),
        undefined,
        `${length} elements`,
      );
    }
    assert.equal(certificateInfosFromData({ t: 'null-data' }), undefined);
  });

  it('certificate_identification, by entity and by serial, as other clients send it', () => {
    const byEntity = { by: 'entity', entity: 'client', type: 'key-agreement', systemTitle: TITLE } as const;
    assert.deepEqual(certificateIdentificationFromData(certificateIdentificationData(byEntity)), byEntity);
    const bySerial = { by: 'serial', serial, issuer } as const;
    assert.deepEqual(certificateIdentificationFromData(certificateIdentificationData(bySerial)), bySerial);
    for (const data of [
      { t: 'null-data' },
      { t: 'structure', v: [] },
      {
        t: 'structure',
        v: [
          { t: 'enum', v: 2 },
          { t: 'structure', v: [] },
        ],
      },
      {
        t: 'structure',
        v: [
          { t: 'enum', v: 0 },
          { t: 'structure', v: [{ t: 'enum', v: 9 }] },
        ],
      },
    ] as const)
      assert.equal(certificateIdentificationFromData(data), undefined);
  });

  it('key pairs', () => {
    for (const pair of ['digital-signature', 'key-agreement', 'tls'] as const)
      assert.equal(keyPairFromData(keyPairData(pair)), pair);
    for (const data of [null, { t: 'enum', v: 3 }, { t: 'enum', v: 9 }, { t: 'unsigned', v: 0 }] as const)
      assert.equal(keyPairFromData(data), undefined);
  });
});
