import type { Apdu } from '../codec/apdu.ts';
import { encodeApdu } from '../codec/apdu-codec.ts';
import type { DataBlock } from '../codec/xdlms/types.ts';
import type { ClientSession } from './client-session.ts';
import { SessionError } from './errors.ts';
import { plainLimit } from './plain-limit.ts';

/** Octets of the longest length field of raw data, less the one an empty block has already. */
const LENGTH_FIELD = 2;
const EMPTY = new Uint8Array();

/**
 * Whether a request has to be cut into blocks of its service: it is longer than the meter takes, the meter knows such
 * blocks, and general block transfer, which cuts below the service, was not negotiated.
 */
export function needsBlocks(session: ClientSession, request: Apdu, conformance: string): boolean {
  const known = session.negotiated?.conformance;
  if (known === undefined || !known.has(conformance) || known.has('general-block-transfer')) return false;
  const limit = plainLimit(session);
  return limit !== Number.POSITIVE_INFINITY && encodeApdu(request).length > limit;
}

/** Wraps one block into the request that carries it; `first` carries the descriptors too. */
export type BlockRequest = (block: DataBlock, first: boolean) => Apdu;

/**
 * Cuts the data of a long request, numbered from 1 (GB 9.4.6.6), so that every request fits the meter's PDU size with
 * its protection. Throws SessionError `pdu-too-long` when not even one octet of data fits beside the descriptors.
 */
export function cutRequest(session: ClientSession, raw: Uint8Array, wrap: BlockRequest): readonly Apdu[] {
  const limit = plainLimit(session);
  const requests: Apdu[] = [];
  let at = 0;
  do {
    const first = requests.length === 0;
    const block = requests.length + 1;
    const empty = encodeApdu(wrap({ last: false, block, raw: EMPTY }, first)).length + LENGTH_FIELD;
    const room = limit - empty;
    if (room < 1)
      throw new SessionError(
        'pdu-too-long',
        `a block needs ${empty + 1} octets, the meter takes ${limit} before ciphering`,
        {
          next: 'write fewer attributes at once',
        },
      );
    const end = Math.min(raw.length, at + room);
    requests.push(wrap({ last: end === raw.length, block, raw: raw.subarray(at, end) }, first));
    at = end;
  } while (at < raw.length);
  return requests;
}
