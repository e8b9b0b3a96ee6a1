import type { BlueprintAssociation } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';

/** Failed logins that lock an association, and for how long. */
export type LoginLock = NonNullable<BlueprintAssociation['model']['lock']>;

/** Lock-out after failed logins, as `lock:` of an association says. Counted per meter and association. */
export function isLocked(meter: VirtualMeter, definition: BlueprintAssociation, now: number): boolean {
  const failures = meter.failures(definition.index);
  return failures !== undefined && failures.lockedUntil > now;
}

export function recordFailure(
  meter: VirtualMeter,
  definition: BlueprintAssociation,
  now: number,
  lock = definition.model.lock,
): void {
  if (lock === undefined) return;
  const known = meter.failures(definition.index);
  const count = (known?.count ?? 0) + 1;
  const locks = count >= lock.failures;
  meter.setFailures(definition.index, {
    count: locks ? 0 : count,
    lockedUntil: locks ? now + lock.durationMs : 0,
  });
}

export function recordSuccess(meter: VirtualMeter, definition: BlueprintAssociation): void {
  meter.setFailures(definition.index, undefined);
}
