import assert from 'node:assert/strict';
import { toHex } from '../../../engine/codec/hex.ts';
import { readCapture } from '../../../engine/codec/pcap/capture.ts';
import { isCapture } from '../../../engine/codec/pcap/read-capture.ts';
import { type Capture, MAX_OUT_OF_ORDER, MAX_PROBLEMS } from '../../../engine/codec/pcap/types.ts';
import { seeded } from '../link/line.ts';
import { classicPcap, links, type Packet, pcapng, type Route, tcp, udp } from './pcap-builder.ts';

const THERE: Route = { from: [1, 50000], to: [2, 4059] };
const BACK: Route = { from: [2, 4059], to: [1, 50000] };
const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Packets of raw IP, one millisecond apart. */
function raw(...packets: readonly Uint8Array[]): Uint8Array {
  const timed = packets.map((packet, i): Packet => ({ time: 1_700_000_000_000 + i, octets: packet }));
  return classicPcap(101, timed, true, false);
}

/** Chunks as `from octets`, with only the port of the sender. */
function chunks(capture: Capture): string[] {
  return capture.connections.flatMap((connection) =>
    connection.chunks.map((chunk) => `${chunk.from.split(':').at(-1)} ${toHex(chunk.octets)}`),
  );
}

const dialogue = [
  tcp(THERE, { sequence: 999, flags: { syn: true, ack: false } }),
  tcp(BACK, { sequence: 4999, flags: { syn: true } }),
  tcp(THERE, { sequence: 1000 }),
  tcp(THERE, { sequence: 1000 }, octets(1, 2, 3)),
  tcp(BACK, { sequence: 5000 }, octets(0x11, 0x12)),
  tcp(THERE, { sequence: 1003 }, octets(4)),
  tcp(THERE, { sequence: 1004, flags: { fin: true } }),
];

describe('captures: files', () => {
  for (const [name, write] of [
    ['pcap', classicPcap],
    ['pcapng', pcapng],
  ] as const) {
    for (const little of [true, false]) {
      for (const nanoseconds of [false, true]) {
        const form = `${name}, ${little ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds`;
        it(`reads ${form}`, () => {
          const packets = dialogue.map((packet, i): Packet => ({ time: 1_700_000_000_123.25 + i, octets: packet }));
          const file = write(101, packets, little, nanoseconds);
          assert.ok(isCapture(file));
          const capture = readCapture(file);
          assert.deepEqual([capture.packets, capture.problems], [7, []]);
          assert.deepEqual(chunks(capture), ['50000 010203', '4059 1112', '50000 04']);
          const [connection] = capture.connections;
          assert.equal(connection?.id, 'tcp 192.0.2.1:50000 > 192.0.2.2:4059');
          assert.deepEqual(
            connection.chunks.map(({ time }) => time - 1_700_000_000_000),
            [126.25, 127.25, 128.25],
          );
        });
      }
    }
  }

  for (const [name, link] of Object.entries(links)) {
    for (const ipv6 of [false, true]) {
      it(`reads ${name} with IPv${ipv6 ? 6 : 4}`, () => {
        const packets = [tcp({ ...THERE, ipv6 }, { sequence: 1 }, octets(1, 2)), udp({ ...BACK, ipv6 }, octets(3))];
        const timed = packets.map((packet): Packet => ({ time: 0, octets: link.wrap(packet) }));
        const capture = readCapture(classicPcap(link.type, timed, true, false));
        assert.deepEqual(capture.problems, []);
        assert.deepEqual(chunks(capture), ['50000 0102', '4059 03']);
        const [first, second] = capture.connections;
        const [one, two] = ipv6 ? ['[2001:db8::1]', '[2001:db8::2]'] : ['192.0.2.1', '192.0.2.2'];
        assert.equal(first?.id, `tcp ${one}:50000 > ${two}:4059`);
        assert.equal(second?.id, `udp ${two}:4059 > ${one}:50000`);
      });
    }
  }

  it('says that other files are none', () => {
    assert.ok(!isCapture(octets(0x7e, 0xa0)));
    const capture = readCapture(octets(0x7e, 0xa0, 7, 3, 0x21));
    assert.deepEqual(
      capture.problems.map(({ code }) => code),
      ['bad-file'],
    );
  });

  it('uses what comes before a cut end', () => {
    const capture = readCapture(raw(...dialogue).subarray(0, -10));
    assert.deepEqual(chunks(capture), ['50000 010203', '4059 1112', '50000 04']);
    assert.deepEqual(
      capture.problems.map(({ code }) => code),
      ['bad-file'],
    );
  });
});

describe('captures: TCP', () => {
  const check = (
    name: string,
    packets: readonly Uint8Array[],
    expected: readonly string[],
    problems: string[] = [],
  ): void => {
    it(name, () => {
      const capture = readCapture(raw(...packets));
      assert.deepEqual(chunks(capture), expected);
      assert.deepEqual(
        capture.problems.map(({ code }) => code),
        problems,
      );
    });
  };
  const data = (sequence: number, ...values: number[]): Uint8Array => tcp(THERE, { sequence }, octets(...values));
  const syn = tcp(THERE, { sequence: 999, flags: { syn: true, ack: false } });

  check(
    'puts segments in order',
    [syn, data(1002, 3), data(1001, 2), data(1000, 1)],
    ['50000 01', '50000 02', '50000 03'],
  );
  check('drops retransmissions', [syn, data(1000, 1, 2), data(1000, 1, 2), data(1002, 3)], ['50000 0102', '50000 03']);
  check('cuts overlaps', [syn, data(1000, 1, 2), data(1001, 2, 3)], ['50000 0102', '50000 03']);
  check(
    'drops keep-alives',
    [syn, data(1000, 1), tcp(THERE, { sequence: 1000 }, octets(0)), data(1001, 2)],
    ['50000 01', '50000 02'],
  );
  check('starts in the middle', [data(70000, 1), data(70001, 2)], ['50000 01', '50000 02']);
  check(
    'follows sequence numbers over 2^32',
    [tcp(THERE, { sequence: 0xfffffffd, flags: { syn: true, ack: false } }), data(0xfffffffe, 1, 2, 3), data(1, 4)],
    ['50000 010203', '50000 04'],
  );
  check(
    'takes data in the SYN',
    [tcp(THERE, { sequence: 999, flags: { syn: true, ack: false } }, octets(1)), data(1001, 2)],
    ['50000 01', '50000 02'],
  );
  check('names a gap and goes on behind it', [syn, data(1000, 1), data(1005, 6)], ['50000 01', '50000 06'], ['gap']);
  check(
    'gives up waiting at RST',
    [syn, data(1001, 2), tcp(THERE, { sequence: 1009, flags: { rst: true } })],
    ['50000 02'],
    ['gap'],
  );

  it('tells connections that use the same ports apart', () => {
    const again = tcp(THERE, { sequence: 77, flags: { syn: true, ack: false } });
    const repeated = [again, again];
    const capture = readCapture(raw(syn, data(1000, 1), ...repeated, data(78, 2)));
    assert.deepEqual(
      capture.connections.map(({ id }) => id),
      ['tcp 192.0.2.1:50000 > 192.0.2.2:4059', 'tcp 192.0.2.1:50000 > 192.0.2.2:4059#2'],
    );
    assert.deepEqual(chunks(capture), ['50000 01', '50000 02']);
  });

  it('finds the client by the SYN, also when only its answer was captured', () => {
    const capture = readCapture(
      raw(tcp(BACK, { sequence: 4999, flags: { syn: true } }), tcp(BACK, { sequence: 5000 }, octets(1))),
    );
    assert.equal(capture.connections[0]?.client, '192.0.2.1:50000');
  });

  it('keeps only a stated amount while a segment is missing', () => {
    const size = 60_000;
    const packets = [syn];
    for (let i = 0; i <= MAX_OUT_OF_ORDER / size; i++)
      packets.push(tcp(THERE, { sequence: 2000 + i * size }, new Uint8Array(size)));
    packets.push(data(1000, 9));
    const capture = readCapture(raw(...packets));
    assert.deepEqual(
      capture.problems.map(({ code }) => code),
      ['gap'],
    );
    assert.ok(!chunks(capture).includes('50000 09'), 'what came too late is dropped');
  });

  it('delivers any order and any overlap in order (200 streams)', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const below = (limit: number): number => Math.floor(random() * limit);
      const stream = Uint8Array.from({ length: 1 + below(3000) }, () => below(256));
      const start = below(2) === 0 ? 0xfffffff0 : below(0x7fffffff);
      const at = (offset: number): number => (start + 1 + offset) >>> 0;
      const segments: [number, Uint8Array][] = [];
      for (let offset = 0; offset < stream.length; ) {
        const size = 1 + below(200);
        segments.push([offset, stream.subarray(Math.max(0, offset - below(3)), offset + size)]);
        segments.at(-1)![0] = offset - (segments.at(-1)![1].length - Math.min(size, stream.length - offset));
        if (below(4) === 0) segments.push(segments.at(-1)!);
        offset += size;
      }
      for (let i = segments.length - 1; i > 0; i--) {
        const other = Math.max(0, i - below(6));
        [segments[i], segments[other]] = [segments[other]!, segments[i]!];
      }
      const packets = [
        tcp(THERE, { sequence: start, flags: { syn: true, ack: false } }),
        ...segments.map(([offset, part]) => tcp(THERE, { sequence: at(offset) }, part)),
      ];
      const capture = readCapture(raw(...packets));
      const joined = capture.connections.flatMap((c) => c.chunks.map((chunk) => toHex(chunk.octets))).join('');
      assert.equal(joined, toHex(stream), `seed ${seed}`);
      assert.deepEqual(capture.problems, [], `seed ${seed}`);
    }
  });
});

describe('captures: what cannot be used', () => {
  it('names fragments, cut packets and broken headers, and skips what is neither TCP nor UDP', () => {
    const fragment = udp(THERE, octets(1));
    fragment[6] = 0x20;
    const icmp = udp(THERE, octets(1));
    icmp[9] = 1;
    const short = tcp(THERE, { sequence: 1 }, octets(1, 2, 3)).subarray(0, 30);
    const packets: Packet[] = [fragment, icmp, short, octets(0x45, 0)].map((packet) => ({ time: 0, octets: packet }));
    packets.push({ time: 0, octets: udp(THERE, octets(1, 2, 3, 4)), captured: 30 });
    const capture = readCapture(classicPcap(101, packets, true, false));
    assert.deepEqual(
      capture.problems.map(({ code }) => code),
      ['fragment', 'bad-packet', 'bad-packet', 'cut-packet'],
    );
  });

  it('takes times beyond every calendar as 1970 and says so', () => {
    const file = pcapng(101, [{ time: 0, octets: udp(THERE, octets(1)) }], true, true);
    // Resolution 10^0 in place of 10^-9, and the highest timestamp.
    assert.equal(file[48], 9);
    file[48] = 0;
    file.fill(0xff, 88, 96);
    const { connections, problems } = readCapture(file);
    assert.equal(connections[0]?.chunks[0]?.time, 0);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['bad-packet'],
    );
  });

  it(`keeps at most ${MAX_PROBLEMS} problems and counts the others`, () => {
    const packets = Array.from({ length: MAX_PROBLEMS + 5 }, (): Packet => ({ time: 0, octets: octets(0x45, 0) }));
    const { problems } = readCapture(classicPcap(101, packets, true, false));
    assert.equal(problems.length, MAX_PROBLEMS + 1);
    assert.match(problems.at(-1)!.message, /^5 more/);
  });

  it('survives 3000 damaged files', () => {
    const random = seeded(99);
    const below = (limit: number): number => Math.floor(random() * limit);
    const packets = dialogue.map((packet): Packet => ({ time: 1000, octets: links.ethernet!.wrap(packet) }));
    const files = [
      classicPcap(1, packets, true, false),
      pcapng(1, packets, false, true),
      pcapng(1, packets, true, false),
    ];
    for (let i = 0; i < 3000; i++) {
      const file = files[below(3)]!.slice();
      for (let n = 1 + below(8); n > 0; n--) file[below(file.length)] = below(3) === 0 ? 0xff : below(256);
      const capture = readCapture(file.subarray(0, below(4) === 0 ? below(file.length) : file.length));
      assert.ok(capture.packets <= packets.length * 4);
    }
  });
});
