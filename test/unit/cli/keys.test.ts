import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keysFromText } from '../../../engine/cli/key-file.ts';
import { keyRingFromJson } from '../../../engine/cli/key-ring.ts';
import { connectionOf } from '../../../engine/cli/read.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { importPrivateKey, importPublicKey, P256 } from '../../../engine/codec/security/curves.ts';
import { GREEN_BOOK } from '../codec/security-keys.ts';

const { privateKey, publicKey } = GREEN_BOOK.clientSigning;
const pem = importPrivateKey(P256, privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();

describe('a key file', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-keys-'));
    mkdirSync(path.join(folder, 'keys'));
    writeFileSync(path.join(folder, 'keys', 'sign.pem'), pem);
    writeFileSync(path.join(folder, 'keys', 'guek.bin'), fromHex('000102030405060708090a0b0c0d0e0f'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('takes values from other files and from the environment', () => {
    const text = JSON.stringify({
      guek: 'file:keys/guek.bin',
      gak: 'env:GAK',
      signingKey: 'file:keys/sign.pem',
      peerSigningKey: toHex(publicKey),
      suite: 1,
    });
    assert.deepEqual(keysFromText(text, path.join(folder, 'keys.json'), { GAK: 'd0d1' }), {
      guek: 'hex:000102030405060708090a0b0c0d0e0f',
      gak: 'd0d1',
      signingKey: `text:${pem}`,
      peerSigningKey: toHex(publicKey),
    });
  });

  it('says which file is missing', () => {
    const file = path.join(folder, 'keys.json');
    assert.throws(() => keysFromText('{"signingKey": "file:none.pem"}', file), /signingKey is to come from none\.pem/);
  });

  it('gives dlms read what it needs for signatures, in suite 1 unless told otherwise', async () => {
    const keys = path.join(folder, 'keys.json');
    writeFileSync(keys, JSON.stringify({ signingKey: 'file:keys/sign.pem', peerSigningKey: toHex(publicKey) }));
    const base = { meter: '127.0.0.1:4059', items: [], keys, auth: 'ecdsa' };
    const connection = await connectionOf(base);
    assert.equal(connection.authentication, 'ecdsa');
    assert.equal(connection.suite, 1);
    assert.equal(connection.secrets.signingKey, `text:${pem}`);
    assert.equal((await connectionOf({ ...base, suite: '2' })).suite, 2);
    assert.equal((await connectionOf({ ...base, auth: 'gmac' })).suite, 0);
  });
});

describe('general protection on the command line', () => {
  const base = { meter: '127.0.0.1:4059', items: [], security: 'authenc' };

  it('is part of the connection, in suite 1 where suite 0 has no way', async () => {
    const agreed = await connectionOf({ ...base, contentKey: 'static', meterTitle: '4D4D4D0000BC614E', sign: true });
    assert.deepEqual(
      [agreed.contentKey, agreed.serverTitle, agreed.signed, agreed.suite],
      ['static', '4D4D4D0000BC614E', true, 1],
    );
    const wrapped = await connectionOf({ ...base, contentKey: 'wrapped' });
    assert.deepEqual([wrapped.contentKey, wrapped.signed, wrapped.suite], ['wrapped', undefined, 0]);
  });

  it('is refused without ciphering and with what is none', async () => {
    await assert.rejects(connectionOf({ ...base, security: 'none', sign: true }), /need --security/);
    await assert.rejects(connectionOf({ ...base, contentKey: 'other' }), /--content-key other: expected identified/);
    await assert.rejects(connectionOf({ ...base, meterTitle: '4D' }), /expected 16 hex digits/);
  });
});

describe('a key ring', () => {
  it('holds keys of every kind', () => {
    const spki = importPublicKey(P256, publicKey)?.export({ type: 'spki', format: 'der' }).toString('hex');
    const ring = keyRingFromJson({
      kek: 'hex:00',
      signingKey: pem,
      agreementKey: toHex(privateKey),
      peerSigningKey: spki,
      peerAgreementKey: toHex(publicKey),
      password: 'x',
      gbek: null,
    });
    assert.deepEqual(Object.keys(ring).sort(), [
      'agreementKey',
      'kek',
      'peerAgreementKey',
      'peerSigningKey',
      'signingKey',
    ]);
    assert.deepEqual(ring.signingKey, privateKey);
    assert.deepEqual(ring.peerSigningKey, publicKey);
  });

  it('refuses what is no key, without showing it', () => {
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ signingKey: '00'.repeat(32) }, /signingKey is no such key/],
      [{ peerSigningKey: pem }, /peerSigningKey is no such key/],
      [{ guek: 'secret' }, /guek is not a text of hex digits/],
      [{ kek: 5 }, /kek is not a text/],
    ];
    for (const [json, message] of cases) assert.throws(() => keyRingFromJson(json), message);
  });
});
