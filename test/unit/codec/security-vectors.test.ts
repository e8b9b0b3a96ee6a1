import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { gcmStream } from '../../../engine/codec/security/gcm.ts';
import { hlsReply } from '../../../engine/codec/security/hls.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { securityControlFromOctet } from '../../../engine/codec/security/security-header.ts';
import { securitySuite } from '../../../engine/codec/security/suites.ts';
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

/** What this room can do of the public vectors; the others belong to HDLC or to asymmetric cryptography. */
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
    const suite = securitySuite(1);
    assert.ok(suite !== undefined);
    const gcm = { suite, key: fromHex(inputs.key ?? ''), iv: fromHex(inputs.iv ?? '') };
    assert.equal(toHex(gcmStream(gcm, fromHex(inputs.plaintext ?? ''))), expected);
  },
  'acse-structure': (vector) => checkRoundTrip(vector.input ?? ''),
  axdr: (_vector, _inputs, expected) => checkRoundTrip(expected),
  'access-apdu': (_vector, _inputs, expected) => checkRoundTrip(expected),
};

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
    assert.ok(checked >= 26);
  });
});
