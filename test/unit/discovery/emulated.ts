import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Emulator, type Endpoint } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { SecretResolver } from '../../../engine/meter/secrets.ts';
import { compileTemplate, diskFiles, type MeterModel } from '../../../engine/template/index.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');

/** Every meter of the sample templates that can be started, each once. */
export function sampleModels(): MeterModel[] {
  const models = new Map<string, MeterModel>();
  for (const file of readdirSync(samples).filter((name) => name.endsWith('.dlmsmeter'))) {
    const { model } = compileTemplate(path.join(samples, file), diskFiles);
    for (const meter of model?.meters ?? []) models.set(meter.name, meter);
  }
  return [...models.values()];
}

/** Demo keys by their names in the templates. */
export function demoSecrets(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(path.join(samples, 'demo.keys.json'), 'utf8'));
}

export function secretResolver(): SecretResolver {
  const keys = demoSecrets();
  return (reference) => {
    const value = 'secret' in reference ? keys[reference.secret] : undefined;
    if (value === undefined) return undefined;
    return value.startsWith('hex:') ? Buffer.from(value.slice(4), 'hex') : Buffer.from(value.slice(5));
  };
}

export interface Fleet {
  readonly emulator: Emulator;
  readonly endpoints: readonly (Endpoint & { readonly model: MeterModel })[];
}

/** Starts one meter of each model on a free port of loopback. */
export async function startMeters(models: readonly MeterModel[]): Promise<Fleet> {
  const secrets = secretResolver();
  const placements = models.flatMap((model, i) =>
    placeMeters([createMeter(model, { number: i + 1, startedAt: Date.now(), secrets })], parseListen('127.0.0.1:0')),
  );
  const emulator = await Emulator.start({ name: 'test', placements });
  const byName = new Map(models.map((model) => [model.name, model]));
  return {
    emulator,
    endpoints: emulator.endpoints().map((endpoint) => ({ ...endpoint, model: byName.get(endpoint.meter)! })),
  };
}
