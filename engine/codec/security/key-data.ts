import type { Data } from '../axdr/data.ts';
import { KEY_IDS, type KeyId } from './key-id.ts';

/** One element of the arrays of key_transfer and key_agreement: structure (key_id enum, octet-string). */
export interface KeyData {
  readonly id: KeyId;
  readonly octets: Uint8Array;
}

/** What could not be accepted, in words that never hold key material. */
export interface Refusal {
  readonly ok: false;
  readonly found: string;
  readonly expected: string;
  /** The Data is not built as it has to be; otherwise its contents are wrong. */
  readonly malformed?: true;
}

/** A method call names each of the four keys once at most. */
const MAX_KEYS = KEY_IDS.length;

export function keyDataToData(items: readonly KeyData[]): Data {
  return {
    t: 'array',
    v: items.map(
      ({ id, octets }): Data => ({
        t: 'structure',
        v: [
          { t: 'enum', v: KEY_IDS.indexOf(id) },
          { t: 'octet-string', v: octets },
        ],
      }),
    ),
  };
}

/** Reads the array of a method call. Some clients send the one structure without its array, which is accepted. */
export function keyDataFromData(data: Data): { readonly ok: true; readonly items: readonly KeyData[] } | Refusal {
  const elements = data.t === 'array' ? data.v : [data];
  if (elements.length === 0 || elements.length > MAX_KEYS) {
    return { ok: false, malformed: true, found: `${elements.length} keys`, expected: `1 to ${MAX_KEYS}` };
  }
  const items: KeyData[] = [];
  for (const element of elements) {
    const [number, octets] = element.t === 'structure' ? element.v : [];
    const id = number?.t === 'enum' ? KEY_IDS[number.v] : undefined;
    if (id === undefined || octets?.t !== 'octet-string') {
      const expected = 'structure of key_id (enum 0..3) and octet-string';
      return { ok: false, malformed: true, found: element.t, expected };
    }
    if (items.some((item) => item.id === id)) return { ok: false, found: `${id} twice`, expected: 'each key once' };
    items.push({ id, octets: octets.v });
  }
  return { ok: true, items };
}
