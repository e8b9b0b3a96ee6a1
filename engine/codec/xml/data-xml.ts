import { writeCompactArray } from '../axdr/compact-array.ts';
import type { Data, DataType, TypeDescription } from '../axdr/data.ts';
import { DATA_TAGS } from '../axdr/data-types.ts';
import { decodeData } from '../axdr/decode-data.ts';
import { writeContent } from '../axdr/encode-data.ts';
import { octetsFromText, utf8FromText } from '../axdr/text.ts';
import { fromHex } from '../hex.ts';
import { Writer } from '../writer.ts';
import { type ElementReader, plainName } from './element-reader.ts';
import { camelName, hexOf } from './xml-names.ts';
import type { XmlWriter } from './xml-writer.ts';

/** Elements of Data types, by the names of ASN.1 (`LongUnsigned`). */
const ELEMENT_NAMES = Object.fromEntries(Object.keys(DATA_TAGS).map((type) => [type, camelName(type)])) as Readonly<
  Record<DataType, string>
>;

/** Types by element name in lower case; also the names of other translators. */
const TYPES: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  ...(Object.keys(DATA_TAGS) as DataType[]).map((type): [string, DataType] => [
    ELEMENT_NAMES[type].toLowerCase(),
    type,
  ]),
  ['none', 'null-data'],
  ['int8', 'integer'],
  ['int16', 'long'],
  ['int32', 'double-long'],
  ['int64', 'long64'],
  ['uint8', 'unsigned'],
  ['uint16', 'long-unsigned'],
  ['uint32', 'double-long-unsigned'],
  ['uint64', 'long64-unsigned'],
]);

/** Strings that other translators write as text instead of octets. */
const TEXT_ELEMENTS: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  ['string', 'visible-string'],
  ['stringutf8', 'utf8-string'],
]);

/** One Data as an element. Numbers and octets are the octets of the wire in hex, bit-strings digits 0 and 1. */
export function writeDataXml(w: XmlWriter, data: Data): void {
  const name = ELEMENT_NAMES[data.t];
  switch (data.t) {
    case 'null-data':
    case 'dont-care':
      w.empty(name);
      break;
    case 'array':
    case 'structure':
      w.list(name, data.v, (element) => writeDataXml(w, element));
      break;
    case 'bit-string':
      w.value(name, data.v);
      break;
    case 'compact-array':
      w.element(name, () => {
        w.element('ContentsDescription', () => writeDescription(w, data.v.of));
        const contents = new Writer();
        writeCompactArray(new Writer(), data.v, contents, 0);
        w.octets('ArrayContents', contents.result());
      });
      break;
    case 'octet-string':
      w.octets(name, data.v);
      break;
    case 'visible-string':
    case 'utf8-string':
      w.octets(name, stringOctets(data.t, data.v));
      break;
    default: {
      const content = new Writer(16);
      writeContent(content, data, 0);
      w.octets(name, content.result());
    }
  }
}

function stringOctets(type: DataType, text: string): Uint8Array {
  const octets = type === 'utf8-string' ? utf8FromText(text) : octetsFromText(text);
  if (octets === undefined) throw new RangeError('a visible-string with a character beyond FF; use utf8-string');
  return octets;
}

function writeDescription(w: XmlWriter, description: TypeDescription): void {
  const name = ELEMENT_NAMES[description.t];
  if (description.t === 'structure') w.list(name, description.of, (member) => writeDescription(w, member));
  else if (description.t === 'array') {
    w.element(name, () => {
      w.number('NumberOfElements', description.count, 2);
      w.element('TypeDescription', () => writeDescription(w, description.of));
    });
  } else w.empty(name);
}

/** True for an element that is a Data. */
export function isDataElement(x: ElementReader): boolean {
  const name = plainName(x.name);
  return TYPES.has(name) || TEXT_ELEMENTS.has(name);
}

/** The Data of an element. */
export function readDataXml(x: ElementReader): Data {
  const name = plainName(x.name);
  const text = TEXT_ELEMENTS.get(name);
  if (text !== undefined) return readText(x, text);
  const type = TYPES.get(name);
  switch (type) {
    case undefined:
      return x.fail('unknown-element', x.name, 'the name of a Data type');
    case 'null-data':
    case 'dont-care':
      return { t: type };
    case 'array':
    case 'structure':
      return { t: type, v: x.list(readDataXml) };
    case 'bit-string': {
      const bits = x.attribute('Value') ?? '';
      if (!/^[01]*$/.test(bits)) x.fail('bad-value', `'${bits}'`, 'digits 0 and 1');
      return { t: type, v: bits };
    }
    case 'compact-array':
      return readCompactArrayXml(x);
    case 'boolean':
      return /^(true|false)$/i.test(x.attribute('Value') ?? '')
        ? { t: type, v: x.boolean() }
        : decoded(x, [DATA_TAGS[type]], numberOctets(x, 1, false));
    case 'octet-string':
      return { t: type, v: x.octets() };
    case 'visible-string':
    case 'utf8-string':
      return decoded(x, [DATA_TAGS[type]], lengthAnd(x.octets()));
    default:
      return decoded(x, [DATA_TAGS[type]], numberOctets(x, SIZES[type], SIGNED.has(type)));
  }
}

/** Octets of numbers. Those of other types have a fixed layout, which the decoder checks. */
const SIZES: Partial<Readonly<Record<DataType, number>>> = {
  'double-long': 4,
  'double-long-unsigned': 4,
  bcd: 1,
  integer: 1,
  long: 2,
  unsigned: 1,
  'long-unsigned': 2,
  long64: 8,
  'long64-unsigned': 8,
  enum: 1,
};

const SIGNED: ReadonlySet<DataType> = new Set(['integer', 'long', 'double-long', 'long64']);

/** The octets of a number; leading zeros may be left out. */
function numberOctets(x: ElementReader, size: number | undefined, signed: boolean): Uint8Array {
  const value = x.attribute('Value') ?? '';
  if (x.numbers === 'decimal' && size !== undefined) {
    return fromHex(
      x
        .decimal(8 * size, signed)
        .toString(16)
        .padStart(2 * size, '0'),
    );
  }
  if (size === undefined || value.length >= 2 * size || !/^[0-9a-f]+$/i.test(value)) return x.octets();
  return fromHex(value.padStart(2 * size, '0'));
}

function lengthAnd(octets: Uint8Array): Uint8Array {
  const w = new Writer(octets.length + 5);
  w.octetString(octets, 'value');
  return w.result();
}

function readText(x: ElementReader, type: DataType): Data {
  const value = withoutEntities(x.attribute('Value') ?? '');
  return decoded(x, [DATA_TAGS[type]], lengthAnd(x.checked(() => stringOctets(type, value))));
}

/** The five entities that XML itself defines; others are no characters of such texts. */
function withoutEntities(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => characters[name] ?? '');
}

function readCompactArrayXml(x: ElementReader): Data {
  const description = new Writer();
  x.child(['ContentsDescription', 'TypeDescription'], (d) =>
    d.only('a type description', (t) => describe(t, description)),
  );
  const contents = x.child('ArrayContents', (c) => c.octets());
  return decoded(x, [DATA_TAGS['compact-array'], ...description.result()], lengthAnd(contents));
}

function describe(x: ElementReader, w: Writer): void {
  const type = TYPES.get(plainName(x.name));
  if (type === undefined || type === 'compact-array') {
    x.fail('unknown-element', x.name, 'a type allowed in a compact-array');
  }
  w.octet(DATA_TAGS[type]);
  if (type === 'structure') {
    const members = x.list((member) => {
      const inner = new Writer();
      describe(member, inner);
      return inner.result();
    });
    w.lengthOf(members.length);
    for (const member of members) w.octets(member, '');
  } else if (type === 'array') {
    w.u16(
      x.child('NumberOfElements', (n) => n.number(2)),
      '',
    );
    x.child('TypeDescription', (d) => d.only('a type description', (t) => describe(t, w)));
  }
}

/** The octets of a Data, put together from its parts; what the decoder refuses is reported at the element. */
function decoded(x: ElementReader, head: readonly number[], content: Uint8Array): Data {
  const result = decodeData(Uint8Array.from([...head, ...content]));
  if (result.ok) return result.value;
  const { found, expected } = result.error;
  return x.fail('bad-value', found, `${expected} (${hexOf(content.length, 1)} octets of ${x.name} given)`);
}
