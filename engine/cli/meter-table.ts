import type { MeterFinding } from '../discovery/types.ts';
import { authenticationSummary } from '../store/rows.ts';
import { table } from './table.ts';

/** The meters of a scan as people read them, one a line, by address. */
export function meterTable(meters: readonly MeterFinding[]): string {
  return table(
    ['meter', 'vendor', 'model', 'ref', 'framing', 'auth by client', 'suite', 'objects', 'confidence'],
    meters
      .toSorted(byAddress)
      .map((meter) => [
        `${meter.host}:${meter.port}`,
        meter.classification?.vendor ?? '',
        meter.classification?.model ?? '',
        meter.referencing?.value ?? '',
        meter.framing?.value ?? '',
        authenticationSummary(meter.associations),
        meter.suite === undefined ? '-' : String(meter.suite.value),
        String(meter.objects.length),
        meter.classification === undefined ? '' : `${Math.round(meter.classification.confidence * 100)} %`,
      ]),
  );
}

/** By address as people count it, 127.0.0.9 before 127.0.0.10, then by port. */
function byAddress(a: MeterFinding, b: MeterFinding): number {
  return a.host.localeCompare(b.host, 'en', { numeric: true }) || a.port - b.port;
}
