const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** An IPv4 address as an unsigned number; undefined for any other text. */
export function parseIpv4(text: string): number | undefined {
  const found = DOTTED.exec(text);
  if (found === null) return undefined;
  let value = 0;
  for (const part of found.slice(1)) {
    if (Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
}

/** `::ffff:127.0.0.1`, as a dual-stack socket says it, as `127.0.0.1`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain === 'localhost' || (plain.startsWith('127.') && parseIpv4(plain) !== undefined);
}
