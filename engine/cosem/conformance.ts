/**
 * The conformance block of xDLMS-Initiate (Green Book 9.4.6.1): 24 bits, bit 0 the most significant one. Names are
 * those of the DLMS ASN.1 module.
 */
import bitRows from './data/conformance.json' with { type: 'json' };
import { CosemError } from './error.ts';
import { columns } from './rows.ts';

/** How objects are referenced: by logical name (LN) or by short name (SN). */
export type Referencing = 'LN' | 'SN';

/** One bit of the conformance block. */
export interface ConformanceBit {
  /** 0..23, 0 is the most significant. */
  readonly bit: number;
  readonly name: string;
  /** The bit in the 24-bit mask. */
  readonly mask: number;
  /** Referencing in which the service exists; empty for reserved bits. */
  readonly referencing: readonly Referencing[];
}

/** All 24 bits in their order. */
export const conformanceBits: readonly ConformanceBit[] = bitRows.map((line) => {
  const [bit = '', mask = '', usable = '', name = ''] = columns(line, 4);
  return {
    bit: Number(bit),
    name,
    mask: Number.parseInt(mask, 16),
    referencing: (['LN', 'SN'] as const).filter((referencing) => usable.split(',').includes(referencing.toLowerCase())),
  };
});

const byName: ReadonlyMap<string, ConformanceBit> = new Map(conformanceBits.map((bit) => [bit.name, bit]));

/** Other names for bits, accepted on input. */
const ALIASES: Readonly<Record<string, string>> = {
  'attribute-0-supported-with-get': 'attribute0-supported-with-get',
  'attribute-0-supported-with-set': 'attribute0-supported-with-set',
  'attribute0-with-get': 'attribute0-supported-with-get',
  'attribute0-with-set': 'attribute0-supported-with-set',
  'block-transfer-with-get': 'block-transfer-with-get-or-read',
  'block-transfer-with-read': 'block-transfer-with-get-or-read',
  'block-transfer-with-set': 'block-transfer-with-set-or-write',
  'block-transfer-with-write': 'block-transfer-with-set-or-write',
  'parameterised-access': 'parameterized-access',
  'priority-management': 'priority-mgmt-supported',
  'priority-management-supported': 'priority-mgmt-supported',
  'priority-mgmt': 'priority-mgmt-supported',
};

/** A bit by its name or an alias, case-insensitive, `_` and spaces for `-`. Reserved bits are found by name too. */
export function conformanceBit(name: string): ConformanceBit | undefined {
  const plain = name.trim().toLowerCase().replace(/[_ ]/g, '-');
  return byName.get(ALIASES[plain] ?? plain);
}

/** The canonical name of a bit for a name or an alias; undefined for an unknown one. */
export function canonicalConformanceName(name: string): string | undefined {
  return conformanceBit(name)?.name;
}

/** Names of the set bits of a 24-bit mask, in the order of the bits. */
export function conformanceNames(mask: number): string[] {
  return conformanceBits.filter((bit) => (mask & bit.mask) !== 0).map((bit) => bit.name);
}

/**
 * The 24-bit mask of names or aliases.
 * @throws CosemError `bad-conformance` for an unknown name.
 */
export function conformanceMask(names: readonly string[]): number {
  return names.reduce((mask, name) => {
    const bit = conformanceBit(name);
    if (bit === undefined) {
      throw new CosemError(
        'bad-conformance',
        `found ${JSON.stringify(name)}, expected the name of a conformance bit such as get`,
      );
    }
    return mask | bit.mask;
  }, 0);
}

/** Bits that exist in a referencing: what a template may offer after `conformance:`. */
export function legalConformance(referencing: Referencing): readonly ConformanceBit[] {
  return conformanceBits.filter((bit) => bit.referencing.includes(referencing));
}

/** Mask of all bits that exist in a referencing. */
export function legalConformanceMask(referencing: Referencing): number {
  return legalConformance(referencing).reduce((mask, bit) => mask | bit.mask, 0);
}
