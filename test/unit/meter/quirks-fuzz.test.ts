import assert from 'node:assert/strict';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { encodeLpdu } from '../../../engine/codec/llc/llc.ts';
import { type QuirkId, quirkIds } from '../../../engine/template/vocabulary/quirks.ts';
import { quirkCases } from './support/quirk-cases.ts';
import { QuirkLine, quirkMeter } from './support/quirk-meter.ts';
import { aarq } from './support/quirk-requests.ts';

const ROUNDS = 40;
const ASKS = [...new Set(quirkCases.flatMap(({ asks }) => asks))];

/** Numbers that are the same on every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Opens link and association and asks, in frames that follow on one another. */
function overHdlc(line: QuirkLine, apdu: Uint8Array): string[] {
  const frames: readonly (readonly [HdlcControl, Uint8Array])[] = [
    [{ kind: 'SNRM' }, new Uint8Array(0)],
    [{ kind: 'I', ns: 0, nr: 0 }, encodeLpdu('command', fromHex(aarq()))],
    [{ kind: 'I', ns: 1, nr: 1 }, encodeLpdu('command', apdu)],
  ];
  const route = {
    destination: serverAddress(1),
    source: clientAddress(line.client),
    pollFinal: true,
    segmented: false,
  };
  return frames.flatMap(([control, information]) =>
    line.link(toHex(encodeHdlcFrame({ ...control, ...route, information }))),
  );
}

/** Quirks at random, and requests cut, changed or whole: whatever comes, a meter goes on. */
describe('quirks in any company', () => {
  for (const framing of ['wrapper', 'hdlc'] as const) {
    it(`never throw, over ${framing}`, () => {
      const random = numbers(framing === 'hdlc' ? 7 : 11);
      const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
      const meter = quirkMeter('');
      const line = new QuirkLine(meter, framing);
      let answers = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const id of quirkIds) meter.setBehaviour(id, id !== 'stays-silent' && random() < 0.3);
        line.client = random() < 0.7 ? 16 : 48;
        for (let count = 0; count < 12; count += 1) {
          const octets = Uint8Array.from(Buffer.from(one(ASKS) ?? '', 'hex'));
          if (random() < 0.3) octets[Math.floor(random() * octets.length)] = Math.floor(random() * 256);
          const cut = random() < 0.1 ? octets.subarray(0, Math.floor(random() * octets.length)) : octets;
          answers += (framing === 'wrapper' ? line.ask(toHex(cut)) : overHdlc(line, cut)).length;
        }
        if (random() < 0.2) line.reconnect();
      }
      assert.ok(answers > ROUNDS, `${answers} answers`);
    });
  }

  it('are all there, one after the other, with their smallest and largest setting', () => {
    const settings: readonly (readonly [QuirkId, readonly string[]])[] = [
      ['writes-octet-by-octet', ['1', '1024']],
      ['holds-old-connection', ['0s', '600s']],
      ['segments-pushes', ['8', '2030']],
      ['llc-concatenated', ['2', '8']],
      ['one-address-width', ['1', '2', '4']],
      ['junk-after-release', ['1', '1024']],
      ['serves-without-aarq', ['0', '127']],
      ['error-for-empty-range', ['1', '77', '250']],
      ['clock-ahead', ['0s', '86400s']],
    ];
    for (const [id, values] of settings) {
      for (const value of values) {
        const line = new QuirkLine(quirkMeter(`quirk "${id}" { with: ${value} }`));
        for (const ask of ASKS) line.ask(ask);
      }
    }
  });
});
