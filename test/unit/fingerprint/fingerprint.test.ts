import assert from 'node:assert/strict';
import type { MeterFinding, ObjectFinding } from '../../../engine/discovery/types.ts';
import { fingerprint, fingerprintParts, parseFingerprint } from '../../../engine/fingerprint/fingerprint.ts';
import { identify } from '../../../engine/fingerprint/identify.ts';
import { finding, read, text } from './findings.ts';

const REGISTER: ObjectFinding = {
  obis: '1-0:1.8.0.255',
  class: 3,
  version: 0,
  name: 'Active energy import',
  access: { '2': 'read', '3': 'read' },
};

function withObjects(...objects: readonly ObjectFinding[]): MeterFinding {
  const base = finding();
  return { ...base, objects: [...base.objects, ...objects] };
}

describe('fingerprint', () => {
  it('has a readable prefix and two hashes', () => {
    const text = fingerprint(finding({ logicalDeviceName: read('KAM123'), suite: read(1 as const) }));
    assert.match(text, /^dlms1:KAM\.LN\.wrapper\.s1:[0-9a-f]{16}:[0-9a-f]{16}$/);
    assert.deepEqual(
      parseFingerprint(text),
      fingerprintParts(finding({ logicalDeviceName: read('KAM123'), suite: read(1 as const) })),
    );
  });

  const single: readonly (readonly [string, Partial<MeterFinding>])[] = [
    ['serial number', { serial: read('42') }],
    ['device name of the same maker', { logicalDeviceName: read('KAM999') }],
    ['address and port', { host: '10.0.0.1', port: 1 }],
    ['texts', { texts: [text('0-0:96.1.0.255', '42')] }],
    ['time it took', { durationMs: 999 }],
    ['evidence and errors', { evidence: [], errors: ['x'] }],
  ];
  for (const [name, parts] of single) {
    it(`does not depend on what belongs to one meter: ${name}`, () => {
      const base = finding({ logicalDeviceName: read('KAM123') });
      assert.equal(fingerprint({ ...base, ...parts }), fingerprint(base));
    });
  }

  it('the order of objects, rights and conformance does not matter', () => {
    const one = withObjects(REGISTER);
    const shuffled: MeterFinding = {
      ...one,
      objects: [...one.objects]
        .reverse()
        .map((object) => ({ ...object, access: Object.fromEntries(Object.entries(object.access ?? {}).reverse()) })),
      associations: one.associations.map((association) => ({
        ...association,
        conformance: [...(association.conformance ?? [])].reverse(),
      })),
    };
    assert.equal(fingerprint(shuffled), fingerprint(one));
  });

  const changes: readonly (readonly [string, MeterFinding, MeterFinding, 'model' | 'behaviour'])[] = [
    ['one more object', finding(), withObjects(REGISTER), 'model'],
    ['another version', withObjects(REGISTER), withObjects({ ...REGISTER, version: 1 }), 'model'],
    ['another right', withObjects(REGISTER), withObjects({ ...REGISTER, access: { '2': 'read' } }), 'model'],
    ['another base name', withObjects(REGISTER), withObjects({ ...REGISTER, baseName: 0x1000 }), 'model'],
    [
      'another PDU size',
      finding(),
      finding({ associations: finding().associations.map((item) => ({ ...item, maxPdu: 512 })) }),
      'behaviour',
    ],
    [
      'another referencing',
      finding(),
      finding({ referencing: { value: 'SN', origin: 'negotiated', evidence: [] } }),
      'behaviour',
    ],
  ];
  for (const [name, a, b, part] of changes) {
    it(`${name} changes the ${part} part, and only that`, () => {
      const other = part === 'model' ? 'behaviour' : 'model';
      assert.notEqual(fingerprintParts(a)[part], fingerprintParts(b)[part]);
      assert.equal(fingerprintParts(a)[other], fingerprintParts(b)[other]);
    });
  }

  it('associations that were only read about do not count as behaviour', () => {
    const base = finding();
    const told = finding({
      associations: [
        ...base.associations,
        { clientSap: 1, serverSap: 1, mechanism: 'hls-gmac', ciphered: true, origin: 'read', established: false },
      ],
    });
    assert.equal(fingerprintParts(told).behaviour, fingerprintParts(base).behaviour);
  });

  it('parts without anything seen say so', () => {
    const { framing: _framing, referencing: _referencing, ...bare } = finding({ objects: [], associations: [] });
    assert.equal(fingerprint(bare), 'dlms1:-.-.-.s-:-:-');
    assert.equal(parseFingerprint('dlms1:-.-.-.s-:-:-')?.model, '-');
  });

  it('other texts are no fingerprints', () => {
    for (const text of ['', 'dlms1:x', 'dlms2:a:-:-', 'dlms1:a:zz:-', 'dlms1:a:b:c:d'])
      assert.equal(parseFingerprint(text), undefined);
  });

  it('identify leaves targets alone that are no meters', () => {
    const { framing: _framing, ...bare } = finding({ outcome: 'not-dlms' });
    assert.equal(identify(bare).fingerprint, undefined);
    assert.ok(identify(finding()).fingerprint?.startsWith('dlms1:'));
  });
});
