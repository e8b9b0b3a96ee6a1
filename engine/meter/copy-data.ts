import type { Data } from '../codec/axdr/data.ts';

/** A Data value with octets of its own; a decoder's octets are views of the whole APDU, which would stay in memory. */
export function copyData(data: Data): Data {
  switch (data.t) {
    case 'array':
    case 'structure':
      return { t: data.t, v: data.v.map(copyData) };
    case 'compact-array':
      return { t: data.t, v: { of: data.v.of, elements: data.v.elements.map(copyData) } };
    case 'octet-string':
    case 'date-time':
    case 'date':
    case 'time':
      return { t: data.t, v: new Uint8Array(data.v) };
    default:
      return data;
  }
}
