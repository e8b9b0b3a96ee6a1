import { shortNameSpan } from '../../cosem/classes.ts';
import type { MeterScope } from '../semantics/scope.ts';
import type { CompiledObject } from './objects.ts';

/** First short name that is given out. */
export const FIRST_BASE_NAME = 0x1000;
/** Short names are multiples of 8 of 16 bits. */
const STEP = 8;
const SPACE_END = 0x1_0000;

/** Short names every client knows: reserved base names (Blue Book 4.1.3; wire.md 12). Keyed by class and OBIS code. */
const RESERVED: ReadonlyMap<string, number> = new Map([
  ['12 0-0:40.0.0.255', 0xfa00],
  ['9 0-0:10.0.125.255', 0xfb00],
  ['17 0-0:41.0.0.255', 0xfc00],
  ['1 0-0:42.0.0.255', 0xfd00],
]);
/** Nothing is given out from here on. */
const RESERVED_FROM = 0xfa00;

interface Occupied {
  readonly from: number;
  readonly to: number;
  readonly object: CompiledObject;
}

/** Gives every object its short name: the stated one, a reserved one, or the next free one that its class fits into. */
export function assignBaseNames(objects: readonly CompiledObject[], scope: MeterScope): readonly CompiledObject[] {
  const occupied: Occupied[] = [];
  const fixed = new Map<CompiledObject, number>();
  for (const object of objects) {
    const base = object.model.baseName ?? RESERVED.get(`${object.model.class} ${object.model.obis}`);
    if (base === undefined) continue;
    fixed.set(object, base);
    const span = { from: base, to: base + shortNameSpan(object.item), object };
    const other = occupied.find((item) => item.from < span.to && span.from < item.to);
    reportBase(object, base, span.to, other, scope);
    occupied.push(span);
  }
  occupied.sort((a, b) => a.from - b.from);
  let next = FIRST_BASE_NAME;
  let exhausted = false;
  return objects.map((object) => {
    const given = fixed.get(object);
    if (given !== undefined) return { ...object, model: withBaseName(object, given) };
    const size = shortNameSpan(object.item);
    for (const item of occupied) if (item.from < next + size && next < item.to) next = item.to;
    const base = next;
    next = Math.ceil((base + size) / STEP) * STEP;
    if (next > RESERVED_FROM && !exhausted) {
      exhausted = true;
      scope.reportHere(
        'DLMS-507',
        `The short names from 0x1000 to 0xF9FF are used up at object '${object.model.name}'.`,
      );
    }
    return { ...object, model: withBaseName(object, base) };
  });
}

function withBaseName(object: CompiledObject, baseName: number): CompiledObject['model'] {
  const { name, title, obis, class: id, version, declared, attributes, access, settings } = object.model;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    obis,
    class: id,
    version,
    ...(declared === undefined ? {} : { declared }),
    baseName,
    attributes,
    access,
    settings,
  };
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(4, '0')}`;
}

function reportBase(
  object: CompiledObject,
  base: number,
  end: number,
  other: Occupied | undefined,
  scope: MeterScope,
): void {
  const { member } = object;
  const source = member.properties.get('base_name')?.at(-1);
  const place = scope.place(source?.origin ?? member.base.origin);
  const range = source?.node.items[0] ?? member.base.nameNode;
  if (base % STEP !== 0) {
    const lower = base - (base % STEP);
    place.report('DLMS-507', range, `Short name ${hex(base)} is no multiple of 8.`, {
      suggestions: [hex(lower), hex(lower + STEP)],
    });
  } else if (end > SPACE_END) {
    place.report(
      'DLMS-507',
      range,
      `'${object.model.name}' needs short names up to ${hex(end - STEP)}, beyond 0xFFF8.`,
    );
  } else if (other !== undefined) {
    const taken = other.object;
    place.report(
      'DLMS-506',
      range,
      `Short names of '${object.model.name}' (${hex(base)} to ${hex(end - STEP)}) overlap those of '${taken.model.name}' (${hex(other.from)} to ${hex(other.to - STEP)}).`,
      {
        suggestions: [hex(other.to)],
        related: [
          { message: `'${taken.model.name}'`, range: taken.member.base.nameNode, file: taken.member.base.origin.file },
        ],
      },
    );
  }
}
