import type { MeterFinding } from '../discovery/types.ts';
import { classify } from './classify.ts';
import { fingerprint } from './fingerprint.ts';

/** The finding with classification and fingerprint, where there is anything to classify. */
export function identify(finding: MeterFinding): MeterFinding {
  if (finding.framing === undefined) return finding;
  return { ...finding, classification: classify(finding), fingerprint: fingerprint(finding) };
}
