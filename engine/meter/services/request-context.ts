import { conformanceBit } from '../../cosem/conformance.ts';
import type { Protection } from '../../template/model.ts';
import type { AssociationState } from '../association/association-state.ts';
import type { IncomingProtection } from '../association/protection.ts';
import type { RequestBehaviour } from '../behaviours/request-behaviour.ts';
import type { CosemObject } from '../blueprint.ts';
import type { Target } from '../classes/class-logic.ts';
import type { VirtualMeter } from '../meter.ts';

/** One request on its way through the services. */
export interface RequestContext {
  readonly meter: VirtualMeter;
  readonly association: AssociationState;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Quirks and faults of this exchange; undefined for meters that keep to the standard. */
  readonly behaviour: RequestBehaviour | undefined;
  /** How the request was protected. */
  readonly incoming: IncomingProtection;
  /** Largest plain response APDU, so that it still fits the client's PDU once it is protected. */
  readonly maxResponse: number;
  /** Largest piece of a block transfer, where a quirk makes it smaller than the PDU allows. */
  readonly maxBlock: number;
  /** Most references in one request, where a quirk limits them. */
  readonly maxList: number;
}

export function targetOf(context: RequestContext, object: CosemObject): Target {
  return { meter: context.meter, object, time: context.time, association: context.association };
}

/** Whether a right exists and the request has the protections it asks for. */
export function mayAccess(context: RequestContext, right: readonly Protection[] | undefined): boolean {
  return right?.every((protection) => context.incoming.protections.includes(protection)) ?? false;
}

const masks = new Map<string, number>();

/** Whether a 24-bit conformance block has a bit, by its name. */
export function conformanceHas(conformance: number, name: string): boolean {
  let mask = masks.get(name);
  if (mask === undefined) {
    mask = conformanceBit(name)?.mask ?? 0;
    masks.set(name, mask);
  }
  return (conformance & mask) !== 0;
}

/** Whether a service was negotiated. */
export function negotiated(context: RequestContext, name: string): boolean {
  return conformanceHas(context.association.conformance, name);
}
