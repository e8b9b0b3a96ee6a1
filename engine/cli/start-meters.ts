import { dirname, resolve } from 'node:path';
import { EmulatorError } from '../emulator/errors.ts';
import type { EmulatorPool } from '../emulator/pool.ts';
import { secretResolver } from '../emulator/secrets.ts';
import { parseTime } from '../emulator/simulated-clock.ts';
import type { EmulatorInstance, TimeChange } from '../emulator/types.ts';
import { MeterStates } from '../store/meter-states.ts';
import type { CompiledTemplates } from '../template/index.ts';
import { compileOrThrow } from './compile-all.ts';
import type { CliIo } from './io.ts';
import { keysOfTemplates } from './keys-of-templates.ts';

/** Which meters to start, and how. */
export interface StartMeters {
  readonly files: readonly string[];
  /** Name of a fleet, several separated by commas, or `all`. */
  readonly fleet?: string;
  readonly meter?: string;
  readonly count?: number;
  readonly listen?: string;
  readonly seed?: number;
  /** JSON file: secret name -> `hex:..`, `text:..` or `env:NAME`. */
  readonly keys?: string;
  /** Simulated time at the start, as `2026-01-01T00:00Z`. */
  readonly time?: string;
  /** Simulated seconds in a second. */
  readonly speed?: number;
  /** Simulated time stands still. */
  readonly freeze?: boolean;
  /** SQLite file in which the state of the meters is kept. */
  readonly state?: string;
}

/**
 * Starts the meters of template files, compiled already.
 * @throws EmulatorError, KeysFileError, StoreError
 */
export async function startMeters(
  pool: EmulatorPool,
  command: StartMeters,
  templates: CompiledTemplates,
  io: Pick<CliIo, 'err'>,
): Promise<EmulatorInstance> {
  const { fleet, meter, count, listen, seed, files, keys } = command;
  if (fleet !== undefined && meter !== undefined) {
    throw new EmulatorError('unknown-name', '--fleet and --meter were both given', 'Give one of them.');
  }
  const folder = dirname(resolve(files[0] ?? '.'));
  const time = timeOf(command);
  const secrets = secretResolver({
    values: keysOfTemplates(files, keys, io),
    environment: process.env,
    resolveFile: (path) => resolve(folder, path),
  });
  // Last, since it is the emulator that closes it.
  const state = command.state === undefined ? undefined : await MeterStates.open(command.state);
  return pool.start(
    files.join(', '),
    {
      templates,
      secrets,
      ...(fleet === undefined ? {} : { fleets: fleet === 'all' ? 'all' : fleet.split(',') }),
      ...(meter === undefined ? {} : { meter }),
      ...(count === undefined ? {} : { count }),
      ...(listen === undefined ? {} : { listen }),
      ...(seed === undefined ? {} : { seed }),
      ...(time === undefined ? {} : { time }),
      ...(state === undefined ? {} : { state }),
    },
    () => compileOrThrow(files),
  );
}

/** What the options say of simulated time; undefined if nothing. @throws EmulatorError `bad-time` */
function timeOf({ time, speed, freeze }: StartMeters): TimeChange | undefined {
  if (time === undefined && speed === undefined && freeze !== true) return undefined;
  return {
    ...(time === undefined ? {} : { to: parseTime(time) }),
    ...(speed === undefined ? {} : { speed }),
    ...(freeze === true ? { frozen: true } : {}),
  };
}
