import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import { fromHex } from '../codec/hex.ts';
import type { Gateway } from '../codec/xdlms/types.ts';
import { SessionError } from './errors.ts';
import type { OctetRange } from './secret-ranges.ts';

/** A meter behind a gateway, as the header before its APDUs names it (GB, gateway protocol: tags E6 and E7). */
export interface GatewayAddress {
  /** 0..255. */
  readonly networkId: number;
  /** Physical device address in hex, up to 255 octets. */
  readonly address: string;
}

/** Puts the gateway header before APDUs and takes it off again. */
export class GatewayRoute {
  readonly #networkId: number;
  readonly #address: Uint8Array;

  /** Throws SessionError `not-supported` when the address is no hex or does not fit the header. */
  constructor({ networkId, address }: GatewayAddress) {
    this.#networkId = networkId;
    this.#address = octetsOf(address);
    if (Number.isInteger(networkId) && networkId >= 0 && networkId <= 0xff && this.#address.length <= 0xff) return;
    throw badAddress(`network ${networkId}, ${this.#address.length} octets of address`);
  }

  /** The APDU as it goes to the gateway. */
  wrap(apdu: Uint8Array): Uint8Array {
    return encodeApdu(this.#header(apdu));
  }

  /** Ranges of an APDU, counted in what `wrap` makes of it. */
  shift(ranges: readonly OctetRange[]): readonly OctetRange[] {
    const by = encodeApdu(this.#header(new Uint8Array(0))).length;
    return ranges.map(({ from, to }) => ({ from: from + by, to: to + by }));
  }

  /**
   * The APDU behind the header; what has none is the gateway's own word and comes back as it is. Undefined for an APDU of
   * another device.
   */
  unwrap(octets: Uint8Array): Uint8Array | undefined {
    if (octets[0] !== 0xe6 && octets[0] !== 0xe7) return octets;
    const decoded = decodeApdu(octets);
    if (!decoded.ok || !('networkId' in decoded.value)) return octets;
    const { networkId, address, apdu } = decoded.value;
    const same = address.length === 0 || Buffer.compare(address, this.#address) === 0;
    return networkId === this.#networkId && same ? apdu : undefined;
  }

  #header(apdu: Uint8Array): Gateway {
    return { kind: 'gateway-request', networkId: this.#networkId, address: this.#address, apdu };
  }
}

function octetsOf(address: string): Uint8Array {
  try {
    return fromHex(address);
  } catch {
    throw badAddress(`address "${address}"`);
  }
}

function badAddress(found: string): SessionError {
  return new SessionError('not-supported', `gateway: found ${found}`, {
    next: 'give a network of 0 to 255 and the physical device address in hex, up to 255 octets',
  });
}
