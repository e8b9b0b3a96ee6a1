import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ApduKind } from '../../../engine/codec/apdu.ts';
import { CIPHERED_SERVICES } from '../../../engine/codec/security/ciphered-services.ts';
import type { CipherableService } from '../../../engine/codec/security/types.ts';
import { protocolPage, protocolPagePath } from '../../../scripts/protocol-page.ts';
import { OTHER_VECTORS, XDLMS_VECTORS } from './xdlms-vectors.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Every kind but the glo- and ded- forms. The compiler asks for new ones. */
const KINDS: Readonly<Record<Exclude<ApduKind, `${'glo' | 'ded'}-${CipherableService}`>, true>> = {
  aarq: true,
  aare: true,
  rlrq: true,
  rlre: true,
  'initiate-request': true,
  'initiate-response': true,
  'confirmed-service-error': true,
  'get-request': true,
  'get-response': true,
  'set-request': true,
  'set-response': true,
  'action-request': true,
  'action-response': true,
  'read-request': true,
  'read-response': true,
  'write-request': true,
  'unconfirmed-write-request': true,
  'write-response': true,
  'information-report': true,
  'event-notification': true,
  'data-notification': true,
  'data-notification-confirm': true,
  'exception-response': true,
  'access-request': true,
  'access-response': true,
  'general-block-transfer': true,
  'gateway-request': true,
  'gateway-response': true,
  'general-glo-ciphering': true,
  'general-ded-ciphering': true,
  'general-ciphering': true,
  'general-signing': true,
};

describe('docs/protocol.md', () => {
  const page = readFileSync(protocolPagePath, 'utf8');

  it('names every APDU', () => {
    const ciphered = Object.keys(CIPHERED_SERVICES).flatMap((service) => [`glo-${service}`, `ded-${service}`]);
    const missing = [...Object.keys(KINDS), ...ciphered].filter((kind) => !page.includes(`\`${kind}\``));
    assert.deepEqual(missing, []);
  });

  it('is right that each APDU has a vector', () => {
    const names = [...XDLMS_VECTORS.map(([, , { kind }]) => kind), ...OTHER_VECTORS.map(([what]) => what)];
    const text = names.join('\n').toLowerCase();
    assert.deepEqual(
      Object.keys(KINDS).filter((kind) => !text.includes(kind)),
      [],
    );
  });

  it('names tests that are there, and all tests of codec and link', () => {
    const named = new Set([...page.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file));
    assert.deepEqual(
      [...named].filter((file) => !existsSync(path.join(root, file))),
      [],
    );
    const there = ['codec', 'link'].flatMap((room) => {
      const folder = `test/unit/${room}`;
      return readdirSync(path.join(root, folder))
        .filter((file) => file.endsWith('.test.ts') && file !== 'protocol-page.test.ts')
        .map((file) => `${folder}/${file}`);
    });
    assert.deepEqual(
      there.filter((file) => !named.has(file)),
      [],
    );
  });

  it('has the tables of this code; `node scripts/protocol-page.ts` writes them', async () => {
    assert.equal(page, await protocolPage(page));
  });

  it('states every limit with what it bounds', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `MAX_') || line.includes('TIMEOUT'));
    assert.ok(rows.length > 40);
    for (const row of rows) assert.match(row, /^\| `[A-Z0-9_]+` \| [\d,]+ \| .{10,} \| `engine\/[^`]+` \|$/);
  });
});
