import { createDecipheriv } from 'node:crypto';
import { decodeApdu, encodeApdu } from '../engine/codec/apdu-codec.ts';
import { decodeHdlcFrame, encodeHdlcFrame, type HdlcFrame } from '../engine/codec/hdlc/frame.ts';
import { toHex } from '../engine/codec/hex.ts';
import type { DecodeOptions } from '../engine/codec/result.ts';
import { revealApdu } from '../engine/codec/reveal.ts';
import {
  aare,
  aarq,
  cipheredProfile,
  fullFrame,
  getRequest,
  getResponse,
  keys,
  profile,
  requestFrame,
} from './codec-material.ts';
import { type BenchCase, type BenchResult, measure, sinkValue } from './rounds.ts';

/** A case, the floor it is compared with, and what is asked of it per CPU-second on one core. */
interface CodecCase extends BenchCase {
  readonly floor?: string;
  readonly target?: number;
}

function decoding(octets: Uint8Array, options?: DecodeOptions): () => number {
  return () => {
    const decoded = decodeApdu(octets, options);
    if (!decoded.ok) throw new Error(`${toHex(octets)} does not decode`);
    return decoded.value.kind.length;
  };
}

function encoding(octets: Uint8Array): () => number {
  const decoded = decodeApdu(octets);
  if (!decoded.ok) throw new Error(`${toHex(octets)} does not decode`);
  return () => encodeApdu(decoded.value).length;
}

function copying(octets: Uint8Array): () => number {
  return () => octets.slice().length;
}

function roundTrip(frame: HdlcFrame): () => number {
  return () => {
    const decoded = decodeHdlcFrame(encodeHdlcFrame(frame));
    if (!decoded.ok) throw new Error('the frame does not decode');
    return decoded.value.length;
  };
}

function deciphering(): number {
  const revealed = revealApdu(cipheredProfile, { keys });
  if (!revealed.ok || revealed.value.inner === undefined) throw new Error('the profile does not decipher');
  return revealed.value.inner.apdu.kind.length;
}

/** What node:crypto takes for the same octets: cipher object, AAD, tag, text. */
function bareGcm(): number {
  const aad = new Uint8Array(17);
  aad[0] = 0x30;
  aad.set(keys.gak, 1);
  const iv = new Uint8Array(12);
  iv.set(keys.systemTitle);
  iv[11] = 1;
  // Tag, length in three octets, SC and IC before the text, 12 octets of authentication tag behind it.
  const text = cipheredProfile.subarray(9, -12);
  const decipher = createDecipheriv('aes-128-gcm', keys.guek, iv, { authTagLength: 12 });
  decipher.setAAD(aad);
  decipher.setAuthTag(cipheredProfile.subarray(-12));
  const plain = decipher.update(text);
  decipher.final();
  return plain[0]!;
}

const copyProfile = `copy ${profile.length} octets`;
const gcmProfile = `node:crypto AES-128-GCM, ${profile.length} octets`;
const profileDecode = 'decode a profile of 96 rows';
const annotatedDecode = 'the same with fields (annotated)';

const cases: readonly CodecCase[] = [
  { name: `copy ${aarq.length} octets`, run: copying(aarq) },
  { name: `copy ${getRequest.length} octets`, run: copying(getRequest) },
  { name: copyProfile, run: copying(profile) },
  { name: gcmProfile, run: bareGcm },
  { name: 'decode AARQ with password', run: decoding(aarq), floor: `copy ${aarq.length} octets` },
  { name: 'encode AARQ with password', run: encoding(aarq), floor: `copy ${aarq.length} octets` },
  { name: 'decode AARE', run: decoding(aare), floor: `copy ${aarq.length} octets` },
  { name: 'encode AARE', run: encoding(aare), floor: `copy ${aarq.length} octets` },
  {
    name: 'decode GET.request',
    run: decoding(getRequest),
    floor: `copy ${getRequest.length} octets`,
    target: 2_000_000,
  },
  { name: 'encode GET.request', run: encoding(getRequest), floor: `copy ${getRequest.length} octets` },
  {
    name: 'decode GET.response with a register',
    run: decoding(getResponse),
    floor: `copy ${getRequest.length} octets`,
    target: 2_000_000,
  },
  { name: profileDecode, run: decoding(profile), floor: copyProfile, target: 60_000 },
  { name: 'encode a profile of 96 rows', run: encoding(profile), floor: copyProfile },
  { name: annotatedDecode, run: decoding(profile, { fields: true }), floor: copyProfile },
  {
    name: 'decipher and decode the profile, suite 0, authenticated and encrypted',
    run: deciphering,
    floor: gcmProfile,
    target: 25_000,
  },
  {
    name: 'HDLC round trip of a GET.request',
    run: roundTrip(requestFrame),
    floor: `copy ${getRequest.length} octets`,
    target: 500_000,
  },
  {
    name: `HDLC round trip of ${fullFrame.information.length} octets`,
    run: roundTrip(fullFrame),
    floor: `copy ${aarq.length} octets`,
  },
];

/** Annotated decoding may cost this many times the plain one. */
const MAX_ANNOTATED = 6;

const quick = process.argv.includes('--quick');
const results = measure(cases, quick ? { rounds: 3, milliseconds: 20 } : { rounds: 15, milliseconds: 60 });
const of = (name: string): BenchResult => results.find((result) => result.name === name)!;

const columns: readonly [string, number][] = [
  ['', 70],
  ['per CPU-second', 16],
  ['microseconds', 14],
  ['spread', 8],
  ['x floor', 9],
  ['target', 10],
];
const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(columns[0]![1]) : cell.padStart(columns[i]![1]))).join('');

console.log(`Node ${process.versions.node}; octets: profile ${profile.length}, ciphered ${cipheredProfile.length}`);
console.log(line(columns.map(([title]) => title)));
let missed = 0;
for (const { name, floor, target } of cases) {
  const { nanoseconds, spread } = of(name);
  const perSecond = Math.round(1e9 / nanoseconds);
  const ratio = floor === undefined ? '' : (nanoseconds / of(floor).nanoseconds).toFixed(1);
  const reached = target === undefined || perSecond >= target;
  if (!reached) missed++;
  const shown = target === undefined ? '' : `${target.toLocaleString('en')}${reached ? '' : ' !'}`;
  console.log(
    line([
      name,
      perSecond.toLocaleString('en'),
      (nanoseconds / 1000).toFixed(3),
      `${Math.round(100 * spread)}%`,
      ratio,
      shown,
    ]),
  );
}
const annotated = of(annotatedDecode).nanoseconds / of(profileDecode).nanoseconds;
if (annotated > MAX_ANNOTATED) missed++;
console.log(`annotated decoding costs ${annotated.toFixed(1)} times the plain one (at most ${MAX_ANNOTATED})`);
console.log(missed === 0 ? 'all targets reached' : `${missed} targets missed (!)`);
if (!Number.isFinite(sinkValue())) console.log(sinkValue());
