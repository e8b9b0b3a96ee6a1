import { readCertificate } from '../codec/security/certificates.ts';
import { readPrivateKey, readPublicKey } from '../codec/security/key-material.ts';
import { securitySuite } from '../codec/security/suites.ts';
import { SessionError } from './errors.ts';

/** Raw secrets of one association. Held in memory only: never logged, traced or serialised. */
export interface SessionSecrets {
  /** LLS password, or the shared secret of HLS MD5, SHA-1 and SHA-256. */
  readonly password?: Uint8Array;
  /** Global unicast encryption key. */
  readonly guek?: Uint8Array;
  /** Global authentication key. */
  readonly gak?: Uint8Array;
  /** System title of the client, 8 octets. Not secret, but it travels with the keys. */
  readonly systemTitle?: Uint8Array;
  /** Master key, under which other keys are wrapped. */
  readonly kek?: Uint8Array;
  /** Private key of the client for key agreement. */
  readonly agreementKey?: Uint8Array;
  /** Public key of the meter for key agreement, x || y. */
  readonly peerAgreementKey?: Uint8Array;
  /** Private key of the client for signatures: 32 octets in suite 1, 48 in suite 2. */
  readonly signingKey?: Uint8Array;
  /** Public key of the meter for signatures, x || y. */
  readonly peerSigningKey?: Uint8Array;
  /** Certificate of the client's signing key, DER. Goes out in the AARQ. */
  readonly certificate?: Uint8Array;
  /** Certificate, DER, of who issues those of meters: a meter's certificate in the AARE is believed if it did. */
  readonly authority?: Uint8Array;
}

/** Names a secrets map may hold, as in the RPC contract. */
export const SECRET_NAMES = [
  'password',
  'guek',
  'gak',
  'kek',
  'systemTitle',
  'signingKey',
  'peerSigningKey',
  'agreementKey',
  'peerAgreementKey',
  'certificate',
  'authority',
] as const;
type SecretName = (typeof SECRET_NAMES)[number];

/** Octets of a system title (GB 4.3.4). */
export const SYSTEM_TITLE_LENGTH = 8;
/** Longest password or shared secret taken. */
export const MAX_PASSWORD_LENGTH = 128;

const PEM = '-----BEGIN ';

/**
 * Reads `hex:0011..` and `text:...` values. A value without either prefix is text for the password and hex for keys
 * and titles, as key files write them. Keys of signatures and certificates may be PEM as well. Throws SessionError
 * `bad-secret`; the message never holds the value.
 */
export function parseSecrets(secrets: Readonly<Record<string, string | undefined>>, suite: 0 | 1 | 2): SessionSecrets {
  const parsed: { -readonly [K in keyof SessionSecrets]: SessionSecrets[K] } = {};
  for (const name of SECRET_NAMES) {
    const value = secrets[name];
    if (value !== undefined) parsed[name] = READERS[name](name, octetsOf(name, value), suite);
  }
  return parsed;
}

type SecretReader = (name: SecretName, octets: Uint8Array, suite: 0 | 1 | 2) => Uint8Array;

const READERS: Readonly<Record<SecretName, SecretReader>> = {
  password: (_name, octets) => {
    if (octets.length <= MAX_PASSWORD_LENGTH) return octets;
    throw bad(`password has ${octets.length} octets, at most ${MAX_PASSWORD_LENGTH} are taken`);
  },
  guek: symmetricKey,
  gak: symmetricKey,
  kek: symmetricKey,
  systemTitle: (_name, octets) => {
    if (octets.length === SYSTEM_TITLE_LENGTH) return octets;
    throw bad(`systemTitle has ${octets.length} octets, expected ${SYSTEM_TITLE_LENGTH}`, 'give 16 hex digits');
  },
  signingKey: (name, octets, suite) => onCurve(name, readPrivateKey(octets), 1, 'private key', suite),
  peerSigningKey: (name, octets, suite) => onCurve(name, readPublicKey(octets), 2, 'public key or certificate', suite),
  agreementKey: (name, octets, suite) => onCurve(name, readPrivateKey(octets), 1, 'private key', suite),
  peerAgreementKey: (name, octets, suite) =>
    onCurve(name, readPublicKey(octets), 2, 'public key or certificate', suite),
  certificate: certificateOf,
  authority: certificateOf,
};

function symmetricKey(name: SecretName, octets: Uint8Array, suite: 0 | 1 | 2): Uint8Array {
  const length = suite === 2 ? 32 : 16;
  if (octets.length === length) return octets;
  throw bad(
    `${name} has ${octets.length} octets, expected ${length}`,
    `give ${length * 2} hex digits, or another suite`,
  );
}

/** A key of the curve of the suite; suite 0 has none, and whoever needs one says so. */
function onCurve(
  name: SecretName,
  key: Uint8Array | undefined,
  coordinates: 1 | 2,
  what: string,
  suite: 0 | 1 | 2,
): Uint8Array {
  if (key === undefined)
    throw bad(`${name} is no ${what} on P-256 or P-384`, 'give it as PEM, as DER in hex or as raw octets in hex');
  const curve = securitySuite(suite)?.curve;
  if (curve === undefined || key.length === coordinates * curve.size) return key;
  throw bad(`${name} is on another curve than ${curve.name} of suite ${suite}`, 'give another key, or another suite');
}

function certificateOf(name: SecretName, octets: Uint8Array): Uint8Array {
  const read = readCertificate(octets);
  if (read.ok) return read.certificate.der;
  throw bad(`${name}: found ${read.found}, expected ${read.expected}`, 'give it as PEM or as DER in hex');
}

function octetsOf(name: SecretName, value: string): Uint8Array {
  if (value.startsWith('text:')) return new TextEncoder().encode(value.slice(5));
  if (value.startsWith('hex:')) return parseHex(name, value.slice(4));
  if (name === 'password' || value.startsWith(PEM)) return new TextEncoder().encode(value);
  return parseHex(name, value);
}

function parseHex(name: SecretName, text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits))
    throw bad(`${name} is not a string of hex octets`, 'write hex:00112233...');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function bad(problem: string, next?: string): SessionError {
  return new SessionError('bad-secret', problem, next === undefined ? {} : { next });
}
