import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runCli } from '../../../engine/cli/program.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import { certificatePublicKey } from '../../../engine/codec/security/certificates.ts';
import { GREEN_BOOK } from '../codec/security-keys.ts';
import { memoryIo } from './memory-io.ts';

const TEMPLATE = `meter secure {
  identity { vendor: "Test" flag: "TST" model: "S1" firmware: "1" serial: "{n:08}" logical_device_name: "TSTS1{serial}" referencing: LN }
  transport lan tcp { port: 4059 framing: wrapper }
  security vault suite 1 {
    global_unicast_key: secret("m/guek")
    authentication_key: secret("m/gak")
    master_key: secret("m/kek")
    signing_key: secret("m/sign")
    client_signing_key: secret("m/client")
  }
  association public { client: 16 authentication: none context: LN, no-ciphering conformance: get max_pdu: 1024 }
  association management {
    client: 1
    authentication: none
    context: LN, ciphering
    security: vault
    conformance: get, set, action, block-transfer-with-get-or-read
    max_pdu: 1024
  }
  rights open { management: get, set, action }
  rights shown { public: get   management: get }
  object current_association 0-0:40.0.0.255 association-ln { rights: open }
  object ldn 0-0:42.0.0.255 data { rights: open value: octet-string = identity.logical_device_name }
  object setup 0-0:43.0.0.255 security-setup { rights: open of: vault }
  object counter 0-0:43.1.0.255 data { rights: shown value: double-long-unsigned = invocation_counter(vault) }
}
`;
const KEYS = {
  guek: '000102030405060708090a0b0c0d0e0f',
  gak: 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf',
  kek: 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
  systemTitle: '4d4d4d0000000001',
};

describe('dlms security', () => {
  let folder: string;
  let meter: string;
  let stop: () => Promise<void>;

  const at = (name: string): string => path.join(folder, name);
  async function dlms(...args: string[]) {
    const io = memoryIo();
    const code = await runCli(args, io);
    return { code, out: io.stdout, err: io.stderr };
  }
  /** A command over the connection. */
  function security(command: string, more: readonly string[] = [], keys = 'keys.json') {
    const connection = ['--client', '1', '--security', 'authenc', '--suite', '1', '--keys', at(keys)];
    return dlms('security', ...command.split(' '), meter, ...more, ...connection);
  }

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dlms-security-'));
    await writeFile(at('secure.dlmsmeter'), TEMPLATE);
    const { clientSigning, serverSigning } = GREEN_BOOK;
    const secrets = {
      'm/guek': `hex:${KEYS.guek}`,
      'm/gak': `hex:${KEYS.gak}`,
      'm/kek': `hex:${KEYS.kek}`,
      'm/sign': `hex:${toHex(serverSigning.privateKey)}`,
      'm/client': `hex:${toHex(clientSigning.publicKey)}`,
    };
    await writeFile(at('secrets.json'), JSON.stringify(secrets));
    await writeFile(at('sign.hex'), clientSigning.privateKey);
    const own = { ...KEYS, signingKey: 'file:sign.hex', peerSigningKey: toHex(serverSigning.publicKey) };
    await writeFile(at('keys.json'), JSON.stringify(own));
    const ctrlC = new AbortController();
    const io = { ...memoryIo(), signal: ctrlC.signal };
    const files = [at('secure.dlmsmeter'), '--keys', at('secrets.json'), '--listen', '127.0.0.1:0', '--json'];
    const running = runCli(['emulate', ...files], io);
    for (let tries = 0; tries < 300 && !io.stdout.includes('127.0.0.1'); tries++) await pause(10);
    const port = /"port":(\d+)/.exec(io.stdout)?.[1] ?? /127\.0\.0\.1:(\d+)/.exec(io.stdout)?.[1];
    assert.ok(port !== undefined, io.stdout + io.stderr);
    meter = `127.0.0.1:${port}`;
    stop = async () => {
      ctrlC.abort();
      assert.equal(await running, 0);
    };
  });
  afterEach(async () => {
    await stop?.();
    await rm(folder, { recursive: true, force: true });
  });

  it('status tells policy, suite, titles and certificates, as table and JSON', async () => {
    const shown = await security('status');
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /0-0:43\.0\.0\.255 \(class 64 version 1\)/);
    assert.match(shown.out, /policy +nothing required \(0\)/);
    assert.match(shown.out, /client title +4D4D4D0000000001/);
    const { setups } = JSON.parse((await security('status', ['--json'])).out);
    assert.equal(setups[0].suite, 1);
    assert.match(setups[0].serverTitle, /^545354/);
    assert.deepEqual(setups[0].certificates, []);
  });

  it('activate-policy shows what it would do, does it with --yes, and cannot weaken it', async () => {
    const items = ['encrypted-request', 'authenticated-request'];
    const asked = await security('activate-policy', items);
    assert.equal(asked.code, 2);
    assert.match(asked.out, /nothing required -> authenticated-request, encrypted-request/);
    assert.match(asked.err, /--yes/);
    assert.match((await security('status')).out, /nothing required/);
    const done = await security('activate-policy', [...items, '--yes']);
    assert.equal(done.code, 0, done.err);
    assert.match((await security('status')).out, /policy +authenticated-request, encrypted-request \(12\)/);
    const unknown = await security('activate-policy', ['everything', '--yes']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /expected authenticated-request/);
  });

  it('transfer-keys draws keys into a file of its owner, which works afterwards; nothing is printed', async () => {
    const asked = await security('transfer-keys', ['--to', at('new.json')]);
    assert.equal(asked.code, 2);
    assert.equal(existsSync(at('new.json')), false);
    const done = await security('transfer-keys', ['guek', 'gak', 'kek', '--to', at('new.json'), '--yes']);
    assert.equal(done.code, 0, done.err);
    assert.equal(statSync(at('new.json')).mode & 0o777, 0o600);
    const made = JSON.parse(readFileSync(at('new.json'), 'utf8'));
    assert.equal(made.signingKey, 'file:sign.hex');
    assert.equal(made.systemTitle, KEYS.systemTitle);
    for (const name of ['guek', 'gak', 'kek'] as const) {
      assert.match(made[name], /^[0-9a-f]{32}$/);
      assert.notEqual(made[name], KEYS[name]);
      assert.equal((done.out + done.err).includes(made[name]), false);
    }
    assert.equal((await security('status', [], 'new.json')).code, 0);
    assert.equal((await security('status')).code, 1);
    const again = await security('transfer-keys', ['--to', at('new.json'), '--yes'], 'new.json');
    assert.equal(again.code, 2);
    assert.match(again.err, /exists already/);
  });

  it('transfer-keys takes keys of a file; refused ones leave no file and change nothing', async () => {
    const given = { ...KEYS, guek: '11'.repeat(16) };
    await writeFile(at('given.json'), JSON.stringify(given));
    const done = await security('transfer-keys', ['guek', '--from', at('given.json'), '--yes']);
    assert.equal(done.code, 0, done.err);
    assert.equal((await security('status', [], 'given.json')).code, 0);
    await writeFile(at('wrong.json'), JSON.stringify({ ...given, kek: '22'.repeat(16) }));
    const refused = await security('transfer-keys', ['--to', at('never.json'), '--yes'], 'wrong.json');
    assert.equal(refused.code, 1);
    assert.match(refused.err, /read-write-denied; check the master key.*\[service-error\]/);
    assert.equal(existsSync(at('never.json')), false);
    const neither = await security('transfer-keys', ['--yes']);
    assert.match(neither.err, /--to .*--from/);
  });

  it('agree-keys writes what was agreed on', async () => {
    await mkdir(at('kept'));
    const done = await security('agree-keys', ['guek', 'gak', '--to', at('kept/agreed.json'), '--yes']);
    assert.equal(done.code, 0, done.err);
    assert.equal(statSync(at('kept/agreed.json')).mode & 0o777, 0o600);
    const { guek } = JSON.parse(readFileSync(at('kept/agreed.json'), 'utf8'));
    assert.equal((done.out + done.err).includes(guek), false);
    assert.equal((await security('status', [], 'kept/agreed.json')).code, 0);
    const poor = JSON.stringify({ ...KEYS, guek, gak: JSON.parse(readFileSync(at('kept/agreed.json'), 'utf8')).gak });
    await writeFile(at('poor.json'), poor);
    const unsigned = await security('agree-keys', ['--to', at('none.json'), '--yes'], 'poor.json');
    assert.equal(unsigned.code, 2);
    assert.match(unsigned.err, /signingKey .* is missing/);
    assert.equal(existsSync(at('none.json')), false);
  });

  it('a certificate from request to import, export and removal', async () => {
    const authority = ['--key', at('ca.key'), '--to', at('ca.pem')];
    assert.equal((await dlms('certificate', 'create-authority', '--name', 'Test CA', ...authority)).code, 0);
    assert.equal(statSync(at('ca.key')).mode & 0o777, 0o600);
    const imported = await security('certificates import', [at('ca.pem')]);
    assert.equal(imported.code, 0, imported.err);
    const asked = await security('request-certificate', ['--new-key', '--to', at('csr.pem')]);
    assert.equal(asked.code, 0, asked.err);
    const issue = ['certificate', 'issue', at('csr.pem'), '--authority', at('ca.pem'), '--key', at('ca.key')];
    const issued = await dlms(...issue, '--to', at('meter.pem'));
    assert.equal(issued.code, 0, issued.err);
    const shown = await dlms('certificate', 'show', at('meter.pem'));
    assert.match(shown.out, /subject: +CN=545354[0-9A-F]{10}\n/);
    assert.match(shown.out, /uses: +digital-signature\n/);
    assert.match((await dlms('certificate', 'show', at('csr.pem'))).out, /kind: +certificate request/);
    assert.equal((await security('certificates import', [at('meter.pem')])).code, 0);
    const [, listed] = JSON.parse((await security('certificates list', ['--json'])).out);
    assert.equal(`${listed.entity} ${listed.type} ${listed.issuer}`, 'server digital-signature CN=Test CA');
    assert.match((await security('certificates list')).out, /server +digital-signature +[0-9a-f]{16}/);
    const own = ['--entity', 'server', '--type', 'digital-signature'];
    const exported = await security('certificates export', [...own, '--to', at('exported.pem')]);
    assert.equal(exported.code, 0, exported.err);
    assert.equal(readFileSync(at('exported.pem'), 'utf8'), readFileSync(at('meter.pem'), 'utf8'));
    assert.match((await security('certificates export', ['--serial', listed.serial])).out, /BEGIN CERTIFICATE/);
    // The meter signs with its new key now.
    const certificate = new Uint8Array(readFileSync(at('meter.pem')));
    const keys = JSON.parse(readFileSync(at('keys.json'), 'utf8'));
    const publicKey = toHex(certificatePublicKey(certificate) ?? new Uint8Array(0));
    await writeFile(at('keys.json'), JSON.stringify({ ...keys, peerSigningKey: publicKey }));
    assert.equal((await security('agree-keys', ['gbek', '--to', at('gbek.json'), '--yes'])).code, 0);
    const which = ['--serial', listed.serial];
    assert.equal((await security('certificates remove', which)).code, 2);
    assert.equal((await security('certificates remove', [...which, '--yes'])).code, 0);
    const gone = await security('certificates export', which);
    assert.equal(gone.code, 2);
    assert.match(gone.err, /no such certificate, it has/);
    const refused = await security('certificates export', own);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /object-unavailable; list the certificates/);
  });

  it('says what to do about wrong options and files', async () => {
    const cases: readonly (readonly [() => Promise<{ code: number; err: string }>, RegExp])[] = [
      [() => security('certificates import', [at('none.pem')]), /none\.pem/],
      [() => security('certificates import', [at('keys.json')]), /expected an X\.509 certificate; give it as PEM/],
      [() => security('certificates remove', ['--yes']), /say which certificate/],
      [() => security('certificates export', ['--serial', '77']), /it has none/],
      [() => dlms('certificate', 'show', at('keys.json')), /neither a certificate nor a request/],
    ];
    for (const [run, message] of cases) {
      const { code, err } = await run();
      assert.equal(code, 2, err);
      assert.match(err, message);
    }
    const refused = await security('request-certificate', ['--use', 'key-agreement']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /object-unavailable; have the meter generate a key pair for key-agreement first/);
  });
});

describe('dlms certificate', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  async function certificate(...args: string[]) {
    const io = memoryIo();
    return { code: await runCli(['certificate', ...args], io), out: io.stdout, err: io.stderr };
  }
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dlms-certificate-'));
    for (const [name, curve] of [
      ['ca', 'P-256'],
      ['other', 'P-384'],
    ] as const) {
      const files = ['--key', at(`${name}.key`), '--to', at(`${name}.pem`)];
      assert.equal((await certificate('create-authority', '--name', name, '--curve', curve, ...files)).code, 0);
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('makes requests of clients with new and known keys, and issues from them', async () => {
    const request = (to: string, use: string) =>
      certificate('request', '--title', '4d4d4d0000000001', '--use', use, '--key', at('client.key'), '--to', at(to));
    assert.equal((await request('sign.csr', 'digital-signature')).code, 0);
    const key = readFileSync(at('client.key'), 'utf8');
    assert.equal((await request('agree.csr', 'key-agreement')).code, 0);
    assert.equal(readFileSync(at('client.key'), 'utf8'), key);
    const authority = ['--authority', at('ca.pem'), '--key', at('ca.key')];
    const issued = await certificate('issue', at('agree.csr'), ...authority, '--to', at('agree.pem'), '--days', '30');
    assert.equal(issued.code, 0, issued.err);
    const shown = JSON.parse((await certificate('show', at('agree.pem'), '--json')).out);
    assert.equal(shown['system title'], '4D4D4D0000000001');
    assert.equal(shown.uses, 'key-agreement');
    assert.equal(Date.parse(shown['valid to']) - Date.parse(shown['valid from']), 30 * 86_400_000);
  });

  it('refuses foreign keys, certificates of parties as authorities, old files and wrong titles', async () => {
    const foreign = ['--authority', at('ca.pem'), '--key', at('other.key'), '--to', at('x.pem')];
    const party = ['--authority', at('agree.pem'), '--key', at('client.key'), '--to', at('x.pem')];
    const existing = ['--authority', at('ca.pem'), '--key', at('ca.key'), '--to', at('ca.pem')];
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['issue', at('sign.csr'), ...foreign], /not the private key of/],
      [['issue', at('sign.csr'), ...party], /give the certificate of an authority/],
      [['issue', at('sign.csr'), ...existing], /exists already/],
      [['issue', at('ca.key'), ...existing], /expected a certificate request/],
      [['request', '--title', '4d', '--key', at('k'), '--to', at('r')], /16 hex digits/],
      [['create-authority', '--name', 'x', '--days', '0', '--key', at('k'), '--to', at('c')], /--days 0/],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await certificate(...args);
      assert.equal(code, 2, err);
      assert.match(err, message);
    }
    for (const name of ['x.pem', 'k', 'r', 'c']) assert.equal(existsSync(at(name)), false, name);
  });
});
