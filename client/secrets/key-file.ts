/**
 * A file of keys and passwords: a JSON object from name to `hex:..` or `text:..`. Pure; messages name the secret, never
 * its value.
 */
export type KeyFile =
  | { readonly ok: true; readonly secrets: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

/** More than anybody needs; guards against picking the wrong file. */
export const maxKeyFileBytes = 4 * 1024 * 1024;

export function parseKeyFile(text: string): KeyFile {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // JSON.parse quotes the text around the fault, which may be a key.
    return {
      ok: false,
      problem: 'it is not JSON. Expected an object like { "name": "hex:00112233", "other": "text:secret" }.',
    };
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { ok: false, problem: 'it is not an object. Expected { "name": "hex:00112233", "other": "text:secret" }.' };
  }
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(content)) {
    // Lets a file explain itself.
    if (name.startsWith('$') || name.startsWith('//')) continue;
    const problem = typeof value === 'string' ? secretProblem(value) : 'is not a string';
    if (problem !== undefined) return { ok: false, problem: `the value of "${name}" ${problem}.` };
    if (typeof value === 'string') secrets[name] = value;
  }
  return Object.keys(secrets).length === 0 ? { ok: false, problem: 'it holds no key.' } : { ok: true, secrets };
}

/** What is wrong with a secret value, without telling the value. */
export function secretProblem(value: string): string | undefined {
  if (value.startsWith('text:')) return value.length > 'text:'.length ? undefined : 'is empty after "text:"';
  if (!value.startsWith('hex:')) return 'begins neither with "hex:" nor with "text:"';
  const digits = value.slice('hex:'.length);
  if (!/^[0-9a-f]*$/i.test(digits)) return 'has something else than hex digits after "hex:"';
  return digits.length > 0 && digits.length % 2 === 0 ? undefined : 'has an odd number of hex digits, or none';
}
