import type { Data } from '../../codec/axdr/data.ts';
import { formatObis } from '../../cosem/obis/obis.ts';
import { readAttributeData, templateData } from '../attribute-access.ts';
import type { CosemObject } from '../blueprint.ts';
import { copyData } from '../copy-data.ts';
import type { StandingRegister } from '../object-memory.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { INTEGRATION_EPOCH } from '../values/signal.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';

const VALUE = 2;
const ASSIGNMENT = 2;
const MASKS = 3;
const ACTIVE_MASK = 4;
/** Masks put into force that are remembered: the oldest only matter to rows captured before them. */
const MAX_CHANGES = 1024;
/** Registers, and masks, of one object. */
const MAX_ENTRIES = 255;

/** `class/obis` of an object_definition: class and logical name. */
function keyOf(definition: Data): string | undefined {
  const [classId, name] = elementsOf(definition);
  if (classId === undefined || name?.t !== 'octet-string' || name.v.length !== 6) return undefined;
  return `${dataToNumber(classId)}/${formatObis(name.v)}`;
}

function isMask(data: Data): boolean {
  const [name, indexes] = data?.t === 'structure' && data.v.length === 2 ? data.v : [];
  return name?.t === 'octet-string' && indexes?.t === 'array' && indexes.v.every((item) => dataToNumber(item) >= 1);
}

function sameName(a: Data | undefined, b: Data): boolean {
  const same = a?.t === 'octet-string' && b.t === 'octet-string' && a.v.length === b.v.length;
  return same && a.v.every((octet, index) => octet === b.v[index]);
}

/** Registers a mask lets count: its index list points into register_assignment, from 1. */
function countingUnder(target: Target, mask: Data): ReadonlySet<string> {
  const registers = elementsOf(readAttributeData(target, ASSIGNMENT)).map(keyOf);
  const found = elementsOf(readAttributeData(target, MASKS)).find((item) => sameName(elementsOf(item)[0], mask));
  const names = elementsOf(elementsOf(found)[1]).flatMap((index) => registers[dataToNumber(index) - 1] ?? []);
  return new Set(names);
}

/** What the template says a register would show if it always counted. */
function unmasked(target: Target, time: number): number {
  return dataToNumber(templateData({ ...target, time }, VALUE));
}

/** How a register stands under one activation object at a moment; undefined if the object does not have it. */
function standingOf(activation: Target, register: Target): number | undefined {
  const key = `${register.object.model.class}/${register.object.obis}`;
  const masks = activation.meter.remembered(activation.object.index)?.masks ?? [];
  const change = masks.findLast(({ at }) => at <= register.time);
  const standing = change?.registers.get(key);
  if (change !== undefined && standing !== undefined) {
    const { shown, counts } = standing;
    return counts ? shown + unmasked(register, register.time) - unmasked(register, change.at) : shown;
  }
  if (!elementsOf(readAttributeData(activation, ASSIGNMENT)).some((item) => keyOf(item) === key)) return undefined;
  // Since ever the mask of the template was in force; a register it leaves out never counted.
  const counting = countingUnder(activation, templateData(activation, ACTIVE_MASK));
  return unmasked(register, counting.has(key) ? register.time : Math.min(register.time, INTEGRATION_EPOCH));
}

/** What a register shows that counts only under some masks; undefined if it always counts. */
export function maskedValue(target: Target): number | undefined {
  const { meter } = target;
  for (const object of meter.blueprint.activations) {
    const standing = standingOf({ meter, object, time: target.time }, target);
    if (standing !== undefined) return standing;
  }
  return undefined;
}

function registerAt(target: Target, key: string): CosemObject | undefined {
  const slash = key.indexOf('/');
  const found = target.meter.blueprint.find(Number(key.slice(0, slash)), key.slice(slash + 1));
  return typeof found === 'object' ? found : undefined;
}

/** Notes what every register shows, and which of them count from now on. */
function putIntoForce(target: Target, mask: Data): void {
  const { meter, object, time } = target;
  const counting = countingUnder(target, mask);
  const registers = new Map<string, StandingRegister>();
  for (const definition of elementsOf(readAttributeData(target, ASSIGNMENT))) {
    const key = keyOf(definition);
    const register = key === undefined ? undefined : registerAt(target, key);
    if (key === undefined || register === undefined) continue;
    const at = { meter, object: register, time };
    registers.set(key, { shown: standingOf(target, at) ?? unmasked(at, time), counts: counting.has(key) });
  }
  const known = meter.remembered(object.index)?.masks ?? [];
  meter.remember(object.index, { masks: [...known, { at: time, registers }].slice(-MAX_CHANGES) });
}

/** Lists are changed as a whole; what counts is noted anew. */
function change(target: Target, attribute: number, elements: readonly Data[]): void {
  const { meter, object } = target;
  const mask = readAttributeData(target, ACTIVE_MASK);
  meter.write(object.index, attribute, { t: 'array', v: elements.map(copyData) });
  putIntoForce(target, mask);
}

/** Register activation (class 6, Blue Book 4.3.5): registers that count only while the active mask names them. */
export const registerActivation: ClassLogic = {
  write(target, attribute, data) {
    const { meter, object } = target;
    if (attribute === ASSIGNMENT || attribute === MASKS) {
      const fits = attribute === MASKS ? isMask : (item: Data) => keyOf(item) !== undefined;
      if (data.t !== 'array' || data.v.length > MAX_ENTRIES || !data.v.every(fits)) return 'type-unmatched';
      change(target, attribute, data.v);
      return 'success';
    }
    if (attribute !== ACTIVE_MASK) return undefined;
    if (data.t !== 'octet-string') return 'type-unmatched';
    const known = elementsOf(readAttributeData(target, MASKS)).some((mask) => sameName(elementsOf(mask)[0], data));
    // No name at all: nothing counts.
    if (!known && data.v.length > 0) return 'object-unavailable';
    putIntoForce(target, data);
    meter.write(object.index, ACTIVE_MASK, copyData(data));
    return 'success';
  },
  invoke(target, method, params) {
    const registers = elementsOf(readAttributeData(target, ASSIGNMENT));
    const masks = elementsOf(readAttributeData(target, MASKS));
    switch (method) {
      case 1:
        if (params === null || keyOf(params) === undefined) return { result: 'type-unmatched' };
        if (registers.length >= MAX_ENTRIES) return { result: 'other-reason' };
        change(target, ASSIGNMENT, [...registers, params]);
        return SUCCESS;
      case 2: {
        const [name] = params === null || !isMask(params) ? [] : elementsOf(params);
        if (params === null || name === undefined) return { result: 'type-unmatched' };
        const others = masks.filter((mask) => !sameName(elementsOf(mask)[0], name));
        if (others.length >= MAX_ENTRIES) return { result: 'other-reason' };
        change(target, MASKS, [...others, params]);
        return SUCCESS;
      }
      case 3: {
        if (params?.t !== 'octet-string') return { result: 'type-unmatched' };
        const others = masks.filter((mask) => !sameName(elementsOf(mask)[0], params));
        if (others.length === masks.length) return { result: 'object-unavailable' };
        change(target, MASKS, others);
        return SUCCESS;
      }
      default:
        return undefined;
    }
  },
};
