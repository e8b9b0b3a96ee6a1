import assert from 'node:assert/strict';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { encodeDateTime } from '../../../engine/codec/axdr/date-time.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { PushReceiver } from '../../../engine/link/push-receiver.ts';
import { invokeInside } from '../../../engine/meter/classes/reactions.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import { openFrom, windowsIn } from '../../../engine/meter/push/communication-window.ts';
import { isRefusal, pushWay } from '../../../engine/meter/push/destination.ts';
import { apdusOfTry, inBlocks, notificationOf } from '../../../engine/meter/push/notification.ts';
import { pushFrames } from '../../../engine/meter/push/push-frames.ts';
import type { PushOrder } from '../../../engine/meter/push/push-order.ts';
import { pushSettings } from '../../../engine/meter/push/push-settings.ts';
import { LocalCalendar } from '../../../engine/meter/schedule/local-calendar.ts';
import { runDue } from '../../../engine/meter/schedule/run-due.ts';
import type { ObjectModel } from '../../../engine/template/model.ts';
import { call, number, object, text } from './support/models.ts';
import {
  GAK,
  GUEK,
  type PushOptions,
  pushed,
  pushingModel,
  pushSchedule,
  pushScripts,
  pushSetup,
} from './support/pushes.ts';

const NOW = Date.UTC(2026, 5, 1, 10, 0, 0);
const random = (length: number): Uint8Array => new Uint8Array(length);
const LIMITS = { now: NOW, random, most: 0xffff };

function pushing(options: PushOptions, ...objects: readonly ObjectModel[]) {
  const meter = createMeter(pushingModel([pushSetup({ destination: '127.0.0.1:4059', ...options }), ...objects]), {
    startedAt: NOW,
  });
  return target(meter);
}

function target(meter: VirtualMeter) {
  const setup = meter.blueprint.byName('push');
  assert.ok(setup);
  return { meter, object: setup, time: NOW };
}

function settingsOf(from: ReturnType<typeof pushing>) {
  const settings = pushSettings(from);
  assert.ok(!isRefusal(settings));
  return settings;
}

function apdusOf(from: ReturnType<typeof pushing>, limits = LIMITS) {
  const settings = settingsOf(from);
  return apdusOfTry(from.meter, settings, notificationOf(from, settings), limits) ?? [];
}

describe('push setup', () => {
  it('makes a data-notification: number, time of the meter, a structure of the values', () => {
    const from = pushing({});
    const [apdu] = apdusOf(from);
    assert.equal(
      toHex(apdu ?? new Uint8Array(0)),
      // long-invoke-id 1; 11:00 of 2026-06-01, a Monday, in a zone one hour before UTC; structure of 2.
      '0f00000001' + '0c07ea0601010b000000ffc400' + '0202' + '090c07ea0601010b000000ffc400' + '09083030303030303031',
    );
    const [next] = apdusOf(from);
    assert.equal(toHex((next ?? new Uint8Array(0)).subarray(0, 5)), '0f00000002');
  });

  it('pushes whole objects, elements, rows by entry, and null-data for what is not there', () => {
    const log = object({
      name: 'log',
      obis: '1-0:99.1.0.255',
      class: 7,
      attributes: {
        3: { value: { k: 'list', items: [{ k: 'ref', path: 'clock.time' }] } },
        4: { value: number(3600) },
        8: { value: number(10) },
      },
      settings: { prefill: { k: 'duration', ms: 36_000_000 } },
    });
    const restriction = call('structure', [
      call('enum', [number(2)]),
      call('structure', [call('long-unsigned', [number(1)]), call('long-unsigned', [number(2)])]),
    ]);
    const from = pushing(
      {
        list: [
          pushed(3, '1-0:1.7.0.255', 0),
          pushed(3, '1-0:1.7.0.255', 3, 2),
          pushed(1, '0-0:99.99.99.255'),
          pushed(7, '1-0:99.1.0.255', 2, 0, restriction),
        ],
      },
      log,
    );
    const [apdu] = apdusOf(from);
    const decoded = decodeApdu(apdu ?? new Uint8Array(0));
    assert.ok(decoded.ok && decoded.value.kind === 'data-notification' && decoded.value.data.t === 'structure');
    const [whole, element, missing, rows] = decoded.value.data.v;
    assert.ok(whole?.t === 'structure' && whole.v.length === 3);
    assert.deepEqual(element, { t: 'enum', v: 27 });
    assert.deepEqual(missing, { t: 'null-data' });
    assert.ok(rows?.t === 'array' && rows.v.length === 2);
  });

  it('is protected by the policy of its security block, each try with a counter of its own', () => {
    const from = pushing({ settings: { security: text('guard') } });
    const settings = settingsOf(from);
    const notification = notificationOf(from, settings);
    const counters = [0, 1].map(() => {
      const [apdu = new Uint8Array(0)] = apdusOfTry(from.meter, settings, notification, LIMITS) ?? [];
      const decoded = decodeApdu(apdu);
      assert.ok(decoded.ok && decoded.value.kind === 'general-glo-ciphering');
      assert.equal(toHex(decoded.value.systemTitle), toHex(from.meter.systemTitle));
      assert.equal(decoded.value.security.sc, 0x30);
      const opened = unprotect(decoded.value, { guek: fromHex(GUEK), gak: fromHex(GAK) });
      assert.ok(opened.ok);
      assert.equal(toHex(opened.plain), toHex(notification.apdu));
      return decoded.value.security.ic;
    });
    assert.equal(counters[1], (counters[0] ?? 0) + 1);
  });

  it('never sends in the clear what it has no key for', () => {
    const model = pushingModel([pushSetup({ destination: '127.0.0.1', settings: { security: text('guard') } })], {
      securities: [{ name: 'guard', suite: 0, policy: ['authenticated-response', 'encrypted-response'] }],
    });
    const from = target(createMeter(model, { startedAt: NOW }));
    const settings = settingsOf(from);
    assert.equal(apdusOfTry(from.meter, settings, notificationOf(from, settings), LIMITS), undefined);
  });

  it('is cut into general blocks above its PDU: window 0, not streaming, the last one marked', () => {
    const blocks = inBlocks(
      Uint8Array.from({ length: 20 }, (_, index) => index),
      16,
    );
    assert.deepEqual(blocks.map(toHex), [
      'e000000100000900' + '0102030405060708',
      'e000000200000909' + '0a0b0c0d0e0f1011',
      'e08000030000021213',
    ]);
    assert.ok(blocks.every(({ length }) => length <= 16));
    for (const limit of [8, 40, 134, 135, 262, 263, 300, 1000]) {
      const cut = inBlocks(new Uint8Array(5000), limit);
      assert.ok(
        cut.every(({ length }) => length <= limit),
        `a block is longer than ${limit}`,
      );
    }
  });

  for (const framing of ['wrapper', 'hdlc'] as const) {
    for (const settings of [{}, { security: text('guard') }, { security: text('guard'), max_pdu: number(64) }]) {
      it(`over ${framing} is understood by our own receiver, ${JSON.stringify(Object.keys(settings))}`, () => {
        const from = pushing({ settings: { ...settings, client: number(21) } });
        const made = settingsOf(from);
        const notification = notificationOf(from, made);
        const apdus = apdusOfTry(from.meter, made, notification, LIMITS) ?? [];
        assert.equal(apdus.length > 1, 'max_pdu' in settings);
        const receiver = new PushReceiver();
        const events = pushFrames(from.meter, made, framing, apdus, NOW).flatMap((piece) => receiver.receive(piece, 0));
        const [event, ...more] = events;
        assert.ok(event?.type === 'apdu' && more.length === 0, JSON.stringify(events));
        assert.deepEqual([event.peer?.client, event.peer?.server, event.framing], [21, 1, framing]);
        const decoded = decodeApdu(event.apdu);
        assert.ok(decoded.ok);
        assert.equal(decoded.value.kind, 'security' in settings ? 'general-glo-ciphering' : 'data-notification');
      });
    }
  }

  it('goes where send_destination_and_method says, and refuses what it has no way for', () => {
    assert.deepEqual(pushWay(0, '127.0.0.1:4061', 0), {
      kind: 'tcp',
      framing: 'wrapper',
      host: '127.0.0.1',
      port: 4061,
    });
    assert.deepEqual(pushWay(1, '[::1]:4061', 0), { kind: 'udp', framing: 'wrapper', host: '::1', port: 4061 });
    assert.deepEqual(pushWay(5, '127.0.0.1\0', 0), { kind: 'tcp', framing: 'hdlc', host: '127.0.0.1', port: 4059 });
    assert.deepEqual(pushWay(5, '', 0), { kind: 'line', framing: 'hdlc' });
    const refusals = [
      [1, '', 0, 'no-destination'],
      [4, '+491700000', 0, 'unsupported'],
      [200, 'x', 0, 'unsupported'],
      [0, '127.0.0.1', 1, 'unsupported'],
      [0, '127.0.0.1:0', 0, 'bad-destination'],
      [0, '127.0.0.1:70000', 0, 'bad-destination'],
      [0, 'two words', 0, 'bad-destination'],
    ] as const;
    for (const [service, destination, message, code] of refusals) {
      const found = pushWay(service, destination, message);
      assert.equal(isRefusal(found) && found.code, code, `${service} ${destination}`);
    }
    const sms = pushWay(4, '+491700000', 0);
    assert.equal(isRefusal(sms) && sms.message, 'found SMS, expected TCP, UDP or HDLC as transport service');
  });

  it('waits longer from retry to retry where its version says so', () => {
    const steady = settingsOf(pushing({ retries: 3, delay: number(20) }));
    assert.deepEqual([0, 1, 2].map(steady.delayBefore), [20_000, 20_000, 20_000]);
    const parts = [10, 200, 60].map((value) => call('long-unsigned', [number(value)]));
    const growing = settingsOf(pushing({ version: 2, retries: 5, delay: call('structure', parts) }));
    assert.deepEqual([0, 1, 2, 3].map(growing.delayBefore), [10_000, 20_000, 40_000, 60_000]);
  });

  it('pushes in its communication windows only', () => {
    const utc = new LocalCalendar(() => 0);
    const nightly = windowsIn({
      t: 'array',
      v: [
        {
          t: 'structure',
          v: [
            { t: 'octet-string', v: encodeDateTime({ hour: 23, minute: 0, second: 0, hundredths: 0 }) },
            { t: 'octet-string', v: encodeDateTime({ hour: 1, minute: 30, second: 0, hundredths: 0 }) },
          ],
        },
      ],
    });
    const at = (hour: number, minute: number): number => Date.UTC(2026, 5, 1, hour, minute);
    assert.equal(openFrom(nightly, at(10, 0), utc), at(23, 0));
    assert.equal(openFrom(nightly, at(23, 0), utc), at(23, 0));
    assert.equal(openFrom(nightly, at(0, 30), utc), at(0, 30), 'over midnight');
    assert.equal(openFrom(nightly, at(1, 30), utc), at(23, 0));
    assert.equal(openFrom([], at(1, 30), utc), at(1, 30));
  });
});

describe('what makes a meter push', () => {
  function watched(...objects: readonly ObjectModel[]): { from: ReturnType<typeof pushing>; orders: PushOrder[] } {
    const from = pushing({}, ...objects);
    const orders: PushOrder[] = [];
    from.meter.outbox = (order) => {
      orders.push(order);
      return undefined;
    };
    return { from, orders };
  }

  it('the push method, as a client invokes it', () => {
    const { from, orders } = watched();
    invokeInside(from, 1, { t: 'integer', v: 0 });
    assert.deepEqual(
      orders.map(({ object: { model }, time }) => [model.name, time]),
      [['push', NOW]],
    );
    from.meter.outbox = () => ({ code: 'unsupported', message: '' });
    assert.deepEqual(from.object.logic.invoke?.(from, 1, null), { result: 'other-reason' });
    from.meter.outbox = undefined;
    assert.deepEqual(from.object.logic.invoke?.(from, 1, null), { result: 'success' });
  });

  it('a schedule that executes a script', () => {
    const { from, orders } = watched(pushScripts(pushSetup()), pushSchedule(['ff0f0000', 'ffffffffff']));
    runDue(from.meter, NOW + 3_600_000);
    assert.deepEqual(
      orders.map(({ time }) => time - NOW),
      [900_000],
    );
    assert.equal(from.meter.dueAt, NOW + 4_500_000);
  });

  it('what a template says another method does', () => {
    const relay = object({
      name: 'relay',
      obis: '0-0:96.3.10.255',
      class: 70,
      attributes: { 4: { type: 'enum', value: number(4) } },
      settings: {
        'on remote_disconnect': { k: 'list', items: [call('run', [{ k: 'ref', path: 'push.push' }])] },
      },
    });
    const { from, orders } = watched(relay);
    const found = from.meter.blueprint.byName('relay');
    assert.ok(found);
    invokeInside({ ...from, object: found }, 1, null);
    assert.equal(orders.length, 1);
  });
});
