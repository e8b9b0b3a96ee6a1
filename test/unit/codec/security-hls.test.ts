import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { P256, publicKeyOf } from '../../../engine/codec/security/curves.ts';
import { ecdsaVerify } from '../../../engine/codec/security/ecdsa.ts';
import {
  type HlsMechanism,
  type HlsReplyInput,
  hlsReply,
  hlsReplyCounter,
  verifyHlsReply,
} from '../../../engine/codec/security/hls.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import { partiesOf } from './security-keys.ts';

const CTOS = fromHex('4b35366956616759');
const STOC = fromHex('503677524a323146');
const SECRET = fromHex('4d79486c73536563726574');
const CLIENT = fromHex('4d4d4d0000000001');
const SERVER = fromHex('4d4d4d0000bc614e');
const GUEK = fromHex('000102030405060708090a0b0c0d0e0f');
const GAK = fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf');

const CLIENT_INPUT: HlsReplyInput = {
  challenge: STOC,
  ownChallenge: CTOS,
  secret: SECRET,
  systemTitle: CLIENT,
  peerSystemTitle: SERVER,
  guek: GUEK,
  gak: GAK,
  suite: 0,
  invocationCounter: 1,
};
const SERVER_INPUT: HlsReplyInput = {
  challenge: CTOS,
  ownChallenge: STOC,
  secret: SECRET,
  systemTitle: SERVER,
  peerSystemTitle: CLIENT,
  guek: GUEK,
  gak: GAK,
  suite: 0,
  invocationCounter: 0x01234567,
};

/** gb-hls5-* are public; local-hls3, -hls4 and -hls6 are computed from the formula elsewhere. */
const REPLIES: readonly (readonly [string, HlsMechanism, HlsReplyInput, string])[] = [
  ['f(StoC), MD5', 'hls-md5', CLIENT_INPUT, '445e55a1b97a6fe2cf5297999f49ea53'],
  ['f(StoC), SHA-1', 'hls-sha1', CLIENT_INPUT, '0bb799fc5aa867e4a7633b438ef8c97f34d2e997'],
  ['f(StoC), SHA-256', 'hls-sha256', CLIENT_INPUT, '5a2836a9b8f817e7da759830e1b9d0770973f73af5748d517d0a9fe845248733'],
  ['f(CtoS), SHA-256', 'hls-sha256', SERVER_INPUT, '96ec3aba334cfe4999b15bb51ef062dade062d482568dac83d3a50c5ca386eeb'],
  ['f(StoC), GMAC', 'hls-gmac', CLIENT_INPUT, '10000000011a52fe7dd3e72748973c1e28'],
  ['f(CtoS), GMAC', 'hls-gmac', SERVER_INPUT, '1001234567fe1466afb3dbcd4f9389e2b7'],
];

describe('HLS replies', () => {
  for (const [what, mechanism, input, hex] of REPLIES) {
    it(`computes and verifies ${what}`, () => {
      assert.equal(toHex(hlsReply(mechanism, input)), hex);
      assert.ok(verifyHlsReply(mechanism, fromHex(hex), input));
      const { invocationCounter: _, suite: __, ...verifying } = input;
      assert.ok(verifyHlsReply(mechanism, fromHex(hex), verifying));
    });

    it(`refuses ${what} with any octet changed, cut or of the other party`, () => {
      const reply = fromHex(hex);
      for (let at = 0; at < reply.length; at++) {
        const changed = reply.slice();
        changed[at]! ^= 0x01;
        assert.equal(verifyHlsReply(mechanism, changed, input), false, `octet ${at}`);
      }
      assert.equal(verifyHlsReply(mechanism, reply.subarray(1), input), false);
      assert.equal(verifyHlsReply(mechanism, new Uint8Array(0), input), false);
      const other = input === CLIENT_INPUT ? SERVER_INPUT : CLIENT_INPUT;
      assert.equal(verifyHlsReply(mechanism, reply, other), false);
    });
  }

  it('uses AES-256 in suite 2 and accepts security control 10h from the peer all the same', () => {
    const guek = fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const input: HlsReplyInput = { ...CLIENT_INPUT, guek, gak: guek, suite: 2 };
    const reply = hlsReply('hls-gmac', input);
    assert.equal(reply[0], 0x12);
    assert.ok(verifyHlsReply('hls-gmac', reply, input));
    const tolerant = hlsReply('hls-gmac', { ...CLIENT_INPUT, guek: GUEK, suite: 1 });
    assert.equal(tolerant[0], 0x11);
    assert.ok(verifyHlsReply('hls-gmac', tolerant, CLIENT_INPUT));
  });

  it('shows the invocation counter of a GMAC reply', () => {
    assert.equal(hlsReplyCounter(fromHex('1001234567fe1466afb3dbcd4f9389e2b7')), 0x01234567);
    assert.equal(hlsReplyCounter(fromHex('3001234567fe1466afb3dbcd4f9389e2b7')), undefined);
    assert.equal(hlsReplyCounter(fromHex('10012345')), undefined);
  });

  it('names what is missing', () => {
    const bare = { challenge: STOC };
    assert.throws(() => hlsReply('hls-md5', bare), /secret is missing/);
    assert.throws(() => hlsReply('hls-sha256', { ...bare, secret: SECRET }), /systemTitle is missing/);
    assert.throws(() => hlsReply('hls-gmac', bare), /invocationCounter is missing/);
    assert.throws(() => hlsReply('hls-gmac', { ...bare, invocationCounter: 1 }), /guek is missing/);
    assert.throws(() => hlsReply('hls-gmac', { ...CLIENT_INPUT, guek: fromHex('00') }), RangeError);
  });

  for (const suite of [1, 2] as const) {
    it(`signs and verifies ECDSA both ways in suite ${suite}, and one reply does not stand for the other`, () => {
      const { client, server } = partiesOf(suite);
      const input = (own: KeyRing, peer: KeyRing, base: HlsReplyInput): HlsReplyInput => ({
        challenge: base.challenge,
        ownChallenge: base.ownChallenge ?? CTOS,
        systemTitle: base.systemTitle ?? CLIENT,
        peerSystemTitle: base.peerSystemTitle ?? SERVER,
        signingKey: own.signingKey ?? CTOS,
        publicKey: peer.peerSigningKey ?? CTOS,
      });
      const clientInput = input(client, server, CLIENT_INPUT);
      const serverInput = input(server, client, SERVER_INPUT);
      for (const [own, other] of [
        [clientInput, serverInput],
        [serverInput, clientInput],
      ] as const) {
        const reply = hlsReply('hls-ecdsa', own);
        assert.equal(reply.length, suite === 1 ? 64 : 96);
        assert.ok(verifyHlsReply('hls-ecdsa', reply, own));
        assert.equal(verifyHlsReply('hls-ecdsa', reply, other), false);
        assert.equal(hlsReplyCounter(reply), undefined);
        for (let at = 0; at < reply.length; at++) {
          const changed = reply.slice();
          changed[at]! ^= 0x01;
          assert.equal(verifyHlsReply('hls-ecdsa', changed, own), false, `octet ${at}`);
        }
        assert.equal(verifyHlsReply('hls-ecdsa', new Uint8Array(0), own), false);
      }
    });
  }

  it('signs titles and challenges in the order of security.md 7', () => {
    const { client } = partiesOf(1);
    const signingKey = client.signingKey ?? CTOS;
    const reply = hlsReply('hls-ecdsa', {
      challenge: STOC,
      ownChallenge: CTOS,
      systemTitle: CLIENT,
      peerSystemTitle: SERVER,
      signingKey,
    });
    const message = fromHex(toHex(CLIENT) + toHex(SERVER) + toHex(STOC) + toHex(CTOS));
    assert.ok(ecdsaVerify(publicKeyOf(P256, signingKey), message, reply));
    assert.throws(() => hlsReply('hls-ecdsa', { ...CLIENT_INPUT }), /signingKey is missing/);
    assert.throws(() => verifyHlsReply('hls-ecdsa', reply, { ...CLIENT_INPUT }), /publicKey is missing/);
  });
});
