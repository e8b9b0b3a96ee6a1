/** Manufacturers by their three FLAG letters, as found in system titles, logical device names and identifications. */
import data from './data/flag-ids.json' with { type: 'json' };
import { columns } from './rows.ts';

/** A registered manufacturer. */
export interface FlagManufacturer {
  /** Three upper-case letters. */
  readonly flag: string;
  readonly name: string;
  readonly country?: string;
  /** Brand that several codes belong to: `Landis+Gyr`. */
  readonly family?: string;
}

/** The table is read at the first question: most processes never ask. */
let table: ReadonlyMap<string, FlagManufacturer> | undefined;

function readTable(): ReadonlyMap<string, FlagManufacturer> {
  const families = new Map<string, string>();
  for (const line of data.families) {
    const [codes = '', family = ''] = columns(line, 2);
    // A code in two families (AUX: Sanxing, Star) belongs to the first one.
    for (const code of codes.split(',')) if (!families.has(code)) families.set(code, family);
  }
  return new Map(
    data.manufacturers.map((line) => {
      const [flag = '', country = '', name = ''] = columns(line, 3);
      const family = families.get(flag);
      return [
        flag,
        { flag, name, ...(country === '' ? {} : { country }), ...(family === undefined ? {} : { family }) },
      ] as const;
    }),
  );
}

function manufacturers(): ReadonlyMap<string, FlagManufacturer> {
  table ??= readTable();
  return table;
}

/** All registered manufacturers in the order of their letters. */
export function allFlagManufacturers(): readonly FlagManufacturer[] {
  return [...manufacturers().values()];
}

/** The manufacturer of three FLAG letters, case-insensitive; undefined if they are not registered. */
export function flagManufacturer(flag: string): FlagManufacturer | undefined {
  return manufacturers().get(flag.trim().toUpperCase());
}

/** How a person calls the maker: the brand family if there is one, else the company. */
export function manufacturerLabel(manufacturer: FlagManufacturer): string {
  return manufacturer.family ?? manufacturer.name;
}

/** The 16-bit manufacturer id of M-Bus and of class 72 (EN 13757-3): five bits a letter, A is 1. */
export function flagFromMbusId(id: number): string {
  return String.fromCharCode(64 + ((id >> 10) & 31), 64 + ((id >> 5) & 31), 64 + (id & 31));
}

/** The M-Bus manufacturer id of three letters; undefined unless they are three letters A to Z. */
export function mbusIdFromFlag(flag: string): number | undefined {
  const letters = flag.trim().toUpperCase();
  if (!/^[A-Z]{3}$/.test(letters)) return undefined;
  return [...letters].reduce((id, letter) => (id << 5) | (letter.charCodeAt(0) - 64), 0);
}

/**
 * FLAG letters of a logical device name (0-0:42.0.0.255): its first three characters, if they are letters.
 * Meters that do not follow the rule give undefined, or the letters of the maker of their communication module.
 */
export function flagFromLogicalDeviceName(name: string | Uint8Array): string | undefined {
  const text = typeof name === 'string' ? name : String.fromCharCode(...name.subarray(0, 3));
  const letters = text.slice(0, 3);
  return /^[A-Za-z]{3}$/.test(letters) ? letters.toUpperCase() : undefined;
}
