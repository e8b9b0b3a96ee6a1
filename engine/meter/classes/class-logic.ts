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
  /** Names of enumeration values, by attribute. */
  readonly enumerations?: Readonly<Record<number, Readonly<Record<string, number>>>>;
  /** Selectors of selective access, by attribute, for the object list. */
  readonly selectors?: Readonly<Record<number, readonly number[]>>;
}

export const SUCCESS: ActionOutcome = { result: 'success' };
