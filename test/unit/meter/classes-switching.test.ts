import assert from 'node:assert/strict';
import { obisToOctets } from '../../../engine/cosem/obis/obis.ts';
import { pressButton } from '../../../engine/meter/classes/disconnect-control.ts';
import { invokeInside } from '../../../engine/meter/classes/reactions.ts';
import type { Expression, ObjectModel } from '../../../engine/template/model.ts';
import {
  array,
  arrayOf,
  bytes,
  clientOf,
  duration,
  enumeration,
  int8,
  invoke,
  list,
  logicalName,
  longUnsigned,
  numberOf,
  read,
  reference,
  restarted,
  struct,
  structure,
  truth,
  u8,
  u16,
  u32,
  write,
} from './support/class-client.ts';
import { call, meterModel, number, object, ref } from './support/models.ts';
import type { TestClient } from './support/test-client.ts';

const RELAY = '0-0:96.3.10.255';
const SCRIPTS = '0-0:10.0.106.255';
const LIMITER = '0-0:17.0.0.255';
const MONITOR = '0-0:16.1.0.255';
const POWER = '1-0:1.7.0.255';
const MINUTE = 60_000;
const typed = (type: string, value: number): Expression => call(type, [number(value)]);

const relay = (mode: number): ObjectModel =>
  object({
    name: 'relay',
    obis: RELAY,
    class: 70,
    attributes: { 4: { value: number(mode) } },
    settings: { 'on remote_disconnect': list(call('set', [ref('simulate.load'), number(0)])) },
  });
const execute = (identifier: number, method: number): Expression =>
  structure(
    longUnsigned(identifier),
    array(
      structure(
        typed('enum', 2),
        longUnsigned(70),
        logicalName('relay'),
        typed('integer', method),
        typed('integer', 0),
      ),
    ),
  );
const scripts = object({
  name: 'scripts',
  obis: SCRIPTS,
  class: 9,
  attributes: { 2: { value: array(execute(1, 1), execute(2, 2)) } },
});
const run = (identifier: number): Expression => structure(logicalName('scripts'), longUnsigned(identifier));

const state = (client: TestClient): number => numberOf(read(client, RELAY, 70, 3));
const output = (client: TestClient): unknown => read(client, RELAY, 70, 2);
const power = (client: TestClient): number => numberOf(read(client, POWER, 3, 2));

describe('disconnect control', () => {
  /** Every event in every state: the state it leads to, or `no` where the mode does not allow it (classes.md, 70). */
  const events = ['remote off', 'local off', 'manual off', 'remote on', 'local on', 'manual on'] as const;
  const table: Readonly<Record<number, readonly (readonly [number, number, number | 'no'])[]>> = {
    1: [
      [1, 0, 0],
      [1, 1, 2],
      [1, 2, 2],
      [0, 3, 2],
      [2, 4, 'no'],
      [2, 5, 1],
    ],
    2: [
      [1, 0, 0],
      [1, 1, 2],
      [1, 2, 2],
      [0, 3, 1],
      [2, 4, 'no'],
      [2, 5, 1],
    ],
    3: [
      [1, 0, 0],
      [1, 1, 2],
      [1, 2, 'no'],
      [0, 3, 2],
      [2, 4, 'no'],
      [2, 5, 1],
    ],
    4: [
      [1, 0, 0],
      [1, 1, 2],
      [1, 2, 'no'],
      [0, 3, 1],
      [2, 4, 'no'],
      [2, 5, 1],
    ],
    5: [
      [1, 0, 0],
      [1, 1, 2],
      [1, 2, 2],
      [0, 3, 2],
      [2, 4, 1],
      [2, 5, 1],
    ],
    6: [
      [1, 0, 0],
      [1, 1, 2],
      [1, 2, 'no'],
      [0, 3, 2],
      [2, 4, 1],
      [2, 5, 1],
    ],
  };
  const happens = (client: TestClient, event: number): boolean => {
    const target = { meter: client.meter, object: client.meter.blueprint.byName('relay'), time: client.now };
    if (target.object === undefined) return false;
    const own = { ...target, object: target.object };
    const method = event < 3 ? 1 : 2;
    if (event === 2 || event === 5) return pressButton(own, event === 2 ? 'manual-disconnect' : 'manual-reconnect');
    if (event === 0 || event === 3) return invoke(client, RELAY, 70, method, int8(0)) === 'success';
    const before = state(client);
    invokeInside({ ...own, local: true }, method, int8(0));
    return state(client) !== before;
  };
  const bring = (client: TestClient, to: number): void => {
    if (to !== 1) assert.ok(happens(client, to === 0 ? 0 : 1));
    assert.equal(state(client), to);
  };
  for (const [mode, rows] of Object.entries(table)) {
    for (const [from, event, to] of rows) {
      it(`mode ${mode}: ${events[event]} leads from ${from} to ${to}`, () => {
        const client = clientOf([...meterModel().objects, relay(Number(mode)), scripts]);
        bring(client, from);
        assert.equal(happens(client, event), to !== 'no');
        assert.equal(state(client), to === 'no' ? from : to);
        assert.deepEqual(output(client), truth(state(client) === 1));
        assert.equal(power(client) === 0, state(client) !== 1, 'the load goes with the switch');
      });
    }
  }

  it('ready for reconnection goes back to disconnected, and stays where nothing is to be done', () => {
    const client = clientOf([...meterModel().objects, relay(3), scripts]);
    for (const [event, expected] of [
      [1, 2],
      [0, 0],
      [0, 0],
      [3, 2],
      [3, 2],
      [5, 1],
      [3, 1],
      [5, 1],
    ] as const) {
      assert.ok(happens(client, event));
      assert.equal(state(client), expected);
    }
  });

  it('the mode can be written, and mode 0 connects', () => {
    const client = clientOf([...meterModel().objects, relay(4), scripts]);
    assert.equal(write(client, RELAY, 70, 3, enumeration(0)), 'read-write-denied');
    assert.equal(write(client, RELAY, 70, 2, truth(false)), 'read-write-denied');
    assert.equal(write(client, RELAY, 70, 4, enumeration(7)), 'type-unmatched');
    assert.equal(write(client, RELAY, 70, 4, u8(0)), 'type-unmatched');
    assert.equal(invoke(client, RELAY, 70, 1, int8(0)), 'success');
    assert.equal(write(client, RELAY, 70, 4, enumeration(0)), 'success');
    assert.deepEqual(output(client), truth(true));
    assert.ok(power(client) > 0);
    assert.equal(invoke(client, RELAY, 70, 1, int8(0)), 'read-write-denied');
    assert.equal(invoke(client, RELAY, 70, 2, int8(0)), 'success');
  });

  it('stays off over a restart, and so does the load', () => {
    const client = clientOf([...meterModel().objects, relay(4), scripts]);
    invoke(client, RELAY, 70, 1, int8(0));
    client.now += MINUTE;
    const again = restarted(client);
    assert.equal(state(again), 0);
    assert.equal(power(again), 0);
  });
});

describe('limiter', () => {
  const limiter = (threshold: number, attributes: Record<string, Expression> = {}): ObjectModel =>
    object({
      name: 'limiter',
      obis: LIMITER,
      class: 71,
      attributes: Object.fromEntries(
        Object.entries({
          2: structure(longUnsigned(3), logicalName('active_power'), typed('integer', 2)),
          4: typed('double-long-unsigned', threshold),
          5: typed('double-long-unsigned', 100),
          6: duration(3 * MINUTE),
          7: duration(2 * MINUTE),
          11: structure(run(1), run(2)),
          ...attributes,
        }).map(([index, value]) => [index, { value }]),
      ),
    });
  const opened = (threshold: number, mode = 6, attributes = {}): TestClient =>
    clientOf([...meterModel().objects, relay(mode), scripts, limiter(threshold, attributes)]);

  it('leaves alone what is below the threshold', () => {
    const client = opened(6000);
    client.now += 60 * MINUTE;
    assert.equal(state(client), 1);
    assert.deepEqual(read(client, LIMITER, 71, 3), u32(6000));
  });

  it('disconnects after its time over the threshold, and reconnects after its time below', () => {
    const client = opened(150);
    client.now += 3 * MINUTE;
    assert.equal(state(client), 1);
    client.now += MINUTE;
    assert.equal(state(client), 2);
    assert.equal(power(client), 0);
    client.now += 2 * MINUTE;
    assert.equal(state(client), 2);
    client.now += MINUTE;
    assert.equal(state(client), 1);
    assert.ok(power(client) > 0);
  });

  it('does the same in one long look as in many short ones', () => {
    const short = opened(150);
    const long = opened(150);
    for (let minute = 1; minute <= 40; minute += 1) {
      short.now += MINUTE;
      state(short);
    }
    long.now += 40 * MINUTE;
    assert.equal(state(long), state(short));
    assert.deepEqual([...(long.meter.state.overrides ?? [])], [...(short.meter.state.overrides ?? [])]);
    assert.equal(numberOf(read(long, '1-0:1.8.0.255', 3, 2)), numberOf(read(short, '1-0:1.8.0.255', 3, 2)));
  });

  it('waits for a person in the modes where the meter may not reconnect by itself', () => {
    const client = opened(150, 4);
    client.now += 60 * MINUTE;
    assert.equal(state(client), 2);
  });

  it('goes by the emergency threshold while an emergency profile of its groups is in force', () => {
    const client = opened(6000);
    const at = bytes('07ea0b17ff0d05 0000ffc400'.replace(' ', ''));
    assert.equal(write(client, LIMITER, 71, 9, arrayOf(u16(7))), 'success');
    assert.equal(write(client, LIMITER, 71, 8, struct(u16(7), at, u32(600))), 'success');
    assert.deepEqual(read(client, LIMITER, 71, 10), truth(false));
    client.now += 5 * MINUTE;
    assert.deepEqual(read(client, LIMITER, 71, 10), truth(true));
    assert.deepEqual(read(client, LIMITER, 71, 3), u32(100));
    client.now += 4 * MINUTE;
    assert.equal(state(client), 2);
    client.now += 6 * MINUTE;
    assert.deepEqual(read(client, LIMITER, 71, 10), truth(false));
    assert.deepEqual(read(client, LIMITER, 71, 3), u32(6000));
    assert.equal(write(client, LIMITER, 71, 8, struct(u16(8), at, u32(86_400))), 'success');
    assert.deepEqual(read(client, LIMITER, 71, 10), truth(false));
  });

  it('takes thresholds in their type, and nothing for what it works out', () => {
    const client = opened(6000);
    assert.equal(write(client, LIMITER, 71, 4, u16(5)), 'type-unmatched');
    assert.equal(write(client, LIMITER, 71, 4, u32(50)), 'success');
    assert.deepEqual(read(client, LIMITER, 71, 3), u32(50));
    assert.equal(write(client, LIMITER, 71, 3, u32(5)), 'read-write-denied');
    assert.equal(write(client, LIMITER, 71, 10, truth(true)), 'read-write-denied');
  });

  it('remembers over a restart that it acted', () => {
    const client = opened(150);
    client.now += 4 * MINUTE;
    assert.equal(state(client), 2);
    const again = restarted(client);
    again.now += 4 * MINUTE;
    assert.equal(state(again), 1);
  });
});

describe('a load that is switched again and again', () => {
  it('counts what was used and nothing else, over hundreds of changes and a restart', () => {
    const client = clientOf([...meterModel().objects, relay(4), scripts]);
    const undisturbed = clientOf(meterModel().objects);
    const energy = (of: TestClient): number => Number(of.meter.attribute(4, 2, client.now));
    const begun = energy(client);
    let used = 0;
    for (let cycle = 0; cycle < 200; cycle += 1) {
      assert.equal(invoke(client, RELAY, 70, 1, int8(0)), 'success');
      client.now += 7 * MINUTE;
      assert.equal(invoke(client, RELAY, 70, 2, int8(0)), 'success');
      const before = energy(undisturbed);
      client.now += 11 * MINUTE;
      used += energy(undisturbed) - before;
      const error = energy(client) - begun - used;
      assert.ok(Math.abs(error) <= 201, `cycle ${cycle}: ${error} Wh too much`);
    }
    assert.ok(used > 10_000);
    assert.equal(energy(restarted(client)), energy(client));
    assert.ok((client.meter.simulatedOverrides('load') ?? []).length <= 128);
    // What was shown long ago may be forgotten, but never lies above what was shown since.
    const now = energy(client);
    client.now -= 2 * 86_400_000;
    assert.ok(energy(client) < now);
  });
});

describe('register monitor', () => {
  const opened = (): TestClient =>
    clientOf([
      ...meterModel().objects,
      object({
        name: 'level',
        obis: '0-0:96.60.0.255',
        class: 3,
        attributes: { 2: { type: 'long', value: number(5) } },
      }),
      object({ name: 'note', obis: '0-0:96.61.0.255', attributes: { 2: { type: 'unsigned', value: number(0) } } }),
      object({
        name: 'notes',
        obis: SCRIPTS,
        class: 9,
        attributes: {
          2: {
            value: array(
              ...[1, 2, 3, 4].map((value) =>
                structure(
                  longUnsigned(value),
                  array(
                    structure(
                      typed('enum', 1),
                      longUnsigned(1),
                      logicalName('note'),
                      typed('integer', 2),
                      typed('unsigned', value),
                    ),
                  ),
                ),
              ),
            ),
          },
        },
      }),
      object({
        name: 'monitor',
        obis: MONITOR,
        class: 21,
        attributes: {
          2: { value: array(typed('long', 10), typed('long', 20)) },
          3: { value: structure(longUnsigned(3), logicalName('level'), typed('integer', 2)) },
          4: {
            value: array(
              ...[1, 3].map((first) =>
                structure(
                  structure(logicalName('notes'), longUnsigned(first)),
                  structure(logicalName('notes'), longUnsigned(first + 1)),
                ),
              ),
            ),
          },
        },
      }),
    ]);
  it('runs a script when a value crosses a threshold, upwards and downwards', () => {
    const client = opened();
    const note = (level: number): number => {
      client.now += MINUTE;
      assert.equal(write(client, '0-0:96.60.0.255', 3, 2, { t: 'long', v: level }), 'success');
      client.now += MINUTE;
      return numberOf(read(client, '0-0:96.61.0.255', 1, 2));
    };
    assert.equal(note(5), 0);
    assert.equal(note(15), 1);
    assert.equal(note(16), 1);
    assert.equal(note(25), 3);
    assert.equal(note(15), 4);
    assert.equal(note(5), 2);
    assert.equal(note(10), 2);
  });
});

describe('register activation', () => {
  const ACTIVATION = '0-0:14.0.0.255';
  const TARIFFS = ['1-0:1.8.1.255', '1-0:1.8.2.255'] as const;
  const load = call('integrate', [ref('simulate.load')]);
  const objects: ObjectModel[] = [
    ...meterModel().objects,
    ...TARIFFS.map((obis, index) =>
      object({
        name: `tariff_${index + 1}`,
        obis,
        class: 3,
        attributes: {
          2: { type: 'double-long-unsigned', value: { k: 'binary', op: '+', left: number(50), right: load } },
        },
      }),
    ),
    object({
      name: 'activation',
      obis: ACTIVATION,
      class: 6,
      attributes: {
        2: {
          value: array(
            structure(longUnsigned(3), logicalName('tariff_1')),
            structure(longUnsigned(3), logicalName('tariff_2')),
          ),
        },
        3: {
          value: array(
            structure({ k: 'octets', hex: '01' }, array(typed('unsigned', 1))),
            structure({ k: 'octets', hex: '02' }, array(typed('unsigned', 2))),
          ),
        },
        4: { value: { k: 'octets', hex: '01' } },
      },
    }),
  ];
  const show = (client: TestClient): number[] => TARIFFS.map((obis) => numberOf(read(client, obis, 3, 2)));
  const HOUR = 3_600_000;

  it('a register counts while the active mask names it, and stands still otherwise', () => {
    const client = clientOf(objects);
    const [first = 0, second = 0] = show(client);
    assert.ok(first > 50);
    assert.equal(second, 50);
    client.now += HOUR;
    const [grown = 0, still] = show(client);
    assert.ok(grown > first);
    assert.equal(still, 50);
    assert.equal(write(client, ACTIVATION, 6, 4, bytes('02')), 'success');
    assert.deepEqual(show(client), [grown, 50]);
    client.now += HOUR;
    const [stopped, counted = 0] = show(client);
    assert.equal(stopped, grown);
    assert.ok(counted > 250 && counted < 5050);
    assert.deepEqual(show(restarted(client)), [stopped, counted]);
    assert.equal(write(client, ACTIVATION, 6, 4, bytes('')), 'success');
    client.now += HOUR;
    assert.deepEqual(show(client), [stopped, counted]);
    // Rows captured before stay what they were.
    client.now -= 3 * HOUR;
    assert.deepEqual(show(client), [first, 50]);
  });

  it('the tariffs add up to the load', () => {
    const client = clientOf(objects);
    const total = (): number => numberOf(read(client, '1-0:1.8.0.255', 3, 2));
    const [base, sum] = [total(), show(client).reduce((a, b) => a + b)];
    for (const mask of ['02', '01', '02', '01']) {
      client.now += 47 * MINUTE;
      assert.equal(write(client, ACTIVATION, 6, 4, bytes(mask)), 'success');
    }
    const grown = show(client).reduce((a, b) => a + b) - sum;
    assert.ok(Math.abs(grown - (total() - base)) <= 4, `${grown} instead of ${total() - base}`);
  });

  it('registers and masks are added and deleted', () => {
    const client = clientOf(objects);
    assert.equal(invoke(client, ACTIVATION, 6, 1, struct(...reference(3, '1-0:1.8.0.255', 2).slice(0, 2))), 'success');
    assert.equal(invoke(client, ACTIVATION, 6, 2, struct(bytes('03'), arrayOf(u8(2), u8(3)))), 'success');
    assert.equal(write(client, ACTIVATION, 6, 4, bytes('03')), 'success');
    const [first, second = 0] = show(client);
    client.now += HOUR;
    const [same, more = 0] = show(client);
    assert.equal(same, first);
    assert.ok(more > second);
    assert.equal(invoke(client, ACTIVATION, 6, 3, bytes('03')), 'success');
    assert.equal(invoke(client, ACTIVATION, 6, 3, bytes('03')), 'object-unavailable');
    client.now += HOUR;
    assert.deepEqual(show(client), [same, more]);
    assert.equal(write(client, ACTIVATION, 6, 4, bytes('09')), 'object-unavailable');
    assert.equal(invoke(client, ACTIVATION, 6, 1, u8(3)), 'type-unmatched');
    assert.equal(invoke(client, ACTIVATION, 6, 2, struct(bytes('03'))), 'type-unmatched');
    assert.equal(write(client, ACTIVATION, 6, 3, arrayOf(u8(1))), 'type-unmatched');
    assert.equal(write(client, ACTIVATION, 6, 2, arrayOf(struct(u16(3), bytes(obisToOctets(TARIFFS[0]))))), 'success');
  });
});
