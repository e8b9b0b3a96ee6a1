import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { SimulatedClock } from '../../../engine/emulator/simulated-clock.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { call, number, object, plus } from '../meter/support/models.ts';
import { pushed, pushingModel, pushSchedule, pushScripts, pushSetup } from '../meter/support/pushes.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const METERS = 150;

describe('many meters that push at the same moment', function () {
  this.timeout(20_000);

  it('send while others still work out what they push, and leave the loop to others', async () => {
    let arrived = 0;
    let begunAtFirst: number | undefined;
    const receiver = createServer((socket) => {
      arrived += 1;
      const { sent = 0, waiting = 0 } = emulator.activity().pushes ?? {};
      begunAtFirst ??= sent + waiting;
      socket.on('error', () => undefined).resume();
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;

    const surplus = call('max', [number(0), plus(call('sun'), call('household'))]);
    const energy = object({
      name: 'energy',
      class: 3,
      obis: '1-0:1.8.0.255',
      attributes: { 2: { type: 'double-long-unsigned', value: call('integrate', [surplus]) } },
    });
    const setup = pushSetup({ destination: `127.0.0.1:${port}`, list: [pushed(3, '1-0:1.8.0.255')] });
    const objects = [energy, setup, pushScripts(setup), pushSchedule(['ffff0000', 'ffffffffff'])];
    const model = pushingModel(objects);
    const [transport] = model.transports;
    assert.ok(transport);
    const time = new SimulatedClock();
    time.change({ to: NOON - 30_000, frozen: true });
    const emulator = await Emulator.start({
      name: 'many',
      placements: Array.from({ length: METERS }, (_, index) => ({
        meter: createMeter(model, { number: index + 1, startedAt: NOON - 30_000 }),
        transport,
        host: '127.0.0.1',
        port: 0,
        spread: false,
        address: index + 1,
      })),
      listeners: new ListenerTable(),
      time,
    });
    try {
      await pause(100);
      // Timers of others that come round while some meters have begun and others have not.
      let between = 0;
      const beat = setInterval(() => {
        const { sent = 0, waiting = 0 } = emulator.activity().pushes ?? {};
        if (sent + waiting > 0 && sent + waiting < METERS) between += 1;
      }, 1);
      emulator.changeTime({ to: NOON, frozen: false });
      for (let tries = 0; tries < 1000 && arrived < METERS; tries += 1) await pause(10);
      clearInterval(beat);
      assert.equal(arrived, METERS);
      assert.ok(begunAtFirst !== undefined && begunAtFirst < METERS, `${begunAtFirst} had begun at the first arrival`);
      assert.ok(between > 0, 'no timer came round while the meters worked out what they push');
    } finally {
      await emulator.stop();
      receiver.close();
    }
  });
});
