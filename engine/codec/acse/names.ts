import { octetToHex, toHex } from '../hex.ts';
import type { ApplicationContext, Mechanism, OrOid } from './types.ts';

/** Content octets of 2.16.756.5.8, the arc of DLMS UA. */
const DLMS_ARC = Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08);
const CONTEXT_ARC = 1;
const MECHANISM_ARC = 2;

/** Index n of 2.16.756.5.8.1.n. */
const CONTEXTS: readonly (ApplicationContext | undefined)[] = [undefined, 'ln', 'sn', 'ln-ciphered', 'sn-ciphered'];

/** Index n of 2.16.756.5.8.2.n, which is also the mechanism_id of class 15 and 12. */
const MECHANISMS: readonly Mechanism[] = [
  'lowest',
  'lls',
  'hls-manufacturer',
  'hls-md5',
  'hls-sha1',
  'hls-gmac',
  'hls-sha256',
  'hls-ecdsa',
];

/** Name of a mechanism_id 0..7. */
export function mechanismOfId(id: number): Mechanism | undefined {
  return MECHANISMS[id];
}

export function mechanismId(mechanism: Mechanism): number {
  return MECHANISMS.indexOf(mechanism);
}

export function applicationContextFromOid(oid: Uint8Array): OrOid<ApplicationContext> {
  return CONTEXTS[lastArc(oid, CONTEXT_ARC)] ?? `oid:${toHex(oid)}`;
}

export function mechanismFromOid(oid: Uint8Array): OrOid<Mechanism> {
  return MECHANISMS[lastArc(oid, MECHANISM_ARC)] ?? `oid:${toHex(oid)}`;
}

/** Content octets in hex of a context name; undefined for a text that is not one. */
export function applicationContextOid(name: string): string | undefined {
  return oidOf(name, CONTEXT_ARC, CONTEXTS);
}

export function mechanismOid(name: string): string | undefined {
  return oidOf(name, MECHANISM_ARC, MECHANISMS);
}

/** Content octets of an OBJECT IDENTIFIER with dots, e.g. `2.16.756.5.8.1.1`; undefined when they end within a number. */
export function dottedOid(oid: Uint8Array): string | undefined {
  if (oid.length === 0 || oid.at(-1)! >= 0x80) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of oid) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

function lastArc(oid: Uint8Array, arc: number): number {
  if (oid.length !== 7 || oid[5] !== arc) return -1;
  for (let i = 0; i < DLMS_ARC.length; i++) if (oid[i] !== DLMS_ARC[i]) return -1;
  return oid[6]!;
}

function oidOf(name: string, arc: number, names: readonly (string | undefined)[]): string | undefined {
  if (name.startsWith('oid:')) return name.slice('oid:'.length);
  const last = names.indexOf(name);
  return last < 0 ? undefined : toHex(DLMS_ARC) + octetToHex(arc) + octetToHex(last);
}
