import { octetToHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { CompactArray, Data, TypeDescription } from './data.ts';
import { DATA_TAGS, dataTypeOf, MAX_DATA_DEPTH, MAX_EMPTY_COMPACT_ELEMENTS } from './data-types.ts';
import { readContent } from './decode-data.ts';
import { writeContent } from './encode-data.ts';

/** How many elements one compact-array may have, and how many are left while it is read. */
interface Budget {
  readonly most: number;
  left: number;
}

/** Reads type description, octet count and packed contents (Blue Book 4.1.5 compact-array) after tag 13h. */
export function readCompactArray(r: Reader, depth: number): CompactArray {
  if (depth >= MAX_DATA_DEPTH) {
    r.fail('limit', `compact-array nested deeper than ${MAX_DATA_DEPTH}`, `at most ${MAX_DATA_DEPTH} levels`);
  }
  r.begin('type-description');
  const of = readTypeDescription(r, depth + 1);
  r.close(shownDescription(of));
  const length = r.length('contents length');
  const outer = r.enter(length, 'contents');
  r.begin('contents');
  const elements: Data[] = [];
  const most = MAX_EMPTY_COMPACT_ELEMENTS + 2 * length;
  const budget: Budget = { most, left: most };
  while (r.pos < r.end) {
    const from = r.pos;
    r.begin(`[${elements.length}]`);
    elements.push(readDescribed(r, of, depth + 1, budget));
    r.close();
    if (r.pos === from) r.fail('bad-length', `${r.remaining} octets of contents`, 'none, for elements without octets');
  }
  r.close(`${elements.length} elements`);
  r.leave(outer, 'compact-array');
  return { of, elements };
}

function readTypeDescription(r: Reader, depth: number): TypeDescription {
  if (depth > MAX_DATA_DEPTH) {
    r.fail('limit', `type description nested deeper than ${MAX_DATA_DEPTH}`, `at most ${MAX_DATA_DEPTH} levels`);
  }
  const tag = r.peek();
  if (tag < 0) r.fail('truncated', '0 octets left', 'a type description');
  const t = dataTypeOf(tag);
  if (t === undefined || t === 'compact-array') {
    r.fail('bad-tag', octetToHex(tag), 'the tag of a type allowed in a compact-array');
  }
  r.tag('type', t);
  if (t === 'array') {
    const count = r.u16('count');
    return { t, count, of: readTypeDescription(r, depth + 1) };
  }
  if (t === 'structure') {
    const count = r.count('count');
    const of: TypeDescription[] = [];
    for (let i = 0; i < count; i++) of.push(readTypeDescription(r, depth + 1));
    return { t, of };
  }
  return { t };
}

function readDescribed(r: Reader, description: TypeDescription, depth: number, budget: Budget): Data {
  if (budget.left-- <= 0) {
    r.fail('limit', `more than ${budget.most} elements`, `at most ${budget.most} in this compact-array`);
  }
  if (description.t === 'array') {
    const v: Data[] = [];
    for (let i = 0; i < description.count; i++) v.push(readDescribed(r, description.of, depth + 1, budget));
    return { t: 'array', v };
  }
  if (description.t === 'structure') {
    const v: Data[] = [];
    for (const member of description.of) v.push(readDescribed(r, member, depth + 1, budget));
    return { t: 'structure', v };
  }
  return readContent(r, DATA_TAGS[description.t], depth, r.pos);
}

/** Writes type description, octet count and packed contents. Elements must match the description. */
export function writeCompactArray(w: Writer, array: CompactArray, contents: Writer, depth: number): void {
  writeTypeDescription(w, array.of, depth + 1);
  w.enter('elements');
  for (let i = 0; i < array.elements.length; i++) {
    contents.enter(i);
    writeDescribed(contents, array.of, array.elements[i]!);
    contents.leave();
  }
  w.leave();
  w.octetString(contents.result(), 'contents');
}

function writeTypeDescription(w: Writer, description: TypeDescription, depth: number): void {
  if (depth > MAX_DATA_DEPTH) w.rangeError('of', `nested deeper than ${MAX_DATA_DEPTH}`);
  w.octet(DATA_TAGS[description.t]);
  if (description.t === 'array') {
    w.u16(description.count, 'of.count');
    writeTypeDescription(w, description.of, depth + 1);
  } else if (description.t === 'structure') {
    w.lengthOf(description.of.length);
    for (const member of description.of) writeTypeDescription(w, member, depth + 1);
  }
}

function writeDescribed(w: Writer, description: TypeDescription, data: Data): void {
  if (data.t !== description.t) w.typeError('', `${data.t} where the description says ${description.t}`);
  if (data.t !== 'array' && data.t !== 'structure') {
    writeContent(w, data, 0);
    return;
  }
  const expected = description.t === 'array' ? description.count : describedMembers(description).length;
  if (data.v.length !== expected) w.rangeError('', `${data.v.length} elements where the description says ${expected}`);
  w.enter('v');
  for (let i = 0; i < data.v.length; i++) {
    w.enter(i);
    writeDescribed(w, description.t === 'array' ? description.of : describedMembers(description)[i]!, data.v[i]!);
    w.leave();
  }
  w.leave();
}

function describedMembers(description: TypeDescription): readonly TypeDescription[] {
  return description.t === 'structure' ? description.of : [];
}

function shownDescription(description: TypeDescription): string {
  if (description.t === 'array') return `array of ${description.count}`;
  if (description.t === 'structure') return `structure of ${description.of.length}`;
  return description.t;
}
