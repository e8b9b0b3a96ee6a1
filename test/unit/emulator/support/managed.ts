import { ListenerTable } from '../../../../engine/emulator/listener-table.ts';
import { ManagedEmulator } from '../../../../engine/emulator/managed.ts';
import type { StartEmulatorOptions } from '../../../../engine/emulator/plan.ts';
import type { Endpoint } from '../../../../engine/emulator/types.ts';
import type { CompiledTemplates, FleetModel, MeterModel } from '../../../../engine/template/model.ts';
import { association, meterModel, object } from '../../meter/support/models.ts';
import { AARQ, WrapperClient } from './wrapper-client.ts';

/** SET of a long-unsigned 7 to the tariff, and GET of it. */
export const SET_TARIFF = 'c101c100010000600e00ff02001107';
export const GET_TARIFF = 'c001c100010000600e00ff0200';
export const TARIFF_IS_7 = 'c401c1001107';

/** A model whose public client may write a tariff. */
export function writableModel(part: Partial<MeterModel> = {}): MeterModel {
  const model = meterModel();
  const tariff = object({
    name: 'tariff',
    obis: '0-0:96.14.0.255',
    attributes: { 2: { type: 'unsigned', value: { k: 'number', value: 1 } } },
    access: { public: { get: [], set: [] } },
  });
  const saps = object({ name: 'saps', obis: '0-0:41.0.0.255', class: 17, access: { public: { get: [] } } });
  return {
    ...model,
    associations: [association({ name: 'public', conformance: ['get', 'set', 'block-transfer-with-get-or-read'] })],
    securities: [],
    objects: [...model.objects.map((one) => ({ ...one, access: { public: { get: [] } } })), tariff, saps],
    ...part,
  };
}

export const fleetOf = (part: Partial<FleetModel> = {}): FleetModel => ({
  name: 'street',
  meter: 'acme',
  count: 3,
  serialFrom: 1,
  address: { spread: '127.0.81.0/24' },
  transports: [],
  seed: 1,
  vary: {},
  ...part,
});

export function templates(fleets: readonly FleetModel[], meters: readonly MeterModel[]): CompiledTemplates {
  return { format: 1, meters, fleets };
}

const running: ManagedEmulator[] = [];

export async function startManaged(part: Partial<StartEmulatorOptions> = {}): Promise<ManagedEmulator> {
  const model = writableModel();
  const managed = await ManagedEmulator.start({
    templates: templates([fleetOf({ meter: model.name })], [model]),
    fleets: 'all',
    listen: '127.0.81.0/24:0',
    secrets: () => undefined,
    listeners: new ListenerTable(),
    ...part,
  });
  running.push(managed);
  return managed;
}

export async function stopAllManaged(): Promise<void> {
  await Promise.all(running.splice(0).map(({ emulator }) => emulator.stop()));
}

export function endpoint({ emulator }: ManagedEmulator, index = 0): Endpoint {
  const found = emulator.endpoints()[index];
  if (found === undefined) throw new Error(`there is no endpoint ${index}`);
  return found;
}

/** A client that has associated as the public client. */
export async function associated({ host, port }: Endpoint, server = 1): Promise<WrapperClient> {
  const client = await WrapperClient.open(host, port);
  const answer = await client.ask(AARQ, 16, server);
  if (!answer?.includes('a203020100')) throw new Error(`no association: ${answer}`);
  return client;
}
