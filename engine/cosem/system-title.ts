import { toHex } from '../codec/hex.ts';
import { type FlagManufacturer, flagManufacturer } from './flag-ids.ts';

/** What a system title says: three FLAG letters and five octets of the maker (Green Book, security). */
export interface SystemTitle {
  /** The octets in hex, upper case. */
  readonly hex: string;
  /** The three FLAG letters; absent if the first three octets are no letters. */
  readonly flag?: string;
  /** Who the letters belong to; absent if they are not registered. */
  readonly manufacturer?: FlagManufacturer;
  /** The last five octets as a number: the manufacturer's own unique number. */
  readonly uniqueNumber: number;
  /** The reading of IDIS: device type, function and a 28-bit number. Right only for IDIS devices. */
  readonly idis: IdisTitle;
}

/** Octets 4 to 8 as IDIS devices use them: T1, T2 (high nibble), serial number of 28 bits. */
export interface IdisTitle {
  readonly deviceType: number;
  readonly function: number;
  readonly serialNumber: number;
}

/** Reads a system title; undefined unless it has eight octets. */
export function parseSystemTitle(octets: Uint8Array): SystemTitle | undefined {
  if (octets.length !== 8) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const letters = String.fromCharCode(...octets.subarray(0, 3));
  const flag = /^[A-Za-z]{3}$/.test(letters) ? letters.toUpperCase() : undefined;
  const manufacturer = flag === undefined ? undefined : flagManufacturer(flag);
  return {
    hex: toHex(octets).toUpperCase(),
    ...(flag === undefined ? {} : { flag }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    uniqueNumber: view.getUint8(3) * 2 ** 32 + view.getUint32(4),
    idis: {
      deviceType: view.getUint8(3),
      function: view.getUint8(4) >> 4,
      serialNumber: view.getUint32(4) & 0x0fff_ffff,
    },
  };
}

/** For people: `ELV 000000F42400 (Elvaco AB)`; the plain hex if there are no letters or not eight octets. */
export function describeSystemTitle(octets: Uint8Array): string {
  const title = parseSystemTitle(octets);
  if (title === undefined) return octets.length === 0 ? '(empty)' : toHex(octets).toUpperCase();
  if (title.flag === undefined) return title.hex;
  const maker = title.manufacturer === undefined ? '' : ` (${title.manufacturer.name})`;
  return `${title.flag} ${title.hex.slice(6)}${maker}`;
}
