import assert from 'node:assert/strict';
import { clientAddress, type HdlcAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { decodeControl, encodeControl, type HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import {
  decodeHdlcFrame,
  describeHdlcFrame,
  encodeHdlcFrame,
  type HdlcFrame,
  MAX_FRAME_LENGTH,
} from '../../../engine/codec/hdlc/frame.ts';
import { decodeFrameReject, encodeFrameReject } from '../../../engine/codec/hdlc/frame-reject.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { CodecErrorCode } from '../../../engine/codec/result.ts';
import { seeded } from '../link/line.ts';
import { assertFieldsTile } from './field-coverage.ts';

const NOTHING = new Uint8Array(0);
const AARQ = fromHex('e6e600601da109060760857405080101be10040e01000000065f1f0400007e1f04b0');

function frame(
  control: HdlcControl,
  destination: HdlcAddress,
  source: HdlcAddress,
  information: Uint8Array = NOTHING,
  rest: Partial<Pick<HdlcFrame, 'pollFinal' | 'segmented'>> = {},
): HdlcFrame {
  return { ...control, destination, source, information, pollFinal: true, segmented: false, ...rest };
}

const client = clientAddress(16);
const server = serverAddress(1);

describe('HDLC frame', () => {
  const check = (name: string, hex: string, expected: HdlcFrame): void => {
    it(name, () => {
      const octets = fromHex(hex);
      const decoded = decodeHdlcFrame(octets, 0, { fields: true });
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.frame, expected);
      assert.equal(decoded.value.length, octets.length - 2);
      assert.equal(decoded.value.next, octets.length);
      assertFieldsTile(decoded.fields ?? [], octets.length);
      assert.equal(toHex(encodeHdlcFrame(expected)), toHex(octets));
    });
  };
  const ua = fromHex('8180120501800601800704000000010804000000 01'.replace(' ', ''));
  check('SNRM client 16 to server 1', '7ea0070321930f017e', frame({ kind: 'SNRM' }, server, client));
  check('SNRM to a 2-octet address', '7ea00802232193bd647e', frame({ kind: 'SNRM' }, serverAddress(1, 17), client));
  check(
    'SNRM to a 4-octet address',
    '7ea00a00020023219318717e',
    frame({ kind: 'SNRM' }, serverAddress(1, 17, 4), client),
  );
  check(
    'UA with parameters',
    '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    frame({ kind: 'UA' }, client, server, ua),
  );
  check('DISC', '7ea0070321 5303c77e'.replace(' ', ''), frame({ kind: 'DISC' }, server, client));
  check(
    'I frame with an AARQ',
    '7ea02b032110fbafe6e600601da109060760857405080101be10040e01000000065f1f0400007e1f04b0caea7e',
    frame({ kind: 'I', ns: 0, nr: 0 }, server, client, AARQ),
  );
  check(
    'DISC to the CALLING device',
    '7ea00a0002fefd41533c947e',
    frame({ kind: 'DISC' }, serverAddress(1, 0x3ffe, 4), clientAddress(32)),
  );

  it('is described in one line', () => {
    const segment = frame({ kind: 'I', ns: 1, nr: 2 }, server, client, AARQ, { segmented: true, pollFinal: false });
    assert.equal(describeHdlcFrame(segment), 'I ns=1 nr=2 segment 16 -> 1, 34 octets');
    assert.equal(describeHdlcFrame(frame({ kind: 'RR', nr: 3 }, server, client)), 'RR nr=3 P/F 16 -> 1');
  });

  it('gives its octets back after decoding, whatever it holds (2000 random frames)', () => {
    const random = seeded(7);
    const below = (limit: number): number => Math.floor(random() * limit);
    const address = (): HdlcAddress =>
      [
        clientAddress(below(128)),
        serverAddress(below(128), below(128), 2),
        serverAddress(below(0x4000), below(0x4000), 4),
      ][below(3)]!;
    const kinds: readonly HdlcFrame['kind'][] = ['I', 'RR', 'RNR', 'REJ', 'SNRM', 'DISC', 'UA', 'DM', 'FRMR', 'UI'];
    for (let i = 0; i < 2000; i++) {
      const kind = kinds[below(kinds.length)]!;
      const control: HdlcControl =
        kind === 'I'
          ? { kind, ns: below(8), nr: below(8) }
          : kind === 'RR' || kind === 'RNR' || kind === 'REJ'
            ? { kind, nr: below(8) }
            : { kind };
      const information = Uint8Array.from({ length: random() < 0.3 ? 0 : below(2031) }, () => below(256));
      const original = frame(control, address(), address(), information, {
        pollFinal: random() < 0.5,
        segmented: random() < 0.5,
      });
      const octets = encodeHdlcFrame(original);
      const decoded = decodeHdlcFrame(octets);
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.frame, original);
    }
  });

  it('is refused when its length does not fit eleven bits', () => {
    const information = new Uint8Array(MAX_FRAME_LENGTH - 8);
    assert.throws(() => encodeHdlcFrame(frame({ kind: 'UI' }, server, client, information)), RangeError);
    assert.equal(encodeHdlcFrame(frame({ kind: 'UI' }, server, client, information.subarray(1))).length, 2049);
  });

  const refuse = (name: string, hex: string, code: CodecErrorCode, offset: number): void => {
    it(`refuses ${name}`, () => {
      const decoded = decodeHdlcFrame(fromHex(hex));
      assert.ok(!decoded.ok);
      assert.deepEqual([decoded.error.code, decoded.error.offset], [code, offset]);
    });
  };
  refuse('no octets', '', 'truncated', 0);
  refuse('no opening flag', 'a0070321930f017e', 'bad-frame', 0);
  refuse('an opening flag alone', '7e', 'truncated', 1);
  refuse('another frame format', '7e70070321930f017e', 'bad-frame', 1);
  refuse('a length below the shortest frame', '7ea0060321930f7e', 'bad-length', 1);
  refuse('a length that leaves one octet for the HCS', '7ea00803219300000f7e', 'bad-length', 1);
  refuse('a missing end', '7ea0070321930f', 'truncated', 7);
  refuse('a missing closing flag', '7ea0070321930f01', 'truncated', 8);
  refuse('another octet for the closing flag', '7ea0070321930f017d', 'bad-frame', 8);
  refuse('an address of three octets', '7ea0090310de9193000000007e', 'bad-frame', 4);
  refuse('a wrong FCS', '7ea0070321930f007e', 'bad-checksum', 6);
  refuse('a wrong HCS', '7ea01e210373c37b818012050180060180070400000001080400000001533b7e', 'bad-checksum', 6);
  refuse(
    'a wrong FCS behind information',
    '7ea01e210373c37a818012050180060180070400000001080400000001533a7e',
    'bad-checksum',
    29,
  );
  refuse('a control octet outside of the profile (SABM)', toHex(withControl(0x3f)), 'bad-frame', 5);
});

/** A frame with a control octet the encoder does not offer. */
function withControl(control: number): Uint8Array {
  const octets = encodeHdlcFrame(frame({ kind: 'SNRM' }, server, client));
  octets[5] = control;
  const fcs = refcs(octets.subarray(1, 6));
  octets.set([fcs & 0xff, fcs >> 8], 6);
  return octets;
}

/** CRC-16/X-25 bit by bit, written without the table of the codec. */
function refcs(octets: Uint8Array): number {
  let register = 0xffff;
  for (const octet of octets) {
    register ^= octet;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0x8408 : register >> 1;
  }
  return register ^ 0xffff;
}

describe('HDLC control field', () => {
  const table: readonly [number, HdlcControl, boolean][] = [
    [0x10, { kind: 'I', ns: 0, nr: 0 }, true],
    [0x30, { kind: 'I', ns: 0, nr: 1 }, true],
    [0x32, { kind: 'I', ns: 1, nr: 1 }, true],
    [0x52, { kind: 'I', ns: 1, nr: 2 }, true],
    [0xfe, { kind: 'I', ns: 7, nr: 7 }, true],
    [0x42, { kind: 'I', ns: 1, nr: 2 }, false],
    [0x11, { kind: 'RR', nr: 0 }, true],
    [0x31, { kind: 'RR', nr: 1 }, true],
    [0xe1, { kind: 'RR', nr: 7 }, false],
    [0x35, { kind: 'RNR', nr: 1 }, true],
    [0x93, { kind: 'SNRM' }, true],
    [0x83, { kind: 'SNRM' }, false],
    [0x53, { kind: 'DISC' }, true],
    [0x73, { kind: 'UA' }, true],
    [0x63, { kind: 'UA' }, false],
    [0x1f, { kind: 'DM' }, true],
    [0x0f, { kind: 'DM' }, false],
    [0x97, { kind: 'FRMR' }, true],
    [0x13, { kind: 'UI' }, true],
    [0x03, { kind: 'UI' }, false],
  ];
  for (const [octet, control, pollFinal] of table) {
    it(`${octet.toString(16).padStart(2, '0')} is ${JSON.stringify(control)}`, () => {
      assert.deepEqual(decodeControl(octet), { ...control, pollFinal });
      assert.equal(encodeControl(control, pollFinal), octet);
    });
  }

  it('reads every octet or gives up, and never another way', () => {
    for (let octet = 0; octet < 256; octet++) {
      const control = decodeControl(octet);
      if (control) assert.equal(encodeControl(control, control.pollFinal), octet);
    }
  });
});

describe('HDLC frame reject', () => {
  it('carries the rejected control octet, the counters and the reason', () => {
    const control = { kind: 'I', ns: 3, nr: 5, pollFinal: true } as const;
    const information = encodeFrameReject(control, 5, 2, 'invalid-nr');
    assert.equal(toHex(information), 'b64a08');
    assert.deepEqual(decodeFrameReject(information), {
      control: 0xb6,
      vs: 5,
      vr: 2,
      response: false,
      reasons: ['invalid-nr'],
    });
    assert.equal(decodeFrameReject(information.subarray(0, 2)), undefined);
  });
});
