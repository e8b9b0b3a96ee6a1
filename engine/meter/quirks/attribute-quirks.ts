import type { Data } from '../../codec/axdr/data.ts';
import { utf8FromText } from '../../codec/axdr/text.ts';
import type { dataQuirks } from '../../template/vocabulary/quirks/data-quirks.ts';
import { readAttribute } from '../attribute-access.ts';
import { dateTimeQuirks } from './date-time-quirks.ts';
import { mapData } from './map-data.ts';
import { objectListQuirks } from './object-list-quirks.ts';
import type { Quirk, QuirkAttribute } from './quirk.ts';

/** Interface classes and attributes the deviations are about (Blue Book). */
const REGISTER = 3;
const EXTENDED_REGISTER = 4;
const PROFILE = 7;
const SCRIPT_TABLE = 9;
const ASSOCIATION_LN = 15;
const IPV4 = 42;
/** activity calendar, auto connect, M-Bus port setup, M-Bus diagnostic. */
const TIMED: ReadonlySet<number> = new Set([20, 29, 76, 77]);
/** schedule, special days, activity calendar, single action schedule. */
const SCHEDULES: ReadonlySet<number> = new Set([10, 11, 20, 22]);
/** IP_address, subnet_mask, gateway_IP_address, primary and secondary DNS of the IPv4 setup. */
const ADDRESSES: ReadonlySet<number> = new Set([3, 6, 7, 9, 10]);

type About = (about: QuirkAttribute) => boolean;

function attributeIs(classId: number, ...attributes: readonly number[]): About {
  return ({ object, attribute }) => object.model.class === classId && attributes.includes(attribute);
}

/** Lets a quirk change the Data of some attributes; errors stay what they are. */
function ofAttributes(applies: About, change: (data: Data) => Data): Quirk {
  return { told: (read, about) => ('data' in read && applies(about) ? { data: change(read.data) } : read) };
}

function withoutIndex(captures: Data): Data {
  if (captures.t !== 'array') return captures;
  const rows = captures.v.map((row): Data => {
    if (row.t !== 'structure') return row;
    return { t: 'structure', v: row.v.map((part, index): Data => (index === 2 ? { t: 'integer', v: 0 } : part)) };
  });
  return { t: 'array', v: rows };
}

/** hour, minute, second and hundredths of twelve octets. */
function timeOnly(data: Data): Data {
  return data.t === 'octet-string' && data.v.length === 12 ? { t: 'octet-string', v: data.v.subarray(5, 9) } : data;
}

function ownTag(data: Data): Data {
  if (data.t !== 'octet-string') return data;
  if (data.v.length === 4) return { t: 'time', v: data.v };
  return data.v.length === 5 ? { t: 'date', v: data.v } : data;
}

function zero(data: Data): Data {
  return data.t === 'double-long-unsigned' ? { t: 'double-long-unsigned', v: 0 } : data;
}

function textOfUser(data: Data): Data {
  const name = data.t === 'structure' ? data.v[1] : undefined;
  return { t: 'visible-string', v: name?.t === 'visible-string' ? name.v : '' };
}

/** Deviations of what attributes hold. */
export const attributeQuirks: Readonly<Record<keyof typeof dataQuirks, Quirk>> = {
  ...objectListQuirks,
  ...dateTimeQuirks,
  'capture-index-0': ofAttributes(attributeIs(PROFILE, 3), withoutIndex),
  'null-status': ofAttributes(attributeIs(EXTENDED_REGISTER, 4), () => ({ t: 'null-data' })),
  'script-table-as-structure': ofAttributes(attributeIs(SCRIPT_TABLE, 2), (data) =>
    data.t === 'array' ? { t: 'structure', v: data.v } : data,
  ),
  'scaler-unit-of-other-class': {
    told: (read, about) => (attributeIs(REGISTER, 3)(about) ? readAttribute(about.target, 2, null) : read),
  },
  'time-instead-of-date-time': ofAttributes(
    ({ object }) => TIMED.has(object.model.class),
    (data) => mapData(data, timeOnly),
  ),
  'capture-period-zero': ofAttributes(attributeIs(PROFILE, 4), zero),
  'texts-as-octet-string': ofAttributes(
    () => true,
    (data) =>
      mapData(data, (part) => (part.t === 'utf8-string' ? { t: 'octet-string', v: utf8FromText(part.v) } : part)),
  ),
  'current-user-as-text': ofAttributes(attributeIs(ASSOCIATION_LN, 11), textOfUser),
  'ip-address-empty': ofAttributes(
    ({ object, attribute }) => object.model.class === IPV4 && ADDRESSES.has(attribute),
    () => ({ t: 'octet-string', v: new Uint8Array(0) }),
  ),
  'dates-with-own-tags': ofAttributes(
    ({ object, attribute }) => SCHEDULES.has(object.model.class) && attribute > 1,
    (data) => mapData(data, ownTag),
  ),
};
