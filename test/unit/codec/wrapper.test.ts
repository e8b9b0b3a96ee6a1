import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { CodecErrorCode } from '../../../engine/codec/result.ts';
import { WrapperDeframer, type WrapperDeframerEvent } from '../../../engine/codec/wrapper/deframer.ts';
import {
  decodeWrapper,
  decodeWrapperDatagram,
  encodeWrapper,
  MAX_WRAPPER_APDU,
} from '../../../engine/codec/wrapper/wrapper.ts';
import { seeded } from '../link/line.ts';
import { assertFieldsTile } from './field-coverage.ts';

const GET = '000100100001000dc001c100080000010000ff0200';
const RELEASE = '00010001001000026300';

describe('wrapper', () => {
  it('is encoded and decoded', () => {
    const decoded = decodeWrapper(fromHex(GET + RELEASE), 0, { fields: true });
    assert.ok(decoded.ok);
    const { message, next } = decoded.value;
    assert.deepEqual([message.source, message.destination, next], [16, 1, 21]);
    assert.equal(toHex(message.apdu), 'c001c100080000010000ff0200');
    assertFieldsTile(decoded.fields ?? [], 8);
    assert.equal(toHex(encodeWrapper(message)), GET);
  });

  it('refuses an APDU that its length field cannot state', () => {
    const apdu = new Uint8Array(MAX_WRAPPER_APDU + 1);
    assert.equal(encodeWrapper({ source: 1, destination: 1, apdu: apdu.subarray(1) }).length, 65543);
    assert.throws(() => encodeWrapper({ source: 1, destination: 1, apdu }), RangeError);
  });

  const refuse = (name: string, hex: string, code: CodecErrorCode, offset: number): void => {
    it(`refuses ${name}`, () => {
      for (const decoded of [decodeWrapper(fromHex(hex)), decodeWrapperDatagram(fromHex(hex))]) {
        assert.ok(!decoded.ok);
        assert.deepEqual([decoded.error.code, decoded.error.offset], [code, offset]);
      }
    });
  };
  refuse('half a header', '0001001000', 'truncated', 5);
  refuse('version 2', '00020010000100026200', 'bad-frame', 0);
  refuse('an APDU that is not all there', '0001001000010003 6200'.replace(' ', ''), 'truncated', 10);

  it('refuses anything behind the APDU of a datagram', () => {
    const decoded = decodeWrapperDatagram(fromHex(`${RELEASE}00`));
    assert.ok(!decoded.ok);
    assert.deepEqual([decoded.error.code, decoded.error.offset], ['trailing', 10]);
  });
});

describe('wrapper deframer', () => {
  const apdus = (events: readonly WrapperDeframerEvent[]): string[] =>
    events.map((event) => (event.type === 'message' ? toHex(event.message.apdu) : event.error.code));

  it('cuts a stream into messages, octet by octet and all at once', () => {
    const octets = fromHex(GET + RELEASE + GET);
    const expected = ['c001c100080000010000ff0200', '6300', 'c001c100080000010000ff0200'];
    assert.deepEqual(apdus(new WrapperDeframer().push(octets)), expected);
    const deframer = new WrapperDeframer();
    assert.deepEqual(apdus([...octets].flatMap((octet) => deframer.push(Uint8Array.of(octet)))), expected);
    assert.equal(deframer.pendingOctets, 0);
  });

  it('tells other protocols from the first octet, and then nothing more', () => {
    const deframer = new WrapperDeframer();
    const events = deframer.push(fromHex('7e'));
    assert.deepEqual(apdus(events), ['bad-frame']);
    assert.ok(deframer.lost);
    assert.deepEqual(deframer.push(fromHex(GET)), []);
    deframer.reset();
    assert.deepEqual(apdus(deframer.push(fromHex(RELEASE))), ['6300']);
  });

  it('refuses announced lengths above its limit', () => {
    const deframer = new WrapperDeframer(12);
    assert.deepEqual(apdus(deframer.push(fromHex(GET))), ['limit']);
  });

  it('keeps no more than one incomplete message and does not trust the announced length', () => {
    const deframer = new WrapperDeframer();
    assert.deepEqual(deframer.push(fromHex(`${RELEASE}000100100001ffff00`)).length, 1);
    assert.equal(deframer.pendingOctets, 9);
  });

  it('survives 500 streams of rubbish', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = seeded(seed);
      const below = (limit: number): number => Math.floor(random() * limit);
      const deframer = new WrapperDeframer(below(2) === 0 ? 1000 : MAX_WRAPPER_APDU);
      for (let i = 0; i < 20; i++) {
        const octets = below(3) > 0 ? fromHex(GET) : Uint8Array.from({ length: below(30) }, () => below(3));
        deframer.push(octets.subarray(below(2) * below(octets.length + 1)));
        assert.ok(deframer.pendingOctets <= 8 + MAX_WRAPPER_APDU);
      }
    }
  });
});
