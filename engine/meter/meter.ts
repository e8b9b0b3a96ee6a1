import type { Data } from '../codec/axdr/data.ts';
import type { MeterModel, SecretReference } from '../template/model.ts';
import { readAttributeData } from './attribute-access.ts';
import { type Blueprint, blueprintOf } from './blueprint.ts';
import { standardDeviation } from './classes/clock.ts';
import type { SecretResolver } from './secrets.ts';
import { systemTitleOf } from './system-title.ts';
import { expandText } from './text-template.ts';
import { hashText, mix } from './values/random.ts';
import type { Scope } from './values/scope.ts';
import { fromData } from './values/to-data.ts';
import type { Value } from './values/value.ts';

/** Objects may use one another's values this deep; further down a value is unknown. */
const MAX_REFERENCE_DEPTH = 16;

export interface MeterOptions {
  /** Number of the meter in its fleet; `{n}` of the serial number. Default 1. */
  readonly number?: number;
  /** Default 1. */
  readonly seed?: number;
  readonly secrets?: SecretResolver;
  /** When the meter was switched on, milliseconds since the epoch: where prefilled profiles begin to grow. */
  readonly startedAt: number;
  /** Identity and nameplate properties that differ from the template's (`vary` of a fleet). */
  readonly identity?: Readonly<Record<string, string | number>>;
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
  /** Milliseconds a client put the clock forward by. */
  clockShift = 0;
  readonly #secrets: SecretResolver;
  readonly #identity: Readonly<Record<string, string | number>> | undefined;
  #written: Map<number, Data> | undefined;
  #failures: Map<number, LoginFailures> | undefined;
  #received: Map<string, number> | undefined;
  #sent: Map<string, number> | undefined;
  #depth = 0;

  constructor(model: MeterModel, options: MeterOptions) {
    this.blueprint = blueprintOf(model);
    this.number = options.number ?? 1;
    this.seed = options.seed ?? 1;
    this.key = mix(mix(this.seed, this.number), hashText(model.name));
    this.startedAt = options.startedAt;
    this.#secrets = options.secrets ?? (() => undefined);
    this.#identity = options.identity;
  }

  get model(): MeterModel {
    return this.blueprint.model;
  }

  get serial(): string {
    return expandText(this.model.identity.serial, this.#property);
  }

  get logicalDeviceName(): string {
    return expandText(this.model.identity.logicalDeviceName, this.#property);
  }

  /** Eight octets. */
  get systemTitle(): Uint8Array {
    const { systemTitle, flag } = this.model.identity;
    return systemTitleOf(flag, this.serial, systemTitle && expandText(systemTitle, this.#property));
  }

  get deviation(): number {
    return standardDeviation(this);
  }

  readonly #property = (name: string): string | number | undefined => {
    if (name === 'n') return this.number;
    const own = this.#identity?.[name];
    if (own !== undefined) return own;
    const { identity } = this.model;
    switch (name) {
      case 'vendor':
      case 'flag':
      case 'model':
      case 'firmware':
      case 'serial':
        return identity[name];
      case 'logical_device_name':
        return identity.logicalDeviceName;
      case 'cosem_version':
        return identity.cosemVersion;
      default:
        return Object.hasOwn(identity.properties, name) ? identity.properties[name] : undefined;
    }
  };

  identity(property: string): Value {
    if (property === 'system_title') return this.systemTitle;
    const value = this.#property(property);
    return typeof value === 'string' ? expandText(value, this.#property) : value;
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
    return reference === undefined ? undefined : this.#secrets(reference);
  }

  /** What was written to an attribute. */
  written(object: number, attribute: number): Data | undefined {
    return this.#written?.get(slot(object, attribute));
  }

  write(object: number, attribute: number, data: Data): void {
    this.#written ??= new Map();
    this.#written.set(slot(object, attribute), data);
  }

  /** Forgets what was written to an attribute. */
  unwrite(object: number, attribute: number): void {
    this.#written?.delete(slot(object, attribute));
  }

  /** Failed logins of an association, by its index. */
  failures(association: number): LoginFailures | undefined {
    return this.#failures?.get(association);
  }

  setFailures(association: number, failures: LoginFailures | undefined): void {
    if (failures === undefined) this.#failures?.delete(association);
    else {
      this.#failures ??= new Map();
      this.#failures.set(association, failures);
    }
  }

  /** Highest invocation counter accepted for a key; -1 before the first. */
  lastReceived(key: string): number {
    return this.#received?.get(key) ?? -1;
  }

  setReceived(key: string, counter: number): void {
    this.#received ??= new Map();
    this.#received.set(key, counter);
  }

  /**
   * The next invocation counter to send with a key. The first one is the seconds since 2020, so that a meter started
   * again does not repeat counters its clients have seen.
   */
  nextSent(key: string, now: number): number {
    const next = this.#sent?.get(key) ?? Math.max(1, Math.floor((now - COUNTER_EPOCH) / 1000));
    this.#sent ??= new Map();
    this.#sent.set(key, Math.min(next + 1, 0xffffffff));
    return Math.min(next, 0xffffffff);
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

/** Objects and attributes as one key; attribute indices are signed octets. */
function slot(object: number, attribute: number): number {
  return object * 256 + (attribute & 0xff);
}

/** A meter of a model. Cheap: what all meters of the model share is built once. */
export function createMeter(model: MeterModel, options: MeterOptions): VirtualMeter {
  return new VirtualMeter(model, options);
}
