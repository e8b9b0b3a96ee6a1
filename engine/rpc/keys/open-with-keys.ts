import { fromHex } from '../../codec/hex.ts';
import { translate } from '../../codec/translate/translate.ts';
import type { TranslateLayer, Translation } from '../../codec/translate/types.ts';
import { KEY_ROLES, type LooseKey, type NamedRing, type SortedSecrets } from './named-secrets.ts';
import { encryptedCount, type Figures, figuresOf, needsTitle } from './protection.ts';

/** What became of the encrypted APDUs in some octets. */
export interface Opened {
  /** `none`: nothing is encrypted. */
  readonly state: 'none' | 'closed' | 'opened';
  /** Names of the secrets that opened it. */
  readonly keyNames: readonly string[];
  /** The innermost APDU in clear. */
  readonly plain?: Uint8Array;
  /** Closed, and of a kind that does not carry the system title of its sender. */
  readonly titleMissing: boolean;
}

/** Key rings tried on the rows of one trace; what is left then stays closed. */
export const MAX_KEY_TRIALS = 50_000;

/**
 * Opens encrypted APDUs with whichever keys fit: those that fitted before, then rings as they are named, then keys
 * without a role, each alone and then with each other one to verify. Rings are also tried with all titles that are known.
 */
export class KeyTrials {
  readonly #secrets: SortedSecrets;
  readonly #titles: readonly Uint8Array[];
  readonly #fitted = new Set<NamedRing>();
  #left = MAX_KEY_TRIALS;

  /** `titles`: system titles of who may have sent what is to be opened. */
  constructor(secrets: SortedSecrets, titles: readonly Uint8Array[]) {
    this.#secrets = secrets;
    this.#titles = titles;
  }

  open(octets: Uint8Array, layer: TranslateLayer | 'auto'): Opened {
    const closed = translate(octets, { layer });
    const wanted = encryptedCount(closed.value);
    if (wanted === 0) return { state: 'none', keyNames: [], titleMissing: false };
    const best = this.#best(octets, layer, closed, wanted);
    if (best?.plain === undefined) return { state: 'closed', keyNames: [], titleMissing: needsTitle(closed.value) };
    this.#fitted.add(best.named);
    const keyNames = namesOfUsed(octets, layer, best, closed);
    return { state: 'opened', keyNames, plain: fromHex(best.plain), titleMissing: false };
  }

  #best(octets: Uint8Array, layer: TranslateLayer | 'auto', closed: Translation, wanted: number): Trial | undefined {
    let best: Trial | undefined;
    for (const named of this.#candidates()) {
      if (this.#left-- <= 0) break;
      const trial = tryRing(octets, layer, named, closed);
      if (trial === undefined) continue;
      if (best === undefined || isBetter(trial, best)) best = trial;
      if (best.opened >= wanted && best.unverified === 0) break;
    }
    return best;
  }

  *#candidates(): Generator<NamedRing> {
    yield* [...this.#fitted];
    yield* candidates(this.#secrets, this.#titles);
  }
}

function tryRing(
  octets: Uint8Array,
  layer: TranslateLayer | 'auto',
  named: NamedRing,
  closed: Translation,
): Trial | undefined {
  const translation = translate(octets, { layer, keys: named.ring });
  const figures = figuresOf(translation.value);
  // Without a tag to verify, a wrong key shows by what comes out: an APDU that departs from the standard.
  const doubtful = figures.unverified > 0 && translation.deviations.length > closed.deviations.length;
  return translation.ok && figures.opened > 0 && !doubtful ? { ...figures, translation, named } : undefined;
}

/** The keys of a ring that are needed to open as much as it does. */
function namesOfUsed(
  octets: Uint8Array,
  layer: TranslateLayer | 'auto',
  best: Trial,
  closed: Translation,
): readonly string[] {
  const { ring, names } = best.named;
  return KEY_ROLES.flatMap((role) => {
    const name = names[role];
    if (name === undefined) return [];
    const { [role]: _, ...less } = ring;
    const without = tryRing(octets, layer, { ring: less, names: {} }, closed);
    return without === undefined || isBetter(best, without) ? [name] : [];
  });
}

interface Trial extends Figures {
  readonly translation: Translation;
  readonly named: NamedRing;
}

function isBetter(trial: Figures, than: Figures): boolean {
  return trial.opened > than.opened || (trial.opened === than.opened && trial.unverified < than.unverified);
}

/** Rings worth a trial, the most probable first. `heard`: system titles told by other APDUs. */
export function* candidates(
  { rings, loose, titles: stored }: SortedSecrets,
  heard: readonly Uint8Array[],
): Generator<NamedRing> {
  const titles = [undefined, ...unique([...heard, ...stored])];
  for (const systemTitle of titles) {
    for (const { ring, names } of rings) {
      yield systemTitle === undefined ? { ring, names } : { ring: { ...ring, systemTitle }, names };
    }
  }
  const known = rings.flatMap(({ ring, names }) => [...keyOf(ring.guek, names.guek), ...keyOf(ring.gak, names.gak)]);
  for (const systemTitle of titles) {
    const title = systemTitle === undefined ? {} : { systemTitle };
    for (const guek of [...loose, ...known]) {
      yield { ring: { guek: guek.octets, ...title }, names: { guek: guek.name } };
      for (const gak of [...loose, ...known]) {
        if (gak.octets.length !== guek.octets.length || gak === guek) continue;
        const names = { guek: guek.name, gak: gak.name };
        yield { ring: { guek: guek.octets, gak: gak.octets, ...title }, names };
      }
    }
  }
}

function keyOf(octets: Uint8Array | undefined, name: string | undefined): LooseKey[] {
  return octets === undefined || name === undefined ? [] : [{ name, octets }];
}

function unique(titles: readonly Uint8Array[]): Uint8Array[] {
  const known = new Map(titles.map((title) => [title.join(), title]));
  return [...known.values()];
}
