/** What a block of PEM holds (RFC 7468). */
export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'PRIVATE KEY';

const LINE = /.{1,64}/g;

/** Octets in DER as PEM, with a line end behind. */
export function toPem(label: PemLabel, der: Uint8Array): string {
  const lines = Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64').match(LINE) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** DER of the first block of a label in PEM; octets that are no PEM are taken as DER. Undefined when there is none. */
export function fromPem(label: PemLabel, octets: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
  if (!text.includes('-----BEGIN ')) return octets;
  // OpenSSL of old wrote NEW CERTIFICATE REQUEST.
  const block = new RegExp(`-----BEGIN (?:NEW )?${label}-----([A-Za-z0-9+/=\\s]*)-----END`).exec(text)?.[1];
  return block === undefined ? undefined : new Uint8Array(Buffer.from(block, 'base64'));
}
