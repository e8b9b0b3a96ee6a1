import assert from 'node:assert/strict';
import { MAX_MBUS_FRAME, MbusDeframer, type MbusDeframerEvent } from '../../../engine/codec/mbus/deframer.ts';
import { encodeMbusFrame } from '../../../engine/codec/mbus/frame.ts';
import { seeded } from '../link/line.ts';

const frame = (data: readonly number[]): Uint8Array =>
  encodeMbusFrame({ c: 0x53, a: 0xff, ci: 0x10, stsap: 1, dtsap: 103, data: Uint8Array.from(data) });

/** Length field 1 for 257 octets (Q27). */
function overflowing(): Uint8Array {
  const inner = Uint8Array.of(0x53, 0xff, 0x10, 1, 103, ...new Array<number>(252).fill(9));
  const sum = inner.reduce((total, octet) => total + octet, 0) & 0xff;
  return Uint8Array.of(0x68, 1, 1, 0x68, ...inner, sum, 0x16);
}

function run(octets: Uint8Array, size: number): MbusDeframerEvent[] {
  const deframer = new MbusDeframer();
  const events: MbusDeframerEvent[] = [];
  for (let at = 0; at < octets.length; at += size) events.push(...deframer.push(octets.subarray(at, at + size)));
  return [...events, ...deframer.flush()];
}

const outline = (events: readonly MbusDeframerEvent[]): string[] =>
  events.map((event) => (event.type === 'frame' ? `frame ${event.frame.data.length}` : event.type));

describe('M-Bus deframer', () => {
  const cases: readonly (readonly [name: string, octets: Uint8Array, expected: readonly string[]])[] = [
    ['frames one after the other', Buffer.concat([frame([1, 2, 3]), frame([4])]), ['frame 3', 'frame 1']],
    ['an empty frame', frame([]), ['frame 0']],
    ['a frame with 68 and 16 inside', frame([0x68, 0x68, 0x16, 0x68]), ['frame 4']],
    ['a length field that has overflowed', overflowing(), ['frame 252']],
    ['a frame behind one that has overflowed', Buffer.concat([overflowing(), frame([1])]), ['frame 252', 'frame 1']],
    [
      'noise before and behind',
      Buffer.concat([Uint8Array.of(0xe5, 0), frame([1]), Uint8Array.of(0xe5)]),
      ['noise', 'frame 1', 'noise'],
    ],
    ['a frame that is cut', frame([1, 2, 3]).subarray(0, 8), ['error', 'error']],
    ['a start that is none', Uint8Array.of(0x68, 5, 6, 0x68), ['error', 'error']],
  ];
  for (const [name, octets, expected] of cases) {
    for (const size of [1, 2, 5, octets.length]) {
      it(`${name}, in pieces of ${size}`, () => {
        const joined = outline(run(octets, size)).filter((kind, i, all) => kind !== 'noise' || all[i - 1] !== 'noise');
        assert.deepEqual(joined, expected);
      });
    }
  }

  it('a broken frame does not take the next with it', () => {
    const broken = Uint8Array.from(frame([1, 2, 3]));
    broken[8] = 0xaa;
    const events = run(Buffer.concat([broken, frame([7]), frame([8])]), 4);
    assert.deepEqual(
      outline(events).filter((kind) => kind.startsWith('frame')),
      ['frame 1', 'frame 1'],
    );
    assert.ok(events.some((event) => event.type === 'error' && event.error.code === 'bad-checksum'));
  });

  it('keeps no more than a frame, and loses no octet', () => {
    const random = seeded(5);
    const octets = Uint8Array.from({ length: 20_000 }, () => (random() < 0.3 ? 0x68 : Math.floor(random() * 256)));
    const deframer = new MbusDeframer();
    let seen = 0;
    for (let at = 0; at < octets.length; ) {
      const size = 1 + Math.floor(random() * 40);
      for (const event of deframer.push(octets.subarray(at, at + size))) seen += event.octets.length;
      at += size;
      assert.ok(deframer.pendingOctets <= MAX_MBUS_FRAME);
    }
    for (const event of deframer.flush()) seen += event.octets.length;
    assert.equal(seen, octets.length);
  });
});
