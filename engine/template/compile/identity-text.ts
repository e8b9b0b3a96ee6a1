import type { IdentityModel } from '../model.ts';

/** A `{name}` or `{n:08}` of a text. */
export interface Placeholder {
  readonly text: string;
  readonly name: string;
  /** Digits to fill with zeros, for `{n:08}`. */
  readonly width: number;
  /** Offset in the text. */
  readonly from: number;
  /** True if it stands for something; a property cannot stand for itself. */
  known(identity: IdentityModel, self: string): boolean;
}

const PLACEHOLDER = /\{([A-Za-z_]\w*)(?::0?(\d{1,2}))?\}/g;

/** The placeholders of a text. */
export function placeholdersOf(text: string): readonly Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => {
    const [whole, name = '', width = '0'] = match;
    return {
      text: whole,
      name,
      width: Number(width),
      from: match.index,
      known: (identity, self) => name === 'n' || (name !== self && propertyText(name, identity) !== undefined),
    };
  });
}

function propertyText(name: string, identity: IdentityModel): string | undefined {
  switch (name) {
    case 'vendor':
      return identity.vendor;
    case 'flag':
      return identity.flag;
    case 'model':
      return identity.model;
    case 'firmware':
      return identity.firmware;
    case 'serial':
      return identity.serial;
    case 'logical_device_name':
      return identity.logicalDeviceName;
    default: {
      const property = Object.hasOwn(identity.properties, name) ? identity.properties[name] : undefined;
      return property === undefined ? undefined : String(property);
    }
  }
}

/** Texts may speak of others that speak of others; deeper than this is a circle. */
const MAX_DEPTH = 4;

/** A text of the identity for the meter with number `n` of its fleet. Unknown placeholders stay as they are. */
export function expandText(text: string, identity: IdentityModel, n: number, depth = 0): string {
  return text.replace(PLACEHOLDER, (whole: string, name: string, width?: string) => {
    if (name === 'n') return String(n).padStart(Number(width ?? 0), '0');
    const value = propertyText(name, identity);
    return value === undefined || depth >= MAX_DEPTH ? whole : expandText(value, identity, n, depth + 1);
  });
}
