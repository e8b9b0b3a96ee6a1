import { createHash } from 'node:crypto';
import type { Data } from '../../../../engine/codec/axdr/data.ts';
import type { HlsReplyInput } from '../../../../engine/codec/security/hls.ts';
import type { ManufacturerHls } from '../../../../engine/codec/security/manufacturer-hls.ts';
import { Emulator } from '../../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../../engine/emulator/listener-table.ts';
import { openableTransports, placeMeters } from '../../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../../engine/emulator/secrets.ts';
import { SimulatedClock } from '../../../../engine/emulator/simulated-clock.ts';
import { readAttributeData } from '../../../../engine/meter/attribute-access.ts';
import { createMeter, type VirtualMeter } from '../../../../engine/meter/meter.ts';
import { compileText, type MeterModel } from '../../../../engine/template/index.ts';

/** Simulated time of the meters under test; it stands still. */
export const NOW = Date.UTC(2026, 5, 15, 12, 7, 30);

/** A mechanism 2 of our own: a hash over everything a manufacturer could think of. */
export const manufacturerHls: ManufacturerHls = { reply: manufacturerReply };

/** Titles are left out: without ciphering neither side tells its own. */
function manufacturerReply({ challenge, ownChallenge, secret }: HlsReplyInput): Uint8Array {
  const hash = createHash('sha256').update('ours');
  for (const part of [secret, challenge, ownChallenge]) {
    hash.update(`/${part?.length ?? 0}/`).update(part ?? new Uint8Array());
  }
  return new Uint8Array(hash.digest());
}

/** A meter on sockets of this machine, with its time standing still. */
export interface ServedMeter {
  readonly emulator: Emulator;
  readonly meter: VirtualMeter;
  /** Port of a transport by its name. */
  port(transport: string): number;
  /** What the model says of an attribute at a moment. */
  value(name: string, attribute?: number, time?: number): Data;
}

export interface ServeOptions {
  readonly secrets?: Readonly<Record<string, string>>;
  /** Simulated time; default `NOW`. */
  readonly now?: number;
  /** Path of a serial port for the meter's serial transport. */
  readonly serial?: string;
}

/** Compiles a template text; throws its findings if it is wrong. */
export function compiled(text: string): MeterModel {
  const { model, findings } = compileText(text);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const meter = model?.meters[0];
  if (errors.length > 0 || meter === undefined) throw new Error(errors.slice(0, 5).join('\n'));
  return meter;
}

/** Puts a meter, or the first one of a template text, on loopback, every transport on a port of its own. */
export async function serve(template: string | MeterModel, options: ServeOptions = {}): Promise<ServedMeter> {
  const time = new SimulatedClock();
  const { now = NOW } = options;
  time.change({ to: now, frozen: true });
  const model = typeof template === 'string' ? compiled(template) : template;
  const secrets = secretResolver({ values: options.secrets ?? {} });
  const meter = createMeter(model, { number: 1, startedAt: now, secrets, manufacturerHls });
  const anyPort = parseListen('127.0.0.1:0');
  const placements = openableTransports(meter).flatMap(({ name }) => placeMeters([meter], anyPort, [name]));
  if (options.serial !== undefined) placements.push(...placeMeters([meter], parseListen(`serial:${options.serial}`)));
  const emulator = await Emulator.start({ name: 'test', placements, time, listeners: new ListenerTable() });
  return {
    emulator,
    meter,
    port: (transport) => emulator.endpoints().find((endpoint) => endpoint.transport === transport)?.port ?? 0,
    value: (name, attribute = 2, at = now) => {
      const object = meter.blueprint.byName(name);
      if (object === undefined) throw new Error(`the template has no object ${name}`);
      return readAttributeData({ meter, object, time: at }, attribute);
    },
  };
}
