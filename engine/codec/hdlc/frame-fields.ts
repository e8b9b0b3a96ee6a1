import { decodeLpdu } from '../llc/llc.ts';
import type { Field } from '../result.ts';
import { describeHdlcAddress, lowerOf, upperOf } from './address.ts';
import type { HdlcFrame } from './frame.ts';
import { informationFields } from './information-fields.ts';

const CLAUSE = 'GB 8.4';

/** Fields of a frame whose opening flag is at `offset`. The information field is one field; its layer adds children. */
export function hdlcFrameFields(frame: HdlcFrame, octets: Uint8Array, offset: number): Field[] {
  const format = offset + 1;
  const destination = format + 2;
  const source = destination + frame.destination.bytes;
  const control = source + frame.source.bytes;
  const length = ((octets[format]! & 0x07) << 8) | octets[format + 1]!;
  const fcs = format + length - 2;
  const sender = senderOf(frame);
  const fields: Field[] = [
    { name: 'flag', from: offset, to: format, value: '7e', clause: CLAUSE },
    {
      name: 'frame format',
      from: format,
      to: destination,
      value: `type 3, ${frame.segmented ? 'segmented, ' : ''}length ${length}`,
      clause: CLAUSE,
    },
    addressField('destination address', sender && peerOf[sender], frame.destination, destination, source),
    addressField('source address', sender, frame.source, source, control),
    { name: 'control', from: control, to: control + 1, value: controlText(frame, sender), clause: CLAUSE },
  ];
  if (frame.information.length > 0) {
    fields.push({ name: 'HCS', from: control + 1, to: control + 3, value: 'correct', clause: CLAUSE });
    const value = `${frame.information.length} octets`;
    const field: Field = { name: 'information', from: control + 3, to: fcs, value, clause: CLAUSE };
    const children = informationFields(frame, field.from);
    if (children !== undefined) field.children = children;
    fields.push(field);
  }
  fields.push({ name: 'FCS', from: fcs, to: fcs + 2, value: 'correct', clause: CLAUSE });
  fields.push({ name: 'flag', from: fcs + 2, to: fcs + 3, value: '7e', clause: CLAUSE });
  return fields;
}

function addressField(
  name: string,
  role: Role | undefined,
  address: HdlcFrame['source'],
  from: number,
  to: number,
): Field {
  const field: Field = { name, from, to, value: roleText(role, address), clause: CLAUSE };
  if (address.bytes === 1) return field;
  const half = from + address.bytes / 2;
  field.children = [
    { name: 'upper (logical device)', from, to: half, value: `${upperOf(address)}`, clause: CLAUSE },
    { name: 'lower (physical device)', from: half, to, value: `${lowerOf(address)}`, clause: CLAUSE },
  ];
  return field;
}

type Role = 'client' | 'server';
const peerOf: Readonly<Record<Role, Role>> = { client: 'server', server: 'client' };
const SENDERS: Readonly<Partial<Record<HdlcFrame['kind'], Role>>> = {
  SNRM: 'client',
  DISC: 'client',
  UA: 'server',
  DM: 'server',
  FRMR: 'server',
};

/**
 * Who sent a frame, as far as the frame alone tells: by its kind, its LLC header, or because only servers have
 * addresses of more than one octet. Undefined for the rest, e.g. an RR between one-octet addresses.
 */
function senderOf({ kind, source, destination, information }: HdlcFrame): Role | undefined {
  const lpdu = kind === 'I' || kind === 'UI' ? decodeLpdu(information) : undefined;
  if (lpdu !== undefined) return lpdu.llc === 'command' ? 'client' : 'server';
  if (source.bytes !== destination.bytes) {
    if (destination.bytes === 1) return 'server';
    if (source.bytes === 1) return 'client';
  }
  return SENDERS[kind];
}

function roleText(role: Role | undefined, address: HdlcFrame['source']): string {
  const text = describeHdlcAddress(address);
  return role === undefined ? text : `${role} ${text}`;
}

function controlText(frame: HdlcFrame, sender: Role | undefined): string {
  const counters = frame.kind === 'I' ? ` N(S)=${frame.ns} N(R)=${frame.nr}` : 'nr' in frame ? ` N(R)=${frame.nr}` : '';
  const bit = sender === undefined ? ' P/F' : sender === 'client' ? ' P' : ' F';
  return `${frame.kind}${counters}${frame.pollFinal ? bit : ''}`;
}
