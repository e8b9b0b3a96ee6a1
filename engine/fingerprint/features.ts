import { flagFromLogicalDeviceName } from '../cosem/flag-ids.ts';
import type { AssociationFinding, MeterFinding, ObjectFinding } from '../discovery/types.ts';

/** Which part of the fingerprint a feature belongs to; each part is usable alone. */
export type FeaturePart = 'prefix' | 'behaviour' | 'model';

/** One thing that tells kinds of meters apart. Never anything that belongs to a single meter. */
export interface Feature {
  readonly part: FeaturePart;
  /** Stable kebab-case name, e.g. `referencing`, `association-16`. */
  readonly name: string;
  readonly value: string;
}

/**
 * What a finding says about the kind of meter (quirks.md, fingerprint order), in a fixed order. A pure function of the
 * finding: recomputed offline it gives the same features.
 */
export function featuresOf(finding: MeterFinding): Feature[] {
  return [
    ...prefixFeatures(finding),
    ...behaviourFeatures(finding),
    ...finding.objects.map(objectFeature).sort(byValue),
  ];
}

/** Three FLAG letters from the logical device name, else from the system title. */
export function flagLetters(finding: MeterFinding): string | undefined {
  const name = finding.logicalDeviceName?.value;
  const fromName = name === undefined ? undefined : flagFromLogicalDeviceName(name);
  return fromName ?? titleLetters(finding);
}

/** FLAG letters of the system title (security.md 9); undefined when it has none (quirk Q38). */
export function titleLetters(finding: MeterFinding): string | undefined {
  const title = finding.systemTitle?.value;
  return title === undefined
    ? undefined
    : flagFromLogicalDeviceName(Buffer.from(title, 'hex').subarray(0, 3).toString('latin1'));
}

function prefixFeatures(finding: MeterFinding): Feature[] {
  const feature = (name: string, value: string | undefined): Feature[] =>
    value === undefined ? [] : [{ part: 'prefix', name, value }];
  return [
    ...feature('flag', flagLetters(finding)),
    ...feature('referencing', finding.referencing?.value),
    ...feature('framing', finding.framing?.value),
    ...feature('suite', finding.suite === undefined ? undefined : String(finding.suite.value)),
  ];
}

/** What was seen on the wire before an association was complete: framing, link parameters, answers to AARQs. */
function behaviourFeatures(finding: MeterFinding): Feature[] {
  const feature = (name: string, value: string): Feature => ({ part: 'behaviour', name, value });
  const features: Feature[] = [];
  if (finding.framing !== undefined) features.push(feature('framing', finding.framing.value));
  if (finding.referencing !== undefined) features.push(feature('referencing', finding.referencing.value));
  if (finding.hdlc !== undefined) {
    const { maxInfoTransmit, maxInfoReceive, windowTransmit, windowReceive } = finding.hdlc.value;
    features.push(
      feature('hdlc-parameters', `${maxInfoTransmit}/${maxInfoReceive} window ${windowTransmit}/${windowReceive}`),
    );
  }
  const seen = finding.associations.filter((association) => association.origin !== 'read');
  for (const association of seen) features.push(feature(`association-${association.clientSap}`, describe(association)));
  return features;
}

function describe(association: AssociationFinding): string {
  const { mechanism, ciphered, conformance, maxPdu, diagnostic } = association;
  return [
    mechanism,
    ciphered ? 'ciphered' : 'plain',
    diagnostic ?? '',
    maxPdu === undefined ? '' : `pdu ${maxPdu}`,
    [...(conformance ?? [])].sort().join(' '),
  ].join('; ');
}

function objectFeature(object: ObjectFinding): Feature {
  const access = Object.entries(object.access ?? {})
    .map(([index, rights]) => `${index}=${rights}`)
    .sort()
    .join(' ');
  const base = object.baseName === undefined ? '' : ` @${object.baseName.toString(16)}`;
  return {
    part: 'model',
    name: `object ${object.obis}`,
    value: `${object.class}v${object.version}${base} ${access}`.trim(),
  };
}

function byValue(a: Feature, b: Feature): number {
  const left = `${a.name} ${a.value}`;
  const right = `${b.name} ${b.value}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
