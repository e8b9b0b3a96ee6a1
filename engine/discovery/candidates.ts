import type { Mechanism } from '../codec/acse/types.ts';
import type { HdlcServerAddress } from '../codec/hdlc/address.ts';

/** The client every profile knows without authentication (GB 4.5). */
export const PUBLIC_CLIENT = 16;
export const MANAGEMENT_DEVICE = 1;

/**
 * Client SAPs asked for when the meter does not tell its associations itself, the usual ones first. Sources: wire.md 15
 * and the vendor rows of quirks.md: management 1; Itron 2, 3, 7; Kamstrup 18, 19; SPODES, IS 15959 and Landis+Gyr 32, 48;
 * their push, firmware and display clients 64, 80, 96; test set-ups 17; DSMR and IDIS 101 to 103.
 */
export const CLIENT_SAPS: readonly number[] = [
  1, 2, 3, 32, 48, 17, 18, 19, 4, 5, 6, 7, 8, 33, 34, 64, 80, 96, 100, 101, 102, 103,
];

/** HLS mechanisms tried by a challenge, the usual ones first. A challenge proves nothing and guesses nothing. */
export const HLS_MECHANISMS: readonly Exclude<Mechanism, 'lls' | 'lowest'>[] = [
  'hls-gmac',
  'hls-sha256',
  'hls-ecdsa',
  'hls-sha1',
  'hls-md5',
  'hls-manufacturer',
];

export interface HdlcCandidate {
  readonly bytes: 1 | 2 | 4;
  readonly server: HdlcServerAddress;
}

/**
 * HDLC server addresses tried, the usual ones first (wire.md 1.2; quirks.md vendor rows): one octet; two and four octets
 * with the physical addresses 1, 16 and 17; all-station as physical address, which a single meter on its line answers
 * as an ordinary one (quirk Q23) and which finds addresses made from serial numbers.
 */
export const HDLC_CANDIDATES: readonly HdlcCandidate[] = [
  { bytes: 1, server: { upper: 1 } },
  { bytes: 4, server: { upper: 1, lower: 17 } },
  { bytes: 2, server: { upper: 1, lower: 17 } },
  { bytes: 4, server: { upper: 1, lower: 16 } },
  { bytes: 2, server: { upper: 1, lower: 16 } },
  { bytes: 4, server: { upper: 1, lower: 1 } },
  { bytes: 2, server: { upper: 1, lower: 1 } },
  { bytes: 1, server: { upper: 16 } },
  { bytes: 2, server: { upper: 16, lower: 1 } },
  { bytes: 4, server: { upper: 1, lower: 0x3fff } },
  { bytes: 2, server: { upper: 1, lower: 0x7f } },
];

export function describeHdlcCandidate({ bytes, server }: HdlcCandidate): string {
  const lower = server.lower === undefined ? '' : `/${server.lower}`;
  return `${server.upper}${lower} in ${bytes} octet${bytes === 1 ? '' : 's'}`;
}
