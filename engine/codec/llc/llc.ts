/**
 * LLC sublayer of the HDLC profile (GB 8.3): destination LSAP E6 (FF for broadcast), source LSAP E6 for commands and E7
 * for responses, quality 00. It stands before the APDU in the first segment of an LPDU only.
 */
export type LlcDirection = 'command' | 'response';

export interface Lpdu {
  readonly llc: LlcDirection;
  /** Destination LSAP FF. */
  readonly broadcast: boolean;
  /** View of the octets handed in. */
  readonly payload: Uint8Array;
}

export const LLC_LENGTH = 3;
const LSAP = 0xe6;
const LSAP_BROADCAST = 0xff;
const SOURCE_LSAP: Readonly<Record<LlcDirection, number>> = { command: 0xe6, response: 0xe7 };

export function encodeLpdu(llc: LlcDirection, payload: Uint8Array, broadcast = false): Uint8Array {
  const octets = new Uint8Array(LLC_LENGTH + payload.length);
  octets[0] = broadcast ? LSAP_BROADCAST : LSAP;
  octets[1] = SOURCE_LSAP[llc];
  octets.set(payload, LLC_LENGTH);
  return octets;
}

/** The LPDU at `at`, or undefined when no LLC header stands there (a later segment, or a transport without LLC). */
export function decodeLpdu(octets: Uint8Array, at = 0): Lpdu | undefined {
  const [destination, source, quality] = octets.subarray(at, at + LLC_LENGTH);
  if (quality !== 0 || (destination !== LSAP && destination !== LSAP_BROADCAST)) return undefined;
  if (source !== SOURCE_LSAP.command && source !== SOURCE_LSAP.response) return undefined;
  return {
    llc: source === SOURCE_LSAP.command ? 'command' : 'response',
    broadcast: destination === LSAP_BROADCAST,
    payload: octets.subarray(at + LLC_LENGTH),
  };
}
