import { octetToHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';

/** Clause of the ACSE APDUs. */
export const ACSE_CLAUSE = 'GB 9.4.2';

const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;

/** Content of a BER element whose tag has been checked by its caller: tag, length, octets. */
export function readContent(r: Reader, name: string): Uint8Array {
  r.begin(name);
  r.tag('tag', name);
  const octets = r.octetString(name);
  r.close();
  return octets;
}

/** An EXPLICIT tag around one OCTET STRING. */
export function readExplicitOctets(r: Reader, name: string): Uint8Array {
  return readExplicit(r, name, OCTET_STRING, 'OCTET STRING');
}

/** An EXPLICIT tag around one OBJECT IDENTIFIER; its content octets. */
export function readExplicitOid(r: Reader, name: string): Uint8Array {
  return readExplicit(r, name, OBJECT_IDENTIFIER, 'OBJECT IDENTIFIER');
}

/** An EXPLICIT tag around one non-negative INTEGER of at most four octets. */
export function readExplicitInteger(r: Reader, name: string): number {
  const from = r.pos;
  const octets = readExplicit(r, name, INTEGER, 'INTEGER');
  if (octets.length < 1 || octets.length > 5 || octets[0]! >= 0x80) {
    r.fail('bad-value', `INTEGER of ${octets.length} octets`, `${name}: 0..FFFFFFFF`, from);
  }
  let value = 0;
  for (let i = 0; i < octets.length; i++) value = value * 256 + octets[i]!;
  if (value > 0xffffffff) r.fail('bad-value', String(value), `${name}: 0..FFFFFFFF`, from);
  if (r.sink !== null) r.sink.describe(String(value));
  if (octets.length > 1 && octets[0] === 0 && octets[1]! < 0x80) r.canonical = false;
  return value;
}

function readExplicit(r: Reader, name: string, innerTag: number, innerName: string): Uint8Array {
  r.begin(name);
  r.tag('tag', name);
  const outer = r.enter(r.length(`${name} length`), name);
  if (r.peek() !== innerTag) {
    r.fail('bad-tag', r.peek() < 0 ? 'nothing' : octetToHex(r.peek()), `${innerName} ${octetToHex(innerTag)}`);
  }
  r.tag('tag', innerName);
  const octets = r.octetString(name);
  r.leave(outer, name);
  r.close();
  return octets;
}

export function writeContent(w: Writer, tag: number, content: Uint8Array, name: string): void {
  w.octet(tag);
  w.octetString(content, name);
}

export function writeExplicitOctets(w: Writer, tag: number, content: Uint8Array, name: string): void {
  writeExplicit(w, tag, OCTET_STRING, content, name);
}

export function writeExplicitOid(w: Writer, tag: number, content: Uint8Array, name: string): void {
  writeExplicit(w, tag, OBJECT_IDENTIFIER, content, name);
}

export function writeExplicitInteger(w: Writer, tag: number, value: number, name: string): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    w.rangeError(name, `${value} is not an integer in 0..4294967295`);
  }
  writeExplicit(w, tag, INTEGER, integerContent(value), name);
}

function integerContent(value: number): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(rest % 256);
    rest = Math.floor(rest / 256);
  } while (rest > 0);
  if (octets[0]! >= 0x80) octets.unshift(0);
  return Uint8Array.from(octets);
}

function writeExplicit(w: Writer, tag: number, innerTag: number, content: Uint8Array, name: string): void {
  const inner = new Writer(content.length + 6);
  inner.octet(innerTag);
  inner.octetString(content, name);
  w.octet(tag);
  w.octetString(inner.result(), name);
}
