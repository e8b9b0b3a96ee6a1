import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { connect } from '../../../engine/session/connect.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { type ReadValue, readEverything } from '../../../engine/session/reader.ts';
import { compileTemplate, diskFiles } from '../../../engine/template/index.ts';
import { connectionTo } from './support/connection-to.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const keys = JSON.parse(readFileSync(path.join(samples, 'demo.keys.json'), 'utf8')) as Record<string, string>;
const { model: templates } = compileTemplate(path.join(samples, 'demo.dlmsmeter'), diskFiles);

describe('sample meters, read by our own client over real sockets', () => {
  let emulator: Emulator;
  const secrets = secretResolver({ values: keys });
  const meters = (templates?.meters ?? []).map((model, index) =>
    createMeter(model, { number: 40 + index, secrets, startedAt: Date.now() }),
  );

  before(async () => {
    const listeners = new ListenerTable();
    const placements = meters.flatMap((meter) => placeMeters([meter], parseListen('127.0.0.1:0')));
    emulator = await Emulator.start({ name: 'samples', placements, listeners });
  });
  after(() => emulator.stop());

  it('are at least six, of both referencings, both framings and several mechanisms', () => {
    const all = meters.map(({ model }) => model);
    assert.ok(all.length >= 6);
    assert.deepEqual(
      new Set(all.flatMap(({ transports }) => transports.map(({ framing }) => framing))),
      new Set(['wrapper', 'hdlc']),
    );
    assert.deepEqual(
      new Set(all.flatMap(({ associations }) => associations.map(({ context }) => context))),
      new Set(['LN', 'SN']),
    );
  });

  for (const [index, meter] of meters.entries()) {
    for (const association of meter.model.associations) {
      const { clientSap, mechanism, context, ciphering } = association;
      const what = `${meter.model.name}, ${association.name} (client ${clientSap}, ${context}, ${mechanism}${ciphering ? ', ciphered' : ''})`;

      it(`${what}: every attribute of the object list is read`, async () => {
        const endpoint = emulator.endpoints()[index];
        assert.ok(endpoint !== undefined);
        const open = await connect(connectionTo(meter, association, endpoint, keys));
        const values: ReadValue[] = [];
        try {
          const objects = await open.objectList();
          const visible = meter.blueprint.objects.filter(
            (object) => object.visible[meter.model.associations.indexOf(association)],
          );
          assert.equal(objects.length, visible.length);
          for await (const read of readEverything(open)) values.push(read);
        } finally {
          await open.release();
        }
        // With short names the list has no rights, so a few refusals are part of reading everything.
        const refused = values.filter(({ error }) => error !== undefined);
        if (context === 'LN') assert.deepEqual(refused, []);
        else assert.ok(refused.every(({ error }) => error === 'read-write-denied'));
        const name = values.find(({ obis, attribute }) => obis === '0-0:42.0.0.255' && attribute === 2);
        if (name !== undefined) {
          assert.ok(JSON.stringify(name.data).includes(Buffer.from(meter.logicalDeviceName).toString('hex')));
        }
      });

      if (mechanism === 'lowest') continue;
      it(`${what}: wrong credentials are refused`, async () => {
        const endpoint = emulator.endpoints()[index];
        assert.ok(endpoint !== undefined);
        const right = connectionTo(meter, association, endpoint, keys);
        const wrong = Object.fromEntries(
          Object.entries(right.secrets).map(([name, secret]) => [
            name,
            name === 'password' ? 'text:nonsense' : secret.replaceAll('0', '1').replaceAll('a', 'b'),
          ]),
        );
        await assert.rejects(connect({ ...right, secrets: wrong, timeoutMs: 1000 }), SessionError);
      });
    }
  }
});
