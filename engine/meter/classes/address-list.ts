import type { Data } from '../../codec/axdr/data.ts';
import { sameOctets } from '../../codec/octets.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import { readAttributeData } from '../attribute-access.ts';
import { copyData } from '../copy-data.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { SUCCESS, type Target } from './class-logic.ts';

const MAX_ADDRESSES = 64;

function isSame(a: Data, b: Data): boolean {
  if (a.t === 'octet-string' && b.t === 'octet-string') {
    return sameOctets(a.v, b.v);
  }
  return a.t === b.t && 'v' in a && 'v' in b && a.v === b.v;
}

export function addresses(target: Target, attribute: number): readonly Data[] {
  return elementsOf(readAttributeData(target, attribute));
}

/** Adds an address to a list; one that is there already is not added again. */
export function addAddress(target: Target, attribute: number, address: Data): ActionOutcome {
  const known = addresses(target, attribute);
  if (known.some((one) => isSame(one, address))) return SUCCESS;
  if (known.length >= MAX_ADDRESSES) return { result: 'other-reason' };
  target.meter.write(target.object.index, attribute, { t: 'array', v: [...known, copyData(address)] });
  return SUCCESS;
}

/** Removes an address from a list, which has to have it. */
export function removeAddress(target: Target, attribute: number, address: Data): ActionOutcome {
  const known = addresses(target, attribute);
  const others = known.filter((one) => !isSame(one, address));
  if (others.length === known.length) return { result: 'object-unavailable' };
  target.meter.write(target.object.index, attribute, { t: 'array', v: others });
  return SUCCESS;
}
