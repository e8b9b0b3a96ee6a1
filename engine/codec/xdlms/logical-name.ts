import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

/** Octets of a logical name (OBIS code), value groups A to F. */
export const LOGICAL_NAME_LENGTH = 6;

/** Six octets as `A-B:C.D.E.F`. */
export function logicalNameToText(o: Uint8Array): string {
  return `${o[0]}-${o[1]}:${o[2]}.${o[3]}.${o[4]}.${o[5]}`;
}

/**
 * Octets of `A-B:C.D.E.F`; dots in place of `-` and `:` are understood as well.
 * Undefined when the text is not six numbers of 0..255.
 */
export function logicalNameFromText(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(LOGICAL_NAME_LENGTH);
  let group = 0;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) {
      value = Math.max(value, 0) * 10 + code - 0x30;
      if (value > 0xff) return undefined;
    } else if (value >= 0 && group < 5 && isSeparator(code, group)) {
      octets[group++] = value;
      value = -1;
    } else return undefined;
  }
  if (group !== 5 || value < 0) return undefined;
  octets[5] = value;
  return octets;
}

function isSeparator(code: number, group: number): boolean {
  if (code === 0x2e) return true;
  if (group === 0) return code === 0x2d;
  return group === 1 && code === 0x3a;
}

export function readLogicalName(r: Reader): string {
  const from = r.pos;
  const sink = r.sink;
  if (r.end - from < LOGICAL_NAME_LENGTH) r.fail('truncated', `${r.remaining} octets left`, '6 octets of instance-id');
  const text = logicalNameToText(r.octets.subarray(from, from + LOGICAL_NAME_LENGTH));
  r.pos = from + LOGICAL_NAME_LENGTH;
  if (sink !== null) sink.leaf('instance-id', from, r.pos, text);
  return text;
}

export function writeLogicalName(w: Writer, text: string, name: string): void {
  const octets = typeof text === 'string' ? logicalNameFromText(text) : undefined;
  if (octets === undefined) w.typeError(name, `'${text}' is not a logical name A-B:C.D.E.F`);
  w.octets(octets, name);
}
