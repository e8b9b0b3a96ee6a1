import type { Apdu } from '../../codec/apdu.ts';
import { DATA_ACCESS_RESULTS } from '../../codec/xdlms/results.ts';
import type { serviceQuirks as catalogue } from '../../template/vocabulary/quirks/service-quirks.ts';
import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import { isDateTime } from './date-time-quirks.ts';
import { joined } from './octets.ts';
import type { Quirk, QuirkAttribute } from './quirk.ts';

const NOTIFICATION = 0x0f;
const ACCESS_RESPONSE = 0xda;
const WRITE_RESPONSE = 0x0d;
const ACTION_RESPONSE = 0xc7;
const NORMAL = 1;
/** Where the date-time of a notification or access-response stands: behind tag and long-invoke-id. */
const DATE_TIME_AT = 5;
const OCTET_STRING = 0x09;

const PROFILE = 7;
const BUFFER = 2;
const SORT_OBJECT = 6;
const BY_RANGE = 1;
const CLOCK = 8;
const IMAGE_TRANSFER = 18;
const IMAGE_INFO = 7;

/** C7 01 invoke 00 00, success without return parameters, and C7 01 invoke result 00 end behind the result. */
function withoutReturn(octets: Uint8Array): Uint8Array {
  const plain = octets[0] === ACTION_RESPONSE && octets[1] === NORMAL && octets.length === 5 && octets[4] === 0;
  return plain ? octets.subarray(0, 4) : octets;
}

function withDataTag(octets: Uint8Array): Uint8Array {
  if (octets[0] !== NOTIFICATION && octets[0] !== ACCESS_RESPONSE) return octets;
  return joined(octets.subarray(0, DATE_TIME_AT), Uint8Array.of(OCTET_STRING), octets.subarray(DATE_TIME_AT));
}

/** Each 00 of a list of results becomes 01 00. */
function successAsError(octets: Uint8Array, request: Apdu | undefined): Uint8Array {
  if (octets[0] !== WRITE_RESPONSE || request?.kind !== 'write-request') return octets;
  if (octets.subarray(2).some((octet) => octet !== 0)) return octets;
  const results = Uint8Array.from({ length: 2 * (octets.length - 2) }, (_, index) => (index % 2 === 0 ? 1 : 0));
  return joined(octets.subarray(0, 2), results);
}

/** True if a range is asked for by the object the buffer is sorted by; profiles without one have no opinion. */
function isBySortObject({ target, selection }: QuirkAttribute): boolean {
  if (selection === null || selection.selector !== BY_RANGE || selection.params.t !== 'structure') return true;
  const [restricting] = selection.params.v;
  const sort = readAttributeData(target, SORT_OBJECT);
  if (sort.t !== 'structure' || restricting?.t !== 'structure') return true;
  const [classId, name, attribute] = sort.v;
  const [wantedClass, wantedName, wantedAttribute] = restricting.v;
  if (classId === undefined || dataToNumber(classId) === 0) return true;
  const sameName =
    name?.t === 'octet-string' &&
    wantedName?.t === 'octet-string' &&
    name.v.every((octet, index) => wantedName.v[index] === octet);
  return (
    sameName &&
    wantedClass !== undefined &&
    dataToNumber(wantedClass) === dataToNumber(classId) &&
    attribute !== undefined &&
    wantedAttribute !== undefined &&
    dataToNumber(wantedAttribute) === dataToNumber(attribute)
  );
}

function isOf({ object }: QuirkAttribute, classId: number): boolean {
  return object.model.class === classId;
}

/** Deviations of the services. */
export const serviceQuirks: Readonly<Record<keyof typeof catalogue, Quirk>> = {
  'refuses-negotiated-lists': { habits: () => ({ refusesLists: true }) },
  'blocks-without-negotiation': { habits: () => ({ blocksUnasked: true }) },
  'first-block-0': { habits: () => ({ firstBlock: 0 }) },
  'answers-get-in-blocks-only': { habits: () => ({ alwaysBlocks: true }) },
  'block-numbers-go-on': { habits: () => ({ blockNumbersGoOn: true }) },
  'return-parameters-absent': { whole: withoutReturn },
  'date-time-with-data-tag': { whole: withDataTag },
  'success-as-error': { whole: successAsError },
  'error-for-empty-range': {
    told(read, about) {
      if (!isOf(about, PROFILE) || about.attribute !== BUFFER || about.selection === null) return read;
      const empty = 'data' in read && read.data.t === 'array' && read.data.v.length === 0;
      return empty ? { result: DATA_ACCESS_RESULTS.nameOf(about.value) } : read;
    },
  },
  'range-by-sort-object-only': {
    refusesRead(about) {
      if (!isOf(about, PROFILE) || about.attribute !== BUFFER) return undefined;
      return isBySortObject(about) ? undefined : 'scope-of-access-violated';
    },
  },
  'refuses-deviation-in-date-time': {
    refusesWrite(data, about) {
      const dateTime = data.t === 'date-time' || (isOf(about, CLOCK) && data.t === 'octet-string');
      if (!dateTime || !isDateTime(data.v)) return undefined;
      const specified = data.v[9] !== 0x80 || data.v[10] !== 0x00 || data.v[11] !== 0xff;
      return specified ? 'type-unmatched' : undefined;
    },
  },
  'hardware-fault-for-empty-image': {
    told(read, about) {
      if (!isOf(about, IMAGE_TRANSFER) || about.attribute !== IMAGE_INFO || !('data' in read)) return read;
      const empty = read.data.t === 'null-data' || (read.data.t === 'array' && read.data.v.length === 0);
      return empty ? { result: 'hardware-fault' } : read;
    },
  },
};
