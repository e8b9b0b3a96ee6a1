import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../engine/emulator/secrets.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { connect } from '../../../engine/session/connect.ts';
import type { Notification } from '../../../engine/session/notification.ts';
import { connectionTo } from './support/connection-to.ts';
import { families, familyKeys } from './support/families.ts';

const PUSH_SETUP = 40;
const DEADLINE_MS = 5000;

/** Families that push over the line a client has opened, the setup, and how often one push is heard. */
const PUSHING = [
  // Cut into several UI frames with flags of their own, and once more between SNRM and UA.
  { family: 'iskraemeco_am550', obis: '0-0:25.9.0.255', times: 1, elements: 5 },
  // Three APDUs in one frame, to a client address of two octets.
  { family: 'landisgyr_e450', obis: '0-8:25.9.0.255', times: 3, elements: 5 },
];

describe('family templates push over the line that is open, in their own way', function () {
  this.timeout(20_000);
  const emulators: Emulator[] = [];
  after(() => Promise.all(emulators.map((emulator) => emulator.stop())));

  for (const { family, obis, times, elements } of PUSHING) {
    it(`${family}: the client hears ${obis} on demand, and goes on reading`, async () => {
      const { model } = families.find((one) => one.model.name === family) ?? assert.fail(family);
      const meter = createMeter(model, {
        number: 7,
        secrets: secretResolver({ values: familyKeys }),
        startedAt: Date.now(),
      });
      const placements = placeMeters([meter], parseListen('127.0.0.1:0'));
      const emulator = await Emulator.start({ name: family, placements, listeners: new ListenerTable() });
      emulators.push(emulator);
      const association = model.associations.find(({ name }) => name === 'management') ?? assert.fail();
      const endpoint = emulator.endpoints()[0] ?? assert.fail('not started');

      const heard: Notification[] = [];
      const open = await connect(connectionTo(meter, association, endpoint, familyKeys), {
        onNotification: (notification) => heard.push(notification),
      });
      try {
        const full = () =>
          heard.filter(
            ({ apdu }) =>
              apdu.kind === 'data-notification' && apdu.data.t === 'structure' && apdu.data.v.length === elements,
          ).length;
        await open.action({ class: PUSH_SETUP, obis, index: 1 }, { t: 'integer', v: 0 });
        const until = performance.now() + DEADLINE_MS;
        while (full() < times && performance.now() < until) {
          await pause(20);
          const read = await open.get({ class: 1, obis: '0-0:42.0.0.255', index: 2 });
          assert.ok('data' in read);
        }
        assert.ok(full() >= times, `heard ${full()} of ${times}`);
      } finally {
        await open.release();
      }
    });
  }
});
