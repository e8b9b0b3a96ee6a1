import { octetToHex } from '../hex.ts';
import type { Field } from '../result.ts';
import type { HdlcFrame } from './frame.ts';
import { decodeFrameReject } from './frame-reject.ts';
import { decodeHdlcParameters } from './parameters.ts';

const CLAUSE = 'GB 8.4.5.3.2';
const HEADER_LENGTH = 3;
/** What the parameters of SNRM and UA are called, by identifier, and what they count. */
const PARAMETERS: Readonly<Record<number, readonly [name: string, unit: string]>> = {
  5: ['maximum information field length, transmit', 'octets'],
  6: ['maximum information field length, receive', 'octets'],
  7: ['window size, transmit', 'frames'],
  8: ['window size, receive', 'frames'],
};

/** Fields of an information field that belongs to HDLC itself: parameters of SNRM and UA, the reasons of FRMR. */
export function informationFields(frame: HdlcFrame, at: number): Field[] | undefined {
  if (frame.kind === 'SNRM' || frame.kind === 'UA') return parameterFields(frame.information, at);
  return frame.kind === 'FRMR' ? rejectFields(frame.information, at) : undefined;
}

function parameterFields(information: Uint8Array, at: number): Field[] | undefined {
  if (information.length < HEADER_LENGTH || !decodeHdlcParameters(information).ok) return undefined;
  const leaf = (name: string, from: number, to: number, value: string): Field => {
    return { name, from: at + from, to: at + to, value, clause: CLAUSE };
  };
  const end = HEADER_LENGTH + information[2]!;
  const fields = [
    leaf('format identifier', 0, 1, octetToHex(information[0]!)),
    leaf('group identifier', 1, 2, octetToHex(information[1]!)),
    leaf('group length', 2, 3, String(information[2])),
  ];
  for (let from = HEADER_LENGTH; from < end; ) {
    const id = information[from]!;
    const value = from + 2;
    const to = value + information[from + 1]!;
    const number = information.subarray(value, to).reduce((sum, octet) => sum * 0x100 + octet, 0);
    const [name, unit] = PARAMETERS[id] ?? [`parameter ${id}`, ''];
    const parameter = leaf(name, from, to, `${number} ${number === 1 ? unit.slice(0, -1) : unit}`);
    parameter.children = [
      leaf('parameter identifier', from, from + 1, octetToHex(id)),
      leaf('parameter length', from + 1, value, String(to - value)),
      leaf('parameter value', value, to, String(number)),
    ];
    fields.push(parameter);
    from = to;
  }
  if (end < information.length) fields.push(leaf('user data', end, information.length, 'not interpreted'));
  return fields;
}

function rejectFields(information: Uint8Array, at: number): Field[] | undefined {
  const reject = decodeFrameReject(information);
  if (reject === undefined || information.length !== 3) return undefined;
  const { control, vs, vr, response, reasons } = reject;
  const counters = `V(S)=${vs} V(R)=${vr}, ${response ? 'response' : 'command'} rejected`;
  const values = [
    ['rejected control', octetToHex(control)],
    ['counters', counters],
    ['reasons', reasons.length === 0 ? 'none given' : reasons.join(', ')],
  ] as const;
  return values.map(([name, value], i) => ({ name, from: at + i, to: at + i + 1, value, clause: 'GB 8.4.3' }));
}
