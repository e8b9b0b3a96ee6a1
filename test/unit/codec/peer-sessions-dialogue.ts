import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { HdlcDeframer } from '../../../engine/codec/hdlc/deframer.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { decodeLpdu } from '../../../engine/codec/llc/llc.ts';
import type { KeyRing, ProtectedApdu } from '../../../engine/codec/security/types.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { decodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { sharedPath } from './shared-material.ts';

/** `TX` is the client, `RX` the server. */
export type Direction = 'TX' | 'RX';

export interface Sent {
  readonly direction: Direction;
  readonly octets: Uint8Array;
}

/** Counts over one session. */
export interface DialogueCounts {
  /** APDUs on the wire that decode and re-encode to the same octets. */
  apdus: number;
  /** Of these, general-block-transfer APDUs. */
  blocks: number;
  /** APDUs put together from blocks. */
  reassembled: number;
  /** APDUs deciphered and verified. */
  deciphered: number;
  /** Number of each deviation. */
  readonly deviations: Record<string, number>;
}

export interface Dialogue {
  readonly name: string;
  readonly counts: DialogueCounts;
  /** Plain APDUs in order, after reassembly and deciphering. */
  readonly apdus: readonly { readonly direction: Direction; readonly apdu: Apdu; readonly octets: Uint8Array }[];
}

/** Keys and titles the sessions were recorded with; suite 2 has keys of 32 octets. */
const CLIENT_TITLE = '4d4d4d0000bc614e';
const SERVER_TITLE = '4752580000000001';
const EK = '000102030405060708090a0b0c0d0e0f';
const AK = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';
const EK_256 = `${EK}101112131415161718191a1b1c1d1e1f`;
const AK_256 = AK + AK;

/** Names of all recorded sessions; undefined when the material is not here. */
export function peerSessionNames(): string[] | undefined {
  const folder = sharedPath('peer-sessions');
  if (folder === undefined) return undefined;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.frames.txt'))
    .map((file) => path.basename(file, '.frames.txt'));
}

/** Lines of one file of a session; empty when the session has no such file. */
export function sessionLines(name: string, kind: 'frames' | 'pdu' | 'out'): string[] {
  const file = sharedPath('peer-sessions', `${name}.${kind}.txt`);
  return file === undefined ? [] : readFileSync(file, 'utf8').trimEnd().split('\n');
}

/** The APDUs on the wire of a session, without wrapper or HDLC. */
export function sentApdus(name: string): Sent[] {
  const lines = sessionLines(name, 'frames').map((line) => ({
    direction: line.slice(0, 2) as Direction,
    octets: fromHex(line.slice(3)),
  }));
  return lines[0]?.octets[0] === 0x7e ? fromHdlc(lines) : lines.flatMap(fromWrapper);
}

function fromWrapper({ direction, octets }: Sent): Sent[] {
  const decoded = decodeWrapper(octets);
  assert.ok(decoded.ok);
  return [{ direction, octets: octets.subarray(8) }];
}

/** I frames put together: the LLC header stands in the first segment, S is set in all but the last. */
function fromHdlc(lines: readonly Sent[]): Sent[] {
  const apdus: Sent[] = [];
  const deframers = { TX: new HdlcDeframer(), RX: new HdlcDeframer() };
  const segments: Record<Direction, Uint8Array[]> = { TX: [], RX: [] };
  for (const { direction, octets } of lines) {
    for (const event of deframers[direction].push(octets)) {
      assert.equal(event.type, 'frame');
      if (event.type !== 'frame' || event.frame.kind !== 'I') continue;
      segments[direction].push(event.frame.information);
      if (event.frame.segmented) continue;
      const lpdu = decodeLpdu(concatenate(segments[direction]));
      assert.ok(lpdu !== undefined);
      apdus.push({ direction, octets: lpdu.payload });
      segments[direction] = [];
    }
  }
  return apdus;
}

/** Decodes, re-encodes, puts blocks together and deciphers everything of a session. Fails on the first difference. */
export function dialogueOf(name: string): Dialogue {
  const counts: DialogueCounts = { apdus: 0, blocks: 0, reassembled: 0, deciphered: 0, deviations: {} };
  const apdus: { direction: Direction; apdu: Apdu; octets: Uint8Array }[] = [];
  const blocks: Record<Direction, Uint8Array[]> = { TX: [], RX: [] };
  const is256 = name.startsWith('s2-');

  const accept = (direction: Direction, octets: Uint8Array): void => {
    const apdu = decodeBothWays(octets, counts);
    if (apdu.kind === 'general-block-transfer') {
      counts.blocks++;
      if (apdu.raw.length === 0) return;
      blocks[direction].push(apdu.raw);
      assert.equal(apdu.block, blocks[direction].length);
      if (!apdu.last) return;
      const whole = concatenate(blocks[direction]);
      blocks[direction] = [];
      counts.reassembled++;
      accept(direction, whole);
    } else if ('security' in apdu) {
      const plain = decipher(apdu, direction, is256);
      counts.deciphered++;
      accept(direction, plain);
    } else {
      apdus.push({ direction, apdu, octets });
      const information = 'userInformation' in apdu ? apdu.userInformation : undefined;
      if (information === undefined || !('security' in information)) return;
      decodeBothWays(decipher(information, direction, is256), counts);
      counts.deciphered++;
    }
  };

  for (const { direction, octets } of sentApdus(name)) {
    counts.apdus++;
    accept(direction, octets);
  }
  assert.deepEqual([blocks.TX.length, blocks.RX.length], [0, 0]);
  return { name, counts, apdus };
}

function decodeBothWays(octets: Uint8Array, counts: DialogueCounts): Apdu {
  const decoded = decodeApdu(octets, { allowTrailing: true });
  assert.ok(decoded.ok, toHex(octets));
  assert.equal(toHex(encodeApdu(decoded.value)), toHex(octets));
  for (const { id } of decoded.deviations) counts.deviations[id] = (counts.deviations[id] ?? 0) + 1;
  // Without deviation the values alone say it all.
  if (decoded.deviations.length === 0) assert.equal(toHex(encodeApdu({ ...decoded.value })), toHex(octets));
  return decoded.value;
}

/** Keys of the party that sends in this direction. */
export function sessionKeys(
  direction: Direction,
  is256: boolean,
): Required<Pick<KeyRing, 'guek' | 'gak' | 'systemTitle'>> {
  return {
    guek: fromHex(is256 ? EK_256 : EK),
    gak: fromHex(is256 ? AK_256 : AK),
    systemTitle: fromHex(direction === 'TX' ? CLIENT_TITLE : SERVER_TITLE),
  };
}

/** The plain APDU of a protected one. */
function decipher(apdu: ProtectedApdu, direction: Direction, is256: boolean): Uint8Array {
  const opened = unprotect(apdu, sessionKeys(direction, is256));
  assert.ok(opened.ok, opened.ok ? '' : `${apdu.kind}: ${opened.error.found}`);
  return opened.plain;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
