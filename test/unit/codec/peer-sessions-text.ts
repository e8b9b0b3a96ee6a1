import type { Data } from '../../../engine/codec/axdr/data.ts';
import { decodeDate, decodeDateTime, decodeTime } from '../../../engine/codec/axdr/date-time.ts';
import { textFromOctets } from '../../../engine/codec/axdr/text.ts';
import { octetToHex, toHex } from '../../../engine/codec/hex.ts';
import { conformanceNames } from '../../../engine/codec/xdlms/conformance.ts';
import { ENUMERATION_TEXTS, UNIT_TEXTS } from './peer-sessions-enumerations.ts';

/**
 * How a text of the peer's client agrees with a value: `equal` when the text is the value, `partly` when the text shows
 * only some of it (identities of Java objects, special days, missing parts) and what it shows agrees, `different`
 * otherwise.
 */
export type Verdict = 'equal' | 'partly' | 'different';

/** Identity of a Java object or array: says nothing but that there is one. */
const IDENTITY = /^(?:\[[A-Z]|[a-zA-Z]+(?:\.[a-zA-Z]+)+)@[0-9a-f]+/;

/** Compares the text of one attribute (`CLOCK#2`) with its value; `scaler` is the exponent of its register. */
export function compareText(key: string, text: string, data: Data, scaler: number): Verdict {
  const special = SPECIAL[key];
  if (special !== undefined) return special(text, data);
  const number = ENUMERATION_TEXTS[key]?.[text];
  if (number !== undefined) return numberOf(data) === number ? 'equal' : 'different';
  return new Matcher(text, scaler).verdict(data);
}

/** Compares texts that follow the general rules, e.g. of services. */
export function compareGeneralText(text: string, data: Data): Verdict {
  return new Matcher(text, 0).verdict(data);
}

/** Matches a text against a value from left to right, because the separators also occur inside of dates and names. */
class Matcher {
  readonly #text: string;
  readonly #scaler: number;
  #partly = false;

  constructor(text: string, scaler: number) {
    this.#text = text;
    this.#scaler = scaler;
  }

  verdict(data: Data): Verdict {
    if (!this.#ends(data, 0).includes(this.#text.length)) return 'different';
    return this.#partly ? 'partly' : 'equal';
  }

  /** Positions behind the value, for every way to show it that the text has at `at`. */
  #ends(data: Data, at: number): number[] {
    const ends: number[] = [];
    const identity = IDENTITY.exec(this.#text.slice(at));
    if (identity !== null) {
      this.#partly = true;
      ends.push(at + identity[0].length);
    }
    if (data.t === 'array' || data.t === 'structure') {
      ends.push(...this.#listEnds(data.v, at, '[', ', ', ']'));
      if (data.t === 'structure') ends.push(...this.#listEnds(data.v, at, '', ' ', ''));
      if (data.t === 'structure') ends.push(...this.#listEnds(data.v, at, '', '/', ''));
    }
    for (const shown of shownForms(data, this.#scaler))
      if (this.#text.startsWith(shown, at)) ends.push(at + shown.length);
    return ends;
  }

  #listEnds(elements: readonly Data[], at: number, open: string, separator: string, close: string): number[] {
    if (!this.#text.startsWith(open, at)) return [];
    let ends = [at + open.length];
    elements.forEach((element, i) => {
      const starts = i === 0 ? ends : this.#behind(ends, separator);
      ends = starts.flatMap((start) => this.#ends(element, start));
    });
    return this.#behind(ends, close);
  }

  #behind(positions: readonly number[], expected: string): number[] {
    return positions.filter((at) => this.#text.startsWith(expected, at)).map((at) => at + expected.length);
  }
}

/** Every way the client shows a value without parts. */
function shownForms(data: Data, scaler: number): string[] {
  switch (data.t) {
    case 'null-data':
      return ['null', ''];
    case 'boolean':
    case 'bit-string':
    case 'visible-string':
    case 'utf8-string':
      return [String(data.v)];
    case 'octet-string':
    case 'date-time':
      return octetForms(data.v);
    case 'array':
      return data.v.length === 0 ? ['null'] : [];
    default: {
      const number = numberOf(data);
      return number === undefined ? [] : numberForms(number, scaler);
    }
  }
}

function numberOf(data: Data): number | undefined {
  return 'v' in data && (typeof data.v === 'number' || typeof data.v === 'bigint') ? Number(data.v) : undefined;
}

function numberForms(number: number, scaler: number): string[] {
  if (scaler !== 0) return [(number * 10 ** scaler).toFixed(-scaler)];
  const dotted = [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
  // A number that holds seconds since 1970 is shown as the moment it stands for.
  return [String(number), dotted, `/${dotted}`, momentText(new Date(number * 1000))];
}

function octetForms(octets: Uint8Array): string[] {
  const pairs = [...octets].map((octet) => octetToHex(octet).toUpperCase());
  const forms = [textFromOctets(octets), `hex:${toHex(octets).toUpperCase()}`, pairs.join(':'), pairs.join(' ')];
  if (octets.length === 0) forms.push('null', momentText(new Date(0)), '0.0.0.0.0.0');
  if (octets.length === 6) forms.push(octets.join('.'));
  if (octets.length === 16) forms.push(`/${groupsOf(octets).join(':')}`);
  if (octets.length === 12 || octets.length === 5 || octets.length === 4) forms.push(dateTimeText(octets));
  return forms;
}

function groupsOf(octets: Uint8Array): string[] {
  const groups: string[] = [];
  for (let i = 0; i < octets.length; i += 2) groups.push(((octets[i]! << 8) | octets[i + 1]!).toString(16));
  return groups;
}

/**
 * US short form of a date-time: parts not specified are left out with the separator before them, the deviation is
 * applied (UTC = local + deviation), and the last day of a month is shown as its first.
 */
function dateTimeText(octets: Uint8Array): string {
  const value = decodeDateTime(octets) ?? decodeDate(octets) ?? decodeTime(octets);
  if (value === undefined) return 'no date-time';
  const { year, month, day, hour } = value;
  const moment = new Date(
    Date.UTC(
      year ?? YEAR_OF_RECORDING,
      typeof month === 'number' ? month - 1 : 0,
      typeof day === 'number' ? day : 1,
      hour ?? 0,
      (value.minute ?? 0) + (value.deviation ?? 0),
      value.second ?? 0,
    ),
  );
  const date = [
    month === undefined ? '' : String(moment.getUTCMonth() + 1),
    day === undefined ? '' : `/${moment.getUTCDate()}`,
    year === undefined ? '' : `/${twoDigits(moment.getUTCFullYear() % 100)}`,
  ];
  return `${date.join('')},${hour === undefined ? '' : ` ${timeText(moment)}`}`;
}

const YEAR_OF_RECORDING = 2026;

function momentText(moment: Date): string {
  const year = twoDigits(moment.getUTCFullYear() % 100);
  return `${moment.getUTCMonth() + 1}/${moment.getUTCDate()}/${year}, ${timeText(moment)}`;
}

function timeText(moment: Date): string {
  const hour = moment.getUTCHours();
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${twoDigits(moment.getUTCMinutes())}:${twoDigits(moment.getUTCSeconds())}`;
  return `${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

type Special = (text: string, data: Data) => Verdict;

function verdict(equal: boolean, shown: 'equal' | 'partly' = 'equal'): Verdict {
  return equal ? shown : 'different';
}

function members(data: Data): readonly Data[] {
  return data.t === 'array' || data.t === 'structure' ? data.v : [];
}

/** Dotted logical name of an octet-string. */
function dotted(data: Data | undefined): string {
  return data?.t === 'octet-string' ? data.v.join('.') : '';
}

/**
 * Object list: the text has the logical names with descriptions, the value also classes, versions and rights. An object
 * that the client has come to know under another name is missing in the text.
 */
const objectList: Special = (text, data) => {
  const names = [...text.matchAll(/((?:\d+\.){5}\d+) Ch\. /g)].map((match) => match[1]);
  const own = members(data).map((entry) => dotted(members(entry)[2]));
  const common = own.filter((name) => names.includes(name));
  return verdict(names.join() === common.join() && own.length - common.length <= 1, 'partly');
};

const shortNames: Special = (text, data) => {
  const bases = members(data).map((entry) => (numberOf(members(entry)[0]!) ?? 0) & 0xffff);
  return verdict(text === `[${bases.join(', ')}]`, 'partly');
};

/** Object identifier: as a structure of its arcs, or packed, of which the client shows the first three as 0. */
const objectIdentifier: Special = (text, data) => {
  const shown = text.split(' ');
  const name = ENUMERATION_TEXTS.OID?.[shown.pop() ?? ''];
  if (data.t === 'octet-string') {
    const arcs = ['0', '0', '0', ...[...data.v.subarray(3, 6)].map(String)];
    return verdict(shown.join() === arcs.join() && name === data.v[6], 'partly');
  }
  const arcs = members(data).map(numberOf);
  return verdict(name === arcs.pop() && shown.join() === arcs.join());
};

const xdlmsContext: Special = (text, data) => {
  const [conformance, maxReceive, maxSend, version, quality, info] = members(data);
  const [, names, rest] = /^\[(.*)\] (.*)$/.exec(text) ?? [];
  if (conformance?.t !== 'bit-string' || info?.t !== 'octet-string' || names === undefined) return 'different';
  const shown = names.split(', ').map((name) => name.toLowerCase().replaceAll('_', '-'));
  const numbers = [maxReceive, maxSend, version, quality].map((member) => member && numberOf(member)).join(' ');
  const own = conformanceNames(Number.parseInt(conformance.v, 2));
  return verdict(shown.sort().join() === own.sort().join() && rest === `${numbers} ${textFromOctets(info.v)}`);
};

/** `Scaler: 0.01 Unit: Voltage`. */
const scalerUnit: Special = (text, data) => {
  const [scaler, unit] = members(data).map(numberOf);
  const [, factor, name] = /^Scaler: (\S+) Unit: (.*)$/.exec(text) ?? [];
  const same = scaler !== undefined && Number(factor).toFixed(9) === (10 ** scaler).toFixed(9);
  return verdict(same && unit !== undefined && UNIT_TEXTS[unit] === name);
};

/** Another object: logical name (in short-name referencing its base name) and description. */
const objectReference: Special = (text, data) => {
  const [, logicalName, base] = /^(?:((?:\d+\.){5}\d+)|(\d+)) Ch\. /.exec(text) ?? [];
  if (logicalName === undefined) return verdict(base !== undefined && members(data).length === 4, 'partly');
  return verdict(logicalName === dotted(members(data)[1]), 'partly');
};

/** Class name, logical name and, in a value definition, the attribute: `REGISTER 1.1.21.25.0.255 2`. */
function classReference(data: Data): string {
  const [classId, name, index] = members(data);
  const className = classId && numberOf(classId) === 3 ? 'REGISTER' : 'another class';
  return `${className} ${dotted(name)}${index === undefined ? '' : ` ${numberOf(index)}`}`;
}

/** A set in any order: bit 0 authenticated, bit 1 encrypted. */
const securityPolicy: Special = (text, data) => {
  const policy = numberOf(data) ?? -1;
  const own = [policy & 1 ? 'AUTHENTICATED' : '', policy & 2 ? 'ENCRYPTED' : ''].filter((name) => name !== '');
  return verdict(own.join() === text.slice(1, -1).split(', ').sort().join());
};

const CREDIT_BITS = [
  'IN_CREDIT',
  'LOW_CREDIT',
  'NEXT_CREDIT_ENABLED',
  'NEXT_CREDIT_SELECTABLE',
  'NEXT_CREDIT_SELECTED',
  'SELECTABLE_CREDIT_IN_USE',
  'OUT_OF_CREDIT',
];

const creditStatus: Special = (text, data) => {
  const own = CREDIT_BITS.filter((_, bit) => data.t === 'bit-string' && data.v[bit] === '1');
  return verdict(own.join() === text);
};

const pushDestination: Special = (text, data) => {
  const [service, destination, message] = members(data);
  if (destination?.t !== 'octet-string' || numberOf(service!) !== 0 || numberOf(message!) !== 0) return 'different';
  return verdict(text === `TCP ${textFromOctets(destination.v)} COSEM_APDU`);
};

/** Season: the name is an identity, the week name follows the start, and is empty in the sessions. */
const seasons: Special = (text, data) => {
  const shown = members(data).map((season) => {
    const [, start, week] = members(season);
    if (start?.t !== 'octet-string' || week?.t !== 'octet-string') return 'no season';
    return `[B@ ${dateTimeText(start.v)}${textFromOctets(week.v)}`;
  });
  return verdict(text.replaceAll(/\[B@[0-9a-f]+/g, '[B@') === `[${shown.join(', ')}]`, 'partly');
};

/** Week: only its name is shown, in hex. */
const weeks: Special = (text, data) => {
  const shown = members(data).map((week) => {
    const [name] = members(week);
    return name?.t === 'octet-string' ? octetForms(name.v)[3] : 'no week';
  });
  return verdict(text === `[${shown.join(', ')}]`, 'partly');
};

/** Day: id, then time and script of each action; the selector is not shown. */
const days: Special = (text, data) => {
  const shown = members(data).map((day) => {
    const [id, actions] = members(day);
    const parts = members(actions!).map((action) => {
      const [time, script] = members(action);
      if (time?.t !== 'octet-string' || script?.t !== 'octet-string') return 'no action';
      return `${dateTimeText(time.v)} ${script.v.length === 0 ? '0.0.0.0.0.0' : dotted(script)}`;
    });
    return `${numberOf(id!)} ${parts.join(' ')}`;
  });
  return verdict(text === `[${shown.join(', ')}]`, 'partly');
};

/** Execution times: time and date apart in the value, together in the text. */
const executionTimes: Special = (text, data) => {
  if (text === 'null') return verdict(members(data).length === 0);
  const shown = members(data).map((entry) => {
    const [time, date] = members(entry);
    if (time?.t !== 'octet-string' || date?.t !== 'octet-string') return 'no time';
    return dateTimeText(Uint8Array.from([...date.v, ...time.v, 0x80, 0x00, 0x00]));
  });
  return verdict(text === `[${shown.join(', ')}]`);
};

const keyTable: Special = (text, data) => {
  const shown = members(data).map((entry) => `${numberOf(members(entry)[0]!)}=[B@`);
  return verdict(text.replaceAll(/@[0-9a-f]+/g, '@') === `{${shown.join(', ')}}`, 'partly');
};

/** The client does not take the value apart. */
const notShown: Special = (text) => verdict(text === 'null', 'partly');

const SPECIAL: Readonly<Record<string, Special>> = {
  'ASSOCIATION_LOGICAL_NAME#2': objectList,
  'ASSOCIATION_LOGICAL_NAME#4': objectIdentifier,
  'ASSOCIATION_LOGICAL_NAME#5': xdlmsContext,
  'ASSOCIATION_LOGICAL_NAME#6': objectIdentifier,
  'ASSOCIATION_SHORT_NAME#2': shortNames,
  'ASSOCIATION_SHORT_NAME#3': notShown,
  'REGISTER#3': scalerUnit,
  'EXTENDED_REGISTER#3': scalerUnit,
  'DEMAND_REGISTER#4': scalerUnit,
  'PROFILE_GENERIC#6': objectReference,
  'LIMITER#2': objectReference,
  'REGISTER_MONITOR#3': (text, data) => verdict(text === classReference(data)),
  'REGISTER_ACTIVATION#2': (text, data) => verdict(text === `[${members(data).map(classReference).join(', ')}]`),
  'SECURITY_SETUP#2': securityPolicy,
  'PUSH_SETUP#3': pushDestination,
  'ACTIVITY_CALENDAR#3': seasons,
  'ACTIVITY_CALENDAR#4': weeks,
  'ACTIVITY_CALENDAR#5': days,
  'ACTIVITY_CALENDAR#7': seasons,
  'ACTIVITY_CALENDAR#8': weeks,
  'ACTIVITY_CALENDAR#9': days,
  'ACTION_SCHEDULE#4': executionTimes,
  'ACCOUNT#4': creditStatus,
  'NTP_SETUP#6': keyTable,
};
