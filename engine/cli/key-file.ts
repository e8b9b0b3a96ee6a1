import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Names of keys in the common key notation and what the session calls them. */
const NAMES: Readonly<Record<string, string>> = {
  password: 'password',
  guek: 'guek',
  gak: 'gak',
  gbek: 'gbek',
  systemTitle: 'systemTitle',
  clientSystemTitle: 'systemTitle',
  kek: 'kek',
  signingKey: 'signingKey',
  peerSigningKey: 'peerSigningKey',
  agreementKey: 'agreementKey',
  peerAgreementKey: 'peerAgreementKey',
  certificate: 'certificate',
  authority: 'authority',
};

/**
 * Reads a key file: a JSON object with `password`, `guek`, `gak`, `kek`, `systemTitle` as text, for signatures
 * `signingKey`, `peerSigningKey`, `certificate`, `authority`, for key agreement `agreementKey`, `peerAgreementKey`. Keys are hex, the password is text; `hex:` and `text:` in
 * front say otherwise. A value `env:NAME` is taken from the environment, `file:PATH` from a file whose path counts from
 * the key file, so that the key file itself can hold no secret. Throws Error; the message never holds a value.
 */
export function keysFromText(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const parsed = parseObject(text, file);
  const keys: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const known = NAMES[name];
    // Suite and keys of other roles belong to the same notation and are no mistake.
    if (known === undefined) continue;
    if (typeof value !== 'string') throw new Error(`key file ${file}: ${name} is not a text`);
    keys[known] = resolveValue(value, name, file, environment);
  }
  return keys;
}

function resolveValue(
  value: string,
  name: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (value.startsWith('env:')) return fromEnvironment(value.slice(4), name, file, environment);
  return value.startsWith('file:') ? fromFile(value.slice(5), name, file) : value;
}

/** PEM is taken as text, everything else as octets. */
function fromFile(named: string, name: string, file: string): string {
  const place = path.resolve(path.dirname(file), named);
  let octets: Buffer;
  try {
    octets = readFileSync(place);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`key file ${file}: ${name} is to come from ${named}, which cannot be read: ${why}`);
  }
  return octets.includes('-----BEGIN ') ? `text:${octets.toString('utf8')}` : `hex:${octets.toString('hex')}`;
}

function fromEnvironment(
  variable: string,
  name: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const value = environment[variable];
  if (value === undefined)
    throw new Error(`key file ${file}: ${name} is to come from the environment variable ${variable}, which is not set`);
  return value;
}

function parseObject(text: string, file: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(
      `key file ${file} is not JSON: expected {"password": "...", "guek": "...", "gak": "...", "systemTitle": "..."}`,
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error(`key file ${file} is not a JSON object`);
  return { ...parsed };
}
