import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { P256, publicKeyOf, sharedSecret } from '../../../engine/codec/security/curves.ts';
import { ecdsaVerify } from '../../../engine/codec/security/ecdsa.ts';
import { gcmStream } from '../../../engine/codec/security/gcm.ts';
import { hlsReply } from '../../../engine/codec/security/hls.ts';
import { deriveKey } from '../../../engine/codec/security/kdf.ts';
import { unwrapKey, wrapKey } from '../../../engine/codec/security/key-wrap.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { securityControlFromOctet } from '../../../engine/codec/security/security-header.ts';
import { type SecuritySuite, securitySuite } from '../../../engine/codec/security/suites.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { sharedPath } from './shared-material.ts';

interface SharedVector {
  readonly id: string;
  readonly kind: string;
  readonly input?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly expected: string | null;
  readonly computed: string;
}

type Check = (vector: SharedVector, inputs: Readonly<Record<string, string>>, expected: string) => void;

/** What this room can do of the public vectors; the others belong to HDLC. */
const CHECKS: Readonly<Record<string, Check>> = {
  'glo-apdu': (_vector, inputs, expected) => {
    const control = securityControlFromOctet(fromHex(inputs.SC ?? '')[0] ?? 0);
    const octets = protect(fromHex(inputs.plaintext ?? ''), {
      service: 'glo',
      suite: 0,
      authenticated: control.authenticated,
      encrypted: control.encrypted,
      systemTitle: fromHex(inputs.systemTitle ?? ''),
      keys: { guek: fromHex(inputs.EK ?? ''), ...(inputs.AK === undefined ? {} : { gak: fromHex(inputs.AK) }) },
      invocationCounter: Number.parseInt(inputs.IC ?? '', 16),
    });
    assert.equal(toHex(octets), expected);
  },
  'glo-apdu-decrypt': (_vector, inputs, expected) => {
    const decoded = decodeApdu(fromHex(inputs.apdu ?? ''));
    assert.ok(decoded.ok && 'security' in decoded.value);
    const opened = unprotect(decoded.value, {
      guek: fromHex(inputs.EK ?? ''),
      gak: fromHex(inputs.AK ?? ''),
      systemTitle: fromHex(inputs.systemTitle ?? ''),
    });
    assert.ok(opened.ok);
    assert.equal(toHex(opened.plain), expected);
  },
  'hls-gmac': (_vector, inputs, expected) => {
    const reply = hlsReply('hls-gmac', {
      challenge: fromHex(inputs.StoC ?? inputs.CtoS ?? ''),
      guek: fromHex(inputs.EK ?? ''),
      gak: fromHex(inputs.AK ?? ''),
      systemTitle: fromHex(inputs.clientSystemTitle ?? inputs.serverSystemTitle ?? ''),
      suite: 0,
      invocationCounter: Number.parseInt(inputs.clientIC ?? inputs.serverIC ?? '', 16),
    });
    assert.equal(toHex(reply), expected);
  },
  'gcm-ciphertext-only': (_vector, inputs, expected) => {
    const gcm = { suite: suiteOf(1), key: fromHex(inputs.key ?? ''), iv: fromHex(inputs.iv ?? '') };
    assert.equal(toHex(gcmStream(gcm, fromHex(inputs.plaintext ?? ''))), expected);
  },
  'ec-pub': (_vector, inputs, expected) => {
    assert.equal(toHex(publicKeyOf(P256, fromHex(inputs.priv ?? ''))), expected);
  },
  ecdh: (_vector, inputs, expected) => {
    assert.equal(toHex(secretOf(inputs.priv, inputs.peerPub)), expected);
  },
  'kdf-sha256': (_vector, inputs, expected) => {
    const parties = { partyU: fromHex(inputs.partyU ?? ''), partyV: fromHex(inputs.partyV ?? '') };
    const key = deriveKey({ suite: suiteOf(1), secret: fromHex(inputs.z ?? ''), use: 'aes-gcm', ...parties });
    // One of the two vectors shows the whole hash, of which the key is the first half.
    assert.equal(toHex(key), expected.slice(0, 32));
    assert.equal(inputs.algorithmId, '60857405080300');
  },
  'ecdh+kdf': (_vector, inputs, expected) => {
    const otherInfo = (inputs.otherInfo ?? '').toLowerCase();
    const secret = secretOf(inputs.clientKaPriv, inputs.serverKaPub);
    assert.equal(toHex(secret), inputs.Z?.toLowerCase());
    // OtherInfo of the vector in its parts: algorithm 7 octets, party V 8, party U between them.
    assert.equal(otherInfo.slice(0, 14), '60857405080300');
    const parties = { partyU: fromHex(otherInfo.slice(14, -16)), partyV: fromHex(otherInfo.slice(-16)) };
    assert.equal(toHex(deriveKey({ suite: suiteOf(1), secret, use: 'aes-gcm', ...parties })), expected);
  },
  'ecdsa-verify': (_vector, inputs, expected) => {
    const valid = ecdsaVerify(fromHex(inputs.pub ?? ''), fromHex(inputs.data ?? ''), fromHex(inputs.signature ?? ''));
    assert.equal(String(valid), expected);
  },
  'aes-key-wrap': (_vector, inputs, expected) => {
    const kek = fromHex(inputs.kek ?? '');
    assert.equal(toHex(wrapKey(kek, fromHex(inputs.key ?? ''))), expected);
    assert.equal(toHex(unwrapKey(kek, fromHex(expected)) ?? new Uint8Array(0)), inputs.key?.toLowerCase());
  },
  'acse-structure': (vector) => checkRoundTrip(vector.input ?? ''),
  axdr: (_vector, _inputs, expected) => checkRoundTrip(expected),
  'access-apdu': (_vector, _inputs, expected) => checkRoundTrip(expected),
};

function suiteOf(id: number): SecuritySuite {
  const suite = securitySuite(id);
  assert.ok(suite !== undefined);
  return suite;
}

function secretOf(privateKey: string | undefined, publicKey: string | undefined): Uint8Array {
  const secret = sharedSecret(P256, fromHex(privateKey ?? ''), fromHex(publicKey ?? ''));
  assert.ok(secret !== undefined);
  return secret;
}

function checkRoundTrip(hex: string): void {
  const decoded = decodeApdu(fromHex(hex), { strict: true });
  assert.ok(decoded.ok);
  assert.equal(toHex(encodeApdu({ ...decoded.value })), toHex(fromHex(hex)));
}

describe('public vectors of the protocol handbook', () => {
  const file = sharedPath('facts', 'vectors.json');
  if (file === undefined) {
    it('skipped: ../shared/facts is not here (0 of 58 vectors)', function () {
      this.skip();
    });
    return;
  }
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: readonly SharedVector[] };
  let checked = 0;
  for (const vector of vectors) {
    const check = CHECKS[vector.kind];
    if (check === undefined) continue;
    it(`${vector.id}`, () => {
      check(vector, vector.inputs ?? {}, (vector.expected ?? vector.computed).toLowerCase());
      checked++;
    });
  }
  after(() => {
    console.log(`      ${checked} of ${vectors.length} vectors concern this room`);
    assert.ok(checked >= 43);
  });
});
