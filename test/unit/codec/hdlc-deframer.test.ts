import assert from 'node:assert/strict';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { HdlcDeframer, type HdlcDeframerEvent, MAX_PENDING_OCTETS } from '../../../engine/codec/hdlc/deframer.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { seeded } from '../link/line.ts';

const SNRM = '7ea0070321930f017e';
const DISC = '7ea007032153 03c77e'.replace(' ', '');

/** Events as `frame 7ea0..`, `error CODE 7ea0..`, `noise ff`. */
function outline(events: readonly HdlcDeframerEvent[]): string[] {
  return events.map((event) => {
    const code = event.type === 'error' ? ` ${event.error.code}` : '';
    return `${event.type}${code} ${toHex(event.octets)}`;
  });
}

/** The same frames and errors must come out however the stream is cut; noise may come in more pieces. */
function joined(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (const line of lines) {
    const last = result.at(-1);
    if (line.startsWith('noise ') && last?.startsWith('noise ')) result[result.length - 1] = last + line.slice(6);
    else result.push(line);
  }
  return result;
}

function random(seed: number): (limit: number) => number {
  const next = seeded(seed);
  return (limit) => Math.floor(next() * limit);
}

function randomFrame(below: (limit: number) => number, longest: number): Uint8Array {
  // Many flags inside: they must not matter.
  const information = Uint8Array.from({ length: below(longest) }, () => (below(4) === 0 ? 0x7e : below(256)));
  return encodeHdlcFrame({
    kind: 'I',
    ns: below(8),
    nr: below(8),
    segmented: below(2) === 1,
    pollFinal: below(2) === 1,
    destination: below(2) === 1 ? clientAddress(below(128)) : serverAddress(below(0x4000), below(0x4000), 4),
    source: serverAddress(below(128), below(128), 2),
    information,
  });
}

describe('HDLC deframer', () => {
  const check = (name: string, hex: string, expected: readonly string[]): void => {
    it(name, () => {
      const octets = fromHex(hex);
      const whole = new HdlcDeframer();
      assert.deepEqual(outline(whole.push(octets)), expected);
      const single = new HdlcDeframer();
      const events = [...octets].flatMap((octet) => single.push(Uint8Array.of(octet)));
      assert.deepEqual(joined(outline(events)), joined(expected), 'octet by octet');
    });
  };
  check('takes one frame', SNRM, [`frame ${SNRM}`]);
  check('takes two frames', SNRM + DISC, [`frame ${SNRM}`, `frame ${DISC}`]);
  check('takes a flag shared by two frames', SNRM + DISC.slice(2), [`frame ${SNRM}`, `frame ${DISC}`]);
  check('takes fill flags', `7e7e7e${SNRM}7e7e${DISC}`, [`frame ${SNRM}`, `frame ${DISC}`]);
  check('finds a frame behind noise', `00ff12${SNRM}`, ['noise 00ff12', `frame ${SNRM}`]);
  check('finds a frame behind a flag and noise', `7e00ff${SNRM}`, ['noise 7e00ff', `frame ${SNRM}`]);
  check('tells noise behind a frame', `${SNRM}0d0a${DISC}`, [`frame ${SNRM}`, 'noise 0d0a', `frame ${DISC}`]);
  check('drops a frame with a wrong FCS', `7ea0070321930f007e${DISC}`, [
    'error bad-checksum 7ea0070321930f00',
    `frame ${DISC}`,
  ]);
  check('notices a broken length at once, by the HCS', `7ea1ff0321930f017e${DISC}`, [
    'error bad-checksum 7ea1ff0321930f01',
    `frame ${DISC}`,
  ]);

  it('finds the next frame when one has lost octets and swallowed its flag', () => {
    const long = encodeHdlcFrame({
      kind: 'UI',
      segmented: false,
      pollFinal: true,
      destination: clientAddress(16),
      source: serverAddress(1),
      information: new Uint8Array(40).fill(0x55),
    });
    const damaged = toHex(long.subarray(0, 20)) + toHex(long.subarray(23));
    const events = new HdlcDeframer().push(fromHex(damaged + SNRM + DISC));
    const frames = outline(events).filter((line) => line.startsWith('frame'));
    assert.deepEqual(frames, [`frame ${SNRM}`, `frame ${DISC}`]);
  });

  it('gives up an incomplete frame on flush and looks at what follows', () => {
    const deframer = new HdlcDeframer();
    const start = '7ea02b032110fbafe6e60060';
    assert.deepEqual(deframer.push(fromHex(start + SNRM)), []);
    assert.deepEqual(outline(deframer.flush()), [`error truncated ${start}`, `frame ${SNRM}`]);
    assert.equal(deframer.pendingOctets, 0);
    assert.deepEqual(deframer.flush(), []);
  });

  it('counts places from the start of the stream', () => {
    const deframer = new HdlcDeframer();
    const events = [`00${SNRM.slice(0, 6)}`, SNRM.slice(6), DISC.slice(2)].flatMap((hex) =>
      deframer.push(fromHex(hex)),
    );
    assert.deepEqual(
      events.map(({ type, at }) => [type, at]),
      [
        ['noise', 0],
        ['frame', 1],
        ['frame', 9],
      ],
    );
  });

  it('hands out octets of its own, also when fed with a Buffer', () => {
    const chunk = Buffer.from(SNRM, 'hex');
    const [event] = new HdlcDeframer().push(chunk);
    chunk.fill(0);
    assert.equal(toHex(event!.octets), SNRM);
  });

  it('delivers every frame of 300 streams, cut anywhere, with noise between the frames', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const below = random(seed);
      const frames: string[] = [];
      let stream = '';
      for (let i = below(8) + 1; i > 0; i--) {
        // Noise without 7E: noise that looks like a frame is a matter of its check sequence.
        if (below(3) === 0) stream += toHex(Uint8Array.from({ length: below(30) }, () => below(0x7e)));
        const octets = toHex(randomFrame(below, below(2) === 0 ? 60 : 2031));
        const shares = stream.endsWith('7e') && below(2) === 0;
        stream += shares ? octets.slice(2) : octets;
        frames.push(octets);
      }
      const octets = fromHex(stream);
      const deframer = new HdlcDeframer();
      const events: HdlcDeframerEvent[] = [];
      for (let at = 0; at < octets.length; ) {
        const size = 1 + below(below(3) === 0 ? 3 : 700);
        events.push(...deframer.push(octets.subarray(at, at + size)));
        at += size;
      }
      const found = events.flatMap((event) => (event.type === 'frame' ? [toHex(event.octets)] : []));
      assert.deepEqual(found, frames, `seed ${seed}`);
      assert.equal(events.filter(({ type }) => type === 'error').length, 0, `seed ${seed}`);
      for (const event of events) {
        assert.equal(toHex(event.octets), stream.slice(2 * event.at, 2 * (event.at + event.octets.length)));
      }
    }
  });

  it('survives 400 streams of rubbish: never throws, stays bounded, loses no octet silently', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const below = random(seed);
      const deframer = new HdlcDeframer();
      const seen = new Set<number>();
      const stream: number[] = [];
      const note = (events: readonly HdlcDeframerEvent[]): void => {
        for (const { at, octets } of events) {
          assert.deepEqual(
            [...octets],
            stream.slice(at, at + octets.length),
            `seed ${seed}: octets are those at ${at}`,
          );
          for (let i = 0; i < octets.length; i++) seen.add(at + i);
        }
      };
      for (let i = 0; i < 30; i++) {
        const chunk = rubbish(below);
        stream.push(...chunk);
        note(deframer.push(chunk));
        assert.ok(deframer.pendingOctets < MAX_PENDING_OCTETS, `seed ${seed}: pending`);
      }
      note(deframer.flush());
      const lost = stream.flatMap((octet, at) => (octet !== 0x7e && !seen.has(at) ? [at] : []));
      assert.deepEqual(lost, [], `seed ${seed}: octets without event`);
    }
  });
});

/** Whole and damaged frames, starts of frames, flags, noise. */
function rubbish(below: (limit: number) => number): Uint8Array {
  const frame = randomFrame(below, 200);
  switch (below(6)) {
    case 0:
      return frame;
    case 1:
      frame[below(frame.length)] = below(256);
      return frame;
    case 2:
      return frame.subarray(0, below(frame.length));
    case 3:
      return frame.subarray(below(frame.length));
    case 4:
      return Uint8Array.from({ length: below(40) }, () => (below(3) === 0 ? 0x7e : 0xa0 + below(16)));
    default:
      return Uint8Array.from({ length: below(100) }, () => below(256));
  }
}
