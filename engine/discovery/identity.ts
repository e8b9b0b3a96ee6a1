import type { Data } from '../codec/axdr/data.ts';
import { printableText } from '../cosem/describe-data.ts';
import { describeAttributeValue } from '../cosem/describe-value.ts';
import { nameObis } from '../cosem/obis/name.ts';
import { parseObis } from '../cosem/obis/obis.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import { addressOf } from './association-objects.ts';
import type { SafeReader } from './safe-reading.ts';
import type { Fact, IdentificationText } from './types.ts';

const LOGICAL_DEVICE_NAME = '0-0:42.0.0.255';
/** Reserved base name of the logical device name (BB, wire.md 11). */
const LDN_BASE_NAME = 0xfd00;
/** Identification objects read on one meter. */
const MAX_TEXTS = 32;
const DATA = 1;

/** What a meter says about itself in texts. */
export interface Identity {
  readonly logicalDeviceName?: Fact<string>;
  readonly serial?: Fact<string>;
  readonly firmware?: Fact<string>;
  readonly texts: readonly IdentificationText[];
}

/** Reads logical device name, device ids, firmware and the other texts that name maker and model. */
export async function readIdentity(
  reader: SafeReader,
  objects: readonly ObjectListEntry[],
  referencing: 'LN' | 'SN',
): Promise<Identity> {
  const wanted = objects
    .filter((object) => object.classId === DATA && isIdentification(object.logicalName) && mayRead(object))
    .slice(0, MAX_TEXTS);
  const readings = await reader.read(wanted.map((object) => addressOf(object, 2)));
  const texts = wanted.flatMap((object, i): IdentificationText[] => {
    const reading = readings[i];
    if (reading === undefined) return [];
    const { name } = nameObis(object.logicalName, { classId: object.classId });
    return [{ obis: object.logicalName, name, text: textOf(reading.data), evidence: reading.evidence }];
  });
  const logicalDeviceName = fact(texts, isLogicalDeviceName) ?? (await unlistedName(reader, objects, referencing));
  const serial = fact(texts, isSerial);
  const firmware = fact(texts, isFirmware);
  return {
    ...(logicalDeviceName === undefined ? {} : { logicalDeviceName }),
    ...(serial === undefined ? {} : { serial }),
    ...(firmware === undefined ? {} : { firmware }),
    texts,
  };
}

/** Meters that keep the name out of their list answer for it all the same. */
async function unlistedName(
  reader: SafeReader,
  objects: readonly ObjectListEntry[],
  referencing: 'LN' | 'SN',
): Promise<Fact<string> | undefined> {
  if (objects.some((object) => isLogicalDeviceName(object.logicalName))) return undefined;
  const reading = await reader.one({
    class: DATA,
    obis: LOGICAL_DEVICE_NAME,
    index: 2,
    ...(referencing === 'SN' ? { baseName: LDN_BASE_NAME } : {}),
  });
  return reading === undefined
    ? undefined
    : { value: textOf(reading.data), origin: 'read', evidence: reading.evidence };
}

function fact(texts: readonly IdentificationText[], matches: (obis: string) => boolean): Fact<string> | undefined {
  const found = texts.find((item) => matches(item.obis) && item.text !== '');
  return found === undefined ? undefined : { value: found.text, origin: 'read', evidence: found.evidence };
}

function mayRead(object: ObjectListEntry): boolean {
  return object.attributes === undefined || object.attributes.some((right) => right.index === 2 && right.access.read);
}

/** Device ids (C=96, D=1 or 2), identification of the medium (C=0, D=0), firmware (C=0, D=2), logical device name. */
function isIdentification(text: string): boolean {
  const code = parseObis(text);
  if (code === undefined) return false;
  return (
    (code.c === 96 && (code.d === 1 || code.d === 2)) ||
    (code.c === 0 && (code.d === 0 || code.d === 2)) ||
    isLogicalDeviceName(text)
  );
}

function isLogicalDeviceName(text: string): boolean {
  const code = parseObis(text);
  return code !== undefined && code.a === 0 && code.c === 42;
}

/** Device id 1, the manufacturing number (obis.md, 0-b:96.1.0). */
function isSerial(text: string): boolean {
  const code = parseObis(text);
  return code !== undefined && code.c === 96 && code.d === 1 && code.e === 0;
}

/** Active firmware identifier (obis.md, a-b:0.2.0). */
function isFirmware(text: string): boolean {
  const code = parseObis(text);
  return code !== undefined && code.c === 0 && code.d === 2 && code.e === 0;
}

/** Text of an identification value; octets that are no text in hex. */
function textOf(data: Data): string {
  if (data.t === 'visible-string' || data.t === 'utf8-string') return data.v.trim();
  if (data.t === 'octet-string')
    return (printableText(data.v) ?? Buffer.from(data.v).toString('hex').toUpperCase()).trim();
  return describeAttributeValue(DATA, 2, data);
}
