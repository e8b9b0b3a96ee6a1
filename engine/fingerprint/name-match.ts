import { allFlagManufacturers, type FlagManufacturer, manufacturerLabel } from '../cosem/flag-ids.ts';

/** Words that say nothing about who a company is. */
const LEGAL_FORMS = new Set(
  'ab ag as asa bv co company corp corporation gmbh inc kg limited llc ltd nv oy plc pvt sa sas sl spa srl the'.split(
    ' ',
  ),
);

/** Words of a company name in lower case, without legal forms. */
function wordsOf(name: string): string[] {
  const words = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+]+/gu, ' ')
    .split(' ')
    .filter((word) => word !== '' && !LEGAL_FORMS.has(word));
  return words;
}

let byName: ReadonlyMap<string, FlagManufacturer> | undefined;

/** The registered manufacturer a text names: same words, whatever case, punctuation and legal form. */
export function manufacturerNamed(text: string): FlagManufacturer | undefined {
  byName ??= new Map(
    allFlagManufacturers().flatMap((manufacturer) => [
      [wordsOf(manufacturer.name).join(' '), manufacturer] as const,
      [wordsOf(manufacturerLabel(manufacturer)).join(' '), manufacturer] as const,
    ]),
  );
  const words = wordsOf(text).join(' ');
  return words === '' ? undefined : byName.get(words);
}

/** Whether FLAG letters can be short for a name: they begin like it and occur in it in this order. */
export function abbreviates(flag: string, name: string): boolean {
  const letters = name.toUpperCase().replace(/[^A-Z]/g, '');
  if (flag === '' || letters[0] !== flag[0]) return false;
  let at = 0;
  for (const letter of flag) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
