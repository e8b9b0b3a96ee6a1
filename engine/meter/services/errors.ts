/**
 * Errors outside of services (GB 9.4.6; wire.md 12), encoded once. State error 1 is service-not-allowed, 2
 * service-unknown.
 */

/** No association: service-not-allowed, operation-not-possible. */
export const NOT_ASSOCIATED: Uint8Array = Uint8Array.of(0xd8, 1, 1);
/** The service was not negotiated: service-not-allowed, service-not-supported. */
export const NOT_NEGOTIATED: Uint8Array = Uint8Array.of(0xd8, 1, 2);
/** The APDU of a known service cannot be read: service-not-allowed, other-reason. */
export const MALFORMED: Uint8Array = Uint8Array.of(0xd8, 1, 3);
/** The APDU is larger than announced: service-not-allowed, pdu-too-long. */
export const TOO_LONG: Uint8Array = Uint8Array.of(0xd8, 1, 4);
/** Protection is missing, insufficient or wrong: service-not-allowed, deciphering-error. */
export const NOT_DECIPHERABLE: Uint8Array = Uint8Array.of(0xd8, 1, 5);
/** service-unknown, service-not-supported. */
export const UNKNOWN_SERVICE: Uint8Array = Uint8Array.of(0xd8, 2, 2);

/** The invocation counter was seen before: service-not-allowed, invocation-counter-error, and the one expected. */
export function replayed(expected: number): Uint8Array {
  return Uint8Array.of(
    0xd8,
    1,
    6,
    (expected >>> 24) & 0xff,
    (expected >>> 16) & 0xff,
    (expected >>> 8) & 0xff,
    expected & 0xff,
  );
}
