import type { Field } from '../result.ts';
import { describeHdlcAddress, lowerOf, upperOf } from './address.ts';
import type { HdlcFrame } from './frame.ts';

const CLAUSE = 'GB 8.4';

/** Fields of a frame whose opening flag is at `offset`. The information field is one field; its layer adds children. */
export function hdlcFrameFields(frame: HdlcFrame, octets: Uint8Array, offset: number): Field[] {
  const format = offset + 1;
  const destination = format + 2;
  const source = destination + frame.destination.bytes;
  const control = source + frame.source.bytes;
  const length = ((octets[format]! & 0x07) << 8) | octets[format + 1]!;
  const fcs = format + length - 2;
  const fields: Field[] = [
    { name: 'flag', from: offset, to: format, value: '7e', clause: CLAUSE },
    {
      name: 'frame format',
      from: format,
      to: destination,
      value: `type 3, ${frame.segmented ? 'segment, ' : ''}length ${length}`,
      clause: CLAUSE,
    },
    addressField('destination address', frame.destination, destination, source),
    addressField('source address', frame.source, source, control),
    { name: 'control', from: control, to: control + 1, value: controlText(frame), clause: CLAUSE },
  ];
  if (frame.information.length > 0) {
    fields.push({ name: 'HCS', from: control + 1, to: control + 3, value: 'correct', clause: CLAUSE });
    fields.push({
      name: 'information',
      from: control + 3,
      to: fcs,
      value: `${frame.information.length} octets`,
      clause: CLAUSE,
    });
  }
  fields.push({ name: 'FCS', from: fcs, to: fcs + 2, value: 'correct', clause: CLAUSE });
  fields.push({ name: 'flag', from: fcs + 2, to: fcs + 3, value: '7e', clause: CLAUSE });
  return fields;
}

function addressField(name: string, address: HdlcFrame['source'], from: number, to: number): Field {
  const field: Field = { name, from, to, value: describeHdlcAddress(address), clause: CLAUSE };
  if (address.bytes === 1) return field;
  const half = from + address.bytes / 2;
  field.children = [
    { name: 'upper (logical device)', from, to: half, value: `${upperOf(address)}` },
    { name: 'lower (physical device)', from: half, to, value: `${lowerOf(address)}` },
  ];
  return field;
}

function controlText(frame: HdlcFrame): string {
  const counters = frame.kind === 'I' ? ` N(S)=${frame.ns} N(R)=${frame.nr}` : 'nr' in frame ? ` N(R)=${frame.nr}` : '';
  return `${frame.kind}${counters}${frame.pollFinal ? ' P/F' : ''}`;
}
