import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { importPrivateKey, importPublicKey, P256 } from '../../../engine/codec/security/curves.ts';
import { EmulatorPool } from '../../../engine/emulator/pool.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import { connect } from '../../../engine/session/connect.ts';
import type { Connection } from '../../../engine/session/connection.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { InvocationCounters, MemoryCounterStore } from '../../../engine/session/invocation-counters.ts';
import { compileTemplate, diskFiles } from '../../../engine/template/index.ts';
import { CERTIFICATES, SIGNING_PRIVATE_KEY } from '../codec/security-certificates.ts';
import { GREEN_BOOK } from '../codec/security-keys.ts';

const TEMPLATE = `meter signer {
  identity { vendor: "Test"   flag: "MMM"   model: "S1"   firmware: "1"   serial: "{n:08}"   logical_device_name: "MMM{serial}"   system_title: "4D4D4D0000BC614E"   referencing: LN }
  transport lan tcp { framing: wrapper   port: 4059 }
  security guard suite 1 {
    authentication_key: secret("gak")
    global_unicast_key: secret("guek")
    signing_key: file("keys/sign.pem")
    agreement_key: file("keys/agree.pem")
    certificate: file("keys/meter.cer")
    client_signing_key: file("keys/client-sign.pem")
    client_agreement_key: file("keys/client-agree.der")
    policy: signed-request, signed-response, authenticated-request, encrypted-request
  }
  association signed { client: 3   server: 1   authentication: hls-ecdsa   context: LN, ciphering   security: guard   conformance: general-protection, get, action   max_pdu: 2048 }
  association public { client: 16   server: 1   authentication: none   context: LN, no-ciphering   conformance: get   max_pdu: 1024 }
  object invocation_counter 0-0:43.1.0.255 data { value: double-long-unsigned = invocation_counter(guard)   access: public get, signed get }
  object serial_number 0-0:96.1.0.255 data { value: octet-string = "12345678"   access: signed get }
}
`;

const GUEK = '000102030405060708090a0b0c0d0e0f';
const GAK = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';
const { clientSigning, clientAgreement, serverAgreement } = GREEN_BOOK;

function privatePem(key: Uint8Array): string {
  return importPrivateKey(P256, key).export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('an emulated meter with signatures and key agreement, over TCP', () => {
  const pool = new EmulatorPool();
  let folder = '';
  let port = 0;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-signer-'));
    const put = (name: string, content: string | Uint8Array) => writeFileSync(path.join(folder, name), content);
    put('sign.pem', privatePem(fromHex(SIGNING_PRIVATE_KEY)));
    put('agree.pem', privatePem(serverAgreement.privateKey));
    put('meter.cer', Buffer.from(CERTIFICATES.signing, 'base64'));
    put(
      'client-sign.pem',
      importPublicKey(P256, clientSigning.publicKey)?.export({ type: 'spki', format: 'pem' }).toString() ?? '',
    );
    put(
      'client-agree.der',
      importPublicKey(P256, clientAgreement.publicKey)?.export({ type: 'spki', format: 'der' }) ?? '',
    );
    put('signer.dlmsmeter', TEMPLATE);
    const file = path.join(folder, 'signer.dlmsmeter');
    const { model: templates, findings } = compileTemplate(file, diskFiles);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      [],
    );
    const secrets = secretResolver({
      values: { guek: `hex:${GUEK}`, gak: `hex:${GAK}` },
      resolveFile: (name) => path.join(folder, path.basename(name)),
    });
    assert.ok(templates !== undefined);
    const started = await pool.start(file, { templates, secrets, listen: '127.0.0.1:0' });
    port = started.endpoints[0]?.port ?? 0;
  });

  after(async () => {
    await pool.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const connection = (change: Partial<Connection> = {}): Connection => ({
    host: '127.0.0.1',
    port,
    framing: 'wrapper',
    referencing: 'LN',
    client: 3,
    server: 1,
    authentication: 'ecdsa',
    security: 'authenc',
    suite: 1,
    signed: true,
    serverTitle: '4D4D4D0000BC614E',
    secrets: {
      guek: GUEK,
      gak: GAK,
      systemTitle: '4d4d4d0000000001',
      signingKey: privatePem(clientSigning.privateKey),
      agreementKey: toHex(clientAgreement.privateKey),
      authority: `-----BEGIN CERTIFICATE-----\n${CERTIFICATES.authority}\n-----END CERTIFICATE-----\n`,
      peerSigningKey: `-----BEGIN CERTIFICATE-----\n${CERTIFICATES.signing}\n-----END CERTIFICATE-----\n`,
      peerAgreementKey: toHex(serverAgreement.publicKey),
    },
    timeoutMs: 3000,
    ...change,
  });

  for (const contentKey of [undefined, 'identified', 'one-pass', 'static'] as const) {
    it(`is read under ${contentKey ?? 'glo-'} keys, signed`, async () => {
      const association = await connect(connection(contentKey === undefined ? {} : { contentKey }));
      const read = await association.get({ class: 1, obis: '0-0:96.1.0.255', index: 2 });
      assert.ok('data' in read && read.data.t === 'octet-string');
      await association.release();
    });
  }

  it('does not repeat a counter over associations', async () => {
    const store = new MemoryCounterStore();
    const saved: number[] = [];
    const counters = new InvocationCounters({
      load: (name) => store.load(name),
      save: (name, value) => {
        if (name.endsWith('/sent')) saved.push(value);
        store.save(name, value);
      },
    });
    for (let i = 0; i < 2; i++) {
      const association = await connect(connection({ invocationCounter: 1_000_000 }), { counters });
      await association.get({ class: 1, obis: '0-0:96.1.0.255', index: 2 });
      await association.release();
    }
    assert.equal(saved.length, 1, 'one block of counters serves both');
  });

  it('turns away a client that does not sign, and one it does not know', async () => {
    const association = await connect(connection({ signed: false }));
    await assert.rejects(
      association.get({ class: 1, obis: '0-0:96.1.0.255', index: 2 }),
      (error) => error instanceof SessionError && error.code === 'exception',
    );
    await association.release();
    const { secrets } = connection();
    const stranger = connection({ secrets: { ...secrets, signingKey: '11'.repeat(32) } });
    await assert.rejects(
      connect(stranger),
      (error) => error instanceof SessionError && error.code === 'authentication-failed',
    );
  });
});
