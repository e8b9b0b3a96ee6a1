import type { Data, TypeDescription } from '../../codec/axdr/data.ts';
import { encodeData } from '../../codec/axdr/encode-data.ts';
import { readAttributeData, templateData } from '../attribute-access.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { type Column, cell, columnData, readColumn, templateColumns } from './profile-columns.ts';

const COMPACT_DATA = 62;
const BUFFER = 2;
const CAPTURE_OBJECTS = 3;
const TEMPLATE_ID = 4;
const TEMPLATE_DESCRIPTION = 5;
const CAPTURE_METHOD = 6;
const RESET = 1;
const CAPTURE = 2;
/** capture_method: 0 captures when its method is invoked, 1 when the buffer is read. */
const BY_METHOD = 0;
const WHEN_READ = 1;
/** Parts of a capture_object_definition all versions have; version 1 has restrictions and columns behind them. */
const DEFINITION_PARTS = 4;
const MAX_COLUMNS = 255;
const NULL_DATA: Data = { t: 'null-data' };

/** The definitions of the captured attributes as a client reads them. */
function definitions(target: Target): readonly Data[] {
  const written = target.meter.written(target.object.index, CAPTURE_OBJECTS);
  if (written !== undefined) return elementsOf(written);
  const named = templateColumns(target);
  // A template may name attributes, or write out their definitions.
  return named.length > 0 ? named.map(columnData) : elementsOf(templateData(target, CAPTURE_OBJECTS));
}

function columnOf(target: Target, definition: Data): Column | undefined {
  const parts = elementsOf(definition);
  if (definition.t !== 'structure' || parts.length < DEFINITION_PARTS) return undefined;
  return readColumn(target, { t: 'structure', v: parts.slice(0, DEFINITION_PARTS) });
}

/** How a compact-array describes a value; undefined for what it cannot describe. */
function descriptionOf(data: Data): TypeDescription | undefined {
  if (data.t === 'compact-array') return undefined;
  if (data.t !== 'array' && data.t !== 'structure') return { t: data.t };
  const parts = data.v.map(descriptionOf);
  if (!parts.every((part) => part !== undefined)) return undefined;
  if (data.t === 'structure') return { t: 'structure', of: parts };
  const [first = { t: 'null-data' }] = parts;
  const uniform = parts.every((part) => JSON.stringify(part) === JSON.stringify(first));
  return uniform ? { t: 'array', count: parts.length, of: first } : undefined;
}

/** What is itself made of captured values: capturing it, perhaps one's own, would have no end. */
function isDerived({ classId, attribute }: Column): boolean {
  return classId === COMPACT_DATA && (attribute === 0 || attribute === BUFFER || attribute === TEMPLATE_DESCRIPTION);
}

/** The captured values at a moment as one structure; what cannot be described is captured as null-data. */
function captured(target: Target, time: number): { readonly row: Data; readonly of: TypeDescription } {
  const described = definitions(target).map((definition) => {
    const column = columnOf(target, definition);
    const data = column === undefined || isDerived(column) ? NULL_DATA : cell(target, column, time);
    const of = descriptionOf(data);
    return of === undefined ? { data: NULL_DATA, of: { t: 'null-data' } as const } : { data, of };
  });
  return {
    row: { t: 'structure', v: described.map(({ data }) => data) },
    of: { t: 'structure', of: described.map(({ of }) => of) },
  };
}

/** Octets of a type description, and of the contents it describes. */
function packed(row: Data | undefined, of: TypeDescription): { description: Uint8Array; contents: Uint8Array } {
  const whole = encodeData({ t: 'compact-array', v: { of, elements: row === undefined ? [] : [row] } });
  // 13 | description | length | contents; without elements the length is the one octet 00.
  const description = encodeData({ t: 'compact-array', v: { of, elements: [] } }).slice(1, -1);
  const head = 1 + description.length;
  const first = whole[head] ?? 0;
  return { description, contents: whole.slice(head + 1 + (first > 0x80 ? first & 0x7f : 0)) };
}

function templateId(target: Target): number {
  return dataToNumber(readAttributeData(target, TEMPLATE_ID)) || 0;
}

/** template_id and the captured values without their tags; nothing before the first capture. */
function buffer(target: Target): Uint8Array {
  const implicit = dataToNumber(readAttributeData(target, CAPTURE_METHOD)) === WHEN_READ;
  const captures = target.meter.remembered(target.object.index)?.captures ?? [];
  const time = implicit ? target.time : captures.findLast((at) => at <= target.time);
  if (time === undefined) return new Uint8Array(0);
  const { row, of } = captured(target, time);
  return Uint8Array.of(templateId(target), ...packed(row, of).contents);
}

function reset(target: Target): void {
  target.meter.remember(target.object.index, { captures: [] });
}

/**
 * Compact data (class 62, Blue Book 4.3.10): values of several attributes as the contents of a compact-array, whose type
 * description is an attribute of its own and need not be sent along.
 */
export const compactData: ClassLogic = {
  read(target, attribute, selection) {
    if (selection !== null) return undefined;
    switch (attribute) {
      case BUFFER:
        return { data: { t: 'octet-string', v: buffer(target) } };
      case CAPTURE_OBJECTS:
        return { data: { t: 'array', v: definitions(target) } };
      case TEMPLATE_DESCRIPTION: {
        const { of } = captured(target, target.time);
        return { data: { t: 'octet-string', v: packed(undefined, of).description } };
      }
      default:
        return undefined;
    }
  },
  write(target, attribute, data) {
    switch (attribute) {
      case BUFFER:
      case TEMPLATE_DESCRIPTION:
        return 'read-write-denied';
      case CAPTURE_OBJECTS: {
        const fits = data.t === 'array' && data.v.length <= MAX_COLUMNS;
        if (!fits || !data.v.every((item) => columnOf(target, item) !== undefined)) return 'type-unmatched';
        break;
      }
      case CAPTURE_METHOD:
        if (data.t !== 'enum' || (data.v !== BY_METHOD && data.v !== WHEN_READ)) return 'type-unmatched';
        break;
      case TEMPLATE_ID:
        if (data.t !== 'unsigned') return 'type-unmatched';
        break;
      default:
        return undefined;
    }
    // What was captured under another template says nothing any more.
    reset(target);
    return undefined;
  },
  invoke(target, method) {
    if (method === RESET) {
      reset(target);
      return SUCCESS;
    }
    if (method !== CAPTURE) return undefined;
    target.meter.remember(target.object.index, { captures: [target.time] });
    return SUCCESS;
  },
};
