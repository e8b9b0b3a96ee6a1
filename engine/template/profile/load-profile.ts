import { parseObis } from '../../cosem/obis/obis.ts';
import { type Finding, tidyFindings } from '../findings/finding.ts';
import type { FileProvider } from '../semantics/files.ts';
import { findProfileFile, readObisProfile } from './check-profile.ts';
import { matchPattern, patternSize } from './pattern.ts';
import { layerProfile, type RawProfile } from './read-profile.ts';
import type { ObisProfile, ProfileObject } from './types.ts';

/** A profile with all it extends, and what is wrong with its files. */
export interface LoadedProfile {
  readonly profile?: ObisProfile;
  readonly findings: readonly Finding[];
}

/** Deepest chain of `extends`. */
export const MAX_LAYERS = 16;

/** Loads a profile and all it extends. Files that cannot be used are left out and reported. */
export function loadObisProfile(path: string, files: FileProvider): LoadedProfile {
  const findings: Finding[] = [];
  const done = new Map<string, ObisProfile | undefined>();
  const visit = (file: string, depth: number): ObisProfile | undefined => {
    if (done.has(file)) return done.get(file);
    done.set(file, undefined);
    const text = files.readFile(file);
    if (text === undefined || depth > MAX_LAYERS) return undefined;
    const checked = readObisProfile(text, { path: file, files });
    findings.push(...checked.findings);
    if (checked.raw === undefined) return undefined;
    const profile = layerProfile(checked.raw, layersBelow(checked.raw, file, depth));
    done.set(file, profile);
    return profile;
  };
  const layersBelow = (raw: RawProfile, file: string, depth: number): ObisProfile[] =>
    (raw.extends ?? []).flatMap((name) => {
      const target = findProfileFile(name, file, files);
      return (target === undefined ? undefined : visit(target, depth + 1)) ?? [];
    });
  const profile = visit(path, 0);
  return { ...(profile === undefined ? {} : { profile }), findings: tidyFindings(findings) };
}

/** An entry that fits an object, and the numbers of its named groups. */
export interface ProfileMatch {
  readonly object: ProfileObject;
  readonly groups: Readonly<Record<string, number>>;
}

/** The entry of a profile for an object: of several that fit the narrowest. */
export function profileEntry(profile: ObisProfile, obis: string, classId: number): ProfileMatch | undefined {
  const code = parseObis(obis);
  if (code === undefined) return undefined;
  let best: ProfileMatch | undefined;
  for (const object of profile.objects) {
    const groups = object.class === classId ? matchPattern(object.obis, code) : undefined;
    if (groups === undefined) continue;
    if (best === undefined || patternSize(object.obis) < patternSize(best.object.obis)) best = { object, groups };
  }
  return best;
}
