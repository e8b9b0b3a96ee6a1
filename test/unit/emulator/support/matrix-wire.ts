import assert from 'node:assert/strict';
import type { Apdu } from '../../../../engine/codec/apdu.ts';
import { decodeApdu } from '../../../../engine/codec/apdu-codec.ts';
import { toHex } from '../../../../engine/codec/hex.ts';
import type { TraceEntry } from '../../../../engine/session/trace.ts';
import { type Combination, dressName } from './matrix-combinations.ts';

const ACSE: ReadonlySet<string> = new Set(['aarq', 'aare', 'rlrq', 'rlre']);
const GENERAL: Readonly<Partial<Record<Combination['form'], string>>> = {
  'general-glo': 'general-glo-ciphering',
  'general-ded': 'general-ded-ciphering',
  identified: 'general-ciphering',
  wrapped: 'general-ciphering',
  'one-pass': 'general-ciphering',
  static: 'general-ciphering',
};

function decoded(octets: Uint8Array): Apdu {
  const result = decodeApdu(octets);
  assert.ok(result.ok, toHex(octets));
  assert.deepEqual(result.deviations, [], toHex(octets));
  return result.value;
}

/** How an APDU is dressed, in the words of the matrix; undefined for APDUs that are in two dresses or in none of ours. */
function dressOf(apdu: Apdu, suite: number): string | undefined {
  if (!('security' in apdu)) return apdu.kind === 'general-signing' ? 'signed' : 'plain';
  const { authenticated, encrypted, suite: used } = apdu.security;
  if (used !== suite) return undefined;
  const layers = authenticated ? (encrypted ? 'authenc' : 'auth') : encrypted ? 'enc' : 'none';
  return `${layers} ${formOf(apdu)}`;
}

function formOf(apdu: Apdu): string {
  if (apdu.kind === 'general-ciphering') {
    const { keyInfo } = apdu;
    if (keyInfo?.wrappedKey !== undefined) return 'wrapped';
    const parameter = keyInfo?.agreedKey?.keyParameters[0];
    return parameter === undefined ? 'identified' : parameter === 1 ? 'one-pass' : 'static';
  }
  for (const [form, kind] of Object.entries(GENERAL)) if (kind === apdu.kind) return form;
  return apdu.kind.slice(0, 3);
}

/**
 * What went over the wire is dressed as asked, in both directions: everything but ACSE and HLS passes 3 and 4, which the
 * caller leaves out, and the blocks of general block transfer, which are around the dress.
 */
export function checkDress(trace: readonly TraceEntry[], cell: Combination): number {
  const { layers, form, signed, suite } = cell;
  const expected = layers === 'none' ? 'plain' : `${layers} ${form}`;
  let checked = 0;
  for (const { layer, octets, direction, summary } of trace) {
    if (layer !== 'apdu' || direction === 'note') continue;
    const apdu = decoded(octets);
    if (ACSE.has(apdu.kind) || apdu.kind === 'general-block-transfer') continue;
    assert.equal(dressOf(apdu, suite), expected, `${direction} ${summary} of ${dressName(cell)}: ${toHex(octets)}`);
    checked += 1;
  }
  assert.ok(!signed || form !== 'glo', 'signing is general');
  return checked;
}
