import type { Expression, FleetAddress, FleetModel, MeterModel } from '../model.ts';
import type { MeterUser } from '../semantics/declarations.ts';
import { noVariables } from '../semantics/environment.ts';
import { headOf } from '../semantics/heads.ts';
import { integerValue, textValue } from '../semantics/literals.ts';
import { identityProperties } from '../semantics/names.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ExpressionNode, PropertyNode } from '../syntax/tree.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { isQuirkId, quirkIds } from '../vocabulary/quirks.ts';
import { toExpression } from './expression.ts';
import { MAX_LOGICAL_DEVICE_NAME } from './identity.ts';
import { expandText } from './identity-text.ts';
import { quirkNames } from './quirk-names.ts';
import { type PropertyReader, readProperties } from './read.ts';

const DEFAULT_ADDRESS = '127.0.0.1';

/** Compiles a fleet of a meter. */
export function compileFleet(fleet: MeterUser, meter: MeterModel, scope: MeterScope): FleetModel {
  const spec = blockSpec('fleet');
  if (spec === undefined) throw new Error('the vocabulary has no fleet block');
  const origin = { file: fleet.file, meter: '', environment: noVariables };
  const properties = new Map(
    fleet.block.entries.flatMap((entry) =>
      entry.kind === 'property' ? [[entry.name.text, { node: entry, origin }] as const] : [],
    ),
  );
  const read = readProperties(spec, properties, scope);
  const place = scope.place(origin);
  const count = read.integer('count') ?? 1;
  const serialFrom = serialOf(properties.get('serial')?.node, place);
  const address = addressOf(properties.get('address')?.node, count, place);
  checkSerials(fleet, meter, serialFrom, count, read, place);
  return {
    name: fleet.name,
    meter: meter.name,
    count,
    serialFrom,
    address,
    transports: read.references('transports') ?? [],
    seed: read.integer('seed') ?? 1,
    ...variationOf(fleet, meter, place),
  };
}

function serialOf(node: PropertyNode | undefined, place: Place): number {
  const [item] = node?.items ?? [];
  const [part] = item?.parts ?? [];
  if (node === undefined || item === undefined || part === undefined || part.kind === 'missing') return 1;
  const argument = callOf(part, 'from');
  const value = argument === undefined ? integerValue(part) : integerValue(argument);
  if (value !== undefined && value >= 0 && node.items.length === 1 && item.parts.length === 1) return value;
  place.report('DLMS-401', item, "'serial' takes the number of the first meter, for example 'from(20000001)'.");
  return 1;
}

/** The only argument of a call of a name. */
function callOf(part: ExpressionNode, name: string): ExpressionNode | undefined {
  if (part.kind !== 'call' || part.callee.kind !== 'name' || part.callee.text !== name || part.args.length !== 1)
    return undefined;
  return part.args[0]?.value;
}

function textOf(node: ExpressionNode | undefined): string | undefined {
  return node?.kind === 'literal' && node.type === 'text' ? textValue(node) : undefined;
}

const IPV4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

function addressOf(node: PropertyNode | undefined, count: number, place: Place): FleetModel['address'] {
  const [item, ports] = node?.items ?? [];
  const [part] = item?.parts ?? [];
  if (node === undefined || item === undefined || part === undefined || part.kind === 'missing')
    return { one: DEFAULT_ADDRESS };
  const network = textOf(callOf(part, 'spread'));
  const one = textOf(callOf(part, 'one'));
  if (network !== undefined) {
    const [base = '', bits = ''] = network.split('/');
    const prefix = Number(bits);
    if (!IPV4.test(base) || bits === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > 32) {
      place.report(
        'DLMS-803',
        part,
        `'${network}' is no network. Write an address and the bits of the network, for example "127.1.0.0/16".`,
      );
    } else if (count > 2 ** (32 - prefix)) {
      place.report(
        'DLMS-802',
        part,
        `The network ${network} has ${2 ** (32 - prefix)} addresses, too few for ${count} meters.`,
        {
          suggestions: [`spread("${base}/${32 - Math.ceil(Math.log2(count))}")`],
        },
      );
    }
    return { spread: network };
  }
  if (one !== undefined) {
    const { host, port } = hostOf(one);
    if (!IPV4.test(host) && !host.includes(':'))
      place.report('DLMS-803', part, `'${one}' is no address. Write for example one("127.0.0.1").`);
    const known = { one: host, ...(port === undefined ? {} : { port }) };
    return ports === undefined ? known : { ...known, ...numbersOf(ports, count, port, place) };
  }
  place.report(
    'DLMS-401',
    item,
    `'address' takes spread("127.1.0.0/16"), one("127.0.0.1"), ports from 40000, or one("127.0.0.1:4059"), saps from 1.`,
  );
  return { one: DEFAULT_ADDRESS };
}

/** `127.0.0.1:4059` in its parts; an IPv6 address has no port here. */
function hostOf(text: string): { readonly host: string; readonly port?: number } {
  const [, host, port] = /^([^:]*):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) return { host: text };
  return { host, port: Number(port) };
}

/** `ports from 40000` or `saps from 1` behind an address. */
function numbersOf(
  node: PropertyNode['items'][number],
  count: number,
  port: number | undefined,
  place: Place,
): Pick<FleetAddress, 'portsFrom' | 'sapsFrom'> {
  const { word, first } = numbersFrom(node.parts);
  if (first === undefined || first < 1 || (word === 'ports' && port !== undefined)) {
    place.report(
      'DLMS-401',
      node,
      "Behind the address stand the ports, 'ports from 40000', or the SAPs, 'saps from 1'.",
    );
    return {};
  }
  if (first + count - 1 > 65_535) {
    const one = word === 'ports' ? 'port' : 'SAP';
    place.report(
      'DLMS-802',
      node,
      `${count} meters from ${one} ${first} on would need ${one}s up to ${first + count - 1}; the last one is 65535.`,
    );
  }
  return word === 'ports' ? { portsFrom: first } : { sapsFrom: first };
}

function numbersFrom(parts: readonly ExpressionNode[]): { readonly word?: 'ports' | 'saps'; readonly first?: number } {
  const [kind, from, number] = parts;
  const word = kind?.kind === 'name' && (kind.text === 'ports' || kind.text === 'saps') ? kind.text : undefined;
  if (word === undefined || from?.kind !== 'name' || from.text !== 'from' || number === undefined) return {};
  const first = integerValue(number);
  return first === undefined ? {} : { word, first };
}

/** The last meter of the fleet must still have a legal logical device name. */
function checkSerials(
  fleet: MeterUser,
  meter: MeterModel,
  first: number,
  count: number,
  read: PropertyReader,
  place: Place,
): void {
  const name = expandText(meter.identity.logicalDeviceName, meter.identity, first + count - 1);
  const octets = new TextEncoder().encode(name).length;
  if (octets <= MAX_LOGICAL_DEVICE_NAME) return;
  const node = read.source('serial')?.node.items[0] ?? fleet.nameNode;
  place.report(
    'DLMS-701',
    node,
    `With number ${first + count - 1} the logical device name becomes '${name}', which has ${octets} octets; at most ${MAX_LOGICAL_DEVICE_NAME} are allowed.`,
  );
}

/** What differs from meter to meter: identity properties by name, and how fast they answer. */
function variationOf(
  fleet: MeterUser,
  meter: MeterModel,
  place: Place,
): Pick<FleetModel, 'vary' | 'latency' | 'quirks'> {
  const result: Record<string, Expression> = {};
  const behaviour: { latency?: Expression; quirks?: Expression } = {};
  for (const entry of fleet.block.entries) {
    if (entry.kind !== 'block' || headOf(entry).kind !== 'vary') continue;
    for (const property of entry.entries) {
      if (property.kind !== 'property') continue;
      const name = property.name.text;
      if (name === 'latency' || name === 'quirks') {
        const [part] = property.items[0]?.parts ?? [];
        const value = part === undefined ? undefined : toExpression(part, place);
        if (value !== undefined) behaviour[name] = value;
        if (value !== undefined && name === 'quirks') checkQuirks(value, property, meter, place);
        continue;
      }
      if (!identityProperties.includes(name) && place.scope.meter.singles.get('nameplate')?.has(name) !== true) {
        const suggestions = suggestWords(name, identityProperties);
        place.report(
          'DLMS-203',
          property.name,
          `The identity of '${place.scope.meter.declaration.name}' has no '${name}' that could vary.${didYouMean(suggestions)}`,
          { suggestions },
        );
        continue;
      }
      const [part] = property.items[0]?.parts ?? [];
      const value = part === undefined ? undefined : toExpression(part, place);
      if (value !== undefined) result[name] = value;
    }
  }
  return { vary: result, ...behaviour };
}

/** Texts of an expression name quirks the meters can have. */
function checkQuirks(value: Expression, node: PropertyNode, meter: MeterModel, place: Place): void {
  const own = meter.quirks.map(({ name }) => name);
  for (const name of textsOf(value).flatMap(quirkNames)) {
    if (own.includes(name) || isQuirkId(name)) continue;
    const suggestions = suggestWords(name, [...own, ...quirkIds]);
    const message = `'${meter.name}' has no quirk '${name}', and neither has the catalogue.${didYouMean(suggestions)}`;
    place.report('DLMS-203', node.items[0] ?? node.name, message, { suggestions });
  }
}

function textsOf(value: Expression): string[] {
  if (value.k === 'text') return [value.value];
  return value.k === 'call' ? [...value.args, ...Object.values(value.named)].flatMap(textsOf) : [];
}
