import type { Expression } from '../../template/model.ts';
import type { Override } from './override.ts';
import type { Source } from './signal.ts';
import type { Value } from './value.ts';

/** What an expression can see of the meter it is worked out for. */
export interface Scope extends Source {
  /** Serial number as text. */
  readonly serial: string;
  /** When the meter was switched on, milliseconds since the epoch. */
  readonly startedAt: number;
  /** Minutes from the meter's standard time to UTC. */
  readonly deviation: number;
  /** Identity or nameplate property after its placeholders were filled in. */
  identity(property: string): Value;
  /** Attribute of an object at a time, as the meter would answer it; `object` is its index in the model. */
  attribute(object: number, attribute: number, time: number): Value;
  /** What happened to a simulated value, oldest first; undefined if nothing did. */
  simulatedOverrides(name: string): readonly Override[] | undefined;
  /** Invocation counter the meter expects next under a security block. */
  invocationCounter(security: string | undefined): number;
}

/** An object attribute a path leads to. */
export interface AttributeReference {
  readonly object: number;
  readonly attribute: number;
  /** What the template says it is; absent where the class works it out. */
  readonly expression?: Expression;
}

/** What the names of a template mean. */
export interface Names {
  /** `active_import` (attribute 2) or `clock.time`. */
  attribute(path: string): AttributeReference | undefined;
  simulated(name: string): Expression | undefined;
  /** The six octets of an object's OBIS code. */
  logicalName(object: string): Uint8Array | undefined;
  /** Tariff numbers that share the register of this path, ascending. */
  tariffs(path: string): readonly number[];
}
