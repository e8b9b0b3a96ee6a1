import type { Enumeration } from '../enumeration.ts';

/** Results by the names of other translators, without case. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ok: 'success',
  accessviolated: 'scope-of-access-violated',
  undefinedobject: 'object-undefined',
  unavailableobject: 'object-unavailable',
  unmatchedtype: 'type-unmatched',
  inconsistentclass: 'object-class-inconsistent',
  longgetorreadaborted: 'long-get-aborted',
  longsetorwriteaborted: 'long-set-aborted',
  nolonggetorreadinprogress: 'no-long-get-in-progress',
  nolongsetorwriteinprogress: 'no-long-set-in-progress',
};

/** `read-write-denied` as `ReadWriteDenied`: names of ASN.1 as XML of the field writes them. */
export function camelName(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** A name of an enumeration in XML; numbers without a name as two hex digits. */
export function nameToXml(names: Enumeration<string>, name: string): string {
  const number = names.numberOf(name);
  if (number === undefined) throw new TypeError(`'${name}' is not a ${names.describe()}`);
  return names.known(number) === undefined ? hexOf(number, 1) : camelName(name);
}

/** The inverse of `nameToXml`; also takes the names of ASN.1, and numbers that have a name. */
export function nameFromXml<Name extends string>(
  names: Enumeration<Name>,
  text: string,
  radix = 16,
): Name | `unknown(${number})` | undefined {
  const plain = text.replace(/[-_ ]/g, '').toLowerCase();
  const other = OTHER_NAMES[plain];
  for (const name of names.names()) if (name === other || name.replaceAll('-', '').toLowerCase() === plain) return name;
  const number = (radix === 16 ? /^[0-9a-f]{1,2}$/ : /^\d{1,3}$/).test(plain) ? Number.parseInt(plain, radix) : 256;
  return number > 0xff ? undefined : names.nameOf(number);
}

/** An unsigned number as hex digits of so many octets. */
export function hexOf(value: number, octets: number): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(2 * octets, '0');
}
