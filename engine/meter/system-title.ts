import { fromHex } from '../codec/hex.ts';

const TITLE_LENGTH = 8;

/**
 * System title of a meter (GB 9.2.3.4.2): the 16 hex digits of the template, else the FLAG letters followed by the
 * last 40 bits of the serial number's digits read as a number.
 */
export function systemTitleOf(flag: string, serial: string, text: string | undefined): Uint8Array {
  if (text !== undefined && /^[0-9a-f]{16}$/i.test(text)) return fromHex(text);
  const title = new Uint8Array(TITLE_LENGTH);
  for (let i = 0; i < 3; i += 1) title[i] = flag.charCodeAt(i) & 0x7f;
  const digits = serial.replace(/\D/g, '').slice(-32);
  let number = BigInt(digits === '' ? '0' : digits);
  for (let i = TITLE_LENGTH - 1; i >= 3; i -= 1) {
    title[i] = Number(number & 0xffn);
    number >>= 8n;
  }
  return title;
}
