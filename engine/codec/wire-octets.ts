/**
 * Octets that a value was decoded from, where the encoder would write others: tolerated deviations, lengths in a
 * longer form than needed, defaults written out.
 *
 * The note hangs on the identity of the decoded object, not in it: encoding that object gives the octets received
 * back, while a changed copy (`{ ...apdu, block: 2 }`), a structured clone or a value from JSON is encoded canonically.
 * A field in the value would survive the spread and then contradict the values beside it.
 */
const wireOctets = new WeakMap<object, Uint8Array>();

export function rememberWireOctets(value: object, octets: Uint8Array): void {
  wireOctets.set(value, octets);
}

/** The octets received, when they differ from the canonical encoding; undefined for well-formed input. */
export function wireOctetsOf(value: object): Uint8Array | undefined {
  return wireOctets.get(value);
}
