import assert from 'node:assert/strict';
import { clientAddress, type HdlcAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { decodeHdlcFrame, encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { encodeLpdu } from '../../../engine/codec/llc/llc.ts';
import { actions } from '../../../engine/template/vocabulary/actions.ts';
import { QuirkLine, quirkMeter } from './support/quirk-meter.ts';
import { aarq, get } from './support/quirk-requests.ts';

const AARQ = aarq();
const SHORT = get(1, '0-0:96.50.0.255');

function frame(control: HdlcControl, apdu = '', destination: HdlcAddress = serverAddress(1)): string {
  const information = apdu === '' ? new Uint8Array(0) : encodeLpdu('command', fromHex(apdu));
  const route = { destination, source: clientAddress(16) };
  return toHex(encodeHdlcFrame({ ...control, ...route, pollFinal: true, segmented: false, information }));
}

/** Opens link and association over HDLC and yields the frame that answers a GET. */
function frameOf(quirk: string): string {
  const line = new QuirkLine(quirkMeter(quirk), 'hdlc');
  line.link(frame({ kind: 'SNRM' }));
  line.link(frame({ kind: 'I', ns: 0, nr: 0 }, AARQ));
  return line.link(frame({ kind: 'I', ns: 1, nr: 1 }, SHORT))[0] ?? '';
}

const GOOD = '7ea0122103527cdde6e700c401c1001107a4397e';

describe('actions of quirks and faults at the link', () => {
  it('answer as the standard says without any', () => {
    assert.equal(frameOf(''), GOOD);
  });

  it('corrupt: hcs and fcs turn over a bit of the check sequence meant', () => {
    assert.equal(frameOf('quirk q { corrupt: hcs }'), GOOD.replace('7cdd', '7ddd'));
    assert.equal(frameOf('quirk q { corrupt: fcs }'), GOOD.replace('a4397e', 'a4387e'));
  });

  it('corrupt: hcs leaves frames without information alone: they have none', () => {
    const line = new QuirkLine(quirkMeter('quirk q { corrupt: hcs }'), 'hdlc');
    const [answer = ''] = line.link(frame({ kind: 'DISC' }));
    assert.equal(decodeHdlcFrame(fromHex(answer)).ok, true);
  });

  it('corrupt: response changes as many bits as it says', () => {
    const line = new QuirkLine(quirkMeter('quirk q { corrupt: response, bits 5 }'));
    const standard = new QuirkLine(quirkMeter(''));
    const [octets = '', good = ''] = [line.ask(AARQ)[0], standard.ask(AARQ)[0]];
    const bits = [...fromHex(octets)].map((octet, index) => octet ^ (fromHex(good)[index] ?? 0));
    const changed = bits.reduce((sum, octet) => sum + octet.toString(2).replaceAll('0', '').length, 0);
    assert.ok(changed > 1 && changed <= 5, String(changed));
  });

  for (const [word, ns] of [
    ['repeat', 0],
    ['skip', 2],
  ] as const) {
    it(`sequence: ${word} sends N(S) ${ns} in place of 1`, () => {
      const decoded = decodeHdlcFrame(fromHex(frameOf(`quirk q { sequence: ${word} }`)));
      assert.ok(decoded.ok && decoded.value.frame.kind === 'I');
      assert.equal(decoded.value.frame.ns, ns);
    });
  }

  it('sequence: repeat, times 1 is right again afterwards', () => {
    assert.equal(frameOf('quirk q { sequence: repeat, times 1 }'), GOOD);
  });

  it('frames without an APDU can be lost too', () => {
    const line = new QuirkLine(quirkMeter('quirk q { drop: frame, times 1 }'), 'hdlc');
    assert.deepEqual(line.link(frame({ kind: 'SNRM' })), []);
    assert.equal(line.link(frame({ kind: 'SNRM' })).length, 1);
  });

  for (const [bytes, source] of [
    [1, '03'],
    [2, '0223'],
    [4, '00020023'],
  ] as const) {
    it(`answer_address: ${bytes} answers from ${source}`, () => {
      const line = new QuirkLine(quirkMeter(`quirk q { answer_address: ${bytes} }`), 'hdlc');
      const [answer = ''] = line.link(frame({ kind: 'SNRM' }, '', serverAddress(1, 17, 2)));
      assert.ok(answer.slice(8).startsWith(`${source}73`), answer);
    });
  }
});

describe('actions of quirks and faults at association and services', () => {
  const WRONG = aarq(['get'], {
    acseRequirements: Uint8Array.of(0x07, 0x80),
    mechanism: 'lls',
    authValue: { form: 'charstring', octets: Uint8Array.of(1) },
  });
  const RIGHT = aarq(['get'], {
    acseRequirements: Uint8Array.of(0x07, 0x80),
    mechanism: 'lls',
    authValue: { form: 'charstring', octets: fromHex('5155495242303031') },
  });
  /** association-result of an AARE: a2 03 02 01 and the result. */
  const resultOf = (aare: string | undefined): string => /a2030201(..)/.exec(aare ?? '')?.[1] ?? '';

  it('lock: locks the association after as many failures, for so long', () => {
    const line = new QuirkLine(quirkMeter('quirk q { lock: 2 failures, 60s }'));
    line.client = 2;
    const ask = (apdu: string): string => resultOf(line.ask(apdu)[0]);
    assert.deepEqual([WRONG, WRONG, RIGHT].map(ask), ['01', '01', '02']);
    line.time += 60_001;
    assert.equal(ask(RIGHT), '00');
    line.meter.setBehaviour('q', false);
    assert.deepEqual([WRONG, WRONG, RIGHT].map(ask), ['01', '01', '00']);
  });

  const BUFFER = get(7, '1-0:99.1.0.255');

  it('limit: entries cuts a buffer', () => {
    const rows = (quirk: string): string => {
      const line = new QuirkLine(quirkMeter(quirk));
      line.ask(AARQ);
      return line.ask(BUFFER)[0]?.slice(0, 12) ?? '';
    };
    assert.equal(rows(''), 'c401c1000103');
    assert.equal(rows('quirk q { limit: entries, 2 }'), 'c401c1000102');
    assert.equal(rows('quirk q { limit: entries, 2   object: profile }'), 'c401c1000102');
    assert.equal(rows('quirk q { limit: entries, 2   object: energy }'), 'c401c1000103');
  });

  it('limit: entries with an error beside it refuses what is longer', () => {
    const line = new QuirkLine(quirkMeter('quirk q { limit: entries, 2   answer: error, other-reason }'));
    line.ask(AARQ);
    assert.deepEqual(line.ask(BUFFER), ['c401c101fa']);
    assert.deepEqual(line.ask(SHORT), ['c401c1001107'], 'nothing else is refused');
  });

  it('every action of the language has a test that shows it', () => {
    const shown = 'drop corrupt delay duplicate truncate refuse ignore reject max_pdu answer limit encode wrong_unit';
    const here = 'answer_address sequence lock deviates';
    assert.deepEqual(actions.map(({ name }) => name).toSorted(), `${shown} ${here}`.split(' ').toSorted());
  });
});
