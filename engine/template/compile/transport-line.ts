import { parseIdentification } from '../../codec/iec62056-21/identification.ts';
import { callableAddress } from '../../codec/iec62056-21/request-message.ts';
import type { TransportModel } from '../model.ts';
import { describeItem } from '../semantics/describe.ts';
import { integerValue, octetsValue, textValue } from '../semantics/literals.ts';
import type { Place } from '../semantics/scope.ts';
import type { ItemNode, PropertyNode } from '../syntax/tree.ts';
import type { PropertyReader } from './read.ts';

/** What a transport says of its line: speed, parity, opening and gateway. */
export function compileLine(read: PropertyReader): Pick<TransportModel, 'baud' | 'parity' | 'modeE' | 'gateway'> {
  const baud = read.integer('baud');
  const parity = read.word('parity');
  const modeE = of(read, 'mode_e', readModeE);
  const gateway = of(read, 'gateway', readGateway);
  return {
    ...(baud === undefined ? {} : { baud }),
    ...(parity === 'none' || parity === 'even' || parity === 'odd' ? { parity } : {}),
    ...(modeE === undefined ? {} : { modeE }),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

function of<T>(
  read: PropertyReader,
  name: string,
  compile: (node: PropertyNode, place: Place) => T | undefined,
): T | undefined {
  const node = read.source(name)?.node;
  const place = read.place(name);
  return node === undefined || place === undefined ? undefined : compile(node, place);
}

/** `yes`, `no`, or `yes, identification "/ZZA5\\2A1000", address "4711"`. */
function readModeE(node: PropertyNode, place: Place): TransportModel['modeE'] {
  const [first, ...settings] = node.items;
  const flag = first?.parts[0]?.kind === 'name' && first.parts.length === 1 ? first.parts[0].text : undefined;
  if (first === undefined || flag === 'no') return undefined;
  if (flag !== 'yes') return wrong(place, first, "'mode_e' begins with 'yes' or 'no'", EXAMPLES.mode_e);
  const found: { identification?: string; address?: string } = {};
  for (const item of settings) {
    const [name, value] = namedText(item);
    if (name === 'identification' && value !== undefined && parseIdentification(value) !== undefined) {
      found.identification = value;
    } else if (name === 'address' && value !== undefined && callableAddress(value)) {
      found.address = value;
    } else {
      const needs =
        name === 'identification'
          ? `an identification is "/", three letters, a baud digit, "\\\\2" and a text`
          : name === 'address'
            ? 'a device address has up to 32 digits, letters and spaces'
            : "'mode_e' takes 'identification' and 'address' with a text";
      wrong(place, item, needs, EXAMPLES.mode_e);
    }
  }
  return found;
}

/** `network 1, address h"00 11"`. */
function readGateway(node: PropertyNode, place: Place): TransportModel['gateway'] {
  let networkId: number | undefined;
  let address: string | undefined;
  for (const item of node.items) {
    const [name, value] = item.parts;
    const setting = name?.kind === 'name' && item.parts.length === 2 ? name.text : undefined;
    if (setting === 'network' && value !== undefined) networkId = integerValue(value);
    if (setting === 'address' && value?.kind === 'literal' && value.type === 'octets') address = octetsValue(value);
  }
  const fits = networkId !== undefined && networkId >= 0 && networkId <= 0xff;
  if (fits && networkId !== undefined && address !== undefined && address.length <= 2 * 0xff)
    return { networkId, address };
  const [first] = node.items;
  if (first === undefined) return undefined;
  return wrong(place, first, "'gateway' takes a network of 0 to 255 and an address in octets", EXAMPLES.gateway);
}

const EXAMPLES = {
  mode_e: 'mode_e: yes, identification "/ZZA5\\\\2A1000"',
  gateway: 'gateway: network 1, address h"00 11"',
} as const;

/** `name "text"`: both, or what there is of them. */
function namedText(item: ItemNode): readonly [name: string | undefined, text: string | undefined] {
  const [name, value] = item.parts;
  return [
    name?.kind === 'name' ? name.text : undefined,
    item.parts.length === 2 && value?.kind === 'literal' && value.type === 'text' ? textValue(value) : undefined,
  ];
}

function wrong(place: Place, item: ItemNode, needs: string, example: string): undefined {
  place.report('DLMS-412', item, `${needs}, found ${describeItem(item)}. For example '${example}'.`);
  return undefined;
}
