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
}

/** Names a secrets map may hold, as in the RPC contract. */
export const SECRET_NAMES = ['password', 'guek', 'gak', 'systemTitle'] as const;
type SecretName = (typeof SECRET_NAMES)[number];

/** Octets of a system title (GB 4.3.4). */
export const SYSTEM_TITLE_LENGTH = 8;
/** Longest password or shared secret taken. */
export const MAX_PASSWORD_LENGTH = 128;

/**
 * Reads `hex:0011..` and `text:...` values. A value without either prefix is text for the password and hex for keys
 * and titles, as key files write them. Throws SessionError `bad-secret`; the message never holds the value.
 */
export function parseSecrets(secrets: Readonly<Record<string, string | undefined>>, suite: 0 | 1 | 2): SessionSecrets {
  const octets = (name: SecretName): Uint8Array | undefined => {
    const value = secrets[name];
    return value === undefined ? undefined : parseSecret(name, value);
  };
  const password = octets('password');
  const guek = octets('guek');
  const gak = octets('gak');
  const systemTitle = octets('systemTitle');
  const keyLength = suite === 2 ? 32 : 16;
  if (password !== undefined && password.length > MAX_PASSWORD_LENGTH)
    throw new SessionError(
      'bad-secret',
      `password has ${password.length} octets, at most ${MAX_PASSWORD_LENGTH} are taken`,
    );
  checkLength('guek', guek, keyLength);
  checkLength('gak', gak, keyLength);
  checkLength('systemTitle', systemTitle, SYSTEM_TITLE_LENGTH);
  return {
    ...(password !== undefined ? { password } : {}),
    ...(guek !== undefined ? { guek } : {}),
    ...(gak !== undefined ? { gak } : {}),
    ...(systemTitle !== undefined ? { systemTitle } : {}),
  };
}

function checkLength(name: SecretName, octets: Uint8Array | undefined, length: number): void {
  if (octets === undefined || octets.length === length) return;
  throw new SessionError('bad-secret', `${name} has ${octets.length} octets, expected ${length}`, {
    next: name === 'systemTitle' ? 'give 16 hex digits' : `give ${length * 2} hex digits, or another suite`,
  });
}

function parseSecret(name: SecretName, value: string): Uint8Array {
  if (value.startsWith('text:')) return new TextEncoder().encode(value.slice(5));
  if (value.startsWith('hex:')) return parseHex(name, value.slice(4));
  return name === 'password' ? new TextEncoder().encode(value) : parseHex(name, value);
}

function parseHex(name: SecretName, text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits))
    throw new SessionError('bad-secret', `${name} is not a string of hex octets`, { next: 'write hex:00112233...' });
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
