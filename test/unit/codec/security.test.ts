import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduFromJson, apduToJson } from '../../../engine/codec/apdu-json.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { revealApdu, revealedToJson } from '../../../engine/codec/reveal.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { protectGeneral } from '../../../engine/codec/security/protect-general.ts';
import type { KeyRing, ProtectedApdu } from '../../../engine/codec/security/types.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { assertFieldsTile } from './field-coverage.ts';

/** Keys of the Green Book's examples. */
const KEYS: KeyRing = {
  guek: fromHex('000102030405060708090a0b0c0d0e0f'),
  gak: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf'),
  gbek: fromHex('0f0e0d0c0b0a09080706050403020100'),
  dedicatedKey: fromHex('00112233445566778899aabbccddeeff'),
  systemTitle: fromHex('4d4d4d0000bc614e'),
};
const KEYS_256: KeyRing = {
  guek: fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
  gak: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf'),
  gbek: fromHex('1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100'),
  dedicatedKey: fromHex('ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100'),
  systemTitle: fromHex('4d4d4d0000bc614e'),
};
const TITLE = fromHex('4d4d4d0000bc614e');
const GET_TIME = 'c0010000080000010000ff0200';

/** Worked examples: form, authenticated, encrypted, plain, protected (vectors gb-glo-get-*, gb-glo-initiate-request). */
const EXAMPLES = [
  [true, false, GET_TIME, 'c81e1001234567c0010000080000010000ff020006725d910f9221d263877516'],
  [false, true, GET_TIME, 'c8122001234567411312ff935a47566827c467bc'],
  [true, true, GET_TIME, 'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b'],
  [
    true,
    true,
    '01011000112233445566778899aabbccddeeff0000065f1f0400007e1f04b0',
    '21303001234567801302ff8a7874133d414ced25b42534d28db0047720606b175bd52211be6841db204d39ee6fdb8e356855',
  ],
] as const;

function protectedApdu(hex: string): Exclude<ProtectedApdu, { kind: 'general-signing' }> {
  const decoded = decodeApdu(fromHex(hex));
  assert.ok(decoded.ok && 'security' in decoded.value);
  return decoded.value;
}

describe('protection of APDUs', () => {
  for (const [authenticated, encrypted, plain, hex] of EXAMPLES) {
    it(`reproduces ${hex.slice(0, 14)}... both ways`, () => {
      const octets = protect(fromHex(plain), {
        service: 'glo',
        suite: 0,
        authenticated,
        encrypted,
        systemTitle: TITLE,
        keys: KEYS,
        invocationCounter: 0x01234567,
      });
      assert.equal(toHex(octets), hex);
      const opened = unprotect(protectedApdu(hex), KEYS);
      assert.ok(opened.ok);
      assert.equal(toHex(opened.plain), plain);
      assert.equal(opened.header.ic, 0x01234567);
    });
  }

  it('deciphers the InitiateResponse of the Green Book', () => {
    const apdu = protectedApdu('281f3001234567891214a0845e475714383f65bc19745ca235906525e4f3e1c893');
    const opened = unprotect(apdu, KEYS);
    assert.ok(opened.ok);
    assert.equal(toHex(opened.plain), '0800065f1f0400007c1f04000007');
  });

  const forms = ['glo', 'ded', 'general-glo', 'general-ded'] as const;
  for (const suite of [0, 1, 2] as const) {
    for (const service of forms) {
      for (const [authenticated, encrypted] of [
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const what = `${authenticated ? 'authentication' : ''}${authenticated && encrypted ? ' and ' : ''}${encrypted ? 'encryption' : ''}`;
        it(`suite ${suite}, ${service}, ${what}: opens again, and no changed octet goes unnoticed`, () => {
          const keys = suite === 2 ? KEYS_256 : KEYS;
          const options = { service, suite, authenticated, encrypted, systemTitle: TITLE, keys, invocationCounter: 7 };
          const octets = protect(fromHex(GET_TIME), options);
          const apdu = protectedApdu(toHex(octets));
          assert.equal(apdu.security.suite, suite);
          const opened = unprotect(apdu, keys);
          assert.ok(opened.ok);
          assert.equal(toHex(opened.plain), GET_TIME);
          if (!authenticated) return;
          const head = octets.length - apdu.security.payload.length - 12 - 5;
          for (let at = head; at < octets.length; at++) {
            const changed = octets.slice();
            changed[at]! ^= 1;
            const decoded = decodeApdu(changed);
            if (!decoded.ok || !('security' in decoded.value)) continue;
            assert.equal(unprotect(decoded.value, keys).ok, false, `octet ${at}`);
          }
        });
      }
    }
  }

  it('uses the broadcast key when the key set says so', () => {
    const options = { service: 'glo', suite: 0, authenticated: true, encrypted: true, systemTitle: TITLE } as const;
    const octets = protect(fromHex(GET_TIME), { ...options, keys: KEYS, keySet: 'broadcast', invocationCounter: 1 });
    assert.equal(octets[2], 0x70);
    const apdu = protectedApdu(toHex(octets));
    assert.ok(unprotect(apdu, KEYS).ok);
    const { gbek: _, ...withoutBroadcastKey } = KEYS;
    const refused = unprotect(apdu, withoutBroadcastKey);
    assert.ok(!refused.ok);
    assert.match(refused.error.expected, /gbek/);
  });

  it('takes the system title of the association when the APDU carries an empty one', () => {
    const octets = protect(fromHex(GET_TIME), {
      service: 'general-glo',
      suite: 0,
      authenticated: true,
      encrypted: true,
      systemTitle: TITLE,
      keys: KEYS,
      invocationCounter: 9,
    });
    const apdu = protectedApdu(toHex(octets));
    assert.ok(apdu.kind === 'general-glo-ciphering');
    const empty = { ...apdu, systemTitle: new Uint8Array(0) };
    const opened = unprotect(empty, KEYS);
    assert.ok(opened.ok);
    const { systemTitle: _, ...untitled } = KEYS;
    assert.equal(unprotect(empty, untitled).ok, false);
    assert.ok(unprotect(apdu, untitled).ok);
  });

  it('deciphers without the authentication key only when asked to, and says that nothing was verified', () => {
    const { gak: _, ...withoutGak } = KEYS;
    const apdu = protectedApdu('c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b');
    assert.equal(unprotect(apdu, withoutGak).ok, false);
    const opened = unprotect(apdu, withoutGak, { allowUnverified: true });
    assert.ok(opened.ok);
    assert.equal(opened.verified, false);
    assert.equal(toHex(opened.plain), GET_TIME);
    const verified = unprotect(apdu, KEYS, { allowUnverified: true });
    assert.ok(verified.ok && verified.verified);
    const wrong = { ...KEYS, gak: fromHex('00'.repeat(16)) };
    assert.equal(unprotect(apdu, wrong, { allowUnverified: true }).ok, false);
    const revealed = revealApdu(fromHex('c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b'), {
      keys: withoutGak,
    });
    assert.ok(revealed.ok);
    assert.equal(revealed.value.tagUnverified, true);
    assert.equal(revealed.value.inner?.apdu.kind, 'get-request');
  });

  it('protects and opens general-ciphering under an identified key, header authenticated', () => {
    const octets = protectGeneral(fromHex(GET_TIME), {
      suite: 0,
      authenticated: true,
      encrypted: true,
      contentKey: { kind: 'identified', key: 'broadcast' },
      systemTitle: TITLE,
      keys: KEYS,
      invocationCounter: 5,
      transactionId: fromHex('0102030405060708'),
      recipientSystemTitle: fromHex('4d4d4d0000000001'),
      dateTime: new Uint8Array(0),
      otherInformation: fromHex('aa'),
    });
    const apdu = protectedApdu(toHex(octets));
    assert.ok(apdu.kind === 'general-ciphering');
    assert.deepEqual(apdu.keyInfo, { identifiedKey: 'broadcast' });
    assert.equal(apdu.security.keySet, 'unicast');
    const opened = unprotect(apdu, KEYS);
    assert.ok(opened.ok);
    assert.equal(toHex(opened.plain), GET_TIME);
    assert.equal(unprotect({ ...apdu, otherInformation: fromHex('ab') }, KEYS).ok, false);
    assert.equal(toHex(encodeApdu({ ...apdu })), toHex(octets));
  });

  it('passes on an APDU whose security control asks for nothing', () => {
    const opened = unprotect(protectedApdu(`c8120000000001${GET_TIME}`), {});
    assert.ok(opened.ok);
    assert.equal(toHex(opened.plain), GET_TIME);
  });

  describe('says what is missing', () => {
    const glo = 'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b';
    const { guek: _guek, ...noGuek } = KEYS;
    const { gak: _gak, ...noGak } = KEYS;
    const { systemTitle: _title, ...noTitle } = KEYS;
    const cases: readonly (readonly [string, string, KeyRing, RegExp])[] = [
      ['encryption key', glo, noGuek, /guek/],
      ['authentication key', glo, noGak, /gak/],
      ['system title', glo, noTitle, /8 octets of the originator/],
      ['dedicated key', glo.replace('c8', 'd0'), noGuek, /tag of this APDU|dedicated/],
      ['a key of the right length', glo, { ...KEYS, guek: fromHex('00') }, /16 octets in suite 0/],
      ['an authentication key of the right length', glo, { ...KEYS, gak: fromHex('00') }, /16 octets in suite 0/],
      ['a suite that exists', glo.replace('c81e30', 'c81e33'), KEYS, /suite 0, 1 or 2/],
      ['content without compression', glo.replace('c81e30', 'c81eb0'), KEYS, /without compression/],
      ['the right key', glo, { ...KEYS, guek: KEYS.gbek ?? new Uint8Array(0) }, /the tag of this APDU and keys/],
    ];
    for (const [what, hex, keys, expected] of cases) {
      it(what, () => {
        const refused = unprotect(protectedApdu(hex), keys);
        assert.ok(!refused.ok);
        assert.equal(refused.error.code, 'not-decipherable');
        assert.match(refused.error.expected, expected);
      });
    }
  });

  it('refuses to protect with what does not fit', () => {
    const options = {
      service: 'glo',
      suite: 0,
      authenticated: true,
      encrypted: true,
      systemTitle: TITLE,
      keys: KEYS,
      invocationCounter: 1,
    } as const;
    const plain = fromHex(GET_TIME);
    assert.throws(() => protect(fromHex('d900'), options), /an APDU with tag d9 has no glo- form/);
    assert.throws(() => protect(plain, { ...options, invocationCounter: 2 ** 32 }), RangeError);
    assert.throws(() => protect(plain, { ...options, systemTitle: fromHex('4d') }), RangeError);
    assert.throws(() => protect(plain, { ...options, suite: 2 }), /keys\.guek has 16 octets instead of 32/);
    assert.throws(() => protect(plain, { ...options, keys: {} }), /keys\.guek is missing/);
  });
});

describe('protected APDUs taken apart', () => {
  const header = (json: object) => ({
    transactionId: '0102',
    originatorSystemTitle: '4d4d4d0000bc614e',
    recipientSystemTitle: '',
    dateTime: '',
    otherInformation: 'aa',
    ...json,
  });
  const headerHex = '02 01 02 08 4d 4d 4d 00 00 bc 61 4e 00 00 01 aa';
  const secured = {
    sc: '20',
    suite: 0,
    authenticated: false,
    encrypted: true,
    keySet: 'unicast',
    compressed: false,
    ic: 1,
    payload: 'aabb',
  };
  const vectors: readonly (readonly [string, string, unknown])[] = [
    [
      'general-glo-ciphering with an empty title',
      'db 00 07 20 00 00 00 01 aa bb',
      { kind: 'general-glo-ciphering', systemTitle: '', security: secured },
    ],
    [
      'general-ded-ciphering',
      'dc 01 4d 07 20 00 00 00 01 aa bb',
      { kind: 'general-ded-ciphering', systemTitle: '4d', security: secured },
    ],
    [
      'general-ciphering without key-info',
      `dd ${headerHex} 00 07 20 00 00 00 01 aa bb`,
      { kind: 'general-ciphering', ...header({ keyInfo: null, security: secured }) },
    ],
    [
      'general-ciphering with an identified key',
      `dd ${headerHex} 01 00 01 07 20 00 00 00 01 aa bb`,
      { kind: 'general-ciphering', ...header({ keyInfo: { 'identified-key': 'broadcast' }, security: secured }) },
    ],
    [
      'general-ciphering with a wrapped key',
      `dd ${headerHex} 01 01 00 02 cc dd 07 20 00 00 00 01 aa bb`,
      {
        kind: 'general-ciphering',
        ...header({ keyInfo: { 'wrapped-key': { kekId: 0, keyCipheredData: 'ccdd' } }, security: secured }),
      },
    ],
    [
      'general-ciphering with an agreed key',
      `dd ${headerHex} 01 02 01 01 02 cc dd 07 20 00 00 00 01 aa bb`,
      {
        kind: 'general-ciphering',
        ...header({ keyInfo: { 'agreed-key': { keyParameters: '01', keyCipheredData: 'ccdd' } }, security: secured }),
      },
    ],
    [
      'general-signing',
      `df ${headerHex} 03 d8 01 01 02 ee ff`,
      { kind: 'general-signing', ...header({ content: 'd80101', signature: 'eeff' }) },
    ],
  ];
  for (const [what, hex, json] of vectors) {
    it(`${what} decodes, encodes and converts to JSON and back`, () => {
      const octets = fromHex(hex);
      const decoded = decodeApdu(octets, { strict: true, fields: true });
      assert.ok(decoded.ok);
      assert.deepEqual(apduToJson(decoded.value), json);
      assert.equal(toHex(encodeApdu({ ...decoded.value })), toHex(octets));
      assert.equal(toHex(encodeApdu(apduFromJson(json))), toHex(octets));
      assertFieldsTile(decoded.fields ?? [], octets.length);
    });
  }

  it('knows every service by its glo- and ded- tag', () => {
    const tags = '2125262826282c2d2e3638c8c9cacbcccdcf4145464c484d4e5658d0d1d2d3d4d5d7';
    for (const tag of fromHex(tags)) {
      const octets = Uint8Array.of(tag, 5, 0x20, 0, 0, 0, 1);
      const decoded = decodeApdu(octets);
      assert.ok(decoded.ok && 'security' in decoded.value, tag.toString(16));
      assert.match(decoded.value.kind, tag >= 0xd0 || (tag & 0x40 && tag < 0x60) ? /^ded-/ : /^glo-/);
      assert.deepEqual(encodeApdu({ ...decoded.value } as Apdu), octets);
    }
  });

  it('refuses an authenticated APDU without room for its tag', () => {
    const decoded = decodeApdu(fromHex('c8 06 30 00 00 00 01 aa'));
    assert.ok(!decoded.ok);
    assert.deepEqual([decoded.error.code, decoded.error.layer], ['bad-length', 'security']);
  });
});

describe('revealing what protection hides', () => {
  it('goes through user-information and nested APDUs', () => {
    const hex = `60 41 a1 09 06 07 60 85 74 05 08 01 03 be 34 04 32
      21 30 30 01 23 45 67 80 13 02 ff 8a 78 74 13 3d 41 4c ed 25 b4 25 34 d2 8d b0 04 77 20 60 6b 17
      5b d5 22 11 be 68 41 db 20 4d 39 ee 6f db 8e 35 68 55`;
    const revealed = revealApdu(fromHex(hex), { keys: KEYS, fields: true });
    assert.ok(revealed.ok);
    const inner = revealed.value.userInformation?.inner;
    assert.equal(inner?.apdu.kind, 'initiate-request');
    assert.ok(inner?.fields !== undefined && revealed.fields !== undefined);
    const json = revealedToJson(revealed.value);
    assert.equal(
      (json.userInformation as { plain?: string }).plain,
      '01011000112233445566778899aabbccddeeff0000065f1f0400007e1f04b0',
    );
  });

  it('reads content that is only signed or authenticated without any key', () => {
    const signed = revealApdu(fromHex('df 00 00 00 00 00 03 d8 01 01 00'));
    assert.ok(signed.ok);
    assert.equal(signed.value.inner?.apdu.kind, 'exception-response');
    const authenticated = revealApdu(fromHex('c81e1001234567c0010000080000010000ff020006725d910f9221d263877516'));
    assert.ok(authenticated.ok);
    assert.equal(authenticated.value.tagUnverified, true);
    assert.equal(authenticated.value.inner?.apdu.kind, 'get-request');
  });

  it('leaves ciphertext alone without a key, and reports a key that does not fit', () => {
    const octets = fromHex('c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b');
    const closed = revealApdu(octets);
    assert.ok(closed.ok);
    assert.equal(closed.value.inner, undefined);
    const wrong = revealApdu(octets, { keys: { ...KEYS, gak: fromHex('00'.repeat(16)) } });
    assert.ok(!wrong.ok);
    assert.equal(wrong.error.code, 'not-decipherable');
  });

  it('follows nesting only so far', () => {
    let octets = fromHex('d80101');
    for (let depth = 0; depth < 20; depth++) {
      const content = octets;
      octets = encodeApdu(
        apduFromJson({
          kind: 'general-signing',
          transactionId: '',
          originatorSystemTitle: '',
          recipientSystemTitle: '',
          dateTime: '',
          otherInformation: '',
          content: toHex(content),
          signature: '',
        }),
      );
    }
    let revealed = revealApdu(octets);
    assert.ok(revealed.ok);
    let levels = 0;
    let at: typeof revealed.value | undefined = revealed.value;
    while (at?.inner !== undefined) {
      at = at.inner;
      levels++;
    }
    assert.equal(levels, 8);
    revealed = revealApdu(new Uint8Array(0));
    assert.equal(revealed.ok, false);
  });
});
