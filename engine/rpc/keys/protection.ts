import type { Json, JsonObject } from '../../codec/apdu-json.ts';
import { fromHex } from '../../codec/hex.ts';

/** What a translation's value says about encrypted APDUs in it. All functions here are pure. */

/** Encrypted APDUs. Authenticated ones can be read without a key. */
export function encryptedCount(value: Json): number {
  let count = 0;
  walk(value, (object) => {
    if (isEncrypted(object)) count++;
  });
  return count;
}

/** Whether an encrypted APDU is in it that was not opened. */
export function isLocked(value: Json): boolean {
  return figuresOf(value).opened < encryptedCount(value);
}

/** Whether an encrypted APDU does not carry the system title of its sender. */
export function needsTitle(value: Json): boolean {
  let missing = false;
  walk(value, (object) => {
    if (isEncrypted(object) && !('systemTitle' in object) && !('originatorSystemTitle' in object)) missing = true;
  });
  return missing;
}

/** System titles that APDUs tell: those of the two sides of an association, and of whoever protects in general form. */
export function titlesIn(value: Json): Uint8Array[] {
  const found: Uint8Array[] = [];
  walk(value, (object) => {
    for (const [name, member] of Object.entries(object)) {
      const isTitle = /title$/i.test(name) && typeof member === 'string' && /^[0-9a-f]{16}$/.test(member);
      if (isTitle) found.push(fromHex(member));
    }
  });
  return found;
}

export interface Figures {
  /** Encrypted APDUs that are open. */
  readonly opened: number;
  /** Of these, those without a verified tag. */
  readonly unverified: number;
  /** The innermost of the first one, in hex. */
  readonly plain?: string;
}

export function figuresOf(value: Json): Figures {
  let opened = 0;
  let unverified = 0;
  let plain: string | undefined;
  walk(value, (object) => {
    if (typeof object.plain !== 'string' || !isEncrypted(object)) return;
    plain ??= innermost(object);
    opened++;
    if (!isObject(object.security) || object.security.authenticated !== true || object.tagUnverified === true)
      unverified++;
  });
  return { opened, unverified, ...(plain === undefined ? {} : { plain }) };
}

function isEncrypted({ security }: JsonObject): boolean {
  return isObject(security) && security.encrypted === true;
}

function innermost(object: JsonObject): string | undefined {
  const inside = isObject(object.inner) ? innermost(object.inner) : undefined;
  return inside ?? (typeof object.plain === 'string' ? object.plain : undefined);
}

function walk(value: Json, visit: (object: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isObject(value)) {
    visit(value);
    for (const member of Object.values(value)) if (member !== undefined) walk(member, visit);
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
