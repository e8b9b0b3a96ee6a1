import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { Engine } from '../../../engine/rpc/engine.ts';
import * as protocol from '../../../engine/rpc/protocol.ts';
import { PushListener } from '../../../engine/session/push-listener.ts';
import { associated } from '../emulator/support/managed.ts';
import { pushAndBreaker } from '../emulator/support/push-template.ts';
import { GET_LDN } from '../emulator/support/wrapper-client.ts';
import { rpcPair } from './rpc-pair.ts';

const METER = `meter plain {
  identity { vendor: "Test" flag: "TST" model: "P1" firmware: "1" serial: "{n:04}" logical_device_name: "TSTP1{serial}" referencing: LN }
  transport lan tcp { port: 4059 framing: wrapper }
  association public { client: 16 authentication: none context: LN, no-ciphering conformance: get max_pdu: 1024 }
  rights open { public: get }
  object ldn 0-0:42.0.0.255 data { rights: open value: octet-string = identity.logical_device_name }
  quirk late { delay: 1ms }
}
fleet street of plain { count: 2 }
`;

describe('emulators over rpc', () => {
  let folder: string;
  let path: string;
  let client: MessageConnection;
  let engine: Engine;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlms-rpc-emulators-'));
    path = join(folder, 'plain.dlmsmeter');
    await writeFile(path, METER);
    ({ client, engine } = rpcPair());
    await client.sendRequest(protocol.Initialize, {});
  });
  afterEach(async () => {
    await engine.close();
    client.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (part: Partial<protocol.StartEmulatorParams> = {}) =>
    client.sendRequest(protocol.StartEmulator, { path, secrets: {}, listen: '127.0.93.0/24:0', ...part });
  const refused = async (promise: Promise<unknown>, code: keyof typeof protocol.engineErrors): Promise<void> => {
    const error: unknown = await promise.catch((reason: unknown) => reason);
    assert.ok(error instanceof ResponseError, `expected ${code}`);
    assert.equal(error.code, protocol.engineErrors[code]);
  };

  it('start with the fleet that was asked for', async () => {
    const instance = await start({ fleet: 'street' });
    assert.deepEqual(instance.fleets, [{ name: 'street', count: 2 }]);
  });

  it('scale, and reload what the file says now, while clients stay connected', async () => {
    const { id } = await start({ fleet: 'street' });
    const seen: number[] = [];
    client.onNotification(protocol.EmulatorsChanged, (instances) => void seen.push(instances[0]?.count ?? 0));
    const scaled = await client.sendRequest(protocol.ScaleEmulator, { id, count: 4 });
    assert.equal(scaled.count, 4);
    const [place] = scaled.endpoints;
    assert.ok(place !== undefined);
    const meter = await associated(place);
    await writeFile(path, METER.replace('count: 2', 'count: 3'));
    assert.equal((await client.sendRequest(protocol.ReloadEmulator, { id })).count, 3);
    assert.equal((await meter.ask(GET_LDN))?.slice(0, 6), 'c401c1');
    await writeFile(path, 'meter {');
    await refused(client.sendRequest(protocol.ReloadEmulator, { id }), 'templateInvalid');
    assert.equal((await meter.ask(GET_LDN))?.slice(0, 6), 'c401c1');
    assert.ok(seen.includes(4) && seen.includes(3));
    meter.close();
  });

  it('change time, tell of a meter, and switch its quirks', async () => {
    const { id, endpoints } = await start({ fleet: 'street', time: { to: Date.UTC(2030, 0, 1), frozen: true } });
    const time = await client.sendRequest(protocol.ChangeEmulatorTime, { id, change: { by: 1000 } });
    assert.deepEqual(time, { now: Date.UTC(2030, 0, 1) + 1000, speed: 1, frozen: true, real: false });
    const serial = endpoints[0]?.serial ?? '';
    const late = async () =>
      (await client.sendRequest(protocol.GetEmulatedMeter, { id, serial })).behaviours.find(
        ({ name }) => name === 'late',
      )?.on;
    assert.equal(await late(), true);
    await client.sendRequest(protocol.SwitchBehaviour, { id, name: 'late', on: false, serial });
    assert.equal(await late(), false);
    const all = await client.sendRequest(protocol.SwitchBehaviour, { id, name: 'late', on: null });
    assert.deepEqual(all, { meters: 2 });
    assert.equal(await late(), true);
  });

  it('push when they are told to, and have a button that is pressed', async () => {
    const listener = await PushListener.open({ source: { kind: 'tcp', host: '127.0.0.1', port: 0 } });
    await writeFile(path, METER.replace('  quirk', `${pushAndBreaker(listener.port ?? 0)}  quirk`));
    const { id, endpoints } = await start();
    const serial = endpoints[0]?.serial ?? '';
    const pushed = listener[Symbol.asyncIterator]().next();
    await client.sendRequest(protocol.PushNow, { id, serial, setup: '0-0:25.9.0.255' });
    const { value } = await pushed.finally(() => listener.close());
    assert.ok(value !== undefined && 'apdu' in value);
    assert.equal(value.apdu?.kind, 'data-notification');
    const press = (object?: string) =>
      client.sendRequest(protocol.PressButton, { id, serial, ...(object === undefined ? {} : { object }) });
    assert.deepEqual(await press(), { object: 'breaker', controlState: 'ready-for-reconnection' });
    assert.deepEqual(await press('0-0:96.3.10.255'), { object: 'breaker', controlState: 'connected' });
    await refused(press('fixed'), 'meterRefuses');
    await refused(press('push'), 'notFound');
    await refused(client.sendRequest(protocol.PushNow, { id, serial, setup: 'nowhere' }), 'meterRefuses');
    await refused(client.sendRequest(protocol.PushNow, { id, serial: 'none' }), 'notFound');
    await refused(client.sendRequest(protocol.PressButton, { id, serial: 'none' }), 'notFound');
    await refused(client.sendRequest(protocol.PushNow, { id: 'none', serial }), 'notFound');
  });

  it('tell what they are doing, at most twice a second', async () => {
    const { endpoints } = await start();
    const [place] = endpoints;
    assert.ok(place !== undefined);
    const told: protocol.EmulatorActivityOf[] = [];
    client.onNotification(protocol.EmulatorActivityChanged, ([activity]) => void (activity && told.push(activity)));
    const meter = await associated(place);
    const until = performance.now() + 1600;
    while (performance.now() < until) {
      await meter.ask(GET_LDN);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.ok(told.length >= 2 && told.length <= 4, `${told.length} in 1.6 s`);
    assert.equal(told.at(-1)?.top[0]?.serial, place.serial);
    assert.ok((told.at(-1)?.requestsPerSecond ?? 0) > 1);
    meter.close();
  });

  it('keep state where they are told to', async () => {
    const statePath = join(folder, 'state.sqlite');
    const { id } = await start({ statePath, time: { to: Date.UTC(2030, 0, 1), frozen: true } });
    await refused(start({ statePath, listen: '127.0.94.0/24:0' }), 'storage');
    await client.sendRequest(protocol.StopEmulator, { id });
    const again = await start({ statePath });
    assert.equal(again.time.now, Date.UTC(2030, 0, 1));
  });

  it('refuse what is not there or not possible', async () => {
    const { id } = await start();
    await refused(client.sendRequest(protocol.ScaleEmulator, { id: 'none', count: 2 }), 'notFound');
    await refused(client.sendRequest(protocol.ScaleEmulator, { id, count: 0 }), 'badInput');
    await refused(client.sendRequest(protocol.ChangeEmulatorTime, { id, change: { speed: 0 } }), 'badInput');
    await refused(client.sendRequest(protocol.GetEmulatedMeter, { id, serial: 'none' }), 'notFound');
    await refused(client.sendRequest(protocol.SwitchBehaviour, { id, name: 'grumpy', on: true }), 'notFound');
    await refused(client.sendRequest(protocol.ReloadEmulator, { id: 'none' }), 'notFound');
  });
});
