import type { Data } from '../../codec/axdr/data.ts';
import type { ActionOutcome, DataAccessResult, GetDataResult, SelectiveAccess } from '../../codec/xdlms/types.ts';
import type { AssociationState } from '../association/association-state.ts';
import type { CosemObject } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';

/** An object of a meter at a moment, and who is asking. */
export interface Target {
  readonly meter: VirtualMeter;
  readonly object: CosemObject;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Absent where no client asks: captured columns, references of expressions. */
  readonly association?: AssociationState;
  /** The meter itself acts, for its own reasons: a limiter, a monitor. */
  readonly local?: true;
  /** How many scripts and reactions led here. */
  readonly depth?: number;
}

/**
 * What an interface class does beyond keeping values. Everything is optional: what is left out, or answered with
 * undefined, is done for all classes alike in attribute-access.ts. Rights were checked before.
 */
export interface ClassLogic {
  read?(target: Target, attribute: number, selection: SelectiveAccess | null): GetDataResult | undefined;
  write?(
    target: Target,
    attribute: number,
    data: Data,
    selection: SelectiveAccess | null,
  ): DataAccessResult | undefined;
  /** Methods the class does not know are answered `object-undefined`. */
  invoke?(target: Target, method: number, params: Data | null): ActionOutcome | undefined;
  /**
   * Does what the object does by itself at the target's time. Called for every whole minute that passed, in order,
   * before a meter is asked anything.
   */
  act?(target: Target): void;
  /** Names of enumeration values, by attribute. */
  readonly enumerations?: Readonly<Record<number, Readonly<Record<string, number>>>>;
  /** Selectors of selective access, by attribute, for the object list. */
  readonly selectors?: Readonly<Record<number, readonly number[]>>;
}

export const SUCCESS: ActionOutcome = { result: 'success' };
