import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import {
  drawPrivateKey,
  isPrivateKey,
  isPublicKey,
  P256,
  P384,
  publicKeyOf,
  sharedSecret,
} from '../../../engine/codec/security/curves.ts';
import { ecdsaSign, ecdsaVerify } from '../../../engine/codec/security/ecdsa.ts';
import { type AlgorithmArc, deriveKey, type KeyUse } from '../../../engine/codec/security/kdf.ts';
import { unwrapKey, wrapKey } from '../../../engine/codec/security/key-wrap.ts';
import { securitySuite } from '../../../engine/codec/security/suites.ts';
import { GREEN_BOOK, type KeyPair } from './security-keys.ts';

/** Order of P-256. */
const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

/** Example of a signature on P-384 in the Suite B Implementer's Guide to FIPS 186-3. */
const SUITE_B = {
  publicKey:
    '1fbac8eebd0cbf35640b39efe0808dd774debff20a2a329e91713baf7d7f3c3e81546d883730bee7e48678f857b02ca0eb213103bd68ce343365a8a4c3d4555fa385f5330203bdd76ffad1f3affb95751c132007e1b240353cb0a4cf1693bdf9',
  privateKey: 'c838b85253ef8dc7394fa5808a5183981c7deef5a69ba8f4f2117ffea39cfcd90e95f6cbc854abacab701d50c1f3cf24',
  message: '54686973206973206f6e6c7920612074657374206d6573736167652e204974206973203438206279746573206c6f6e67',
  signature:
    'a0c27ec893092dea1e1bd2ccfed3cf945c8134ed0c9f81311a0f4a05942db8dbed8dd59f267471d5462aa14fe72de85620ab3f45b74f10b6e11f96a2c8eb694d206b9dda86d3c7e331c26b22c987b7537726577667adadf168ebbe803794a402',
};

describe('curves', () => {
  for (const [name, { privateKey, publicKey }] of Object.entries<KeyPair>(GREEN_BOOK)) {
    it(`${name}: the public key of the Green Book belongs to the private one`, () => {
      assert.equal(toHex(publicKeyOf(P256, privateKey)), toHex(publicKey));
      assert.ok(isPublicKey(P256, publicKey));
    });
  }

  it('knows a key pair on P-384', () => {
    assert.equal(toHex(publicKeyOf(P384, fromHex(SUITE_B.privateKey))), SUITE_B.publicKey);
  });

  it('comes to the shared secrets of the Green Book from either side', () => {
    const { clientEphemeral, serverAgreement } = GREEN_BOOK;
    const expected = '0d4385ba0dd756cbcab9887eb538396ee8f090a14c1079b4359f115b977f4615';
    for (const [own, peer] of [
      [clientEphemeral, serverAgreement],
      [serverAgreement, clientEphemeral],
    ] as const) {
      const secret = sharedSecret(P256, own.privateKey, peer.publicKey);
      assert.ok(secret !== undefined);
      assert.equal(toHex(secret), expected);
    }
  });

  it('keeps leading zeros of a shared secret', () => {
    const generator = publicKeyOf(P256, fromHex('01'.padStart(64, '0')));
    let short = 0;
    for (let number = 1; number < 400; number++) {
      const privateKey = fromHex(number.toString(16).padStart(64, '0'));
      const secret = sharedSecret(P256, privateKey, generator);
      assert.ok(secret !== undefined);
      assert.equal(toHex(secret), toHex(publicKeyOf(P256, privateKey).subarray(0, 32)));
      if (secret[0] === 0) short++;
    }
    assert.ok(short > 0);
  });

  it('refuses points that are not on the curve, and keys of another one', () => {
    const own = GREEN_BOOK.serverAgreement.privateKey;
    const good = GREEN_BOOK.clientEphemeral.publicKey;
    const bad = [
      good.map((octet, at) => (at === 63 ? octet ^ 1 : octet)),
      new Uint8Array(64),
      new Uint8Array(64).fill(0xff),
      good.subarray(1),
      fromHex(SUITE_B.publicKey),
    ];
    for (const key of bad) {
      assert.equal(isPublicKey(P256, key), false);
      assert.equal(sharedSecret(P256, own, key), undefined);
    }
    assert.equal(ecdsaVerify(new Uint8Array(64), fromHex('00'), new Uint8Array(64)), false);
  });

  it('takes private keys from 1 to the order less one', () => {
    const below = fromHex(ORDER);
    below[31]! -= 1;
    assert.ok(isPrivateKey(P256, below));
    assert.ok(isPrivateKey(P256, fromHex('01'.padStart(64, '0'))));
    for (const bad of [fromHex(ORDER), new Uint8Array(32), new Uint8Array(32).fill(0xff), fromHex('01')]) {
      assert.equal(isPrivateKey(P256, bad), false);
      assert.throws(() => publicKeyOf(P256, bad), RangeError);
    }
  });

  it('draws private keys again until one is below the order', () => {
    const draws = [new Uint8Array(32).fill(0xff), fromHex(ORDER), new Uint8Array(32), fromHex('07'.repeat(32))];
    let drawn = 0;
    const key = drawPrivateKey(P256, (length) => {
      assert.equal(length, 32);
      return draws[drawn++] ?? new Uint8Array(32);
    });
    assert.equal(drawn, 4);
    assert.equal(toHex(key), '07'.repeat(32));
    assert.throws(() => drawPrivateKey(P384, (length) => new Uint8Array(length)), /not random/);
  });
});

describe('signatures', () => {
  /** gb-c2e0s-ephemeral-signature and gb-c1e1s-key-ciphered-data-signature-client and -server. */
  const examples = [
    [
      'key_id and ephemeral key, client',
      GREEN_BOOK.clientSigning.publicKey,
      '002914d60e10ab705f62ed6cc349d7cb99b9ab3f3978e59278c7af595b3af987941372dab6d5af1fa867e134167e6f23de664a6693e05f43414611058d1b48f894',
      '06f0607702aa0e2435a183e2f6b1ecd19629712e389a213610c03f77b2590860ea840af5c3fa1f2bcdf055d4744e9a01ce9a0e55026bcaa4eebeb764ced64bb3',
    ],
    [
      'ephemeral key, client',
      GREEN_BOOK.clientSigning.publicKey,
      'c323c2bd45711de4688637d919f92e9db8fb2dfc213a88d21c9dc8dcba917d8170511de1badb360d50058f794b0960ae11fa28d392cff907a62d13e3357b1dc0',
      'b51be089d0b682863b2217201e73a1a9031968a9b4121dcbc3281a69739af87429f5b3ac5471e7b6a04a2c0f2f8a25fd772a317df97fc5463feac248eb8ab8be',
    ],
    [
      'ephemeral key, server',
      GREEN_BOOK.serverSigning.publicKey,
      '6439724714b47cd9cb988897d8424ab946dcd083d37a954637616011b9c2378773295f0f850d8dafd1bbe9fe666e53e4f097cd10b38b69622152724a90987444',
      'e1ff47974a1f6931a6502f58147463f0e8cc517d47f55b0ac56dd8ac5c9d0e481934f2d90f9893016bd82b6e3ffe21ff1588f3278b4e9d98eb4fb62add64b380',
    ],
    ['Suite B, P-384', fromHex(SUITE_B.publicKey), SUITE_B.message, SUITE_B.signature],
  ] as const;
  for (const [what, publicKey, message, signature] of examples) {
    it(`verifies: ${what}; every changed octet is refused`, () => {
      const octets = fromHex(signature);
      assert.ok(ecdsaVerify(publicKey, fromHex(message), octets));
      for (let at = 0; at < octets.length; at++) {
        const changed = octets.slice();
        changed[at]! ^= 0x80;
        assert.equal(ecdsaVerify(publicKey, fromHex(message), changed), false, `octet ${at}`);
      }
      assert.equal(ecdsaVerify(publicKey, fromHex(`${message}00`), octets), false);
      assert.equal(ecdsaVerify(publicKey, fromHex(message), octets.subarray(1)), false);
    });
  }

  it('signs with keys of both curves', () => {
    const message = fromHex('c0010000080000010000ff0200');
    for (const [privateKey, publicKey, length] of [
      [GREEN_BOOK.clientSigning.privateKey, GREEN_BOOK.clientSigning.publicKey, 64],
      [fromHex(SUITE_B.privateKey), fromHex(SUITE_B.publicKey), 96],
    ] as const) {
      const signature = ecdsaSign(privateKey, message);
      assert.equal(signature.length, length);
      assert.ok(ecdsaVerify(publicKey, message, signature));
    }
    assert.throws(() => ecdsaSign(new Uint8Array(31), message), RangeError);
    assert.throws(() => ecdsaSign(new Uint8Array(32), message), RangeError);
  });
});

describe('key derivation', () => {
  const originator = '4d4d4d0000bc614e';
  const recipient = '4d4d4d0000000001';
  const nonce = '080102030405060708';
  /** gb-c1e1s-kdf-*, gb-c0e2s-kdf; the two of the early arc as in early printings of the Green Book. */
  const examples: readonly (readonly [string, 1 | 2, KeyUse, AlgorithmArc, string, string, string, string])[] = [
    [
      'C(1e, 1s), client to server',
      1,
      'aes-gcm',
      'dlms-ua',
      '0d4385ba0dd756cbcab9887eb538396ee8f090a14c1079b4359f115b977f4615',
      originator,
      recipient,
      '59a71fd81c929a86a99438da17a66c05',
    ],
    [
      'C(1e, 1s), server to client',
      1,
      'aes-gcm',
      'dlms-ua',
      '2b4302dc49790e2e78d990cfb52ed6e2f273dece441a2d95e4301b93812a9fac',
      recipient,
      originator,
      'f0184bda9466bfa4601a64a7ef46504a',
    ],
    [
      'C(0e, 2s)',
      1,
      'aes-gcm',
      'dlms-ua',
      'b1455b2ad5f68bcffe6ad5412ba89548aca7e0cbf4b1560d6a57496f15e931ad',
      originator + nonce,
      recipient,
      '56c46b57df675515c31025455822514a',
    ],
    [
      'C(2e, 0s), early arc',
      1,
      'aes-gcm',
      'early-green-book',
      'c1cf8fe7891aef3617d7190795e61fe6c24efc3cca2e08469bad1a225ce6ea08',
      originator,
      recipient,
      'e025ca6f9ee8d2b40f993739d44cfbc0',
    ],
    [
      'C(1e, 1s), early arc',
      1,
      'aes-gcm',
      'early-green-book',
      '0d4385ba0dd756cbcab9887eb538396ee8f090a14c1079b4359f115b977f4615',
      originator,
      recipient,
      '8cd08ff02eac71712de8449dc8331833',
    ],
  ];
  for (const [what, id, use, arc, secret, partyU, partyV, key] of examples) {
    it(`derives the key of the Green Book: ${what}`, () => {
      const suite = securitySuite(id);
      assert.ok(suite !== undefined);
      const parties = { partyU: fromHex(partyU), partyV: fromHex(partyV) };
      assert.equal(toHex(deriveKey({ suite, secret: fromHex(secret), use, arc, ...parties })), key);
    });
  }

  it('names the algorithm of every suite and use as security.md 8 does', () => {
    const secret = new Uint8Array(48).fill(3);
    const parties = { partyU: fromHex(originator), partyV: fromHex(recipient) };
    const cases = [
      [1, 'aes-gcm', 'sha256', '60857405080300', 16],
      [2, 'aes-gcm', 'sha384', '60857405080301', 32],
      [1, 'aes-wrap', 'sha256', '60857405080302', 16],
      [2, 'aes-wrap', 'sha384', '60857405080303', 32],
    ] as const;
    for (const [id, use, hash, algorithm, length] of cases) {
      const suite = securitySuite(id);
      assert.ok(suite !== undefined);
      const message = fromHex(`00000001${toHex(secret)}${algorithm}${originator}${recipient}`);
      const expected = createHash(hash)
        .update(message)
        .digest('hex')
        .slice(0, 2 * length);
      assert.equal(toHex(deriveKey({ suite, secret, use, ...parties })), expected);
    }
  });

  it('gives 32 octets in suite 2, other keys for other uses, and refuses suite 0', () => {
    const input = { secret: new Uint8Array(48), partyU: fromHex(originator), partyV: fromHex(recipient) };
    const [suite0, suite1, suite2] = [securitySuite(0), securitySuite(1), securitySuite(2)];
    assert.ok(suite0 !== undefined && suite1 !== undefined && suite2 !== undefined);
    const keys = [suite1, suite2].flatMap((suite) =>
      (['aes-gcm', 'aes-wrap'] as const).map((use) => deriveKey({ ...input, suite, use })),
    );
    assert.deepEqual(
      keys.map((key) => key.length),
      [16, 16, 32, 32],
    );
    assert.equal(new Set(keys.map((key) => toHex(key.subarray(0, 16)))).size, 4);
    assert.throws(() => deriveKey({ ...input, suite: suite0, use: 'aes-gcm' }), RangeError);
  });
});

describe('key wrap', () => {
  /** RFC 3394 4.1, 4.3 and 4.6. */
  const examples = [
    [
      '000102030405060708090a0b0c0d0e0f',
      '00112233445566778899aabbccddeeff',
      '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5',
    ],
    [
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
      '00112233445566778899aabbccddeeff',
      '64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7',
    ],
    [
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
      '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
      '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
    ],
  ] as const;
  for (const [kek, key, wrapped] of examples) {
    it(`${key.length / 2} octets under ${kek.length / 2}: RFC 3394, and every changed octet is refused`, () => {
      assert.equal(toHex(wrapKey(fromHex(kek), fromHex(key))), wrapped);
      const unwrapped = unwrapKey(fromHex(kek), fromHex(wrapped));
      assert.ok(unwrapped !== undefined);
      assert.equal(toHex(unwrapped), key);
      for (let at = 0; at < wrapped.length / 2; at++) {
        const changed = fromHex(wrapped);
        changed[at]! ^= 0x01;
        assert.equal(unwrapKey(fromHex(kek), changed), undefined, `octet ${at}`);
      }
    });
  }

  it('refuses lengths that are none', () => {
    const kek = new Uint8Array(16);
    for (const length of [0, 8, 15, 17, 72]) {
      assert.throws(() => wrapKey(kek, new Uint8Array(length)), RangeError);
      assert.equal(unwrapKey(kek, new Uint8Array(length + 8)), undefined);
    }
    assert.throws(() => wrapKey(new Uint8Array(24), new Uint8Array(16)), RangeError);
    assert.equal(unwrapKey(new Uint8Array(24), new Uint8Array(24)), undefined);
  });
});
