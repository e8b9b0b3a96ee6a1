import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { flagManufacturer } from '../../../engine/cosem/flag-ids.ts';
import { expandText } from '../../../engine/template/compile/identity-text.ts';
import {
  checkObisProfile,
  compileTemplate,
  diskFiles,
  loadObisProfile,
  type MeterModel,
  profileEntry,
  type SecretReference,
} from '../../../engine/template/index.ts';
import { hasShared, repositoryRoot, sharedFolder } from './support.ts';

const folder = path.join(repositoryRoot, 'samples');
const templates = readdirSync(folder).filter((name) => name.endsWith('.dlmsmeter'));
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(path.join(repositoryRoot, 'schemas', name), 'utf8')) as object;
const ajv = new Ajv2020({ strict: true, allErrors: true, discriminator: true, allowUnionTypes: true });
const validate = ajv.compile(schemaOf('meter-model.schema.json'));

function compile(file: string): ReturnType<typeof compileTemplate> {
  return compileTemplate(path.join(folder, file), diskFiles);
}

function meters(): readonly MeterModel[] {
  return compile('demo.dlmsmeter').model?.meters ?? [];
}

describe('samples', () => {
  for (const name of templates) {
    it(`${name} compiles without a finding, in canonical form`, () => {
      const { ok, findings, model } = compile(name);
      assert.deepEqual(findings, []);
      assert.ok(ok);
      const plain: unknown = JSON.parse(JSON.stringify(model));
      assert.ok(validate(plain), JSON.stringify(validate.errors?.slice(0, 3)));
      // Plain JSON and nothing else: no undefined, no classes.
      assert.deepEqual(plain, model);
    });

    it(`${name} compiles to the same octets every time`, () => {
      assert.equal(JSON.stringify(compile(name).model), JSON.stringify(compile(name).model));
    });
  }

  it('show at least six meters that differ in referencing, framing and authentication', () => {
    const list = meters();
    assert.ok(list.length >= 6);
    assert.deepEqual([...new Set(list.map((item) => item.referencing))].toSorted(), ['LN', 'SN']);
    assert.deepEqual([...new Set(list.flatMap((item) => item.transports.map((one) => one.framing)))].toSorted(), [
      'hdlc',
      'wrapper',
    ]);
    const mechanisms = new Set(list.flatMap((item) => item.associations.map((one) => one.mechanism)));
    for (const mechanism of ['lowest', 'lls', 'hls-gmac', 'hls-sha256'] as const)
      assert.ok(mechanisms.has(mechanism), mechanism);
    assert.deepEqual([...new Set(list.flatMap((item) => item.securities.map((one) => one.suite)))].toSorted(), [0, 1]);
  });

  it('are called as the demo says', () => {
    const byName = new Map(meters().map((item) => [item.name, item]));
    for (const [name, vendor, model] of [
      ['acme_a1000', 'Acme Energy', 'A1000'],
      ['zenith_z900', 'Zenith Power', 'Z900'],
    ] as const) {
      const meter = byName.get(name);
      assert.equal(meter?.title, `${vendor} ${model}`);
      assert.equal(meter?.identity.vendor, vendor);
      assert.equal(meter?.identity.model, model);
    }
  });

  it('demo has at least 120 meters whose logical device names and addresses differ', () => {
    const { model } = compile('demo.dlmsmeter');
    const fleets = model?.fleets ?? [];
    const names = fleets.flatMap((fleet) => {
      const meter = model?.meters.find((item) => item.name === fleet.meter);
      assert.ok(meter);
      return Array.from({ length: fleet.count }, (_, index) =>
        expandText(meter.identity.logicalDeviceName, meter.identity, fleet.serialFrom + index),
      );
    });
    assert.ok(names.length >= 120, String(names.length));
    assert.equal(new Set(names).size, names.length);
    const networks = fleets.map((fleet) => ('spread' in fleet.address ? fleet.address.spread : ''));
    assert.equal(new Set(networks).size, networks.length);
  });

  it('tell vendor, model and firmware to the public client', () => {
    for (const meter of meters()) {
      for (const obis of [
        '0-0:42.0.0.255',
        '0-0:96.1.0.255',
        '0-0:96.1.1.255',
        '0-0:96.1.2.255',
        '1-0:0.2.0.255',
        '0-0:40.0.0.255',
      ]) {
        const object = meter.objects.find((item) => item.obis === obis);
        assert.ok(object?.access.public?.get !== undefined, `${meter.name} ${obis}`);
      }
      for (const { model } of [{ model: meter.identity.model }]) assert.ok(meter.title?.endsWith(model));
    }
  });

  it('use FLAG letters that belong to nobody', () => {
    for (const meter of meters()) assert.equal(flagManufacturer(meter.identity.flag), undefined, meter.identity.flag);
  });

  it('have a demo key for every secret they name', () => {
    const keys = JSON.parse(readFileSync(path.join(folder, 'demo.keys.json'), 'utf8')) as Readonly<
      Record<string, string>
    >;
    const wanted = meters().flatMap((meter) => [
      ...meter.securities.flatMap((item) => [
        item.globalUnicastKey,
        item.globalBroadcastKey,
        item.authenticationKey,
        item.masterKey,
      ]),
      ...meter.associations.map((item) => item.secret),
    ]);
    const named = wanted.flatMap((item: SecretReference | undefined) =>
      item !== undefined && 'secret' in item ? [item.secret] : [],
    );
    assert.ok(named.length >= 8);
    for (const name of named)
      assert.match(keys[name] ?? '', /^(?:hex:(?:[0-9a-f]{32}|[0-9a-f]{64})|text:.{8,})$/, name);
    for (const value of Object.values(keys)) assert.match(value, /^(?:hex|text):/);
  });

  it('common.obis.yaml is clean and names what the electricity meters have', () => {
    const file = path.join(folder, 'common.obis.yaml');
    assert.deepEqual(checkObisProfile(readFileSync(file, 'utf8'), { path: file, files: diskFiles }), []);
    const { profile } = loadObisProfile(file, diskFiles);
    assert.ok(profile);
    const acme = meters().find((item) => item.name === 'acme_a1000');
    assert.ok(acme);
    const required = profile.objects.filter((item) => item.presence === 'required');
    for (const entry of required) {
      assert.ok(
        acme.objects.some((object) => profileEntry(profile, object.obis, object.class)?.object.id === entry.id),
        entry.id,
      );
    }
  });
});

describe('examples of the language proposal', () => {
  before(function () {
    if (!hasShared) this.skip();
  });
  for (const name of ['zza-a1000', 'zza-base', 'zzb-200sn']) {
    it(`${name}.dlmsmeter compiles, in canonical form`, () => {
      const { ok, findings, model } = compileTemplate(
        path.join(sharedFolder, 'language/examples', `${name}.dlmsmeter`),
        diskFiles,
      );
      assert.deepEqual(
        findings.filter((item) => item.severity === 'error'),
        [],
      );
      assert.ok(ok);
      assert.ok(validate(JSON.parse(JSON.stringify(model))), JSON.stringify(validate.errors?.slice(0, 3)));
    });
  }
  for (const name of ['common-quantities', 'zzb']) {
    it(`${name}.obis.yaml is accepted`, () => {
      const file = path.join(sharedFolder, 'language/examples', `${name}.obis.yaml`);
      assert.deepEqual(checkObisProfile(readFileSync(file, 'utf8'), { path: file, files: diskFiles }), []);
    });
  }
});
