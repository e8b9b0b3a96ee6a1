import type { SecretResolver } from '../meter/secrets.ts';
import type { CompiledTemplates, MeterModel } from '../template/model.ts';
import { Emulator } from './emulator.ts';
import { EmulatorError } from './errors.ts';
import { defaultListen, findFleet, fleetListen, makeMeters } from './fleet.ts';
import { parseListen } from './listen.ts';
import { type Placement, placeMeters } from './placement.ts';
import { checkSecrets } from './secrets.ts';

export interface StartEmulatorOptions {
  /** What the templates compile to; abstract meters are not among them. */
  readonly templates: CompiledTemplates;
  /** Start the fleets of these names, or all of them; not together with `meter`. */
  readonly fleets?: readonly string[] | 'all';
  /** Start the meter of this name; without it all meters of the templates, evenly. */
  readonly meter?: string;
  /** Number of meters, of each fleet. Default the fleet's count, else one of each template. */
  readonly count?: number;
  /** `HOST:PORT`, `HOST:PORT-PORT`, `127.x.y.z/NN:PORT`; several separated by commas. Default see `defaultListen`. */
  readonly listen?: string;
  readonly seed?: number;
  readonly secrets: SecretResolver;
  readonly allowOutside?: boolean;
  /** Simulated time. Default the system's. */
  readonly clock?: () => number;
}

/** Most meters of one emulator. */
export const MAX_METERS = 1_000_000;

/** What a start comes to before any socket is opened. */
export interface EmulatorPlan {
  readonly name: string;
  readonly placements: readonly Placement[];
  /** A single meter at its template's own port may move to a free one. */
  readonly orFreePort: boolean;
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
 * Makes the meters and deals them out over their addresses, without opening anything.
 * @throws EmulatorError
 */
export function planEmulator(options: StartEmulatorOptions): EmulatorPlan {
  const { templates, secrets } = options;
  const startedAt = (options.clock ?? Date.now)();
  if (options.fleets !== undefined) return planFleets(options, options.fleets, startedAt);
  const models = chosenModels(templates, options.meter);
  checkSecrets(models, secrets);
  const count = checkedCount(options.count ?? models.length);
  const seed = options.seed ?? 1;
  const meters = makeMeters({ models, count, serialFrom: 1, seed, secrets, startedAt });
  const specs = options.listen === undefined ? [defaultListen(count)] : parseListens(options.listen);
  const placements = specs.flatMap((spec) => placeMeters(meters, spec));
  const name = models.length === 1 ? (models[0]?.name ?? '') : models.map((model) => model.name).join(', ');
  return { name, placements, orFreePort: options.listen === undefined && count === 1 };
}

function planFleets(options: StartEmulatorOptions, wanted: readonly string[] | 'all', startedAt: number): EmulatorPlan {
  const { templates, secrets } = options;
  const names = wanted === 'all' ? templates.fleets.map(({ name }) => name) : wanted;
  // An empty list means that the templates have none: the search for it says so.
  const found = (names.length === 0 ? ['all'] : names).map((name) => findFleet(templates, name));
  checkSecrets(
    found.map(({ model }) => model),
    secrets,
  );
  const placements = found.flatMap(({ fleet, model }) => {
    const { serialFrom, vary } = fleet;
    const count = checkedCount(options.count ?? fleet.count);
    const seed = options.seed ?? fleet.seed;
    const meters = makeMeters({ models: [model], count, serialFrom, seed, secrets, startedAt, vary });
    const specs = options.listen === undefined ? [fleetListen(fleet)] : parseListens(options.listen);
    return specs.flatMap((spec) => placeMeters(meters, spec, fleet.transports));
  });
  return { name: found.map(({ fleet }) => fleet.name).join(', '), placements, orFreePort: false };
}

function parseListens(text: string) {
  return text.split(',').map(parseListen);
}

function checkedCount(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_METERS) return count;
  throw new EmulatorError(
    'bad-listen',
    `found ${count} meters, expected 1 to ${MAX_METERS}`,
    'Give a number with --count.',
  );
}

/**
 * Puts virtual meters on sockets.
 * @throws EmulatorError with a code and the next step; nothing is left open then.
 */
export async function startEmulator(options: StartEmulatorOptions): Promise<Emulator> {
  const plan = planEmulator(options);
  return Emulator.start({
    ...plan,
    ...(options.allowOutside === undefined ? {} : { allowOutside: options.allowOutside }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
}
