import type { Decoded } from '../result.ts';
import { asciiOctets, asciiText, failed, shown } from './text.ts';

/** Longest device address of a request message (IEC 62056-21, 6.3.14). */
export const MAX_DEVICE_ADDRESS = 32;

/** Characters of a device address: digits, letters, space (IEC 62056-21, 6.3.14). */
const ADDRESS = /^[0-9A-Za-z ]*$/;

/** Whether a request message can carry this device address. */
export function callableAddress(address: string): boolean {
  return ADDRESS.test(address) && address.length <= MAX_DEVICE_ADDRESS;
}

/** Request message `/?address!` CR LF. An empty address calls every meter. Throws RangeError for other characters. */
export function encodeRequestMessage(address = ''): Uint8Array {
  if (!callableAddress(address)) {
    throw new RangeError(
      `device address "${address}" is not up to ${MAX_DEVICE_ADDRESS} digits, letters and spaces (IEC 62056-21)`,
    );
  }
  return asciiOctets(`/?${address}!\r\n`);
}

/** The device address of a request message; empty when every meter is called. Errors: `bad-frame`. */
export function decodeRequestMessage(line: Uint8Array): Decoded<{ readonly address: string }> {
  const text = asciiText(line);
  const match = /^\/\?([^!]*)!\r\n$/.exec(text);
  if (match?.[1] === undefined) {
    return failed('bad-frame', 0, shown(line), 'a request message /?..! and CR LF');
  }
  return { ok: true, value: { address: match[1] }, deviations: [] };
}

/**
 * Whether a meter is called by an address: leading zeros do not count, and an empty address or one of zeros only calls
 * every meter (IEC 62056-21, 6.3.14).
 */
export function callsMeter(address: string, own: string): boolean {
  const called = address.replace(/^[0 ]+/, '');
  return called === '' || called === own.replace(/^[0 ]+/, '');
}
