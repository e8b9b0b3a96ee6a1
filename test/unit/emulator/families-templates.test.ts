import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { flagManufacturer } from '../../../engine/cosem/flag-ids.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { expandText } from '../../../engine/template/compile/identity-text.ts';
import { compileTemplate, diskFiles, loadObisProfile, type SecretReference } from '../../../engine/template/index.ts';
import type { FleetModel } from '../../../engine/template/model.ts';
import { quirkSpec } from '../../../engine/template/vocabulary/quirks.ts';
import { families, familyFiles, familyKeys } from './support/families.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const companion = path.join(root, 'samples/companion');
const companionFiles = readdirSync(companion).map((name) => path.join(companion, name));
const schema = JSON.parse(readFileSync(path.join(root, 'schemas/meter-model.schema.json'), 'utf8')) as object;
const validate = new Ajv2020({ strict: true, discriminator: true, allowUnionTypes: true }).compile(schema);

const models = families.map(({ model }) => model);

/** Findings that are no mistakes: code and file. */
const ON_PURPOSE: readonly string[] = [
  // The readout it is modelled on has these letters, which the FLAG list gives to another maker.
  'DLMS-703 meteritalia-eg4.dlmsmeter',
];

/** How reports call the profiles the companion bases stand for. */
const PROFILE_WORDS: Readonly<Record<string, string>> = {
  dsmr_meter: 'DSMR',
  is15959_meter: 'India',
  italy_gas_meter: 'Italy',
};

function fleetsOf(file: string): readonly FleetModel[] {
  return compileTemplate(file, diskFiles).model?.fleets ?? [];
}

/** Every reference to a key or password, wherever it stands. */
function secretsIn(value: unknown): SecretReference[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('secret' in value && typeof value.secret === 'string') return [{ secret: value.secret }];
  if ('literal' in value && 'encoding' in value) return [value as SecretReference];
  return Object.values(value).flatMap(secretsIn);
}

describe('family templates', () => {
  for (const file of [...familyFiles, ...companionFiles.filter((name) => name.endsWith('.dlmsmeter'))]) {
    const name = path.basename(file);
    it(`${name} compiles without errors and warnings, in canonical form`, () => {
      const { ok, findings, model } = compileTemplate(file, diskFiles);
      const told = findings.map((finding) => `${finding.code} ${path.basename(finding.file)}`);
      assert.deepEqual(
        [...new Set(told)].filter((one) => !ON_PURPOSE.includes(one)),
        [],
      );
      assert.ok(ok && findings.every(({ severity }) => severity === 'information'));
      assert.deepEqual(JSON.parse(JSON.stringify(model)), model);
    });

    it(`${name} becomes what the schema of compiled templates says`, () => {
      const { model } = compileTemplate(file, diskFiles);
      assert.ok(validate(JSON.parse(JSON.stringify(model))), JSON.stringify(validate.errors?.slice(0, 3)));
    });

    it(`${name} says that it is modelled on public data, and on which`, () => {
      const [comment = ''] = readFileSync(file, 'utf8').split(/^(?!\/\/)/m);
      if (name === 'grid.dlmsmeter') return;
      assert.match(comment.replaceAll(/\s*\n\/\/ ?/g, ' '), /modelled on public data/i);
      assert.match(comment, /Gurux|OSGP|esphome|u9n\/|UtilitechAS|youserj|gurux\.fi|toreamun|home-assistant|DomiStyle/);
      const { model } = compileTemplate(file, diskFiles);
      for (const meter of model?.meters ?? []) assert.match(meter.title ?? '', /\(modelled on public data\)$/);
    });
  }

  for (const file of companionFiles.filter((name) => name.endsWith('.obis.yaml'))) {
    it(`${path.basename(file)} is a profile without findings, and templates of it have all it requires`, () => {
      const { profile, findings } = loadObisProfile(file, diskFiles);
      assert.deepEqual(findings, []);
      const required = profile?.objects.filter(({ presence }) => presence === 'required') ?? [];
      assert.ok(required.length >= 6);
    });
  }

  it('are at least twelve families of ten makers, four of them with short names', () => {
    assert.ok(models.length >= 12);
    assert.ok(new Set(models.map(({ identity }) => identity.vendor)).size >= 10);
    assert.ok(models.filter(({ referencing }) => referencing === 'SN').length >= 4);
  });

  it('extend each of the companion bases', () => {
    const bases = new Set(models.flatMap(({ derivedFrom }) => derivedFrom));
    for (const base of ['idis_meter', 'dsmr_meter', 'is15959_meter', 'spodes_meter', 'italy_gas_meter'])
      assert.ok(bases.has(base), base);
  });

  it('have suites 0 to 2, both framings, UDP and serial lines with mode E, and several mechanisms', () => {
    const suites = new Set(models.flatMap(({ securities }) => securities.map(({ suite }) => suite)));
    assert.deepEqual([...suites].toSorted(), [0, 1, 2]);
    const transports = models.flatMap((model) => model.transports);
    for (const [kind, framing] of [
      ['tcp', 'hdlc'],
      ['tcp', 'wrapper'],
      ['udp', 'wrapper'],
      ['serial', 'hdlc'],
    ])
      assert.ok(
        transports.some((one) => one.kind === kind && one.framing === framing),
        `${kind} ${framing}`,
      );
    assert.ok(transports.some(({ modeE }) => modeE !== undefined));
    const mechanisms = new Set(models.flatMap(({ associations }) => associations.map(({ mechanism }) => mechanism)));
    for (const mechanism of ['lowest', 'lls', 'hls-gmac', 'hls-sha1'] as const)
      assert.ok(mechanisms.has(mechanism), mechanism);
    assert.deepEqual(
      [
        ...new Set(
          models.filter((m) => m.transports.some((t) => t.framing === 'hdlc')).map((m) => m.hdlc.addressBytes),
        ),
      ].toSorted(),
      [1, 2, 4],
    );
  });

  it('have objects enough to be believed: a hundred and more in the large ones', () => {
    assert.ok(models.filter(({ objects }) => objects.length >= 100).length >= 12);
    assert.ok(models.some(({ objects }) => objects.length >= 270));
  });

  it('carry the FLAG letters of their makers, in name and identification', () => {
    for (const { name, identity, transports } of models) {
      assert.ok(expandText(identity.logicalDeviceName, identity, 1).startsWith(identity.flag), name);
      if (identity.flag !== 'KPZ') assert.ok(flagManufacturer(identity.flag), name);
      for (const { modeE } of transports)
        if (modeE?.identification !== undefined) assert.equal(modeE.identification.slice(1, 4), identity.flag);
    }
  });

  it('have habits of the catalogue, and only those reported of their maker, type or profile', () => {
    const quirks = models.flatMap((model) => model.quirks.map(({ name }) => ({ name, model })));
    assert.ok(new Set(quirks.map(({ name }) => name)).size >= 15);
    for (const { name, model } of quirks) {
      const { seen } = quirkSpec(name) ?? assert.fail(`${name} is not in the catalogue`);
      const { vendor, model: type } = model.identity;
      const known = [vendor, type, ...model.derivedFrom.flatMap((base) => PROFILE_WORDS[base] ?? [])];
      assert.ok(
        known.some((word) => seen.includes(word)),
        `${model.name} has '${name}', which was seen in ${seen}`,
      );
    }
  });

  it('are in the README, with their objects and habits', () => {
    const readme = readFileSync(path.join(root, 'samples/README.md'), 'utf8');
    const told = readme
      .split('\n')
      .filter((line) => line.includes('](families/') && line.startsWith('| ['))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, file, , objects, referencing, , , , , quirks]) => [file, objects, referencing, quirks].join(' | '));
    const rows = families.map(({ file, model }) => {
      const name = path.basename(file);
      const habits = model.quirks.map((quirk) => `\`${quirk.name}\``).join(', ');
      return [`[${name}](families/${name})`, model.objects.length, model.referencing, habits || '-'].join(' | ');
    });
    assert.deepEqual(told.toSorted(), rows.toSorted());
  });

  it('hold no key: all are named, and the public demo keys have every one', () => {
    for (const model of models) {
      for (const reference of secretsIn([model.securities, model.associations])) {
        assert.ok('secret' in reference, `${model.name} has a key in the file`);
        assert.match(
          familyKeys[reference.secret] ?? `no ${reference.secret}`,
          /^(?:hex:(?:[0-9a-f]{32}){1,2}|text:.+)$/,
        );
      }
    }
    const named = new Set(
      models.flatMap((model) => secretsIn([model.securities, model.associations]).map((one) => JSON.stringify(one))),
    );
    assert.equal(Object.keys(familyKeys).length, named.size + 1, 'a key nobody uses');
  });

  it('have fleets whose addresses are loopback and do not overlap', () => {
    const taken: { from: number; to: number; fleet: string }[] = [];
    const fleets = new Map(familyFiles.flatMap(fleetsOf).map((fleet) => [fleet.name, fleet]));
    assert.ok(families.every(({ model }) => [...fleets.values()].some(({ meter }) => meter === model.name)));
    for (const { name, address } of fleets.values()) {
      assert.ok('spread' in address && address.spread.startsWith('127.2.'), name);
      const block = parseListen(address.spread);
      assert.ok(block.kind === 'block', name);
      const span = { from: block.first, to: block.first + block.size, fleet: name };
      const other = taken.find(({ from, to }) => from < span.to && span.from < to);
      assert.equal(other?.fleet, undefined, `${name} overlaps ${other?.fleet}`);
      taken.push(span);
    }
  });
});
