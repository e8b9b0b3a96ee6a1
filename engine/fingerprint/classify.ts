import { flagFromLogicalDeviceName, flagManufacturer, manufacturerLabel } from '../cosem/flag-ids.ts';
import type { Classification, MeterFinding } from '../discovery/types.ts';
import { titleLetters } from './features.ts';
import { abbreviates, manufacturerNamed } from './name-match.ts';
import { textsOf } from './texts.ts';

export const UNKNOWN = 'unknown';

/**
 * How far one kind of evidence is trusted by itself, 0..1. Letters tell who was registered, which may be the maker of a
 * module or a former owner; a text is what the meter says, and may be changed by whoever configures it.
 */
const WEIGHTS = {
  /** A device id reads as a name and nothing contradicts it. */
  makerText: 0.7,
  /** The name is that of a registered manufacturer. */
  registeredName: 0.5,
  /** Registered FLAG letters in the logical device name. */
  nameLetters: 0.6,
  /** Registered FLAG letters in the system title. */
  titleLetters: 0.6,
  /** Letters that are not registered, but short for the name. */
  fittingLetters: 0.3,
  /** A device id reads as a type designation. */
  typeText: 0.7,
  /** The type stands in a second text as well. */
  typeRepeated: 0.3,
  /** The maker of the type is known too. */
  typeOfKnownMaker: 0.3,
} as const;

interface Reason {
  readonly weight: number;
  readonly text: string;
}

interface Hypothesis {
  readonly name: string;
  readonly reasons: Reason[];
}

/**
 * Who made the meter and what it is, by explainable weights. `unknown` is a normal result: letters that nobody has
 * registered name no maker, and without a type designation there is no model. A pure function of the finding.
 *
 * Weights of one hypothesis add up as independent reasons do: 1 - product of (1 - weight). Reasons for different makers
 * contradict each other, and take from the confidence of the best by their own share.
 */
export function classify(finding: MeterFinding): Classification {
  const makers = ranked(makerHypotheses(finding));
  const best = makers[0];
  const types = ranked(typeHypotheses(finding, best !== undefined));
  const model = types[0]?.name ?? UNKNOWN;
  if (best === undefined) return unknown(finding, model, types);
  const makerConfidence = shareOf(best, makers);
  const modelConfidence = types[0] === undefined ? 1 : shareOf(types[0], types);
  const confidence = round(Math.min(makerConfidence, modelConfidence));
  return {
    vendor: best.name,
    model,
    confidence,
    because: [...reasonsOf(best), ...(types[0] === undefined ? ['no text designates the type'] : reasonsOf(types[0]))],
    alternatives: makers
      .slice(1)
      .map((maker) => ({ vendor: maker.name, model: UNKNOWN, confidence: round(shareOf(maker, makers)) })),
  };
}

function makerHypotheses(finding: MeterFinding): Hypothesis[] {
  const makers = new Map<string, Hypothesis>();
  const add = (name: string, weight: number, text: string): void => {
    const known = makers.get(name) ?? { name, reasons: [] };
    known.reasons.push({ weight, text });
    makers.set(name, known);
  };
  for (const item of textsOf(finding, 'maker')) {
    const registered = manufacturerNamed(item.text);
    const name = registered === undefined ? item.text : manufacturerLabel(registered);
    add(name, WEIGHTS.makerText, `${item.obis} (${item.name}) says '${item.text}'`);
    if (registered !== undefined)
      add(name, WEIGHTS.registeredName, `'${item.text}' is a registered manufacturer (${registered.flag})`);
  }
  for (const { letters, where, weight } of lettersOf(finding)) {
    const registered = flagManufacturer(letters);
    if (registered !== undefined) {
      add(
        manufacturerLabel(registered),
        weight,
        `FLAG letters ${letters} in the ${where} belong to ${registered.name}`,
      );
      continue;
    }
    const fitting = [...makers.values()].find((maker) => abbreviates(letters, maker.name));
    if (fitting !== undefined)
      add(
        fitting.name,
        WEIGHTS.fittingLetters,
        `letters ${letters} in the ${where} are not registered, but short for '${fitting.name}'`,
      );
  }
  return [...makers.values()];
}

interface Letters {
  readonly letters: string;
  readonly where: string;
  readonly weight: number;
}

function lettersOf(finding: MeterFinding): Letters[] {
  const name = finding.logicalDeviceName?.value;
  const inName = name === undefined ? undefined : flagFromLogicalDeviceName(name);
  const inTitle = titleLetters(finding);
  return [
    ...(inName === undefined ? [] : [{ letters: inName, where: 'logical device name', weight: WEIGHTS.nameLetters }]),
    ...(inTitle === undefined ? [] : [{ letters: inTitle, where: 'system title', weight: WEIGHTS.titleLetters }]),
  ];
}

function typeHypotheses(finding: MeterFinding, makerKnown: boolean): Hypothesis[] {
  const types = textsOf(finding, 'type');
  return types.map((item, i): Hypothesis => {
    // Of several designations the one told first is the short one; the others describe the variant.
    const weight = WEIGHTS.typeText / (i + 1);
    const repeated = types.some((other) => other !== item && other.text.includes(item.text));
    return {
      name: item.text,
      reasons: [
        { weight, text: `${item.obis} (${item.name}) designates the type '${item.text}'` },
        ...(repeated ? [{ weight: WEIGHTS.typeRepeated, text: `'${item.text}' stands in another text as well` }] : []),
        ...(makerKnown && i === 0 ? [{ weight: WEIGHTS.typeOfKnownMaker, text: 'the meter names its maker too' }] : []),
      ],
    };
  });
}

function unknown(finding: MeterFinding, model: string, types: readonly Hypothesis[]): Classification {
  const letters = lettersOf(finding).map((item) => `letters ${item.letters} in the ${item.where} are not registered`);
  const type = types[0];
  return {
    vendor: UNKNOWN,
    model,
    confidence: type === undefined ? 0 : round(shareOf(type, types) / 2),
    because: ['nothing that was read names the maker', ...letters, ...(type === undefined ? [] : reasonsOf(type))],
    alternatives: [],
  };
}

function ranked(hypotheses: readonly Hypothesis[]): Hypothesis[] {
  return [...hypotheses].sort((a, b) => strengthOf(b) - strengthOf(a));
}

function strengthOf(hypothesis: Hypothesis): number {
  return 1 - hypothesis.reasons.reduce((doubt, reason) => doubt * (1 - reason.weight), 1);
}

/** Strength of a hypothesis when the others are taken into account: each takes its part of what is left to believe. */
function shareOf(hypothesis: Hypothesis, all: readonly Hypothesis[]): number {
  const others = all.filter((other) => other !== hypothesis).reduce((sum, other) => sum + strengthOf(other), 0);
  const own = strengthOf(hypothesis);
  return others === 0 ? own : own * (own / (own + others));
}

function reasonsOf(hypothesis: Hypothesis): string[] {
  return [...hypothesis.reasons].sort((a, b) => b.weight - a.weight).map((reason) => reason.text);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
