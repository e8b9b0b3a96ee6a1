import { EmulatorError } from './errors.ts';
import { isLoopback } from './ipv4.ts';
import type { Placement } from './placement.ts';

/** Sockets that are needed to listen at all places: the meters of a block or of one address share theirs. */
export function countSockets(placements: readonly Placement[]): number {
  const shared = new Set<string>();
  let own = 0;
  for (const { spread, port, transport, host, address } of placements) {
    if (spread && transport.kind === 'tcp') shared.add(`${port}`);
    else if (address !== undefined) shared.add(`${transport.kind} ${host}:${port}`);
    else own += 1;
  }
  return shared.size + own;
}

/**
 * Whether all places are allowed, and nobody has the place of another.
 * @throws EmulatorError `not-permitted`, `port-in-use`
 */
export function checkPlaces(placements: readonly Placement[], allowOutside: boolean): void {
  const taken = new Set<string>();
  for (const { meter, transport, host, port, address } of placements) {
    if (!allowOutside && transport.kind !== 'serial' && !isLoopback(host)) {
      throw new EmulatorError(
        'not-permitted',
        `${host} is outside of loopback, where other machines could reach the meters`,
        'Use an address of 127.0.0.0/8, or allow other addresses explicitly.',
      );
    }
    // Meters that share a port differ by their addresses on it, and by their framing they cannot.
    const place = `${transport.kind} ${host}:${port}${address === undefined ? '' : ` ${transport.framing} ${address}`}`;
    if ((port !== 0 || transport.kind === 'serial' || address !== undefined) && taken.has(place)) {
      throw new EmulatorError(
        'port-in-use',
        `${meter.model.name}: transport ${transport.name} wants ${host}:${port}${address === undefined ? '' : `, address ${address}`}, which another meter or transport of this fleet has`,
        'Spread the meters over a block such as 127.1.0.0/16, or give them a range of ports.',
      );
    }
    taken.add(place);
  }
}
