import type { VirtualMeter } from '../meter/meter.ts';
import { exportState, type MeterState } from '../meter/meter-state.ts';
import { addFigures, noFigures } from './figures.ts';
import type { Connection } from './served-device.ts';
import type { ConnectedClient, EmulatorFigures, Endpoint, MeterDetails } from './types.ts';
import type { Unit } from './unit.ts';

/** One meter in full, of the places it is reached at. */
export function meterDetails(
  meter: VirtualMeter,
  units: readonly Unit[],
  endpoints: readonly Endpoint[],
  connections: Iterable<Connection>,
): MeterDetails {
  const served = new Set(units.map((unit) => unit.served));
  const clients: ConnectedClient[] = [];
  for (const connection of connections) {
    if (served.has(connection.served)) clients.push(...clientsOf(connection, meter));
  }
  return {
    meter: meter.model.name,
    serial: meter.serial,
    logicalDeviceName: meter.logicalDeviceName,
    endpoints,
    figures: units.map((unit) => figuresOf(unit, meter)).reduce(addFigures, noFigures()),
    clockShift: meter.clockShift,
    changed: wasChanged(meter),
    clients,
    behaviours: meter.behaviourStatuses(),
  };
}

/** What a meter notes down of its own accord; everything else in its state was done to it. */
const OWN_NOTES: ReadonlySet<string> = new Set([
  'format',
  'behaviours',
  'received',
  'sent',
  'contentKeys',
  'schedule',
  'push',
] satisfies (keyof MeterState | 'format')[]);

function wasChanged(meter: VirtualMeter): boolean {
  return Object.keys(exportState(meter) ?? {}).some((part) => !OWN_NOTES.has(part));
}

/** Of a place that meters share, only the requests are a meter's own. */
function figuresOf(unit: Unit, meter: VirtualMeter): EmulatorFigures {
  return unit.shared ? { ...unit.served.figures, requests: unit.requests.get(meter) ?? 0 } : { ...unit.served.figures };
}

/** Clients over a connection that talk to a meter; one entry without a client as long as nobody has said anything. */
function clientsOf(connection: Connection, meter: VirtualMeter): ConnectedClient[] {
  const { from, since, served } = connection;
  const place = { from, transport: served.transport.name, since };
  const peers = connection.peers();
  if (peers.length === 0) return [place];
  return peers
    .filter((peer) => peer.meter === meter)
    .map(({ clientSap, serverSap, association, pending }) => ({
      ...place,
      clientSap,
      serverSap,
      ...(association === undefined ? {} : { association }),
      pending,
    }));
}
