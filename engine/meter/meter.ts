import type { Data } from '../codec/axdr/data.ts';
import type { ManufacturerHls } from '../codec/security/manufacturer-hls.ts';
import { expandText } from '../template/compile/identity-text.ts';
import type { IdentityModel, MeterModel, SecretReference, SecurityModel } from '../template/model.ts';
import { CertificateStore } from './association/certificate-store.ts';
import { templateCertificates } from './association/certificates.ts';
import { ContentKeyCounters } from './association/content-keys.ts';
import { SecurityChanges } from './association/security-changes.ts';
import { readAttributeData } from './attribute-access.ts';
import type { BehaviourSet, BehaviourState } from './behaviours/behaviour-set.ts';
import {
  type BehaviourSelection,
  type BehaviourStatus,
  BehaviourSwitches,
  behaviourStatuses,
  isBehaviour,
  isOnByDefault,
  selectedBehaviours,
} from './behaviours/behaviour-switches.ts';
import { type Blueprint, blueprintOf } from './blueprint.ts';
import { standardDeviation } from './classes/clock.ts';
import { type MeterState, slot } from './meter-state.ts';
import type { ObjectMemory } from './object-memory.ts';
import { actUntil } from './own-doings.ts';
import type { PushOrder, PushRefusal } from './push/push-order.ts';
import { literalOctets, type SecretResolver } from './secrets.ts';
import { systemTitleOf } from './system-title.ts';
import type { Override } from './values/override.ts';
import { hashText, mix } from './values/random.ts';
import type { Scope } from './values/scope.ts';
import { fromData } from './values/to-data.ts';
import type { Value } from './values/value.ts';

/** Objects may use one another's values this deep; further down a value is unknown. */
const MAX_REFERENCE_DEPTH = 16;
/** Overrides of one simulated value that are remembered; of more, only the integral up to the younger half is. */
const MAX_OVERRIDES = 128;

export interface MeterOptions {
  /** Number of the meter in its fleet; `{n}` of the serial number. Default 1. */
  readonly number?: number;
  /** Default 1. */
  readonly seed?: number;
  readonly secrets?: SecretResolver;
  /** What stands behind authentication `hls-manufacturer`; without it nobody gets in that way. */
  readonly manufacturerHls?: ManufacturerHls;
  /** When the meter was switched on, milliseconds since the epoch: where prefilled profiles begin to grow. */
  readonly startedAt: number;
  /** Identity of this meter where it differs from the template's (`vary` of a fleet). */
  readonly identity?: IdentityModel;
  /** Milliseconds it takes to answer anything (`vary` of a fleet). Default 0. */
  readonly latencyMs?: number;
  /** Names of the quirks it has, of the template or the catalogue (`quirks` of a fleet). Default all of the template. */
  readonly quirks?: BehaviourSelection;
}

/** One of several meters behind an address, as the SAP assignment of each of them tells it. */
export interface AssignedSap {
  readonly sap: number;
  readonly logicalDeviceName: string;
}

/** Failed logins of one association since the last good one. */
export interface LoginFailures {
  count: number;
  /** Milliseconds since the epoch; 0 while not locked. */
  lockedUntil: number;
}

/**
 * One meter of a model. It holds its number, what was written into it and its counters; everything else is worked out
 * from the shared blueprint when it is asked for, so that idle meters cost next to nothing.
 */
export class VirtualMeter implements Scope {
  readonly blueprint: Blueprint;
  readonly number: number;
  readonly seed: number;
  readonly key: number;
  readonly startedAt: number;
  readonly latencyMs: number;
  readonly manufacturerHls: ManufacturerHls | undefined;
  /** The meters it shares an address with, itself among them; undefined for one that is alone there. */
  neighbours: (() => readonly AssignedSap[]) | undefined;
  /** When its schedules have something to do next, simulated milliseconds since the epoch: see `runDue`. */
  dueAt: number;
  /** Told when `dueAt` was put back, for meters that have to act without being asked. */
  rescheduled: (() => void) | undefined;
  /** Takes what the meter wants to push; undefined as long as it has no way out. */
  outbox: ((order: PushOrder) => PushRefusal | undefined) | undefined;
  /** All it remembers; see there. */
  readonly state: Partial<MeterState> = {};
  readonly #secrets: SecretResolver;
  readonly #identity: IdentityModel | undefined;
  readonly #selection: BehaviourSelection | undefined;
  #depth = 0;
  /** Up to when it did what it does by itself, milliseconds since the epoch. */
  #doneUntil: number;

  constructor(model: MeterModel, options: MeterOptions) {
    this.blueprint = blueprintOf(model);
    this.number = options.number ?? 1;
    this.seed = options.seed ?? 1;
    this.key = mix(mix(this.seed, this.number), hashText(model.name));
    this.startedAt = options.startedAt;
    this.latencyMs = options.latencyMs ?? 0;
    this.manufacturerHls = options.manufacturerHls;
    this.dueAt = this.blueprint.schedules === undefined ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.#secrets = options.secrets ?? (() => undefined);
    this.#identity = options.identity;
    this.#selection = options.quirks;
    this.#doneUntil = options.startedAt;
  }

  /** Runs on another firmware from a moment on; at once if that has come. */
  runOn(version: string, now: number, at: number): void {
    if (at > now) this.state.nextFirmware = { version, at };
    else this.state.firmware = version;
  }

  /** Lets the objects that act by themselves (limiters, monitors) do so up to a moment. Cheap where there are none. */
  advance(time: number): void {
    const { nextFirmware } = this.state;
    if (nextFirmware !== undefined && time >= nextFirmware.at) {
      this.state.firmware = nextFirmware.version;
      delete this.state.nextFirmware;
    }
    if (this.blueprint.selfActing.length > 0) this.#doneUntil = actUntil(this, this.#doneUntil, time);
  }

  /** Milliseconds a client put the clock forward by. */
  get clockShift(): number {
    return this.state.clockShift ?? 0;
  }

  set clockShift(milliseconds: number) {
    this.state.clockShift = milliseconds;
  }

  get model(): MeterModel {
    return this.blueprint.model;
  }

  /** Identity of the template with what a fleet varies, and the firmware that was put on the meter since. */
  get identityModel(): IdentityModel {
    const identity = this.#identity ?? this.model.identity;
    const { firmware } = this.state;
    return firmware === undefined ? identity : { ...identity, firmware };
  }

  #expand(text: string): string {
    return expandText(text, this.identityModel, this.number);
  }

  get serial(): string {
    return this.#expand(this.identityModel.serial);
  }

  get logicalDeviceName(): string {
    return this.#expand(this.identityModel.logicalDeviceName);
  }

  /** Eight octets. */
  get systemTitle(): Uint8Array {
    const { systemTitle, flag } = this.identityModel;
    return systemTitleOf(flag, this.serial, systemTitle && this.#expand(systemTitle));
  }

  get deviation(): number {
    return standardDeviation(this);
  }

  identity(property: string): Value {
    const identity = this.identityModel;
    switch (property) {
      case 'system_title':
        return this.systemTitle;
      case 'cosem_version':
        return identity.cosemVersion;
      case 'referencing':
        return this.model.referencing;
      default: {
        const value = Object.hasOwn(identity.properties, property) ? identity.properties[property] : undefined;
        if (typeof value === 'number') return value;
        const placeholder = `{${property}}`;
        const text = this.#expand(placeholder);
        return text === placeholder ? undefined : text;
      }
    }
  }

  attribute(object: number, attribute: number, time: number): Value {
    const target = this.blueprint.objects[object];
    if (target === undefined || this.#depth >= MAX_REFERENCE_DEPTH) return undefined;
    this.#depth += 1;
    try {
      return fromData(readAttributeData({ meter: this, object: target, time }, attribute));
    } finally {
      this.#depth -= 1;
    }
  }

  /** Octets of a secret, undefined where it is not at hand. */
  secret(reference: SecretReference | undefined): Uint8Array | undefined {
    if (reference === undefined) return undefined;
    if ('literal' in reference) return literalOctets(reference.literal, reference.encoding);
    return this.#secrets(reference);
  }

  /** Password or HLS secret of an association: what a client changed it to, else the template's. */
  associationSecret(association: number): Uint8Array | undefined {
    return this.state.secretChanges?.get(association) ?? this.secret(this.model.associations[association]?.secret);
  }

  changeAssociationSecret(association: number, secret: Uint8Array): void {
    this.state.secretChanges ??= new Map();
    this.state.secretChanges.set(association, secret);
  }

  /** What was written to an attribute. */
  written(object: number, attribute: number): Data | undefined {
    return this.state.written?.get(slot(object, attribute));
  }

  write(object: number, attribute: number, data: Data): void {
    this.state.written ??= new Map();
    this.state.written.set(slot(object, attribute), data);
  }

  /** What an object remembers beside its attributes; undefined if nothing yet. */
  remembered(object: number): ObjectMemory | undefined {
    return this.state.memories?.get(object);
  }

  remember(object: number, memory: ObjectMemory): void {
    this.state.memories ??= new Map();
    this.state.memories.set(object, { ...this.state.memories.get(object), ...memory });
  }

  simulatedOverrides(name: string): readonly Override[] | undefined {
    return this.state.overrides?.get(name);
  }

  /** Puts a simulated value to something else from a moment on. */
  overrideSimulated(name: string, override: Override): void {
    this.state.overrides ??= new Map();
    const known = this.state.overrides.get(name) ?? [];
    const [first, ...rest] = known.length < MAX_OVERRIDES ? known : known.slice(MAX_OVERRIDES / 2);
    if (first === undefined) this.state.overrides.set(name, [override]);
    else if (known.length < MAX_OVERRIDES) this.state.overrides.set(name, [...known, override]);
    else {
      const total = this.blueprint.compiler.simulatedIntegral(name)(this, first.since);
      this.state.overrides.set(name, [{ ...first, total }, ...rest, override]);
    }
  }

  /** Failed logins of an association, by its index. */
  failures(association: number): LoginFailures | undefined {
    return this.state.failures?.get(association);
  }

  setFailures(association: number, failures: LoginFailures | undefined): void {
    if (failures === undefined) this.state.failures?.delete(association);
    else {
      this.state.failures ??= new Map();
      this.state.failures.set(association, failures);
    }
  }

  /** Its quirks and faults at the moment; undefined for a meter that keeps to the standard. */
  get behaviours(): BehaviourSet | undefined {
    const { switches } = this.state;
    if (switches !== undefined) return switches.behaviours(this.blueprint, this.#selection);
    return this.#selection === undefined
      ? this.blueprint.behaviours
      : selectedBehaviours(this.blueprint, this.#selection);
  }

  /** All quirks and faults that can be switched here, and whether they are on: those of the template first. */
  behaviourStatuses(): BehaviourStatus[] {
    return behaviourStatuses(this.blueprint, this.#selection, this.state.switches);
  }

  /**
   * Switches a quirk or fault of the template, or a quirk of the catalogue, at run time; undefined puts it back to what
   * the template says. It holds from the next request on, and is part of the meter's state. False if there is none of
   * this name.
   */
  setBehaviour(name: string, on: boolean | undefined): boolean {
    if (!isBehaviour(this.blueprint, name)) return false;
    const switches = this.state.switches ?? new BehaviourSwitches();
    switches.set(name, on === isOnByDefault(this.blueprint, this.#selection, name) ? undefined : on);
    if (switches.isEmpty) delete this.state.switches;
    else this.state.switches = switches;
    return true;
  }

  /** What quirks and faults have drawn and used up. */
  get behaviourState(): BehaviourState {
    this.state.behaviours ??= { draws: 0, used: new Map() };
    return this.state.behaviours;
  }

  /** Highest invocation counter accepted for a key; -1 before the first. */
  lastReceived(key: string): number {
    return this.state.received?.get(key) ?? -1;
  }

  setReceived(key: string, counter: number): void {
    this.state.received ??= new Map();
    this.state.received.set(key, counter);
  }

  /**
   * The next invocation counter to send with a key. The first one is the seconds since 2020, so that a meter started
   * again does not repeat counters its clients have seen.
   */
  nextSent(key: string, now: number): number {
    const next = this.state.sent?.get(key) ?? Math.max(1, Math.floor((now - COUNTER_EPOCH) / 1000));
    this.state.sent ??= new Map();
    this.state.sent.set(key, Math.min(next + 1, 0xffffffff));
    return Math.min(next, 0xffffffff);
  }

  /** Counters of keys that were wrapped or agreed on for single APDUs. */
  get contentKeys(): ContentKeyCounters {
    this.state.contentKeys ??= new ContentKeyCounters();
    return this.state.contentKeys;
  }

  /** Keys, policies and suites clients have put in place of the template's. */
  get securityChanges(): SecurityChanges {
    this.state.securityChanges ??= new SecurityChanges();
    return this.state.securityChanges;
  }

  /** Puts staged changes into force. A new key has counters of its own: what was received under the old one says nothing. */
  enforceSecurity(): void {
    for (const { security, name } of this.state.securityChanges?.enforce() ?? [])
      this.state.received?.delete(`${security}/${name}`);
  }

  /** A security block with the policy and the suite in force. */
  inForce(security: SecurityModel): SecurityModel;
  inForce(security: SecurityModel | undefined): SecurityModel | undefined;
  inForce(security: SecurityModel | undefined): SecurityModel | undefined {
    return security === undefined ? undefined : (this.state.securityChanges?.modelOf(security) ?? security);
  }

  /** Certificates of a security block: the template's until clients change them. */
  certificatesOf(security: SecurityModel): CertificateStore {
    this.state.certificates ??= new Map();
    const known = this.state.certificates.get(security.name);
    const store = known ?? new CertificateStore(templateCertificates(this, security));
    if (known === undefined) this.state.certificates.set(security.name, store);
    return store;
  }

  /** As `certificatesOf`, as long as anybody has asked for them. */
  touchedCertificates(security: string): CertificateStore | undefined {
    return this.state.certificates?.get(security);
  }

  invocationCounter(security: string | undefined): number {
    const name = security ?? this.model.securities[0]?.name ?? '';
    return Math.min(this.lastReceived(globalKeyName(name)) + 1, 0xffffffff);
  }
}

const COUNTER_EPOCH = Date.UTC(2020, 0, 1);

/** Name under which the counters of a security block's global unicast key are kept. */
export function globalKeyName(security: string): string {
  return `${security}/guek`;
}

/** A meter of a model. Cheap: what all meters of the model share is built once. */
export function createMeter(model: MeterModel, options: MeterOptions): VirtualMeter {
  return new VirtualMeter(model, options);
}
