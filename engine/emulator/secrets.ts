import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { utf8FromText } from '../codec/axdr/text.ts';
import { fromHex } from '../codec/hex.ts';
import { literalOctets, type SecretResolver, secretName } from '../meter/secrets.ts';
import type { MeterModel, SecretReference } from '../template/model.ts';
import { EmulatorError } from './errors.ts';

export interface SecretSources {
  /** Secret name -> `hex:0011..` or `text:...`. */
  readonly values: Readonly<Record<string, string>>;
  /** Environment for `env("NAME")`; absent where templates may not look at it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Finds the path of `file("...")`; absent where templates may not read files. */
  readonly resolveFile?: (path: string) => string;
}

/** AES keys of 16 and 32 octets in hex. */
const KEY_DIGITS = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i;

/**
 * Octets of a secret as people write it: `hex:0011..`, `text:12345678`, or without a prefix the 32 or 64 hex digits of
 * a key, else the characters themselves. Undefined if what follows `hex:` is no hex.
 */
export function parseSecret(value: string): Uint8Array | undefined {
  if (value.startsWith('hex:')) return literalOctets(value.slice(4), 'hex');
  if (value.startsWith('text:')) return utf8FromText(value.slice(5));
  return KEY_DIGITS.test(value) ? fromHex(value) : utf8FromText(value);
}

/** A resolver over the sources at hand. Values are looked up when they are needed and never logged. */
export function secretResolver(sources: SecretSources): SecretResolver {
  const known = new Map<string, Uint8Array | undefined>();
  return (reference) => {
    const name = secretName(reference);
    if (!known.has(name)) known.set(name, lookUp(sources, reference));
    return known.get(name);
  };
}

function lookUp(sources: SecretSources, reference: SecretReference): Uint8Array | undefined {
  // A secret given by name answers every kind of reference, so that keys can be handed in for tests.
  const given = sources.values[secretName(reference)];
  if (given !== undefined) return parseSecret(given);
  if ('env' in reference) {
    const value = sources.environment?.[reference.env];
    return value === undefined ? undefined : parseSecret(value);
  }
  if (!('file' in reference) || sources.resolveFile === undefined) return undefined;
  try {
    return fileSecret(readFileSync(sources.resolveFile(reference.file)));
  } catch {
    return undefined;
  }
}

/** Text is a secret as people write it, PEM among it; anything else is octets, such as a certificate in DER. */
function fileSecret(octets: Buffer): Uint8Array | undefined {
  return isUtf8(octets) ? parseSecret(octets.toString('utf8').trim()) : new Uint8Array(octets);
}

/** Secrets without which an association of the model cannot be had. */
function neededSecrets(model: MeterModel): SecretReference[] {
  const needed: SecretReference[] = [];
  for (const association of model.associations) {
    const { mechanism, secret } = association;
    if (mechanism !== 'lowest' && mechanism !== 'hls-gmac' && mechanism !== 'hls-ecdsa' && secret !== undefined) {
      needed.push(secret);
    }
    const security = model.securities.find(({ name }) => name === association.security);
    if (security === undefined) continue;
    if (mechanism === 'hls-ecdsa') {
      if (security.signingKey !== undefined) needed.push(security.signingKey);
      if (security.clientSigningKey !== undefined) needed.push(security.clientSigningKey);
    }
    if (!association.ciphering && mechanism !== 'hls-gmac') continue;
    if (security.globalUnicastKey !== undefined) needed.push(security.globalUnicastKey);
    if (security.authenticationKey !== undefined) needed.push(security.authenticationKey);
  }
  return needed;
}

/** @throws EmulatorError `secret-missing` naming all secrets the models need and the resolver does not have. */
export function checkSecrets(models: readonly MeterModel[], resolver: SecretResolver): void {
  const missing = new Set<string>();
  for (const model of models) {
    for (const reference of neededSecrets(model)) {
      // A literal needs nobody: the meter reads it itself.
      if (!('literal' in reference) && resolver(reference) === undefined) missing.add(secretName(reference));
    }
  }
  if (missing.size === 0) return;
  const names = [...missing].sort();
  throw new EmulatorError(
    'secret-missing',
    `${names.length === 1 ? 'a secret is' : `${names.length} secrets are`} not at hand: ${names.join(', ')}`,
    `Put them into a file such as { "${names[0]}": "hex:00112233..." } or "text:..." and give it with --keys FILE.`,
    names,
  );
}
