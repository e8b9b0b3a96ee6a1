import type { MeterFinding } from '../../engine/discovery/types.ts';
import type { MeterRow } from '../../engine/rpc/protocol.ts';
import type { ScanRow } from '../../webview/messages.ts';
import { mechanismName } from './mechanism.ts';

/** A finding as it comes in a scan event, or as the store lists it. */
type Found = Omit<MeterFinding, 'evidence' | 'objects'> & {
  readonly objects?: MeterFinding['objects'];
  readonly objectCount?: number;
};

/** What the scan table shows of a finding. Pure. */
export function scanRowOf(found: Found): ScanRow {
  const { host, port, outcome, reason, associations, durationMs, classification } = found;
  return {
    host,
    port,
    outcome,
    reason,
    associations: [...new Set(associations.map(({ mechanism }) => mechanismName(mechanism)))],
    objects: found.objectCount ?? found.objects?.length ?? 0,
    durationMs: Math.max(0, durationMs),
    ...present('vendor', classification?.vendor),
    ...present('model', classification?.model),
    ...present('confidence', classification?.confidence),
    ...present('referencing', found.referencing?.value),
    ...present('framing', found.framing?.value),
    ...present('suite', found.suite === undefined ? undefined : String(found.suite.value)),
    ...present('serial', found.serial?.value),
    ...present('firmware', found.firmware?.value),
  };
}

function present<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  const made: { [N in K]?: V } = {};
  if (value !== undefined) made[name] = value;
  return made;
}

/** `Acme Energy A1000`, or the logical device name, or what the port did. */
export function meterTitle({
  classification,
  logicalDeviceName,
  outcome,
}: Pick<MeterRow, 'classification' | 'logicalDeviceName' | 'outcome'>): string {
  if (classification !== undefined) return `${classification.vendor} ${classification.model}`;
  return logicalDeviceName?.value ?? outcome;
}

/** Whether a read makes sense: the target answered in DLMS. */
export function speaksDlms({ outcome }: Pick<MeterRow, 'outcome'>): boolean {
  return outcome === 'identified' || outcome === 'associated' || outcome === 'speaks-dlms';
}
