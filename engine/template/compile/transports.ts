import type { Expression, HdlcModel, TransportModel } from '../model.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope } from '../semantics/scope.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { largestValue } from './interval.ts';
import { readProperties } from './read.ts';
import { compileLine } from './transport-line.ts';

const DEFAULT_PORT = 4059;
const DEFAULT_INACTIVITY_MS = 120_000;
const DEFAULT_LOWER = 17;

/** Compiles the transports of a meter, in the order of definition. */
export function compileTransports(scope: MeterScope): readonly TransportModel[] {
  const members = [...(scope.meter.members.get('transport')?.values() ?? [])];
  const result = members.map((member) => compileTransport(member, scope));
  if (scope.complete && result.length === 0) {
    scope.reportHere('DLMS-705', `Meter '${scope.meter.declaration.name}' has no transport, so nobody can reach it.`, {
      hint: "Add for example 'transport lan tcp { port: 4059   framing: wrapper }'.",
    });
  }
  checkPorts(members, result, scope);
  return result;
}

function compileTransport(member: ResolvedMember, scope: MeterScope): TransportModel {
  const spec = blockSpec('transport');
  if (spec === undefined) throw new Error('the vocabulary has no transport block');
  const read = readProperties(spec, member.properties, scope);
  const label = member.base.head.labels[1]?.text;
  const kind = label === 'udp' || label === 'serial' ? label : 'tcp';
  const framing =
    read.word('framing') === 'hdlc' || (read.word('framing') === undefined && kind === 'serial') ? 'hdlc' : 'wrapper';
  // A port that could not be read is not taken for the usual one.
  const port = kind === 'serial' || read.source('port') !== undefined ? read.integer('port') : DEFAULT_PORT;
  return {
    name: member.name,
    kind,
    framing,
    ...(port === undefined ? {} : { port }),
    serverWPort: read.integer('server_wport') ?? 1,
    sessions: read.integer('sessions') ?? 0,
    idleTimeoutMs: read.duration('idle_timeout') ?? 0,
    ...compileLine(read),
  };
}

function checkPorts(
  members: readonly ResolvedMember[],
  transports: readonly TransportModel[],
  scope: MeterScope,
): void {
  const seen = new Map<string, ResolvedMember>();
  transports.forEach((transport, index) => {
    const member = members[index];
    if (member === undefined || transport.port === undefined) return;
    const key = `${transport.kind} ${transport.port}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, member);
      return;
    }
    scope
      .place(member.base.origin)
      .report(
        'DLMS-706',
        member.base.nameNode,
        `Transports '${first.name}' and '${member.name}' both listen on ${transport.kind} port ${transport.port}.`,
        {
          related: [{ message: `'${first.name}'`, range: first.base.nameNode, file: first.base.origin.file }],
        },
      );
  });
}

/** Compiles `hdlc`, with what holds for what it does not say. */
export function compileHdlc(scope: MeterScope): HdlcModel {
  const spec = blockSpec('hdlc');
  if (spec === undefined) throw new Error('the vocabulary has no hdlc block');
  const properties = scope.meter.singles.get('hdlc') ?? new Map();
  const read = readProperties(spec, properties, scope);
  const lowerSet = properties.has('server_lower');
  const stated = read.integer('address_bytes');
  const place = read.place('address_bytes');
  const node = read.source('address_bytes')?.node;
  if (stated === 3 && place !== undefined && node !== undefined) {
    place.report('DLMS-402', node.items[0] ?? node, 'An HDLC server address has 1, 2 or 4 octets, not 3.', {
      suggestions: ['2', '4'],
    });
  }
  const addressBytes = stated === 1 || stated === 2 || stated === 4 ? stated : lowerSet ? 2 : 1;
  const serverLower: Expression = read.expression('server_lower') ?? { k: 'number', value: DEFAULT_LOWER };
  const rule = read.word('address_rule');
  const model: HdlcModel = {
    addressBytes,
    ...(rule === 'any' || rule === 'standard' || rule === 'exact' ? { addressRule: rule } : {}),
    serverUpper: read.integer('server_upper') ?? 1,
    serverLower,
    maxInfoTransmit: read.integer('max_info_transmit') ?? 128,
    maxInfoReceive: read.integer('max_info_receive') ?? 128,
    windowTransmit: read.integer('window_transmit') ?? 1,
    windowReceive: read.integer('window_receive') ?? 1,
    inactivityTimeoutMs: read.duration('inactivity_timeout') ?? DEFAULT_INACTIVITY_MS,
  };
  // One and two octets carry 7 bits of each address, four carry 14 (wire.md 1.2); the highest one is for all stations.
  const highest = addressBytes === 4 ? 0x3ffe : 0x7e;
  for (const [name, value] of [
    ['server_upper', model.serverUpper],
    ['server_lower', addressBytes === 1 ? undefined : largestValue(serverLower)],
  ] as const) {
    const source = read.source(name);
    const where = read.place(name);
    if (value === undefined || value <= highest || source === undefined || where === undefined) continue;
    where.report(
      'DLMS-707',
      source.node.items[0] ?? source.node,
      `'${name}' can become ${value}, but an address of ${addressBytes} octet${addressBytes === 1 ? '' : 's'} ends at ${highest}.`,
      {
        hint: addressBytes === 4 ? 'Choose a smaller address.' : "Write 'address_bytes: 4'.",
      },
    );
  }
  return model;
}
