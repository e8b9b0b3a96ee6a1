import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import type { VariableAccess } from '../../../engine/codec/xdlms/types.ts';
import { nearestClass } from '../../../engine/cosem/classes.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { Expression, ObjectModel } from '../../../engine/template/model.ts';
import {
  arrayOf,
  bytes,
  duration,
  enumeration,
  int8,
  items,
  list,
  numberOf,
  struct,
  truth,
  u8,
  u32,
} from './support/class-client.ts';
import { association, call, meterModel, number, object, ref } from './support/models.ts';
import { ALL_SN, NOW, TestClient } from './support/test-client.ts';

/** The classes with methods once more, by short names: attributes at eight octets each, methods at their offsets. */

const BASE = 0x2000;
const RIGHTS = { manager: { get: [], set: [], action: [] }, reader: { get: [] } };

class ShortNames {
  readonly client: TestClient;
  readonly #class: number;
  readonly #version: number;

  constructor(part: Partial<ObjectModel> & { readonly class: number }, sap = 1) {
    this.#class = part.class;
    this.#version = part.version ?? 0;
    const model = meterModel({
      referencing: 'SN',
      associations: [
        association({ name: 'manager', clientSap: 1, context: 'SN', conformance: ALL_SN, maxPdu: 0xffff }),
        association({ name: 'reader', clientSap: 2, context: 'SN', conformance: ALL_SN, maxPdu: 0xffff }),
      ],
      objects: [
        ...meterModel().objects.map((one) => ({ ...one, access: RIGHTS })),
        object({ name: 'own', obis: '0-0:96.80.0.255', baseName: BASE, access: RIGHTS, ...part }),
      ],
    });
    this.client = new TestClient(createMeter(model, { startedAt: NOW }), sap);
    assert.equal(this.client.open({ context: 'sn' }).result, 'accepted');
  }

  get(attribute: number, selection?: { readonly selector: number; readonly parameter: Data }): unknown {
    const name = BASE + (attribute - 1) * 8;
    const access: VariableAccess =
      selection === undefined ? { 'variable-name': name } : { 'parameterized-access': { name, ...selection } };
    const answer = this.client.plain({ kind: 'read-request', list: [access] });
    assert.ok(answer.kind === 'read-response');
    const [one] = answer.list;
    return one !== undefined && 'data' in one ? one.data : one !== undefined && 'result' in one ? one.result : one;
  }

  set(attribute: number, data: Data): unknown {
    return this.#write(BASE + (attribute - 1) * 8, data);
  }

  act(method: number, parameter: Data = int8(0)): unknown {
    const offset = nearestClass(this.#class, this.#version)?.methods[method - 1]?.snOffset ?? 0;
    return this.#write(BASE + offset, parameter);
  }

  #write(name: number, data: Data): unknown {
    const answer = this.client.plain({ kind: 'write-request', list: [{ 'variable-name': name }], values: [data] });
    assert.ok(answer.kind === 'write-response');
    return answer.list[0];
  }
}

const given = (attributes: Record<number, Expression>): ObjectModel['attributes'] =>
  Object.fromEntries(Object.entries(attributes).map(([index, value]) => [index, { value }]));

describe('classes by short names', () => {
  it('register and demand register are reset', () => {
    const register = new ShortNames({ class: 3, attributes: given({ 2: call('integrate', [ref('simulate.load')]) }) });
    assert.ok(numberOf(register.get(2)) > 0);
    assert.equal(register.act(1), 'success');
    assert.equal(numberOf(register.get(2)), 0);
    const demand = new ShortNames({ class: 5, attributes: given({ 2: ref('simulate.load'), 8: duration(900_000) }) });
    assert.ok(numberOf(demand.get(3)) > 0);
    assert.equal(demand.act(2), 'success');
    assert.equal(numberOf(demand.get(2)), 0);
  });

  it('a profile is read in part, emptied and captured', () => {
    const profile = new ShortNames({
      class: 7,
      version: 1,
      attributes: given({ 3: list(ref('clock.time'), ref('active_power.value')), 4: duration(900_000), 8: number(96) }),
      settings: { prefill: duration(86_400_000) },
    });
    assert.equal(items(profile.get(2)).length, 96);
    const entries = struct(u32(1), u32(4), { t: 'long-unsigned', v: 1 }, { t: 'long-unsigned', v: 0 });
    assert.equal(items(profile.get(2, { selector: 2, parameter: entries })).length, 4);
    assert.equal(profile.act(1), 'success');
    assert.deepEqual(profile.get(7), u32(0));
    assert.equal(profile.act(2), 'success');
    assert.deepEqual(profile.get(7), u32(1));
    assert.equal(profile.set(4, u32(60)), 'success');
    assert.deepEqual(profile.get(7), u32(0));
  });

  it('an image is transferred and activated', () => {
    const image = new ShortNames({ class: 18, attributes: given({ 2: number(4), 5: { k: 'boolean', value: true } }) });
    assert.equal(image.act(1, struct(bytes('332e31'), u32(6))), 'success');
    assert.equal(image.act(2, struct(u32(1), bytes('0506'))), 'success');
    assert.deepEqual(image.get(3), { t: 'bit-string', v: '01' });
    assert.equal(image.act(3), 'other-reason');
    assert.equal(image.act(2, struct(u32(0), bytes('01020304'))), 'success');
    assert.equal(image.act(4), 'success');
    assert.deepEqual(image.get(6), enumeration(6));
    assert.equal(image.client.meter.identityModel.firmware, '3.1');
  });

  it('a relay is switched, its mode written', () => {
    const relay = new ShortNames({ class: 70, attributes: given({ 4: number(4) }) });
    assert.equal(relay.act(1), 'success');
    assert.deepEqual(relay.get(2), truth(false));
    assert.equal(relay.set(4, enumeration(3)), 'success');
    assert.equal(relay.act(2), 'success');
    assert.deepEqual(relay.get(3), enumeration(2));
  });

  it('masks of a register activation, the time of a clock', () => {
    const activation = new ShortNames({ class: 6 });
    assert.equal(activation.act(2, struct(bytes('01'), arrayOf(u8(1)))), 'success');
    assert.equal(activation.set(4, bytes('01')), 'success');
    assert.deepEqual(activation.get(4), bytes('01'));
    assert.equal(activation.set(4, bytes('02')), 'object-unavailable');
    const clock = new ShortNames({ class: 8, obis: '0-0:1.0.1.255', attributes: given({ 2: call('simulated') }) });
    const before = clock.get(2);
    assert.equal(clock.act(6, { t: 'long', v: 60 }), 'success');
    assert.notDeepEqual(clock.get(2), before);
  });

  it('a reader may do none of it', () => {
    const relay = new ShortNames({ class: 70, attributes: given({ 4: number(4) }) }, 2);
    assert.deepEqual(relay.get(2), truth(true));
    assert.equal(relay.act(1), 'read-write-denied');
    assert.equal(relay.set(4, enumeration(1)), 'read-write-denied');
  });
});
