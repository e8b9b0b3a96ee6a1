import { createHash } from 'node:crypto';
import type { MeterFinding } from '../discovery/types.ts';
import { type Feature, type FeaturePart, featuresOf } from './features.ts';

const FORMAT = 'dlms1';
/** Hex digits of each hash: 64 bits keep a million kinds of meters apart. */
const HASH_DIGITS = 16;
const NOTHING = '-';

/** The three parts of a fingerprint. `behaviour` and `model` are hashes, `-` where nothing was seen. */
export interface FingerprintParts {
  /** For people: FLAG letters, referencing, framing and suite, e.g. `ACM.LN.wrapper.s0`. */
  readonly prefix: string;
  /** What the meter did before an association was complete. */
  readonly behaviour: string;
  /** Objects, versions, base names and access rights of the association that could be read. */
  readonly model: string;
}

/**
 * `dlms1:PREFIX:BEHAVIOUR:MODEL`: the same for all meters of one kind, whatever their serial numbers and values.
 * A pure function of the finding.
 */
export function fingerprint(finding: MeterFinding): string {
  const { prefix, behaviour, model } = fingerprintParts(finding);
  return [FORMAT, prefix, behaviour, model].join(':');
}

export function fingerprintParts(finding: MeterFinding): FingerprintParts {
  const features = featuresOf(finding);
  return { prefix: prefixOf(features), behaviour: hashOf(features, 'behaviour'), model: hashOf(features, 'model') };
}

/** Reads a fingerprint; undefined when the text is none of this format. */
export function parseFingerprint(text: string): FingerprintParts | undefined {
  const match = /^dlms1:([^:]*):([0-9a-f]{16}|-):([0-9a-f]{16}|-)$/.exec(text);
  if (match === null) return undefined;
  return { prefix: match[1] ?? '', behaviour: match[2] ?? NOTHING, model: match[3] ?? NOTHING };
}

function prefixOf(features: readonly Feature[]): string {
  const value = (name: string): string =>
    features.find((item) => item.part === 'prefix' && item.name === name)?.value ?? NOTHING;
  return [value('flag'), value('referencing'), value('framing'), `s${value('suite')}`].join('.');
}

function hashOf(features: readonly Feature[], part: FeaturePart): string {
  const own = features.filter((feature) => feature.part === part);
  if (own.length === 0) return NOTHING;
  const hash = createHash('sha256');
  for (const { name, value } of own) hash.update(`${name}\u0000${value}\u0001`);
  return hash.digest('hex').slice(0, HASH_DIGITS);
}
