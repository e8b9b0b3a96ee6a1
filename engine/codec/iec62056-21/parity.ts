/**
 * Even parity in software. The opening of IEC 62056-21 has characters of 7 data bits and even parity (7E1); on a line
 * set to 8N1 they take the same ten bits, with the parity in bit 8. A transparent converter cannot change its
 * character format between opening and HDLC, and neither needs to (quirks Q02, Q03).
 */

/** The characters with their parity in the top bit. Octets above 7F lose theirs. */
export function addEvenParity(characters: Uint8Array): Uint8Array {
  return characters.map((character) => {
    const value = character & 0x7f;
    return isEven(value) ? value : value | 0x80;
  });
}

/** The characters without their top bit, whatever it says: a line set to 7E1 has taken it off already. */
export function stripParity(octets: Uint8Array): Uint8Array {
  return octets.map((octet) => octet & 0x7f);
}

function isEven(value: number): boolean {
  let bits = value;
  bits ^= bits >> 4;
  bits ^= bits >> 2;
  bits ^= bits >> 1;
  return (bits & 1) === 0;
}
