import type { MeterFinding } from '../discovery/types.ts';
import { identify } from '../fingerprint/identify.ts';
import { type ConfigurationProfile, configurationProfile } from './configuration-profile.ts';

/** What every scan adds to a finding before it is shown and kept: classification, fingerprint, configuration profile. */
export function completeFinding(found: MeterFinding): {
  readonly finding: MeterFinding;
  readonly profile?: ConfigurationProfile;
} {
  const finding = identify(found);
  const profile = configurationProfile(finding);
  return { finding, ...(profile === undefined ? {} : { profile }) };
}
