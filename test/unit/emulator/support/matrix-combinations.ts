import type { AuthenticationName } from '../../../../engine/session/authentication.ts';
import type { Protection, Suite } from '../../../../engine/session/params.ts';

/** How protected APDUs are dressed: service-specific, general, or general-ciphering with one of its kinds of keys. */
export const FORMS = [
  'glo',
  'ded',
  'general-glo',
  'general-ded',
  'identified',
  'wrapped',
  'one-pass',
  'static',
] as const;
export type Form = (typeof FORMS)[number];

export const MECHANISMS: readonly AuthenticationName[] = [
  'none',
  'lls',
  'manufacturer',
  'md5',
  'sha1',
  'gmac',
  'sha256',
  'ecdsa',
];
export const SUITES: readonly Suite[] = [0, 1, 2];
export const REFERENCINGS = ['LN', 'SN'] as const;
export type Referencing = (typeof REFERENCINGS)[number];

/** Ways to the meter. Serial lines are tried apart from these: there is only one of them, and it is slow to open. */
export const WAYS = ['wrapper-tcp', 'wrapper-udp', 'hdlc-1', 'hdlc-2', 'hdlc-4'] as const;
export type Way = (typeof WAYS)[number] | 'mode-e' | 'serial';

/** What cuts APDUs that are too long for the client: the service itself, or general block transfer. */
export type Blocks = 'service' | 'general';

/** What is around every APDU of an association. */
export interface Dress {
  readonly layers: Protection;
  /** Without a meaning while `layers` is `none`. */
  readonly form: Form;
  readonly signed: boolean;
}

/** One cell of the matrix. */
export interface Combination extends Dress {
  readonly mechanism: AuthenticationName;
  readonly suite: Suite;
  readonly way: Way;
  readonly referencing: Referencing;
  readonly blocks: Blocks;
}

const NO_DRESS: Dress = { layers: 'none', form: 'glo', signed: false };

/** Forms whose keys suite 0 does not have (GB 9.2.7.2.3). */
const AGREED: readonly Form[] = ['one-pass', 'static'];

/** Everything a suite can put around an APDU. Signatures are tried with full protection under every kind of key. */
export function dressesOf(suite: Suite): readonly Dress[] {
  const layers = ['auth', 'enc', 'authenc'] as const;
  const forms = FORMS.filter((form) => suite > 0 || !AGREED.includes(form));
  const ciphered = layers.flatMap((layer) => forms.map((form) => ({ layers: layer, form, signed: false })));
  // Signing is a general form: inside of it nothing is service-specific any more.
  const signing = forms.filter((form) => form !== 'glo' && form !== 'ded');
  return suite === 0
    ? ciphered
    : [...ciphered, ...signing.map((form) => ({ layers: 'authenc' as const, form, signed: true }))];
}

/** Mechanisms that need something of the suite even where nothing is ciphered. */
function dependsOnSuite(mechanism: AuthenticationName): boolean {
  return mechanism === 'gmac' || mechanism === 'ecdsa';
}

/** Whether the standard has the mechanism in a suite: signatures need the curves of suites 1 and 2. */
export function isLegal(mechanism: AuthenticationName, suite: Suite): boolean {
  return mechanism !== 'ecdsa' || suite > 0;
}

/** Costly dresses of single layers are tried with the mechanism that has keys of its own, and with none. */
function isTriedInAll(mechanism: AuthenticationName, { layers }: Dress): boolean {
  return layers === 'authenc' || mechanism === 'gmac' || mechanism === 'none';
}

/** Every legal mechanism, suite and dress, without what makes no difference on the wire. */
function protections(): readonly Pick<Combination, 'mechanism' | 'suite' | keyof Dress>[] {
  return MECHANISMS.flatMap((mechanism) =>
    SUITES.filter((suite) => isLegal(mechanism, suite)).flatMap((suite) => {
      const plain = suite === 0 || dependsOnSuite(mechanism) ? [NO_DRESS] : [];
      const dresses = dressesOf(suite).filter((dress) => !isCostly(dress) || isTriedInAll(mechanism, dress));
      return [...plain, ...dresses].map((dress) => ({ mechanism, suite, ...dress }));
    }),
  );
}

/** Name of the dress, as tests show it. */
export function dressName({ layers, form, signed }: Dress): string {
  if (layers === 'none') return 'plain';
  return `${layers} ${form}${signed ? ' signed' : ''}`;
}

export function combinationName(cell: Combination): string {
  const { mechanism, suite, way, referencing, blocks } = cell;
  return `${mechanism}, suite ${suite}, ${dressName(cell)}, ${way}, ${referencing}, ${blocks} blocks`;
}

/** Dresses that cost whole milliseconds of curve arithmetic per APDU. */
export function isCostly({ layers, form, signed }: Dress): boolean {
  return layers !== 'none' && (signed || AGREED.includes(form));
}

/**
 * The matrix: every protection on both kinds of referencing (the costly ones on one or the other), with the ways dealt
 * out over them in turn, and every way with every mechanism once more in the clear and once fully protected. So each two
 * values of any two dimensions meet (`meetings`), and mechanism, suite and dress do in nearly all their combinations.
 */
export function combinations(): readonly Combination[] {
  let turn = 0;
  const dealt = protections().flatMap((protection, index) =>
    (isCostly(protection) ? oneOf(index) : REFERENCINGS).map((referencing): Combination => {
      const way = WAYS[turn % WAYS.length] ?? 'wrapper-tcp';
      turn += 1;
      return { ...protection, way, referencing, blocks: blocksOf(Math.trunc(turn / 2)) };
    }),
  );
  const everyWay = MECHANISMS.flatMap((mechanism, index) =>
    WAYS.flatMap((way) =>
      REFERENCINGS.flatMap((referencing): Combination[] => {
        const suite: Suite = mechanism === 'ecdsa' ? 1 : 0;
        const base = { mechanism, suite, way, referencing, blocks: blocksOf(index) };
        return [
          { ...base, ...NO_DRESS },
          { ...base, layers: 'authenc', form: 'glo', signed: false },
        ];
      }),
    ),
  );
  const known = new Set<string>();
  return [...dealt, ...everyWay].filter((cell) => {
    const name = combinationName(cell);
    if (known.has(name)) return false;
    known.add(name);
    return true;
  });
}

/** One of the referencings. Mechanisms have an even number of dresses: whoever comes next takes the other one. */
function oneOf(index: number): readonly Referencing[] {
  return [REFERENCINGS[(index + Math.trunc(index / 24)) % 2] ?? 'LN'];
}

function blocksOf(index: number): Blocks {
  return index % 2 === 0 ? 'service' : 'general';
}

/** Every two values of two dimensions that meet in some cell, as `gmac & hdlc-4`. */
export function meetings(cells: readonly Combination[]): ReadonlySet<string> {
  const met = new Set<string>();
  for (const cell of cells) {
    const values = valuesOf(cell);
    for (const [at, value] of values.entries())
      for (const other of values.slice(at + 1)) met.add(`${value} & ${other}`);
  }
  return met;
}

function valuesOf({ mechanism, suite, layers, form, signed, way, referencing, blocks }: Combination): string[] {
  const dress = layers === 'none' ? ['plain'] : [layers, form, signed ? 'signed' : 'unsigned'];
  return [mechanism, `suite ${suite}`, ...dress, way, referencing, blocks];
}

/** Every two values that have to meet. */
export function legalMeetings(): readonly string[] {
  const wanted = new Set<string>();
  for (const protection of protections())
    for (const way of WAYS)
      for (const referencing of REFERENCINGS)
        for (const blocks of ['service', 'general'] as const)
          for (const pair of meetings([{ ...protection, way, referencing, blocks }])) wanted.add(pair);
  return [...wanted];
}
