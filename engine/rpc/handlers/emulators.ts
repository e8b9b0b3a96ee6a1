import { dirname, resolve } from 'node:path';
import type { MessageConnection } from 'vscode-jsonrpc';
import { EmulatorError } from '../../emulator/errors.ts';
import { pushNow } from '../../emulator/orders.ts';
import type { EmulatorPool } from '../../emulator/pool.ts';
import { secretResolver } from '../../emulator/secrets.ts';
import { secretName, secretReferences } from '../../meter/secrets.ts';
import { StoreError } from '../../store/errors.ts';
import { MeterStates } from '../../store/meter-states.ts';
import { placeFindings } from '../../template/findings/place.ts';
import { type CompiledTemplates, compileTemplate, diskFiles, openFiles } from '../../template/index.ts';
import { engineError } from '../errors.ts';
import type { EmulatorInstance, EngineErrorData, StartEmulatorParams } from '../protocol.ts';
import * as protocol from '../protocol.ts';

interface TemplateSource {
  readonly path: string;
  readonly text?: string;
}

/** Starts what the client asked for; whatever stands in the way is an error with the next step. */
export async function startEmulator(params: StartEmulatorParams, pool: EmulatorPool): Promise<EmulatorInstance> {
  const templates = compileSource(params);
  const { path, fleet, count, listen, seed, secrets, time, statePath } = params;
  const meter = params.meter ?? (fleet === undefined ? templates.meters[0]?.name : undefined);
  return told(async () => {
    const state = statePath === undefined ? undefined : await MeterStates.open(statePath);
    const options = {
      templates,
      secrets: secretResolver({
        values: secrets,
        environment: process.env,
        resolveFile: (file) => resolve(dirname(path), file),
      }),
      ...(meter === undefined ? {} : { meter }),
      ...(fleet === undefined ? {} : { fleets: [fleet] }),
      ...(count === undefined ? {} : { count }),
      ...(listen === undefined ? {} : { listen }),
      ...(seed === undefined ? {} : { seed }),
      ...(time === undefined ? {} : { time }),
      ...(state === undefined ? {} : { state }),
    };
    return pool.start(path, options, () => compileSource({ path }));
  });
}

/** What emulators refuse, as clients of the contract are told. */
async function told<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StoreError) throw engineError('storage', error.message, { next: error.next });
    if (!(error instanceof EmulatorError)) throw error;
    throw engineError(codes[error.code], error.message, {
      next: error.next,
      ...(error.names.length === 0 ? {} : { names: error.names }),
    });
  }
}

/** Answers everything the contract says of emulators. */
export function answerEmulators(connection: MessageConnection, pool: EmulatorPool): void {
  connection.onRequest(protocol.TemplateSecrets, templateSecrets);
  connection.onRequest(protocol.StartEmulator, (params) => startEmulator(params, pool));
  connection.onRequest(protocol.StopEmulator, async ({ id }) => {
    if (!(await told(() => pool.stop(id)))) throw noEmulator(id);
  });
  connection.onRequest(protocol.ListEmulators, () => pool.list());
  connection.onRequest(protocol.ScaleEmulator, async ({ id, count, fleet }) =>
    existing(await told(() => pool.scale(id, count, fleet)), id),
  );
  connection.onRequest(protocol.ReloadEmulator, async ({ id }) => existing(await told(() => pool.reload(id)), id));
  connection.onRequest(protocol.ChangeEmulatorTime, async ({ id, change }) =>
    existing(await told(() => pool.changeTime(id, change)), id),
  );
  connection.onRequest(protocol.GetEmulatedMeter, ({ id, serial }) => {
    const details = existing(pool.get(id), id).details(serial);
    if (details === undefined) throw engineError('notFound', `${id} has no meter with the serial ${serial}.`);
    return details;
  });
  connection.onRequest(protocol.SwitchBehaviour, async ({ id, name, on, serial }) => {
    const emulator = existing(pool.get(id), id);
    const meters = await told(() => emulator.setBehaviour(name, on ?? undefined, serial));
    if (meters === 0) throw engineError('notFound', `${id} has no meter with the serial ${serial ?? ''}.`);
    return { meters };
  });
  connection.onRequest(protocol.PushNow, async ({ id, serial, setup }) => {
    const emulator = existing(pool.get(id), id);
    await told(() => pushNow(emulator, serial, setup));
  });
  connection.onRequest(protocol.PressButton, ({ id, serial, object }) => {
    const emulator = existing(pool.get(id), id);
    return told(() => emulator.press(serial, object));
  });
}

function existing<T>(found: T | undefined, id: string): T {
  if (found === undefined) throw noEmulator(id);
  return found;
}

function noEmulator(id: string) {
  return engineError('notFound', `There is no emulator ${id}; it may have stopped.`);
}

const codes: Readonly<Record<EmulatorError['code'], EngineErrorData['code']>> = {
  'port-in-use': 'portInUse',
  'not-permitted': 'notPermitted',
  'serial-port': 'notFound',
  'bad-listen': 'badInput',
  'too-few-descriptors': 'notPermitted',
  'secret-missing': 'secretMissing',
  'no-transport': 'templateInvalid',
  'unknown-name': 'notFound',
  'meter-refuses': 'meterRefuses',
  'template-invalid': 'templateInvalid',
  'bad-count': 'badInput',
  'bad-time': 'badInput',
  'state-unusable': 'storage',
};

/** What a template offers to start, and the names of the secrets it needs. Values are never looked up. */
export function templateSecrets(source: TemplateSource) {
  const { meters, fleets } = compileSource(source);
  const names = new Set(
    meters.flatMap((model) =>
      secretReferences(model)
        .filter((r) => 'secret' in r)
        .map(secretName),
    ),
  );
  return { names: [...names].sort(), meters: meters.map(({ name }) => name), fleets: fleets.map(({ name }) => name) };
}

/** Compiles a file, or the text an editor has of it. Throws `templateInvalid` with the errors and their places. */
function compileSource({ path, text }: TemplateSource): CompiledTemplates {
  const files = openFiles({
    readFile: (wanted) => (wanted === path && text !== undefined ? text : diskFiles.readFile(wanted)),
  });
  if (files.text(path) === undefined) {
    throw engineError('notFound', `${path} cannot be read.`, { next: 'Save the file, or check its name.' });
  }
  const result = compileTemplate(path, files);
  if (result.ok && result.model !== undefined) return result.model;
  const errors = placeFindings(
    result.findings.filter(({ severity }) => severity === 'error'),
    (file) => files.text(file),
  );
  const [first] = errors;
  throw engineError('templateInvalid', describeErrors(path, errors.length, first?.message), {
    next: 'Mend the errors shown in the Problems view, then start again.',
    findings: errors,
  });
}

function describeErrors(path: string, count: number, first: string | undefined): string {
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return `${path} has errors and cannot be started: ${first ?? 'no model came out'}${more}`;
}
