import assert from 'node:assert/strict';
import {
  allClasses,
  attributeByName,
  classByIdentifier,
  classRange,
  classVersions,
  interfaceClass,
  latestVersion,
  methodByName,
  nearestClass,
  shortNameSpan,
} from '../../../engine/cosem/classes.ts';
import { sharedJson } from './shared-facts.ts';

interface ClassFact {
  id: number;
  version: number;
  name: string;
  verified: boolean;
  attributes: { name: string; static: boolean | null; sn: string }[];
  methods: { name: string; sn: string; reserved: boolean; mandatory: boolean | null }[];
}

describe('interface classes', () => {
  it('agree with the fact table in every attribute, method and short name offset', function () {
    const facts = sharedJson<{ classes: ClassFact[] }>('facts', 'classes.json');
    if (facts === undefined) return this.skip();
    let compared = 0;
    for (const fact of facts.classes) {
      const item = interfaceClass(fact.id, fact.version);
      assert.ok(item, `class ${fact.id} v${fact.version}`);
      assert.equal(item.name, fact.name);
      assert.equal(item.verified, fact.verified);
      assert.deepEqual(
        item.attributes.map((attribute) => [attribute.name, attribute.static ?? null, attribute.snOffset]),
        fact.attributes.map((attribute) => [attribute.name, attribute.static, Number(attribute.sn)]),
      );
      assert.deepEqual(
        item.methods.map((method) => [method.name, method.snOffset, method.reserved, method.mandatory]),
        fact.methods.map((method) => [method.name, Number(method.sn), method.reserved, method.mandatory === true]),
      );
      compared += fact.attributes.length + fact.methods.length;
    }
    assert.equal(facts.classes.length, allClasses().length);
    console.log(`      ${facts.classes.length} class versions, ${compared} attributes and methods compared`);
  });

  const defaults: readonly (readonly [identifier: string, id: number, version: number])[] = [
    ['data', 1, 0],
    ['register', 3, 0],
    ['extended-register', 4, 0],
    ['demand-register', 5, 0],
    ['profile-generic', 7, 1],
    ['clock', 8, 0],
    ['script-table', 9, 0],
    ['association-sn', 12, 2],
    ['association-ln', 15, 3],
    ['sap-assignment', 17, 0],
    ['image-transfer', 18, 0],
    ['iec-hdlc-setup', 23, 1],
    ['hdlc-setup', 23, 1],
    ['iec-twisted-pair-1-setup', 24, 1],
    ['auto-connect', 29, 2],
    ['push-setup', 40, 2],
    ['tcp-udp-setup', 41, 0],
    ['smtp-setup', 46, 0],
    ['security-setup', 64, 1],
    ['disconnect-control', 70, 0],
    ['mbus-client', 72, 1],
    ['prime-llc-sscs-setup', 80, 0],
    ['lte-monitoring', 151, 0],
    ['Profile_Generic', 7, 1],
    ['pstn-auto-dial', 29, 0],
  ];
  for (const [identifier, id, version] of defaults) {
    it(`${identifier} is class ${id}, by default version ${version}`, () => {
      const item = classByIdentifier(identifier);
      assert.deepEqual([item?.id, item?.version], [id, version]);
    });
  }

  it('every identifier leads back to its class', () => {
    for (const item of allClasses()) {
      assert.equal(classByIdentifier(item.identifier, item.version), item);
      assert.match(item.identifier, /^[a-z][a-z0-9-]*$/);
    }
  });

  it('the default is the highest verified version', () => {
    assert.equal(latestVersion(12), 2);
    assert.equal(interfaceClass(12, 4)?.verified, false);
    assert.equal(latestVersion(66), 0, 'a class without a verified version has its highest one');
    assert.equal(latestVersion(9999), undefined);
  });

  it('a version nobody knows is read with the nearest lower one', () => {
    assert.equal(nearestClass(15, 9)?.version, 3);
    assert.equal(nearestClass(55, 0)?.version, 1);
    assert.equal(nearestClass(9999, 0), undefined);
    assert.deepEqual(
      classVersions(7).map((item) => item.version),
      [0, 1],
    );
  });

  it('attributes and methods are found whatever the case and the hyphens', () => {
    const tcp = interfaceClass(41);
    const association = interfaceClass(15);
    assert.ok(tcp && association);
    assert.equal(attributeByName(tcp, 'tcp_udp_port')?.index, 2);
    assert.equal(attributeByName(tcp, 'TCP-UDP_port')?.index, 2);
    assert.equal(methodByName(association, 'reply_to_hls_authentication')?.snOffset, 0x60);
    assert.equal(attributeByName(tcp, 'port'), undefined);
    const sn = interfaceClass(12, 1);
    assert.ok(sn);
    assert.equal(methodByName(sn, 'reserved_1'), undefined, 'a reserved slot is no method');
  });

  it('types say what may be sent', () => {
    const register = interfaceClass(3);
    const clock = interfaceClass(8);
    const profile = interfaceClass(7, 1);
    assert.deepEqual(
      register?.attributes.map(({ type, form }) => [type, form]),
      [
        ['octet-string', 'logical-name'],
        ['choice', undefined],
        ['structure', 'scaler-unit'],
      ],
    );
    assert.equal(clock?.attributes[1]?.form, 'date-time');
    assert.deepEqual(profile?.attributes[1]?.alternatives, ['array', 'compact-array']);
  });

  it('an object in short name space reaches to its last method', () => {
    assert.deepEqual(
      [3, 1, 7, 8].map((id) => shortNameSpan(interfaceClass(id)!)),
      [0x30, 0x10, 0x68, 0x90],
    );
  });

  it('class ids belong to the association, to manufacturers or to user groups', () => {
    assert.deepEqual([8191, 8192, 32767, 32768].map(classRange), [
      'dlms-ua',
      'manufacturer',
      'manufacturer',
      'user-group',
    ]);
  });
});
