import assert from 'node:assert/strict';
import { connectionDefaults, rolesOf } from '../../../client/model/connection-defaults.ts';
import { meterViewOf } from '../../../client/model/meter-view.ts';
import { meterTitle, scanRowOf } from '../../../client/model/scan-row.ts';
import { traceRowOf } from '../../../client/model/trace-view.ts';
import type { MeterFinding } from '../../../engine/discovery/types.ts';
import type { MeterRow } from '../../../engine/rpc/protocol.ts';
import { meterView, scanRow, traceRow } from '../../../webview/messages.ts';

const fact = <T>(value: T) => ({ value, origin: 'read' as const, evidence: [0] });

const finding: MeterFinding = {
  host: '127.0.0.1',
  port: 4059,
  outcome: 'identified',
  reason: 'object list read',
  durationMs: 120,
  framing: fact('hdlc' as const),
  hdlc: fact({
    addressBytes: 2 as const,
    upper: 1,
    lower: 17,
    maxInfoTransmit: 128,
    maxInfoReceive: 128,
    windowTransmit: 1,
    windowReceive: 1,
  }),
  referencing: fact('SN' as const),
  associations: [
    {
      clientSap: 16,
      serverSap: 1,
      mechanism: 'lowest',
      ciphered: false,
      origin: 'negotiated',
      established: true,
      conformance: ['read'],
      maxPdu: 500,
    },
    {
      clientSap: 2,
      serverSap: 1,
      mechanism: 'lls',
      ciphered: false,
      origin: 'inferred',
      established: false,
      diagnostic: 'authentication-failure',
    },
    { clientSap: 1, serverSap: 1, mechanism: 'hls-ecdsa', ciphered: true, origin: 'inferred', established: false },
  ],
  suite: fact(1 as const),
  systemTitle: fact('41434d0000000001'),
  logicalDeviceName: fact('ACM0001'),
  objects: [
    { obis: '1-0:1.8.0.255', class: 3, version: 0, baseName: 0x1000, name: 'Active energy', access: { '2': 'read' } },
  ],
  classification: { vendor: 'Acme Energy', model: 'A1000', confidence: 0.9, because: ['name'], alternatives: [] },
  fingerprint: 'f1:00',
  errors: [],
  evidence: [{ time: 1, kind: 'tx', step: 'connect', port: 4059, hex: '0001', text: 'hello' }],
};
const { evidence, objects, ...listed } = finding;
const row: MeterRow = { ...listed, id: 'm1', scanId: 's1', objectCount: 1 };

describe('findings as pages show them', () => {
  it('a row fits the contract, whether it comes from an event or from the store', () => {
    const fromEvent = scanRowOf(finding);
    assert.equal(scanRow.problem(fromEvent, 'row'), undefined);
    assert.deepEqual(scanRowOf(row), fromEvent);
    assert.deepEqual(fromEvent.associations, ['none', 'lls', 'ecdsa']);
    assert.equal(fromEvent.suite, '1');
  });

  it('a target that never answered has a row as well', () => {
    const closed = scanRowOf({
      host: '127.0.0.2',
      port: 4059,
      outcome: 'closed',
      reason: 'connection refused',
      durationMs: 1,
      associations: [],
      errors: [],
    });
    assert.equal(scanRow.problem(closed, 'row'), undefined);
    assert.equal(closed.objects, 0);
    assert.equal(meterTitle({ outcome: 'closed' }), 'closed');
  });

  it('a meter fits the contract of the fingerprint page', () => {
    const view = meterViewOf({ ...finding, id: 'm1' });
    assert.equal(meterView.problem(view, 'meter'), undefined);
    assert.equal(view.evidence[0]?.text, '00 01 · hello');
    assert.equal(view.objects[0]?.access, '2 read');
    assert.ok(view.identity.some(({ name, value }) => name === 'System title' && value === '41 43 4d 00 00 00 00 01'));
  });

  it('a trace row leaves its octets behind and says its error in words', () => {
    const shown = traceRowOf({
      index: 0,
      time: 1,
      direction: 'rx',
      layer: 'apdu',
      octets: 'c401',
      summary: 'get-response',
      error: { code: 'truncated', layer: 'axdr', offset: 2, found: 'end of octets', expected: '1 octet' },
    });
    assert.equal(traceRow.problem(shown, 'row'), undefined);
    assert.equal(shown.length, 2);
    assert.equal(shown.error, 'axdr: truncated at octet 2: found end of octets, expected 1 octet');
  });
});

describe('how to talk to a meter that was found', () => {
  it('takes framing, addresses and associations from the finding', () => {
    const defaults = connectionDefaults(row, undefined);
    assert.equal(defaults.framing, 'hdlc');
    assert.deepEqual(defaults.hdlc, { addressBytes: 2, lower: 17 });
    assert.equal(defaults.server, 1);
    assert.deepEqual(
      defaults.associations.map(({ client, authentication }) => [client, authentication]),
      [
        [16, 'none'],
        [2, 'lls'],
        [1, 'ecdsa'],
      ],
    );
  });

  it('offers the public client for a meter nobody scanned', () => {
    const { associations, framing } = connectionDefaults(undefined, {
      meter: 'a',
      serial: '1',
      transport: 'lan',
      framing: 'wrapper',
      host: '127.0.0.1',
      port: 4059,
    });
    assert.equal(framing, 'wrapper');
    assert.deepEqual(
      associations.map(({ client, authentication }) => [client, authentication]),
      [[16, 'none']],
    );
  });

  it('knows which secrets an association needs', () => {
    const cases: readonly (readonly [Parameters<typeof rolesOf>[0], readonly string[]])[] = [
      [{ authentication: 'none', security: 'none' }, []],
      [{ authentication: 'lls', security: 'none' }, ['password']],
      [{ authentication: 'gmac', security: 'none' }, ['guek', 'gak']],
      [{ authentication: 'sha256', security: 'authenc' }, ['password', 'guek', 'gak']],
      [{ authentication: 'ecdsa', security: 'none' }, ['signingKey', 'peerSigningKey']],
      [{ authentication: 'gmac', security: 'authenc', signed: true }, ['guek', 'gak', 'signingKey', 'peerSigningKey']],
      [{ authentication: 'gmac', security: 'authenc', contentKey: 'wrapped' }, ['guek', 'gak', 'kek']],
      [
        { authentication: 'gmac', security: 'authenc', contentKey: 'static' },
        ['guek', 'gak', 'agreementKey', 'peerAgreementKey'],
      ],
      [
        { authentication: 'ecdsa', security: 'authenc', contentKey: 'one-pass' },
        ['guek', 'gak', 'signingKey', 'peerSigningKey', 'agreementKey', 'peerAgreementKey'],
      ],
    ];
    for (const [choice, roles] of cases) assert.deepEqual(rolesOf(choice), roles, JSON.stringify(choice));
  });
});
