/** Names of keys in the common key notation and what the session calls them. */
const NAMES: Readonly<Record<string, string>> = {
  password: 'password',
  guek: 'guek',
  gak: 'gak',
  systemTitle: 'systemTitle',
  clientSystemTitle: 'systemTitle',
};

/**
 * Reads a key file: a JSON object with `password`, `guek`, `gak`, `systemTitle` as text. Keys are hex, the password is
 * text; `hex:` and `text:` in front say otherwise. A value `env:NAME` is taken from the environment, so that the file
 * itself can hold no secret. Throws Error; the message never holds a value.
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
    // Suite and the keys of other roles belong to the same notation and are no mistake.
    if (known === undefined) continue;
    if (typeof value !== 'string') throw new Error(`key file ${file}: ${name} is not a text`);
    keys[known] = value.startsWith('env:') ? fromEnvironment(value.slice(4), name, file, environment) : value;
  }
  return keys;
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
