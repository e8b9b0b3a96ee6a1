import assert from 'node:assert/strict';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduToJson } from '../../../engine/codec/apdu-json.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { revealApdu } from '../../../engine/codec/reveal.ts';
import { XDLMS_VECTORS } from './xdlms-vectors.ts';

const SEED = 0x2b1d;
const MUTANTS = 20_000;
/** One decode of a short input; far above what it takes, far below a hang. */
const TIME_LIMIT_MS = 250;

/** APDUs of the other layers, to mutate beside the xDLMS vectors. */
const OTHERS = [
  '6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400007e1f04b0',
  '6142a109060760857405080101a203020100a305a10302010e88020780890760857405080205aa0a8008503677524a323146be10040e0800065f1f040000501f01f40007',
  '6311800100be0f040e0800065f1f0400621e5d04000007',
  '6239800100be34043221303001234567801302ff8a7874133d414ced25b42534d28db0047720606b175bd52211be6841db204d39ee6fdb8e356855',
  'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b',
  'dd0801020304050607080000000001020101028180',
  'df00000000000003d8010100',
  'c401c10013020312021106090c0200010500000001020003070000000500',
];

/** mulberry32: a small generator with a seed, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const LENGTHS = [0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff];

function mutate(octets: Uint8Array, random: () => number): Uint8Array {
  let mutant = octets.slice();
  const pick = (below: number): number => Math.floor(random() * below);
  const changes = 1 + pick(4);
  for (let i = 0; i < changes && mutant.length > 0; i++) {
    const at = pick(mutant.length);
    switch (pick(6)) {
      case 0:
        mutant[at]! ^= 1 << pick(8);
        break;
      case 1:
        mutant[at] = pick(256);
        break;
      case 2:
        mutant[at] = LENGTHS[pick(LENGTHS.length)]!;
        break;
      case 3:
        mutant = mutant.slice(0, at);
        break;
      case 4:
        mutant = Uint8Array.from([...mutant.subarray(0, at), pick(256), ...mutant.subarray(at)]);
        break;
      default:
        mutant = Uint8Array.from([...mutant.subarray(0, at), ...mutant.subarray(at + 1)]);
    }
  }
  return mutant;
}

describe(`${MUTANTS} mutated APDUs (seed ${SEED})`, () => {
  const originals = [...XDLMS_VECTORS.map(([, hex]) => hex), ...OTHERS].map(fromHex);

  it('never throw or hang, give the same octets back when accepted, and errors inside of the octets when not', () => {
    const random = generator(SEED);
    let accepted = 0;
    let deviating = 0;
    for (let i = 0; i < MUTANTS; i++) {
      const octets = mutate(originals[i % originals.length]!, random);
      const started = performance.now();
      const decoded = decodeApdu(octets, { fields: i % 3 === 0, strict: i % 5 === 0 });
      decodeData(octets);
      revealApdu(octets);
      const took = performance.now() - started;
      assert.ok(took < TIME_LIMIT_MS, `${toHex(octets)} took ${took} ms`);
      if (!decoded.ok) {
        const { offset } = decoded.error;
        assert.ok(offset >= 0 && offset <= octets.length, `${toHex(octets)}: offset ${offset}`);
        continue;
      }
      accepted++;
      if (decoded.deviations.length > 0) deviating++;
      assert.equal(toHex(encodeApdu(decoded.value)), toHex(octets));
      apduToJson(decoded.value);
      // A deviation is exactly what the canonical encoding of the same values does not have.
      const canonical = decodeApdu(encodeApdu({ ...decoded.value }));
      assert.ok(canonical.ok, `${toHex(octets)} encodes to octets that are refused`);
    }
    console.log(`      ${accepted} accepted, ${deviating} of them with deviations`);
    assert.ok(accepted > MUTANTS / 20 && deviating > 100);
  });

  it('random octets under every tag never throw', () => {
    const random = generator(SEED + 1);
    for (let i = 0; i < MUTANTS; i++) {
      const octets = new Uint8Array(1 + Math.floor(random() * 60));
      for (let at = 0; at < octets.length; at++) octets[at] = random() * 256;
      octets[0] = i & 0xff;
      decodeApdu(octets);
    }
  });
});
