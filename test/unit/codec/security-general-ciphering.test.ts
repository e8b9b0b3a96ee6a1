import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { revealApdu } from '../../../engine/codec/reveal.ts';
import { contentKey } from '../../../engine/codec/security/content-key.ts';
import { ecdsaSign } from '../../../engine/codec/security/ecdsa.ts';
import {
  type ContentKeySource,
  type GeneralProtectOptions,
  protectGeneral,
} from '../../../engine/codec/security/protect-general.ts';
import { isSignedBy, signApdu } from '../../../engine/codec/security/sign.ts';
import { securitySuite } from '../../../engine/codec/security/suites.ts';
import type { GeneralCiphering, GeneralSigning, KeyRing } from '../../../engine/codec/security/types.ts';
import { type UnprotectOptions, unprotect } from '../../../engine/codec/security/unprotect.ts';
import { octets } from './axdr-arbitrary.ts';
import { GREEN_BOOK, ORIGINATOR, partiesOf, RECIPIENT, SYMMETRIC } from './security-keys.ts';

const SEED = 20261125;
const GET_TIME = fromHex('c0010000080000010000ff0200');

const HEADER = {
  transactionId: fromHex('0102030405060708'),
  recipientSystemTitle: RECIPIENT,
  dateTime: new Uint8Array(0),
  otherInformation: fromHex('aa'),
};

const PROTECTIONS = [
  ['authentication', true, false],
  ['encryption', false, true],
  ['authentication and encryption', true, true],
] as const;

interface Form {
  readonly name: string;
  readonly suite: 0 | 1 | 2;
  readonly sender: KeyRing;
  readonly receiver: KeyRing;
  readonly contentKey: ContentKeySource;
}

/** Every way to a content key in every suite that has it. */
const FORMS: readonly Form[] = ([0, 1, 2] as const).flatMap((suite): Form[] => {
  const shared = SYMMETRIC[suite];
  const form = (name: string, contentKey: ContentKeySource, sender = shared, receiver = shared): Form => ({
    name: `suite ${suite}, ${name}`,
    suite,
    sender,
    receiver,
    contentKey,
  });
  const symmetric = [
    form('no key-info', { kind: 'identified', key: 'unicast', named: false }),
    form('identified unicast key', { kind: 'identified', key: 'unicast' }),
    form('identified broadcast key', { kind: 'identified', key: 'broadcast' }),
    form('wrapped key', { kind: 'wrapped', key: new Uint8Array(suite === 2 ? 32 : 16).fill(0x5a) }),
  ];
  if (suite === 0) return symmetric;
  const { client, server, ephemeralKey } = partiesOf(suite);
  return [
    ...symmetric,
    form('C(1e, 1s)', { kind: 'one-pass', ephemeralKey }, client, server),
    form('C(0e, 2s)', { kind: 'static' }, client, server),
  ];
});

function sealed(form: Form, change: Partial<GeneralProtectOptions> = {}, plain = GET_TIME): Uint8Array {
  return protectGeneral(plain, {
    ...HEADER,
    suite: form.suite,
    authenticated: true,
    encrypted: true,
    systemTitle: ORIGINATOR,
    keys: form.sender,
    invocationCounter: 0,
    contentKey: form.contentKey,
    ...change,
  });
}

function ciphered(apdu: Uint8Array): GeneralCiphering {
  const decoded = decodeApdu(apdu, { strict: true });
  assert.ok(decoded.ok && decoded.value.kind === 'general-ciphering');
  return decoded.value;
}

function opened(apdu: Uint8Array, keys: KeyRing, options?: UnprotectOptions): Uint8Array {
  const result = unprotect(ciphered(apdu), keys, options);
  assert.ok(result.ok, result.ok ? '' : `${result.error.found} instead of ${result.error.expected}`);
  return result.plain;
}

function refusal(apdu: Uint8Array | GeneralCiphering, keys: KeyRing, options?: UnprotectOptions): string {
  const result = unprotect(apdu instanceof Uint8Array ? ciphered(apdu) : apdu, keys, options);
  assert.ok(!result.ok);
  assert.deepEqual([result.error.code, result.error.layer], ['not-decipherable', 'security']);
  return `${result.error.found}; ${result.error.expected}`;
}

describe('general-ciphering', () => {
  for (const form of FORMS) {
    for (const [what, authenticated, encrypted] of PROTECTIONS) {
      it(`${form.name}, ${what}: opens again`, () => {
        fc.assert(
          fc.property(
            octets(),
            octets(),
            fc.integer({ min: 0, max: 0xffffffff }),
            (plain, other, invocationCounter) => {
              const change = { authenticated, encrypted, otherInformation: other, invocationCounter };
              const apdu = sealed(form, change, plain);
              const result = unprotect(ciphered(apdu), form.receiver);
              assert.ok(result.ok);
              assert.deepEqual(result.plain, plain);
              assert.equal(result.verified, authenticated);
              assert.equal(result.header.ic, invocationCounter);
              assert.equal(result.header.keySet, 'unicast');
              assert.deepEqual(result.deviations, []);
            },
          ),
          { seed: SEED, numRuns: 12 },
        );
      });
    }

    it(`${form.name}: no changed octet goes unnoticed`, () => {
      const apdu = sealed(form);
      for (let at = 0; at < apdu.length; at++) {
        for (const bit of [0x01, 0x80]) {
          const changed = apdu.slice();
          changed[at]! ^= bit;
          const decoded = decodeApdu(changed, { strict: true });
          if (!decoded.ok || decoded.value.kind !== 'general-ciphering') continue;
          const result = unprotect(decoded.value, form.receiver);
          // What is left without protection is not verified, and the caller sees that it is not.
          assert.ok(!result.ok || !result.verified, `octet ${at}`);
          if (result.ok) assert.equal(decoded.value.security.authenticated, false, `octet ${at}`);
        }
      }
    });
  }

  it('uses a fresh key for every nonce of C(0e, 2s), and none without a nonce', () => {
    const form = FORMS.find(({ name }) => name === 'suite 1, C(0e, 2s)');
    assert.ok(form !== undefined);
    const keys = ['01', '02'].map((id) => {
      const result = unprotect(ciphered(sealed(form, { transactionId: fromHex(id) })), form.receiver);
      assert.ok(result.ok && result.key !== undefined);
      return toHex(result.key);
    });
    assert.notEqual(keys[0], keys[1]);
    assert.throws(() => sealed(form, { transactionId: new Uint8Array(0) }), RangeError);
  });

  describe('early algorithm identifiers', () => {
    const form = FORMS.find(({ name }) => name === 'suite 1, C(1e, 1s)');
    assert.ok(form !== undefined);
    const apdu = sealed(form, { arc: 'early-green-book' });

    it('are found out by the tag and named', () => {
      const result = unprotect(ciphered(apdu), form.receiver);
      assert.ok(result.ok && result.verified);
      assert.deepEqual(
        result.deviations.map(({ id }) => id),
        ['early-algorithm-id'],
      );
      const revealed = revealApdu(apdu, { keys: form.receiver });
      assert.ok(revealed.ok);
      assert.deepEqual(
        revealed.deviations.map(({ id }) => id),
        ['early-algorithm-id'],
      );
    });

    it('are refused in strict mode and taken when asked for', () => {
      assert.equal(revealApdu(apdu, { keys: form.receiver, strict: true }).ok, false);
      assert.match(refusal(apdu, form.receiver, { arc: 'dlms-ua' }), /authentication tag/);
      assert.deepEqual(opened(apdu, form.receiver, { arc: 'early-green-book' }), GET_TIME);
      const encrypted = sealed(form, { arc: 'early-green-book', authenticated: false });
      assert.deepEqual(opened(encrypted, form.receiver, { arc: 'early-green-book' }), GET_TIME);
    });
  });

  it('opens with the key of this APDU alone, known otherwise', () => {
    for (const form of FORMS.filter(({ name }) => /wrapped|C\(/.test(name))) {
      const apdu = ciphered(sealed(form));
      const derived = contentKey(apdu, {
        suite: securitySuite(apdu.security.suite)!,
        keys: form.receiver,
        originator: apdu.originatorSystemTitle,
        arc: 'dlms-ua',
        unverified: false,
      });
      assert.ok(derived.ok);
      const { gak } = form.receiver;
      const result = unprotect(apdu, { contentKey: derived.key, ...(gak === undefined ? {} : { gak }) });
      assert.ok(result.ok, form.name);
      assert.equal(result.verified, true);
      const wrong = unprotect(apdu, { ...form.receiver, contentKey: new Uint8Array(derived.key.length) });
      assert.equal(wrong.ok, false, form.name);
    }
  });

  describe('says what is wrong', () => {
    const byName = (name: string): Form => {
      const form = FORMS.find((candidate) => candidate.name === name);
      assert.ok(form !== undefined);
      return form;
    };
    const onePass = byName('suite 1, C(1e, 1s)');
    const fixed = byName('suite 1, C(0e, 2s)');
    const wrapped = byName('suite 1, wrapped key');
    const without = (keys: KeyRing, name: keyof KeyRing): KeyRing => {
      const { [name]: _, ...rest } = keys;
      return rest;
    };
    const agreed = (keyParameters: string, keyCipheredData: string): GeneralCiphering => ({
      ...ciphered(sealed(onePass)),
      keyInfo: { agreedKey: { keyParameters: fromHex(keyParameters), keyCipheredData: fromHex(keyCipheredData) } },
    });
    const offCurve = ciphered(sealed(onePass));
    const cases: readonly (readonly [string, Uint8Array | GeneralCiphering, KeyRing, RegExp])[] = [
      ['no master key', sealed(wrapped), without(wrapped.receiver, 'kek'), /no key; the master key/],
      [
        'another master key',
        sealed(wrapped),
        { ...wrapped.receiver, kek: new Uint8Array(16) },
        /master key does not unwrap/,
      ],
      [
        'another key encrypting key',
        { ...ciphered(sealed(wrapped)), keyInfo: { wrappedKey: { kekId: 1, keyCipheredData: new Uint8Array(24) } } },
        wrapped.receiver,
        /key encrypting key 1/,
      ],
      ['no agreement key', sealed(onePass), without(onePass.receiver, 'agreementKey'), /agreementKey/],
      [
        'an agreement key of another curve',
        sealed(onePass),
        { ...onePass.receiver, agreementKey: new Uint8Array(48).fill(1) },
        /P-256/,
      ],
      ['no public signature key', sealed(onePass), without(onePass.receiver, 'peerSigningKey'), /peerSigningKey/],
      [
        'a signature of somebody else',
        sealed(onePass),
        { ...onePass.receiver, peerSigningKey: GREEN_BOOK.serverSigning.publicKey },
        /wrong signature; the signature of the originator/,
      ],
      ['no public agreement key', sealed(fixed), without(fixed.receiver, 'peerAgreementKey'), /peerAgreementKey/],
      [
        'a public agreement key off the curve',
        sealed(fixed),
        { ...fixed.receiver, peerAgreementKey: new Uint8Array(64).fill(7) },
        /no point of the curve; a point of P-256/,
      ],
      ['an unknown scheme', agreed('03', ''), onePass.receiver, /no known scheme/],
      ['two octets of scheme', agreed('0101', ''), onePass.receiver, /no known scheme/],
      ['a short ephemeral key', agreed('01', '00'), onePass.receiver, /128 octets: a public key of P-256/],
      ['an ephemeral key with C(0e, 2s)', agreed('02', '00'), onePass.receiver, /none with C\(0e, 2s\)/],
      [
        'no recipient',
        { ...offCurve, recipientSystemTitle: new Uint8Array(0) },
        onePass.receiver,
        /recipient-system-title of 0 octets/,
      ],
      [
        'an agreed key in suite 0',
        { ...offCurve, security: { ...offCurve.security, sc: 0x30, suite: 0 } },
        onePass.receiver,
        /suite 1 or 2/,
      ],
      [
        'compression',
        { ...offCurve, security: { ...offCurve.security, sc: 0xb1, compressed: true } },
        onePass.receiver,
        /compressed content; content without compression: V\.44/,
      ],
    ];
    for (const [what, apdu, keys, expected] of cases) {
      it(what, () => assert.match(refusal(apdu, keys), expected));
    }

    it('a wrapped key of the wrong length', () => {
      const kek = SYMMETRIC[2].kek ?? new Uint8Array(0);
      const apdu = sealed(
        { ...wrapped, suite: 2, sender: SYMMETRIC[2] },
        { contentKey: { kind: 'wrapped', key: kek } },
      );
      const parsed = ciphered(apdu);
      const short = { ...parsed, security: { ...parsed.security, sc: 0x31, suite: 1 } };
      assert.match(refusal(short, { ...SYMMETRIC[1], kek }), /encryption key of 32 octets; 16 octets in suite 1/);
    });

    it('an ephemeral point off the curve, although it is signed', () => {
      const { ephemeralKey: _, ...parties } = partiesOf(1);
      const point = new Uint8Array(64).fill(9);
      const apdu = agreed('01', toHex(point) + toHex(signatureOf(parties.client.signingKey, point)));
      assert.match(refusal(apdu, parties.server), /no point of the curve/);
    });
  });

  it('refuses to protect with what does not fit', () => {
    const form = FORMS.find(({ name }) => name === 'suite 1, C(1e, 1s)');
    assert.ok(form?.contentKey.kind === 'one-pass');
    const { signingKey: _s, ...noSigningKey } = form.sender;
    const { peerAgreementKey: _p, ...noPeer } = form.sender;
    const { kek: _k, ...noKek } = form.sender;
    const wrapped = { kind: 'wrapped', key: new Uint8Array(16) } as const;
    assert.throws(() => sealed(form, { keys: noSigningKey }), /keys\.signingKey is missing/);
    assert.throws(() => sealed(form, { keys: noPeer }), /keys\.peerAgreementKey is missing/);
    assert.throws(() => sealed(form, { keys: noKek, contentKey: wrapped }), /keys\.kek is missing/);
    assert.throws(() => sealed(form, { contentKey: { kind: 'wrapped', key: new Uint8Array(32) } }), RangeError);
    assert.throws(() => sealed(form, { suite: 0 }), /suite 0 has no key agreement/);
    assert.throws(() => sealed(form, { suite: 2, keys: { ...form.sender, ...SYMMETRIC[2] } }), RangeError);
    assert.throws(() => sealed(form, { recipientSystemTitle: new Uint8Array(0) }), RangeError);
    const offCurve = { ...form.sender, peerAgreementKey: new Uint8Array(64).fill(1) };
    assert.throws(() => sealed(form, { keys: offCurve }), /no point of P-256/);
  });
});

function signatureOf(signingKey: Uint8Array | undefined, message: Uint8Array): Uint8Array {
  assert.ok(signingKey !== undefined);
  return ecdsaSign(signingKey, message);
}

describe('general-ciphering of the Green Book', () => {
  /** ACCESS.request of table 41, and its ciphertext under both keys (gb-general-ciphering-*-ciphertext). */
  const plain = fromHex(
    'd94000000000040100010000600100ff020100080000010000ff0202001400000d0000ff0702001400000d0000ff0804000001040203090100090cffffffffffffff00000000000901ff0203090101090cffffffffffffff00000000000901ff0203090102090cffffffffffffff00000000000901ff0203090103090cffffffffffffff00000000000901ff0104020809010011ff11ff11ff11ff11ff11ff11ff02080901011102110111011101110111011101020809010211ff11ff11ff11ff11ff11ff11ff02080901031101110211021102110211021102',
  );
  const examples = [
    [
      'C(1e, 1s)',
      { kind: 'one-pass', ephemeralKey: GREEN_BOOK.clientEphemeral.privateKey },
      'f435069679270c5bf4425ee5777402a6c8d51c620eed52dbb188378b836e2857d5c053e6ddf27fa87409aef502cd9618ae47017c010224fd109cc0beb21e742d44ab40cd11908743ec90ec8c40e221d517f72228e1a26e827f43dc18ed27b5f458d66508b05a2a4cc6fed178c881afc3bc67064689be8bb41c80abb3c114a31f4cb03b8b64c7e0b4ce77b2399c93347858888f92239713b38df01c4858245827a92ef334172ea636b31cbbdf2a96ad5d035f66aa38f1a2d97d4bba99622e6b5f18789cecb2dfb3937d9f3e17f8b472098e6563238f3752837480',
    ],
    [
      'C(0e, 2s)',
      { kind: 'static' },
      '607581d83815281b561904e6a72b83bf3fb0b1f2a0a23a82a804b39911f6cb1b4ef9b6f76c6338ed058014ffbf4a13a162e0eed11eeb8f597757a18215f28e1d3fc2d44586c4b8afe4500b535b579506cdb925cbeff7f1cf6bf96c583b9cf588fe8f6b01a574824d7cec597f057ffa8700af12ad63a7fa72040439f4392c089b265f9eb1ac308239906dc04e1a8712abe383cf92349842eba166ef2e9eb2f53d0dba025d79875463398bbc3007bc4a6fc12780c21ee1abf080bf0fa926242834c0ac30d55a1ef8856e7ded48621f17fdf4d5b54eddadd8741192',
    ],
  ] as const;
  for (const [what, contentKey, ciphertext] of examples) {
    it(`${what}: ciphertext as printed`, () => {
      const { client, server } = partiesOf(1);
      const apdu = protectGeneral(plain, {
        ...HEADER,
        otherInformation: new Uint8Array(0),
        suite: 1,
        authenticated: true,
        encrypted: true,
        systemTitle: ORIGINATOR,
        keys: client,
        invocationCounter: 0,
        contentKey,
      });
      assert.equal(toHex(ciphered(apdu).security.payload), ciphertext);
      assert.deepEqual(opened(apdu, server), plain);
    });
  }
});

describe('general-signing', () => {
  for (const suite of [1, 2] as const) {
    const { client, server } = partiesOf(suite);
    const signed = (content: Uint8Array): Uint8Array => {
      assert.ok(client.signingKey !== undefined);
      return signApdu(content, { ...HEADER, originatorSystemTitle: ORIGINATOR, signingKey: client.signingKey });
    };
    const verify = (apdu: GeneralSigning): boolean => {
      assert.ok(server.peerSigningKey !== undefined);
      return isSignedBy(apdu, server.peerSigningKey);
    };
    const parse = (octets: Uint8Array): GeneralSigning => {
      const decoded = decodeApdu(octets, { strict: true });
      assert.ok(decoded.ok && decoded.value.kind === 'general-signing');
      return decoded.value;
    };

    it(`suite ${suite}: signs and verifies, also long content`, () => {
      for (const length of [0, 13, 127, 128, 300, 70_000]) {
        const apdu = parse(signed(new Uint8Array(length).fill(0xc0)));
        assert.equal(apdu.content.length, length);
        assert.equal(apdu.signature.length, suite === 1 ? 64 : 96);
        assert.ok(verify(apdu));
      }
    });

    it(`suite ${suite}: no changed octet goes unnoticed`, () => {
      const octets = signed(GET_TIME);
      for (let at = 1; at < octets.length; at++) {
        const changed = octets.slice();
        changed[at]! ^= 0x01;
        const decoded = decodeApdu(changed, { strict: true });
        if (!decoded.ok || decoded.value.kind !== 'general-signing') continue;
        assert.equal(verify(decoded.value), false, `octet ${at}`);
      }
      assert.equal(verify({ ...parse(octets), signature: new Uint8Array(0) }), false);
      assert.equal(isSignedBy(parse(octets), client.peerSigningKey ?? new Uint8Array(0)), false);
    });

    it(`suite ${suite}: signed, then ciphered, is revealed layer by layer`, () => {
      const form = FORMS.find(({ name }) => name === `suite ${suite}, C(1e, 1s)`);
      assert.ok(form !== undefined);
      const octets = sealed(form, {}, signed(GET_TIME));
      const revealed = revealApdu(octets, { keys: form.receiver, strict: true });
      assert.ok(revealed.ok);
      assert.equal(revealed.value.inner?.apdu.kind, 'general-signing');
      assert.equal(revealed.value.inner.signatureVerified, true);
      assert.equal(revealed.value.inner.inner?.apdu.kind, 'get-request');
      const { peerSigningKey: _, ...unverifying } = form.receiver;
      const open = revealApdu(octets, { keys: unverifying });
      assert.ok(open.ok);
      assert.equal(open.value.tagUnverified, true);
      assert.equal(open.value.inner?.signatureVerified, undefined);
      assert.equal(open.value.inner?.inner?.apdu.kind, 'get-request');
    });

    it(`suite ${suite}: a wrong signature is no decodable APDU`, () => {
      const octets = signed(GET_TIME);
      octets[octets.length - 1]! ^= 1;
      const revealed = revealApdu(octets, { keys: server });
      assert.ok(!revealed.ok);
      assert.equal(revealed.error.code, 'not-decipherable');
      assert.ok(revealApdu(octets, {}).ok);
    });
  }
});
