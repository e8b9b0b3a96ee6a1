import type { Data } from '../codec/axdr/data.ts';
import { decodeDate, decodeDateTime, decodeTime } from '../codec/axdr/date-time.ts';
import { clockStatusWords, formatDate, formatDateTime, formatTime } from '../codec/axdr/date-time-text.ts';
import { nearestClass } from './classes.ts';
import { conformanceNames } from './conformance.ts';
import { describeData, printableText, shortHex } from './describe-data.ts';
import { enumerationOf, securityPolicyNames, transportServices } from './enumerations.ts';
import { formatScaled, formatScalerUnit } from './format-scaled.ts';
import { formatObis } from './obis/obis.ts';
import { readScalerUnit, type ScalerUnit } from './scaler-unit.ts';
import { describeSystemTitle } from './system-title.ts';

/** What else is known when a value is described. */
export interface DescribeOptions {
  /** Version of the object's class. Default: the newest one, whose attributes contain those of older versions. */
  readonly version?: number;
  /** Scaler and unit of the object, to show its value as a quantity. */
  readonly scalerUnit?: ScalerUnit;
}

type Describer = (data: Data, options: DescribeOptions) => string | undefined;

/** Columns of a profile and objects of lists shown before the rest is counted. */
const MOST_ITEMS = 4;

function elementsOf(data: Data | undefined): readonly Data[] | undefined {
  if (data?.t === 'array' || data?.t === 'structure') return data.v;
  return data?.t === 'compact-array' ? data.v.elements : undefined;
}

function numberOf(data: Data | undefined): number | undefined {
  return data !== undefined && 'v' in data && typeof data.v === 'number' ? data.v : undefined;
}

function octetsOf(data: Data | undefined): Uint8Array | undefined {
  return data !== undefined && 'v' in data && data.v instanceof Uint8Array ? data.v : undefined;
}

/** `1 row`, `3 rows`. */
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function list(items: readonly string[], what: string): string {
  if (items.length === 0) return `no ${what}s`;
  const more = items.length > MOST_ITEMS ? `, ... ${counted(items.length, what)}` : '';
  return `${items.slice(0, MOST_ITEMS).join(', ')}${more}`;
}

/** capture_object, push object and the like: structure(class_id, logical_name, attribute_index, data_index). */
function describeReference(data: Data): string {
  const [classId, name, index, dataIndex] = elementsOf(data) ?? [];
  const octets = octetsOf(name);
  const attribute = numberOf(index);
  if (octets === undefined || attribute === undefined) return describeData(data);
  const id = numberOf(classId) ?? -1;
  const within = numberOf(dataIndex) ?? 0;
  const known = nearestClass(id, Number.MAX_SAFE_INTEGER)?.attributes[attribute - 1]?.name ?? `attribute ${attribute}`;
  return `${formatObis(octets)} ${known}${within === 0 ? '' : ` [${within}]`}`;
}

const references: Describer = (data) => {
  const items = elementsOf(data);
  return items === undefined ? undefined : list(items.map(describeReference), 'object');
};

const rows =
  (what: string): Describer =>
  (data) => {
    const items = elementsOf(data);
    return items === undefined ? undefined : counted(items.length, what);
  };

const systemTitle: Describer = (data) => {
  const octets = octetsOf(data);
  return octets === undefined ? undefined : describeSystemTitle(octets);
};

const text: Describer = (data) => {
  const octets = octetsOf(data);
  if (octets === undefined) return undefined;
  const printable = printableText(octets);
  return printable === undefined ? shortHex(octets) : JSON.stringify(printable);
};

const CONTEXTS: readonly string[] = ['', 'LN', 'SN', 'LN with ciphering', 'SN with ciphering'];
const MECHANISMS: readonly string[] = [
  'lowest (none)',
  'LLS',
  'HLS manufacturer specific',
  'HLS MD5',
  'HLS SHA-1',
  'HLS GMAC',
  'HLS SHA-256',
  'HLS ECDSA',
];

/** A COSEM name is an OID in seven octets or a structure of its seven arcs; its last arc is the number that counts. */
const cosemName =
  (names: readonly string[]): Describer =>
  (data) => {
    const octets = octetsOf(data);
    const last =
      octets === undefined ? numberOf(elementsOf(data)?.at(-1)) : octets.length === 7 ? octets[6] : undefined;
    return last === undefined ? undefined : names[last];
  };

const xdlmsContext: Describer = (data) => {
  const [conformance, receive, send] = elementsOf(data) ?? [];
  if (conformance?.t !== 'bit-string') return undefined;
  const mask = Number.parseInt(conformance.v.padEnd(24, '0').slice(0, 24), 2);
  const sizes = `PDU ${numberOf(receive) ?? '?'} in, ${numberOf(send) ?? '?'} out`;
  return `${conformanceNames(mask).join(', ')}; ${sizes}`;
};

const sapList: Describer = (data) => {
  const items = elementsOf(data)?.map((item) => {
    const [sap, name] = elementsOf(item) ?? [];
    const octets = octetsOf(name);
    return `${numberOf(sap) ?? '?'}: ${octets === undefined ? '?' : (printableText(octets) ?? shortHex(octets))}`;
  });
  return items === undefined ? undefined : list(items, 'logical device');
};

const clockStatus: Describer = (data) => {
  const status = numberOf(data);
  if (status === undefined) return undefined;
  const words = clockStatusWords(status);
  return words.length === 0 ? `good (${status})` : `${words.join(', ')} (${status})`;
};

const minutes: Describer = (data) => {
  const value = numberOf(data);
  return value === undefined ? undefined : `${value} min`;
};

const seconds: Describer = (data) => {
  const value = numberOf(data);
  return value === undefined ? undefined : `${value} s`;
};

const securityPolicy: Describer = (data, options) => {
  const value = numberOf(data);
  if (value === undefined || options.version === 0) return undefined;
  return `${securityPolicyNames(value).join(', ') || 'nothing required'} (${value})`;
};

const destination: Describer = (data) => {
  const [service, address] = elementsOf(data) ?? [];
  const octets = octetsOf(address);
  const number = numberOf(service);
  if (octets === undefined || number === undefined) return undefined;
  return `${transportServices.get(number) ?? `service ${number}`} ${printableText(octets) ?? shortHex(octets)}`;
};

/** execution_time of Single action schedule: structure(time, date) with wildcards. */
const executionTimes: Describer = (data) => {
  const items = elementsOf(data)?.map((item) => {
    const [timeOctets, dateOctets] = (elementsOf(item) ?? []).map(octetsOf);
    const time = timeOctets === undefined ? undefined : decodeTime(timeOctets);
    const date = dateOctets === undefined ? undefined : decodeDate(dateOctets);
    return time === undefined || date === undefined ? describeData(item) : `${formatDate(date)} ${formatTime(time)}`;
  });
  return items === undefined ? undefined : list(items, 'execution time');
};

const ipv4: Describer = (data) => {
  const value = numberOf(data);
  return value === undefined ? undefined : [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
};

const macAddress: Describer = (data) => {
  const octets = octetsOf(data);
  return octets?.length === 6 ? [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join(':') : undefined;
};

/** What attributes mean that neither their type nor an enumeration tells: `class.attribute`. */
const describers: ReadonlyMap<string, Describer> = new Map<string, Describer>([
  ['5.8', seconds],
  ['7.2', rows('row')],
  ['7.3', references],
  ['7.4', seconds],
  ['7.6', (data) => describeReference(data)],
  ['8.3', minutes],
  ['8.4', clockStatus],
  ['8.7', minutes],
  ['12.2', rows('object')],
  ['15.2', rows('object')],
  ['15.4', cosemName(CONTEXTS)],
  ['15.5', xdlmsContext],
  ['15.6', cosemName(MECHANISMS)],
  ['17.2', sapList],
  ['20.2', text],
  ['20.6', text],
  ['22.4', executionTimes],
  ['40.2', references],
  ['40.3', destination],
  ['42.3', ipv4],
  ['42.6', ipv4],
  ['42.7', ipv4],
  ['42.9', ipv4],
  ['42.10', ipv4],
  ['43.2', macAddress],
  ['45.2', text],
  ['62.3', references],
  ['64.2', securityPolicy],
  ['64.4', systemTitle],
  ['64.5', systemTitle],
]);

/** Attributes that scaler_unit of the same object applies to. */
const SCALED: ReadonlySet<string> = new Set(['3.2', '4.2', '5.2', '5.3', '67.7']);

function quantity(data: Data, { scaler, unit }: ScalerUnit): string | undefined {
  if (!('v' in data) || (typeof data.v !== 'number' && typeof data.v !== 'bigint')) return undefined;
  return formatScaled(data.v, scaler, unit);
}

function byForm(form: string | undefined, data: Data): string | undefined {
  const octets = octetsOf(data);
  if (form === 'logical-name') return octets === undefined ? undefined : formatObis(octets);
  if (form === 'date-time') {
    const value = octets === undefined ? undefined : decodeDateTime(octets);
    return value === undefined ? undefined : formatDateTime(value);
  }
  if (form !== 'scaler-unit') return undefined;
  const scalerUnit = readScalerUnit(data);
  return scalerUnit === undefined ? undefined : formatScalerUnit(scalerUnit.scaler, scalerUnit.unit);
}

function byEnumeration(
  classId: number,
  attribute: number,
  data: Data,
  version: number | undefined,
): string | undefined {
  const value = numberOf(data);
  if (value === undefined) return undefined;
  const name = enumerationOf(classId, attribute, version)?.get(value);
  return name === undefined ? undefined : `${name} (${value})`;
}

/**
 * An attribute's value as one short line for a person: `10^-1 V`, `230.1 V`, `2024-03-31T02:00:00+01:00`,
 * `connected (1)`, `0-0:1.0.0.255`. A value that does not have the expected form is described by its type alone, so
 * that what a meter really sent is shown; it never throws.
 */
export function describeAttributeValue(
  classId: number,
  attribute: number,
  data: Data,
  options: DescribeOptions = {},
): string {
  const key = `${classId}.${attribute}`;
  if (options.scalerUnit !== undefined && SCALED.has(key)) {
    const shown = quantity(data, options.scalerUnit);
    if (shown !== undefined) return shown;
  }
  const known = nearestClass(classId, options.version ?? Number.MAX_SAFE_INTEGER)?.attributes[attribute - 1];
  return (
    byForm(known?.form ?? (attribute === 1 ? 'logical-name' : undefined), data) ??
    describers.get(key)?.(data, options) ??
    byEnumeration(classId, attribute, data, options.version) ??
    describeData(data)
  );
}
