import { createMeter, type VirtualMeter } from '../meter/meter.ts';
import type { SecretResolver } from '../meter/secrets.ts';
import { toText, type Value } from '../meter/values/value.ts';
import type { CompiledTemplates, FleetModel, IdentityModel, MeterModel } from '../template/model.ts';
import { EmulatorError } from './errors.ts';
import { type ListenSpec, parseListen } from './listen.ts';

export interface MakeMetersOptions {
  readonly models: readonly MeterModel[];
  /** Number of meters in all, dealt out evenly over the models. */
  readonly count: number;
  /** Number of the first meter; the others follow. */
  readonly serialFrom: number;
  readonly seed: number;
  readonly secrets: SecretResolver;
  /** When they are switched on, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly vary?: FleetModel['vary'];
}

/** The meters of a fleet: the same number always gives the same meter. */
export function makeMeters(options: MakeMetersOptions): VirtualMeter[] {
  const { models, count, serialFrom, seed, secrets, startedAt, vary = {} } = options;
  const varied = Object.keys(vary).length > 0;
  const meters: VirtualMeter[] = [];
  for (let index = 0; index < count; index += 1) {
    const model = models[index % models.length];
    if (model === undefined) break;
    const base = { number: serialFrom + index, seed, secrets, startedAt };
    const meter = createMeter(model, base);
    meters.push(varied ? createMeter(model, { ...base, identity: variedIdentity(meter, vary) }) : meter);
  }
  return meters;
}

/** Identity of one meter with what its fleet varies; random choices follow the meter's number. */
function variedIdentity(meter: VirtualMeter, vary: FleetModel['vary']): IdentityModel {
  const { identity } = meter.model;
  const properties: Record<string, string | number> = { ...identity.properties };
  const own: Partial<Record<'firmware' | 'model' | 'vendor' | 'serial', string>> = {};
  for (const [name, expression] of Object.entries(vary)) {
    const value = meter.blueprint.compiler.value(expression, `vary.${name}`)(meter, meter.startedAt);
    if (name === 'firmware' || name === 'model' || name === 'vendor' || name === 'serial') own[name] = toText(value);
    else properties[name] = plain(value);
  }
  return { ...identity, ...own, properties };
}

function plain(value: Value): string | number {
  return typeof value === 'number' ? value : toText(value);
}

/** Where a fleet block wants its meters. @throws EmulatorError `bad-listen` for an address that is none. */
export function fleetListen(fleet: FleetModel): ListenSpec {
  if ('spread' in fleet.address) return parseListen(fleet.address.spread);
  const { one, portsFrom } = fleet.address;
  return portsFrom === undefined
    ? { kind: 'host', host: one }
    : { kind: 'host', host: one, firstPort: portsFrom, lastPort: 0xffff };
}

/** Addresses of the default block, which a scan of 127.0.0.0/24 covers. */
const SMALL_BLOCK = 254;

/** Where meters go if nobody says: one at 127.0.0.1, many at an address of 127.0.0.0/8 each. */
export function defaultListen(count: number): ListenSpec {
  if (count === 1) return { kind: 'host', host: '127.0.0.1' };
  if (count <= SMALL_BLOCK) return parseListen('127.0.0.0/24');
  return parseListen('127.1.0.0/16');
}

/** The fleet and its meter's model. @throws EmulatorError `unknown-name` if there is no such fleet. */
export function findFleet(templates: CompiledTemplates, name: string): { fleet: FleetModel; model: MeterModel } {
  const { fleets, meters } = templates;
  const fleet = fleets.find((item) => item.name === name);
  const model = meters.find((item) => item.name === fleet?.meter);
  if (fleet !== undefined && model !== undefined) return { fleet, model };
  throw new EmulatorError(
    'unknown-name',
    fleets.length === 0 ? 'the templates have no fleet' : `there is no fleet "${name}"`,
    fleets.length === 0
      ? 'Choose a meter with --meter and a number with --count, or add a fleet block.'
      : `Choose one of ${fleets.map((item) => item.name).join(', ')}.`,
  );
}
