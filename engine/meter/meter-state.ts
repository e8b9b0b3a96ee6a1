import type { Data } from '../codec/axdr/data.ts';
import type { CertificateStore } from './association/certificate-store.ts';
import type { ContentKeyCounters } from './association/content-keys.ts';
import type { SecurityChanges } from './association/security-changes.ts';
import type { BehaviourState } from './behaviours/behaviour-set.ts';
import { BehaviourSwitches } from './behaviours/behaviour-switches.ts';
import type { CosemObject } from './blueprint.ts';
import type { LoginFailures, VirtualMeter } from './meter.ts';
import { memoryFormat, type ObjectMemory } from './object-memory.ts';
import type { PushMemory } from './push/push-memory.ts';
import type { ScheduleMemory } from './schedule/schedule-memory.ts';
import { certificatesFormat, contentKeysFormat, securityChangesFormat } from './state/security-formats.ts';
import {
  booleanFormat,
  counterFormat,
  dataFormat,
  entriesOf,
  integerFormat,
  type Json,
  listFormat,
  MeterStateError,
  mapFormat,
  numberFormat,
  octetsFormat,
  recordFormat,
  type StateFormat,
  textFormat,
} from './state/state-format.ts';
import type { Override } from './values/override.ts';

/**
 * What has happened to a meter and cannot be worked out again from its template, number and the time. `VirtualMeter`
 * has no other memory, and every member has its form in `parts` below, which the compiler insists on: so nothing a
 * colleague adds is forgotten when a meter is kept over a restart. A member that is absent says: nothing happened yet.
 */
export interface MeterState {
  /** Milliseconds a client put the clock forward by. */
  clockShift: number;
  /** Attributes that were written, by `slot`. */
  written: Map<number, Data>;
  /** Firmware that was activated in place of the template's. */
  firmware: string;
  /** Firmware that is being activated, and when it is, milliseconds since the epoch. */
  nextFirmware: { readonly version: string; readonly at: number };
  /** What objects remember beside their attributes, by index. */
  memories: Map<number, ObjectMemory>;
  /** Simulated values put to something else, by name. */
  overrides: Map<string, readonly Override[]>;
  /** Passwords and HLS secrets that were changed, by index of the association. */
  secretChanges: Map<number, Uint8Array>;
  /** Objects that were put into or taken out of associations, by `association|class/obis`. */
  access: Map<string, Data>;
  /** Failed logins, by index of the association. */
  failures: Map<number, LoginFailures>;
  /** What quirks and faults have drawn and used up. */
  behaviours: BehaviourState;
  /** Quirks and faults that were switched on or off. */
  switches: BehaviourSwitches;
  /** Highest invocation counters accepted, by key. */
  received: Map<string, number>;
  /** Next invocation counters to send, by key. */
  sent: Map<string, number>;
  contentKeys: ContentKeyCounters;
  securityChanges: SecurityChanges;
  /** By security block. */
  certificates: Map<string, CertificateStore>;
  /** How far schedules and calendars have been executed. */
  schedule: ScheduleMemory;
  push: PushMemory;
}

/** Version of the JSON form. A form that old readers would misunderstand gets the next number. */
export const STATE_FORMAT = 1;

/** A meter's state as plain JSON; names instead of indices, so that it outlives changes of the template. */
export interface KeptState {
  readonly format: typeof STATE_FORMAT;
  readonly [part: string]: Json;
}

/** Objects and attributes as one key; attribute indices are signed octets. */
export function slot(object: number, attribute: number): number {
  return object * 256 + (attribute & 0xff);
}

interface Reading {
  readonly meter: VirtualMeter;
  /** Names the template knows no more. */
  readonly unknown: string[];
}

interface StatePart<T> {
  /** Undefined where there is nothing to keep. */
  write(value: T, meter: VirtualMeter): Json | undefined;
  read(json: unknown, at: string, reading: Reading): T;
}

function plain<T>(format: StateFormat<T>, isNothing: (value: T) => boolean = () => false): StatePart<T> {
  return {
    write: (value) => (isNothing(value) ? undefined : format.write(value)),
    read: (json, at) => format.read(json, at),
  };
}

/** A map whose keys are indices of the blueprint and are kept as names. */
function named<T>(
  format: StateFormat<T>,
  nameOf: (key: number, meter: VirtualMeter) => string | undefined,
  keyOf: (name: string, meter: VirtualMeter) => number | undefined,
): StatePart<Map<number, T>> {
  return {
    write(values, meter) {
      const json: Record<string, Json> = {};
      for (const [key, value] of values) {
        const name = nameOf(key, meter);
        if (name !== undefined) json[name] = format.write(value);
      }
      return values.size === 0 ? undefined : json;
    },
    read(json, at, { meter, unknown }) {
      const values = new Map<number, T>();
      for (const [name, value] of entriesOf(json, at)) {
        const read = format.read(value, `${at}["${name}"]`);
        const key = keyOf(name, meter);
        if (key === undefined) unknown.push(`${at}["${name}"]`);
        else values.set(key, read);
      }
      return values;
    },
  };
}

function objectName(object: CosemObject | undefined): string | undefined {
  return object === undefined ? undefined : `${object.model.class}/${object.obis}`;
}

function objectNamed(name: string, meter: VirtualMeter): number | undefined {
  const slash = name.indexOf('/');
  const found = meter.blueprint.find(Number(name.slice(0, slash)), name.slice(slash + 1));
  return typeof found === 'object' ? found.index : undefined;
}

function attributeName(key: number, meter: VirtualMeter): string | undefined {
  const object = objectName(meter.blueprint.objects[Math.floor(key / 256)]);
  // Attribute indices are signed octets.
  return object === undefined ? undefined : `${object}#${((key & 0xff) << 24) >> 24}`;
}

function attributeNamed(name: string, meter: VirtualMeter): number | undefined {
  const hash = name.lastIndexOf('#');
  const attribute = Number(name.slice(hash + 1));
  const object = objectNamed(name.slice(0, hash), meter);
  return object === undefined || !(Math.abs(attribute) <= 128) ? undefined : slot(object, attribute);
}

const associationName = (index: number, meter: VirtualMeter): string | undefined =>
  meter.model.associations[index]?.name;

function associationNamed(name: string, meter: VirtualMeter): number | undefined {
  const index = meter.model.associations.findIndex((association) => association.name === name);
  return index < 0 ? undefined : index;
}

const isEmpty = ({ size }: { readonly size: number }): boolean => size === 0;
const COUNT = integerFormat(0, Number.MAX_SAFE_INTEGER);
const switchesFormat = mapFormat(booleanFormat);

const parts: { readonly [Part in keyof MeterState]: StatePart<MeterState[Part]> } = {
  clockShift: plain(numberFormat, (value) => value === 0),
  written: named(dataFormat, attributeName, attributeNamed),
  firmware: plain(textFormat),
  nextFirmware: plain(
    recordFormat<MeterState['nextFirmware']>({ version: textFormat, at: numberFormat }, ['version', 'at']),
  ),
  memories: named(memoryFormat, (index, meter) => objectName(meter.blueprint.objects[index]), objectNamed),
  overrides: plain(
    mapFormat(
      listFormat(
        recordFormat<Override>({ since: numberFormat, value: numberFormat, total: numberFormat }, ['since']),
      ) satisfies StateFormat<readonly Override[]>,
    ),
    isEmpty,
  ),
  secretChanges: named(octetsFormat, associationName, associationNamed),
  access: plain(mapFormat(dataFormat), isEmpty),
  failures: named(
    recordFormat<LoginFailures>({ count: COUNT, lockedUntil: numberFormat }, ['count', 'lockedUntil']),
    associationName,
    associationNamed,
  ),
  behaviours: plain(
    recordFormat<BehaviourState>({ draws: COUNT, used: mapFormat(COUNT) }, ['draws', 'used']),
    ({ draws, used }) => draws === 0 && used.size === 0,
  ),
  switches: plain(
    {
      write: (switches) => switchesFormat.write(switches.all),
      read: (json, at) => new BehaviourSwitches(switchesFormat.read(json, at)),
    },
    (switches) => switches.isEmpty,
  ),
  received: plain(mapFormat(counterFormat), isEmpty),
  sent: plain(mapFormat(counterFormat), isEmpty),
  contentKeys: plain(contentKeysFormat, ({ all }) => all.size === 0),
  securityChanges: plain(securityChangesFormat, (changes) => changes.all().size === 0),
  certificates: plain(mapFormat(certificatesFormat), isEmpty),
  schedule: plain(
    recordFormat<ScheduleMemory>({ doneTo: numberFormat, unsettled: booleanFormat, forwardFrom: numberFormat }, [
      'doneTo',
    ]),
  ),
  push: plain(recordFormat<PushMemory>({ sent: COUNT }, ['sent'])),
};

const partNames = Object.keys(parts) as (keyof MeterState)[];

/** The state of a meter as JSON; undefined for a meter nothing has happened to. */
export function exportState(meter: VirtualMeter): KeptState | undefined {
  const json: Record<string, Json> = {};
  const write = <Part extends keyof MeterState>(name: Part): void => {
    const value = meter.state[name];
    const kept = value === undefined ? undefined : parts[name].write(value, meter);
    if (kept !== undefined) json[name] = kept;
  };
  for (const name of partNames) write(name);
  return Object.keys(json).length === 0 ? undefined : { format: STATE_FORMAT, ...json };
}

/** A state read from JSON, ready to be put into its meter. */
export interface ReadState {
  readonly state: Partial<MeterState>;
  /** Objects, attributes and associations the template knows no more. */
  readonly unknown: readonly string[];
}

/**
 * Reads a state for a meter, without touching it.
 * @throws MeterStateError for whatever `exportState` would not have written.
 */
export function readState(json: unknown, meter: VirtualMeter): ReadState {
  const state: Partial<MeterState> = {};
  const unknown: string[] = [];
  let format: unknown;
  const read = <Part extends keyof MeterState>(name: Part, value: unknown): void => {
    state[name] = parts[name].read(value, name, { meter, unknown });
  };
  for (const [name, value] of entriesOf(json, 'state')) {
    const part = partNames.find((known) => known === name);
    if (name === 'format') format = value;
    else if (part !== undefined) read(part, value);
    else throw new MeterStateError(name, 'a part this version does not know', partNames.join(', '));
  }
  if (format !== STATE_FORMAT) throw new MeterStateError('format', String(format), String(STATE_FORMAT));
  return { state, unknown };
}

/** Puts what was read into its meter, in place of all it remembered. */
export function restoreState(meter: VirtualMeter, { state }: ReadState): void {
  for (const name of partNames) delete meter.state[name];
  Object.assign(meter.state, state);
  if (meter.blueprint.schedules !== undefined) meter.dueAt = Number.NEGATIVE_INFINITY;
}
