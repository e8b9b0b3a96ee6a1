import type { Apdu } from '../apdu.ts';
import { decodeApdu } from '../apdu-codec.ts';
import { concatOctets } from '../octets.ts';

/**
 * What the blocks of service-specific block transfer hold when put together, decoded as the APDU that would have carried
 * it in one piece (GB 9.3.3 to 9.3.5, 9.3.14). Servers of the field send octets behind the last block, and cut the Data
 * instead of the list of results: both are taken.
 */
export function blockContent(
  kind: Apdu['kind'],
  raw: readonly Uint8Array[],
  invoke: number,
  list: boolean,
): Apdu | undefined {
  const content = concatOctets(raw);
  for (const head of headsOf(kind, invoke, list)) {
    const decoded = decodeApdu(concatOctets([Uint8Array.from(head), content]), { allowTrailing: true });
    if (decoded.ok && decoded.value.kind === kind) return decoded.value;
  }
  return undefined;
}

/** Octets before the content, the likeliest first. */
function headsOf(kind: Apdu['kind'], invoke: number, list: boolean): readonly (readonly number[])[] {
  switch (kind) {
    case 'get-response':
      return list ? [[0xc4, 3, invoke]] : [[0xc4, 1, invoke, 0]];
    case 'action-response':
      return list ? [[0xc7, 3, invoke]] : [[0xc7, 1, invoke]];
    case 'read-request':
      return [[0x05]];
    case 'read-response':
      return [[0x0c], [0x0c, 1, 0]];
    case 'write-request':
      return [[0x06]];
    default:
      return [];
  }
}
