import type { Data } from '../axdr/data.ts';
import { readData } from '../axdr/decode-data.ts';
import { indexName } from '../field-sink.ts';
import { octetToHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import { readDescriptor } from './descriptor.ts';

const TAGS = { array: 0x01, structure: 0x02 };

type List = Extract<Data, { t: 'array' | 'structure' }>;

/**
 * Body of a notification whose values stand behind a Cosem-Attribute-Descriptor as requests carry it, without Data
 * tags: `02 02`, class, name, attribute, Data. Meters of Central European consumer interfaces push an array of such
 * rows, alone or in a structure. A descriptor is read as the structure that Data would be: long-unsigned,
 * octet-string, integer. The body must use up all octets.
 */
export function readDescribedValues(r: Reader): Data {
  const at = r.pos;
  const data = r.peek() === TAGS.array ? readRows(r, 'notification-body') : readStructure(r, 'notification-body');
  r.expectEnd('the notification');
  const description = 'values behind attribute descriptors without Data tags';
  r.deviate('attribute-descriptor-untagged', description, 'bad-tag', at);
  return data;
}

function readStructure(r: Reader, name: string): List {
  return readList(r, name, 'structure', (element) => {
    return r.peek() === TAGS.array ? readRows(r, element) : readData(r, element);
  });
}

function readRows(r: Reader, name: string): List {
  return readList(r, name, 'array', (row) => {
    r.begin(row);
    readType(r, 'structure');
    const count = r.count('count');
    if (count !== 2) r.fail('bad-value', `structure of ${count}`, 'an attribute descriptor and its value', r.pos - 1);
    const at = r.pos;
    const descriptor = readDescriptor(r, 'cosem-attribute-descriptor');
    const attribute: Data = {
      t: 'structure',
      v: [
        { t: 'long-unsigned', v: descriptor.class },
        { t: 'octet-string', v: r.octets.subarray(at + 2, at + 8) },
        { t: 'integer', v: descriptor.index },
      ],
    };
    const value = readData(r, 'value');
    r.close('structure of 2');
    return { t: 'structure', v: [attribute, value] };
  });
}

function readList(r: Reader, name: string, t: List['t'], readElement: (name: string) => Data): List {
  r.begin(name);
  readType(r, t);
  const count = r.count('count');
  const v: Data[] = [];
  for (let i = 0; i < count; i++) v.push(readElement(indexName(i)));
  r.close(`${t} of ${count}`);
  return { t, v };
}

function readType(r: Reader, t: List['t']): void {
  const tag = r.peek();
  if (tag !== TAGS[t]) r.fail('bad-tag', tag < 0 ? 'the end' : octetToHex(tag), `the tag of ${t}`);
  r.tag('type', t);
}
