import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { encodeData } from '../../../engine/codec/axdr/encode-data.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { P256, P384, publicKeyOf, sharedSecret } from '../../../engine/codec/security/curves.ts';
import { ecdsaSign } from '../../../engine/codec/security/ecdsa.ts';
import { deriveKey } from '../../../engine/codec/security/kdf.ts';
import { agreedKeys, keyAgreementData, keyOffersFromData } from '../../../engine/codec/security/key-agreement.ts';
import { KEY_IDS } from '../../../engine/codec/security/key-id.ts';
import { unwrapKeys, wrapKeys } from '../../../engine/codec/security/key-transfer.ts';
import { type SecuritySuite, securitySuite } from '../../../engine/codec/security/suites.ts';
import { GREEN_BOOK, ORIGINATOR, partiesOf, RECIPIENT } from './security-keys.ts';

const KEK = fromHex('000102030405060708090a0b0c0d0e0f');
const KEY = fromHex('00112233445566778899aabbccddeeff');

function suiteOf(id: number): SecuritySuite {
  const suite = securitySuite(id);
  assert.ok(suite !== undefined);
  return suite;
}

function overTheWire(data: Data): Data {
  const decoded = decodeData(encodeData(data), { strict: true });
  assert.ok(decoded.ok);
  return decoded.value;
}

describe('key transfer', () => {
  it('writes array of structure (key_id, key_wrapped)', () => {
    const data = wrapKeys([{ id: 'authentication-key', key: KEY }], KEK);
    const wrapped = '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5';
    assert.equal(toHex(encodeData(data)), `01010202 1602 0918${wrapped}`.replaceAll(' ', ''));
  });

  for (const length of [16, 32] as const) {
    it(`brings all four keys of ${length} octets`, () => {
      const kek = new Uint8Array(length).fill(1);
      const keys = KEY_IDS.map((id, at) => ({ id, key: new Uint8Array(length).fill(at + 2) }));
      const read = unwrapKeys(overTheWire(wrapKeys(keys, kek)), kek, length);
      assert.ok(read.ok);
      assert.deepEqual(read.keys, keys);
    });
  }

  it('takes a structure without its array', () => {
    const data = wrapKeys([{ id: 'master-key', key: KEY }], KEK);
    assert.ok(data.t === 'array' && data.v[0] !== undefined);
    assert.ok(unwrapKeys(data.v[0], KEK, 16).ok);
  });

  const transfer = wrapKeys([{ id: 'master-key', key: KEY }], KEK);
  const twice: Data = { t: 'array', v: transfer.t === 'array' ? [...transfer.v, ...transfer.v] : [] };
  const refusals: readonly (readonly [string, Data, Uint8Array, number, RegExp])[] = [
    ['another master key', transfer, KEY, 16, /does not unwrap/],
    ['keys of another suite', transfer, KEK, 32, /master-key of 16 octets/],
    ['a key twice', twice, KEK, 16, /master-key twice/],
    ['no keys', { t: 'array', v: [] }, KEK, 16, /0 keys/],
    ['many keys', { t: 'array', v: Array.from({ length: 5 }, () => transfer) }, KEK, 16, /5 keys/],
    ['other data', { t: 'null-data' }, KEK, 16, /null-data/],
    [
      'an unknown key id',
      {
        t: 'structure',
        v: [
          { t: 'enum', v: 4 },
          { t: 'octet-string', v: new Uint8Array(24) },
        ],
      },
      KEK,
      16,
      /structure/,
    ],
  ];
  for (const [what, data, kek, length, found] of refusals) {
    it(`refuses ${what}`, () => {
      const read = unwrapKeys(data, kek, length);
      assert.ok(!read.ok);
      assert.match(read.found, found);
    });
  }
});

describe('key agreement C(2e, 0s)', () => {
  /** gb-c2e0s-*: the offer of party U as printed, with its signature; the key under the early algorithm identifiers. */
  const offer = {
    publicKey:
      '2914d60e10ab705f62ed6cc349d7cb99b9ab3f3978e59278c7af595b3af987941372dab6d5af1fa867e134167e6f23de664a6693e05f43414611058d1b48f894',
    signature:
      '06f0607702aa0e2435a183e2f6b1ecd19629712e389a213610c03f77b2590860ea840af5c3fa1f2bcdf055d4744e9a01ce9a0e55026bcaa4eebeb764ced64bb3',
    key: 'e025ca6f9ee8d2b40f993739d44cfbc0',
  };
  const offerData = (octets: string): Data => ({
    t: 'array',
    v: [
      {
        t: 'structure',
        v: [
          { t: 'enum', v: 0 },
          { t: 'octet-string', v: fromHex(octets) },
        ],
      },
    ],
  });

  it('takes the offer of the Green Book and comes to its key', () => {
    const data = offerData(offer.publicKey + offer.signature);
    const read = keyOffersFromData(suiteOf(1), data, GREEN_BOOK.clientSigning.publicKey);
    assert.ok(read.ok);
    const own = [{ id: 'global-unicast-encryption-key', ephemeralKey: GREEN_BOOK.serverEphemeral.privateKey }] as const;
    const titles = { requester: ORIGINATOR, responder: RECIPIENT };
    const [agreed] = agreedKeys(suiteOf(1), own, read.offers, titles, 'early-green-book');
    assert.equal(toHex(agreed?.key ?? new Uint8Array(0)), offer.key);
    assert.notEqual(toHex(agreedKeys(suiteOf(1), own, read.offers, titles)[0]?.key ?? new Uint8Array(0)), offer.key);
  });

  for (const suite of [1, 2] as const) {
    it(`suite ${suite}: both parties come to the same keys`, () => {
      const { client, server } = partiesOf(suite);
      const curve = suite === 1 ? P256 : P384;
      const offers = (start: number) =>
        KEY_IDS.map((id, at) => ({ id, ephemeralKey: new Uint8Array(curve.size).fill(start + at) }));
      const [mine, yours] = [offers(1), offers(0x21)];
      const send = (of: typeof mine, signingKey: Uint8Array | undefined, verifying: Uint8Array | undefined) => {
        assert.ok(signingKey !== undefined && verifying !== undefined);
        const read = keyOffersFromData(
          suiteOf(suite),
          overTheWire(keyAgreementData(suiteOf(suite), of, signingKey)),
          verifying,
        );
        assert.ok(read.ok);
        return read.offers;
      };
      const titles = { requester: ORIGINATOR, responder: RECIPIENT };
      const atClient = agreedKeys(suiteOf(suite), mine, send(yours, server.signingKey, client.peerSigningKey), titles);
      const atServer = agreedKeys(suiteOf(suite), yours, send(mine, client.signingKey, server.peerSigningKey), titles);
      assert.deepEqual(atClient, atServer);
      assert.equal(atClient.length, 4);
      assert.equal(new Set(atClient.map(({ key }) => toHex(key))).size, 4);
      assert.ok(atClient.every(({ key }) => key.length === (suite === 2 ? 32 : 16)));
    });
  }

  it('leaves out what only one party offers', () => {
    const own = [{ id: 'master-key', ephemeralKey: GREEN_BOOK.clientEphemeral.privateKey }] as const;
    const peer = [
      { id: 'authentication-key', publicKey: publicKeyOf(P256, GREEN_BOOK.serverEphemeral.privateKey) },
    ] as const;
    assert.deepEqual(agreedKeys(suiteOf(1), own, peer, { requester: ORIGINATOR, responder: RECIPIENT }), []);
  });

  it('refuses offers with a wrong signature, length or point, in a suite without curves, and for another key', () => {
    const good = offer.publicKey + offer.signature;
    const signer = GREEN_BOOK.clientSigning.publicKey;
    const refused = (data: Data, suite = suiteOf(1), key = signer) => {
      const read = keyOffersFromData(suite, data, key);
      assert.ok(!read.ok);
      return read.found;
    };
    assert.match(refused(offerData(`${good}00`)), /129 octets/);
    assert.match(refused(offerData(good.replace('2914', '2915'))), /wrong signature/);
    assert.match(refused(offerData(good), suiteOf(1), GREEN_BOOK.serverSigning.publicKey), /wrong signature/);
    assert.match(refused(offerData(good), suiteOf(0)), /suite 0/);
    assert.match(refused(offerData(good), suiteOf(2)), /128 octets/);
    const data = offerData(good);
    assert.ok(data.t === 'array' && data.v[0]?.t === 'structure');
    const other: Data = { t: 'structure', v: [{ t: 'enum', v: 1 }, ...data.v[0].v.slice(1)] };
    assert.match(refused(other), /global-broadcast-encryption-key with a wrong signature/);
    assert.throws(() => keyAgreementData(suiteOf(0), [], KEY), RangeError);
    const point = new Uint8Array(64).fill(9);
    const signature = ecdsaSign(GREEN_BOOK.clientSigning.privateKey, Uint8Array.of(0, ...point));
    assert.match(refused(offerData(toHex(point) + toHex(signature))), /no point/);
  });

  it('derives a master key for wrapping and the others for AES-GCM', () => {
    const { clientEphemeral, serverEphemeral } = GREEN_BOOK;
    const secret = sharedSecret(P256, clientEphemeral.privateKey, serverEphemeral.publicKey);
    assert.ok(secret !== undefined);
    const parties = { partyU: ORIGINATOR, partyV: RECIPIENT };
    for (const id of KEY_IDS) {
      const use = id === 'master-key' ? 'aes-wrap' : 'aes-gcm';
      const own = [{ id, ephemeralKey: clientEphemeral.privateKey }];
      const peer = [{ id, publicKey: serverEphemeral.publicKey }];
      const [agreed] = agreedKeys(suiteOf(1), own, peer, { requester: ORIGINATOR, responder: RECIPIENT });
      assert.deepEqual(agreed?.key, deriveKey({ suite: suiteOf(1), secret, use, ...parties }));
    }
  });
});
