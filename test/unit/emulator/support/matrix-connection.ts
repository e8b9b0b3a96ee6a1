import type { Connection } from '../../../../engine/session/connection.ts';
import { LN_CONFORMANCE, SN_CONFORMANCE } from '../../../../engine/session/params.ts';
import type { Combination, Form, Way } from './matrix-combinations.ts';
import type { ServedMeter } from './matrix-meter.ts';
import { clientOf, clientSecrets, METER_TITLE, serverOf } from './matrix-template.ts';

/** Largest APDU the clients take: texts and profiles come in blocks. */
const MAX_PDU = 600;
const LOWER_ADDRESS = 17;
/** Each association begins its counters above all before it, whatever key it uses. */
const COUNTERS_OF_AN_ASSOCIATION = 1000;
let nextCounter = 1;

type Place = Pick<Connection, 'host' | 'port' | 'transport' | 'framing' | 'hdlc' | 'modeE'>;

function placeOf(way: Way, served: ServedMeter, serial: string): Place {
  const host = '127.0.0.1';
  const line = (addressBytes: 1 | 2 | 4) =>
    ({ framing: 'hdlc', hdlc: { addressBytes, lower: LOWER_ADDRESS } }) as const;
  switch (way) {
    case 'wrapper-tcp':
      return { host, port: served.port('wrapper'), framing: 'wrapper' };
    case 'wrapper-udp':
      return { host, port: served.port('datagrams'), transport: 'udp', framing: 'wrapper' };
    case 'hdlc-1':
      return { host, port: served.port('hdlc'), ...line(1) };
    case 'hdlc-2':
      return { host, port: served.port('hdlc'), ...line(2) };
    case 'hdlc-4':
      return { host, port: served.port('hdlc'), ...line(4) };
    case 'mode-e':
      return { host, port: served.port('opened'), modeE: {}, ...line(4) };
    case 'serial':
      return { host: serial, port: 0, transport: 'serial', modeE: {}, ...line(4) };
  }
}

const CONTENT_KEYS: readonly Form[] = ['identified', 'wrapped', 'one-pass', 'static'];

/** Forms in which services are general APDUs. */
export function isGeneral({ form, layers }: Combination): boolean {
  return layers !== 'none' && form !== 'glo' && form !== 'ded';
}

function keysOf(cell: Combination): Partial<Connection> {
  const { form, layers, signed } = cell;
  if (layers === 'none') return {};
  return {
    ...(form === 'ded' || form === 'general-ded' ? { dedicatedKey: true } : {}),
    ...(form === 'identified' || form === 'wrapped' || form === 'one-pass' || form === 'static'
      ? { contentKey: form }
      : {}),
    ...(CONTENT_KEYS.includes(form) ? { serverTitle: METER_TITLE } : {}),
    ...(signed ? { signed: true } : {}),
  };
}

/** Bits the client proposes beside those every client proposes. */
function proposalOf(cell: Combination): readonly string[] {
  return [
    ...(isGeneral(cell) ? ['general-protection'] : []),
    ...(cell.blocks === 'general' ? ['general-block-transfer'] : []),
    ...(hasAccess(cell) ? ['access'] : []),
  ];
}

/** ACCESS is a service of logical names, and has no form of its own for ciphering. */
export function hasAccess(cell: Combination): boolean {
  return cell.referencing === 'LN' && (cell.layers === 'none' || isGeneral(cell));
}

/** Conformance both sides have to come to. */
export function expectedConformance(cell: Combination): readonly string[] {
  const usual = cell.referencing === 'LN' ? LN_CONFORMANCE : SN_CONFORMANCE;
  return [...new Set([...usual, ...proposalOf(cell)])].toSorted();
}

/** What a person would enter to reach the meter of the matrix in this way. */
export function connectionOf(cell: Combination, served: ServedMeter, serial = ''): Connection {
  const { mechanism, suite, way, referencing, layers } = cell;
  nextCounter += COUNTERS_OF_AN_ASSOCIATION;
  return {
    ...placeOf(way, served, serial),
    referencing,
    client: clientOf(mechanism),
    server: serverOf(suite, referencing, layers !== 'none'),
    authentication: mechanism,
    security: layers,
    suite,
    secrets: clientSecrets(suite),
    ...keysOf(cell),
    propose: proposalOf(cell),
    invocationCounter: nextCounter,
    maxPdu: MAX_PDU,
    timeoutMs: 5000,
  };
}
