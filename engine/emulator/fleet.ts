import type { ManufacturerHls } from '../codec/security/manufacturer-hls.ts';
import { createMeter, type MeterOptions, type VirtualMeter } from '../meter/meter.ts';
import type { SecretResolver } from '../meter/secrets.ts';
import { toNumber, toText, type Value } from '../meter/values/value.ts';
import { quirkNames } from '../template/compile/quirk-names.ts';
import type { CompiledTemplates, Expression, FleetModel, IdentityModel, MeterModel } from '../template/model.ts';
import { EmulatorError } from './errors.ts';
import { type ListenSpec, parseListen } from './listen.ts';
import type { MeterStock } from './meter-stock.ts';

export interface MakeMetersOptions {
  /** Name of the fleet; empty for meters without one. */
  readonly fleet: string;
  readonly models: readonly MeterModel[];
  /** Number of meters in all, dealt out evenly over the models. */
  readonly count: number;
  /** Number of the first meter; the others follow. */
  readonly serialFrom: number;
  readonly seed: number;
  readonly secrets: SecretResolver;
  readonly manufacturerHls?: ManufacturerHls | undefined;
  /** When they are switched on, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly variation?: FleetVariation;
  /** Where meters made before are found. */
  readonly stock: MeterStock;
}

/** What a fleet block says of differences between its meters. */
export type FleetVariation = Pick<FleetModel, 'vary' | 'latency' | 'quirks'>;

/** The meters of a fleet: the same number always gives the same meter. */
export function makeMeters(options: MakeMetersOptions): VirtualMeter[] {
  const { fleet, models, count, serialFrom, seed, secrets, startedAt, variation, stock, manufacturerHls } = options;
  const recipe = JSON.stringify([seed, variation ?? null]);
  const differ = variation !== undefined && hasVariation(variation);
  const known = models.map((model) => stock.model(model));
  const meters: VirtualMeter[] = [];
  for (let index = 0; index < count; index += 1) {
    const model = known[index % known.length];
    if (model === undefined) break;
    const number = serialFrom + index;
    const base = { number, seed, secrets, startedAt, ...(manufacturerHls === undefined ? {} : { manufacturerHls }) };
    const make = (): VirtualMeter => {
      const meter = createMeter(model, base);
      return differ ? createMeter(model, { ...base, ...variedOptions(meter, variation) }) : meter;
    };
    meters.push(stock.meter(`${fleet}/${model.name}/${number}`, model, recipe, make));
  }
  return meters;
}

function hasVariation({ vary, latency, quirks }: FleetVariation): boolean {
  return Object.keys(vary).length > 0 || latency !== undefined || quirks !== undefined;
}

/** Longest latency a meter may be given, ms. */
const MAX_LATENCY = 600_000;

function variedOptions(meter: VirtualMeter, { vary, latency, quirks }: FleetVariation): Partial<MeterOptions> {
  return {
    ...(Object.keys(vary).length === 0 ? {} : { identity: variedIdentity(meter, vary) }),
    ...(latency === undefined ? {} : { latencyMs: milliseconds(varied(meter, latency, 'latency')) }),
    ...(quirks === undefined ? {} : { quirks: quirkNames(toText(varied(meter, quirks, 'quirks'))) }),
  };
}

function varied(meter: VirtualMeter, expression: Expression, name: string): Value {
  return meter.blueprint.compiler.value(expression, `vary.${name}`)(meter, meter.startedAt);
}

function milliseconds(latency: Value): number {
  const seconds = toNumber(latency);
  return Number.isFinite(seconds) ? Math.min(MAX_LATENCY, Math.max(0, Math.round(seconds * 1000))) : 0;
}

/** Identity of one meter with what its fleet varies; random choices follow the meter's number. */
function variedIdentity(meter: VirtualMeter, vary: FleetModel['vary']): IdentityModel {
  const { identity } = meter.model;
  const properties: Record<string, string | number> = { ...identity.properties };
  const own: Partial<Record<'firmware' | 'model' | 'vendor' | 'serial', string>> = {};
  for (const [name, expression] of Object.entries(vary)) {
    const value = varied(meter, expression, name);
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
  const { one, port, portsFrom, sapsFrom } = fleet.address;
  const ports = portsFrom === undefined ? onePort(port) : { firstPort: portsFrom, lastPort: 0xffff };
  return { kind: 'host', host: one, ...ports, ...(sapsFrom === undefined ? {} : { shared: sapsFrom }) };
}

function onePort(port: number | undefined): { firstPort?: number; lastPort?: number } {
  return port === undefined ? {} : { firstPort: port, lastPort: port };
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
