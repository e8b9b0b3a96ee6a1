import assert from 'node:assert/strict';
import type { VariableAccess } from '../../../engine/codec/xdlms/types.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { compileText } from '../../../engine/template/index.ts';
import type { MeterModel } from '../../../engine/template/model.ts';
import { bytes, enumeration, int8, invoke, read, u8, u16, u32, write } from './support/class-client.ts';
import { ALL_LN, ALL_SN, NOW, TestClient } from './support/test-client.ts';

/** Classes of the maker's own, from the text of a template to the answers of a meter. */

function compiled(referencing: 'LN' | 'SN'): MeterModel {
  const services = (referencing === 'LN' ? ALL_LN : ALL_SN).join(', ');
  const { model, findings } = compileText(`
class battery 9001 {
  attributes: level unsigned, changed double-long-unsigned, mode enum, note visible-string, extra
  methods: replace, test
}
meter m {
  identity {
    vendor: "Vendor"   flag: "ZZV"   model: "M"   firmware: "1"   serial: "{n:08}"
    logical_device_name: "{flag}{serial}"
    referencing: ${referencing}
  }
  transport lan tcp { port: 4059   framing: wrapper }
  association management {
    client: 1
    authentication: none
    context: ${referencing}, no-ciphering
    conformance: ${services}
    max_pdu: 2000
  }
  rights all { management: get, set, action }
  object cell 0-0:96.200.0.255 battery {
    rights: all
    level: 87
    mode: 2
    extra: long-unsigned(7)
    on replace {
      set: cell.level, 100
    }
  }
}
`);
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    [],
  );
  const [meter] = model?.meters ?? [];
  assert.ok(meter !== undefined);
  return meter;
}

const CELL = '0-0:96.200.0.255';

describe('vendor classes', () => {
  const opened = (): TestClient => {
    const client = new TestClient(createMeter(compiled('LN'), { startedAt: NOW }), 1);
    assert.equal(client.open().result, 'accepted');
    return client;
  };

  it('attributes have the types of their class, also those without a value', () => {
    const client = opened();
    assert.deepEqual(read(client, CELL, 9001, 1), bytes('000060c800ff'));
    assert.deepEqual(read(client, CELL, 9001, 2), u8(87));
    assert.deepEqual(read(client, CELL, 9001, 3), u32(0));
    assert.deepEqual(read(client, CELL, 9001, 4), enumeration(2));
    assert.deepEqual(read(client, CELL, 9001, 5), { t: 'visible-string', v: '' });
    assert.deepEqual(read(client, CELL, 9001, 6), u16(7));
    assert.equal(read(client, CELL, 9001, 7), 'object-undefined');
  });

  it('are written in their types only', () => {
    const client = opened();
    assert.equal(write(client, CELL, 9001, 2, u16(5)), 'type-unmatched');
    assert.equal(write(client, CELL, 9001, 2, u8(5)), 'success');
    assert.deepEqual(read(client, CELL, 9001, 2), u8(5));
  });

  it('methods do what the template says they do', () => {
    const client = opened();
    assert.equal(invoke(client, CELL, 9001, 1, int8(0)), 'success');
    assert.deepEqual(read(client, CELL, 9001, 2), u8(100));
    assert.equal(invoke(client, CELL, 9001, 2, int8(0)), 'success');
    assert.equal(invoke(client, CELL, 9001, 3, int8(0)), 'object-undefined');
  });

  it('an object of a class nobody declares is refused by the language', () => {
    const { findings } = compileText('meter m { object x 0-0:96.200.0.255 accumulator { } }');
    assert.ok(findings.some(({ code }) => code === 'DLMS-501'));
  });

  it('with short names: attributes and methods at their offsets', () => {
    const model = compiled('SN');
    const base = model.objects[0]?.baseName;
    assert.ok(base !== undefined);
    const client = new TestClient(createMeter(model, { startedAt: NOW }), 1);
    assert.equal(client.open({ context: 'sn' }).result, 'accepted');
    const get = (short: number) => {
      const name: VariableAccess = { 'variable-name': short };
      const answer = client.plain({ kind: 'read-request', list: [name] });
      return answer.kind === 'read-response' ? answer.list[0] : undefined;
    };
    assert.deepEqual(get(base + 8), { data: u8(87) });
    const method: VariableAccess = { 'variable-name': base + 6 * 8 };
    const done = client.plain({ kind: 'write-request', list: [method], values: [int8(0)] });
    assert.ok(done.kind === 'write-response');
    assert.deepEqual(done.list, ['success']);
    assert.deepEqual(get(base + 8), { data: u8(100) });
  });
});
