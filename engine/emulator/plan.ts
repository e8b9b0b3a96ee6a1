import type { ManufacturerHls } from '../codec/security/manufacturer-hls.ts';
import type { SecretResolver } from '../meter/secrets.ts';
import type { CompiledTemplates, MeterModel } from '../template/model.ts';
import { EmulatorError } from './errors.ts';
import { defaultListen, findFleet, fleetListen, makeMeters } from './fleet.ts';
import { parseListen } from './listen.ts';
import type { ListenerTable } from './listener-table.ts';
import { MeterStock } from './meter-stock.ts';
import { type Placement, placeMeters } from './placement.ts';
import { checkSecrets } from './secrets.ts';
import type { TimeChange } from './simulated-clock.ts';
import type { StateStorage } from './state-storage.ts';

export interface StartEmulatorOptions {
  /** What the templates compile to; abstract meters are not among them. */
  readonly templates: CompiledTemplates;
  /** Start the fleets of these names, or all of them; not together with `meter`. */
  readonly fleets?: readonly string[] | 'all';
  /** Start the meter of this name; without it all meters of the templates, evenly. */
  readonly meter?: string;
  /** Number of meters, of each fleet. Default the fleet's count, else one of each template. */
  readonly count?: number;
  /** As `parseListen` reads it; several separated by commas. Default see `defaultListen`. */
  readonly listen?: string;
  readonly seed?: number;
  readonly secrets: SecretResolver;
  /** What stands behind authentication `hls-manufacturer` of the templates; without it nobody gets in that way. */
  readonly manufacturerHls?: ManufacturerHls;
  readonly allowOutside?: boolean;
  /** Where simulated time comes from while nobody changed it. Default the system's. */
  readonly clock?: () => number;
  /** Simulated time at the start. Default the system's, or as it was kept. */
  readonly time?: TimeChange;
  /** Where the state of the meters is kept. The emulator closes it. Default it is forgotten. */
  readonly state?: StateStorage;
  /** Told of faults of this program, which end one connection each. Default: a warning of the process. */
  readonly onFault?: (error: unknown, where: string) => void;
  /** Default those of the process. */
  readonly listeners?: ListenerTable;
}

/** Most meters of one emulator. */
export const MAX_METERS = 1_000_000;

/** What a start comes to before any socket is opened. */
export interface EmulatorPlan {
  readonly name: string;
  readonly placements: readonly Placement[];
  /** Meters by fleet; with the empty name those without one. */
  readonly counts: ReadonlyMap<string, number>;
  /** A single meter at its template's own port may move to a free one. */
  readonly orFreePort: boolean;
}

/** What a plan needs beside the options. */
export interface PlanContext {
  /** When meters are switched on, simulated milliseconds since the epoch. */
  readonly startedAt: number;
  readonly stock: MeterStock;
  /** Numbers of meters in place of those of options and fleets. */
  readonly counts?: ReadonlyMap<string, number>;
}

function chosenModels(templates: CompiledTemplates, meter: string | undefined): readonly MeterModel[] {
  const { meters } = templates;
  const chosen = meter === undefined ? meters : meters.filter(({ name }) => name === meter);
  if (chosen.length > 0) return chosen;
  throw new EmulatorError(
    'unknown-name',
    meter === undefined ? 'the templates have no meter that can be started' : `there is no meter "${meter}"`,
    meters.length === 0
      ? 'Abstract meters cannot be started: add a meter that extends one.'
      : `Choose one of ${meters.map(({ name }) => name).join(', ')}.`,
  );
}

/**
 * Makes the meters, or finds those that are there, and deals them out over their addresses, without opening anything.
 * @throws EmulatorError
 */
export function planEmulator(options: StartEmulatorOptions, context?: PlanContext): EmulatorPlan {
  const { templates, secrets, manufacturerHls } = options;
  const used = context ?? { startedAt: (options.clock ?? Date.now)(), stock: new MeterStock() };
  if (options.fleets !== undefined) return planFleets(options, options.fleets, used);
  const models = chosenModels(templates, options.meter);
  checkSecrets(models, secrets);
  const atFirst = checkedCount(options.count ?? models.length);
  const count = checkedCount(used.counts?.get('') ?? atFirst);
  const meters = makeMeters({
    fleet: '',
    models,
    count,
    serialFrom: 1,
    seed: options.seed ?? 1,
    secrets,
    manufacturerHls,
    ...used,
  });
  // One meter that gets company moves into a block; a block stays what it was.
  const specs =
    options.listen === undefined ? [defaultListen(atFirst === 1 ? count : atFirst)] : parseListens(options.listen);
  const placements = specs.flatMap((spec) => placeMeters(meters, spec));
  const name = models.length === 1 ? (models[0]?.name ?? '') : models.map((model) => model.name).join(', ');
  const counts = new Map([['', count]]);
  return { name, placements, counts, orFreePort: options.listen === undefined && count === 1 };
}

function planFleets(
  options: StartEmulatorOptions,
  wanted: readonly string[] | 'all',
  context: PlanContext,
): EmulatorPlan {
  const { templates, secrets } = options;
  const names = wanted === 'all' ? templates.fleets.map(({ name }) => name) : wanted;
  // An empty list means that the templates have none: the search for it says so.
  const found = (names.length === 0 ? ['all'] : names).map((name) => findFleet(templates, name));
  checkSecrets(
    found.map(({ model }) => model),
    secrets,
  );
  const counts = new Map<string, number>();
  const placements = found.flatMap(({ fleet, model }) => {
    const count = checkedCount(context.counts?.get(fleet.name) ?? options.count ?? fleet.count);
    counts.set(fleet.name, count);
    const seed = options.seed ?? fleet.seed;
    const { name, serialFrom } = fleet;
    const variation = { vary: fleet.vary, ...optional('latency', fleet.latency), ...optional('quirks', fleet.quirks) };
    const meters = makeMeters({
      fleet: name,
      models: [model],
      count,
      serialFrom,
      seed,
      secrets,
      manufacturerHls: options.manufacturerHls,
      variation,
      ...context,
    });
    const specs = options.listen === undefined ? [fleetListen(fleet)] : parseListens(options.listen);
    return specs.flatMap((spec) => placeMeters(meters, spec, fleet.transports));
  });
  return { name: found.map(({ fleet }) => fleet.name).join(', '), placements, counts, orFreePort: false };
}

function optional<K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [N in K]?: V });
}

function parseListens(text: string) {
  return text.split(',').map(parseListen);
}

function checkedCount(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_METERS) return count;
  throw new EmulatorError(
    'bad-count',
    `found ${count} meters, expected 1 to ${MAX_METERS}`,
    'Give a number of meters in this range.',
  );
}
