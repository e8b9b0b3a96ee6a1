import assert from 'node:assert/strict';
import { toHex } from '../../../engine/codec/hex.ts';
import { readCapture } from '../../../engine/codec/pcap/capture.ts';
import { ProblemList } from '../../../engine/codec/pcap/problems.ts';
import { readPackets } from '../../../engine/codec/pcap/read-capture.ts';
import { syntheticTcp, type TracedOctets } from '../../../engine/codec/pcap/synthetic-tcp.ts';
import { type PcapngPacket, writePcapng } from '../../../engine/codec/pcap/write-pcapng.ts';

interface Block {
  readonly type: number;
  readonly body: Uint8Array;
}

/** Blocks of a little-endian pcapng file, checked against the rules of the format (draft-ietf-opsawg-pcapng). */
function blocksOf(file: Uint8Array): Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const total = view.getUint32(at + 4, true);
    assert.equal(total % 4, 0, 'blocks are multiples of four octets');
    assert.equal(view.getUint32(at + total - 4, true), total, 'the length stands at both ends');
    blocks.push({ type: view.getUint32(at, true), body: file.subarray(at + 8, at + total - 4) });
    at += total;
  }
  return blocks;
}

/** Options from `at` on, as code and text. */
function optionsOf(body: Uint8Array, at: number): [number, string][] {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const options: [number, string][] = [];
  for (let place = at; place < body.length; ) {
    const [code, length] = [view.getUint16(place, true), view.getUint16(place + 2, true)];
    if (code === 0) {
      assert.equal(place + 4, body.length, 'the end of options ends the block');
      break;
    }
    options.push([
      code,
      new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(place + 4, place + 4 + length)),
    ]);
    place += 4 + length + ((4 - (length % 4)) % 4);
  }
  return options;
}

function commentsOf(file: Uint8Array): (string | undefined)[] {
  return blocksOf(file)
    .filter(({ type }) => type === 6)
    .map(({ body }) => {
      const captured = new DataView(body.buffer, body.byteOffset).getUint32(12, true);
      const [comment] = optionsOf(body, 20 + Math.ceil(captured / 4) * 4);
      return comment?.[1];
    });
}

/** The sum of 16-bit words, folded; FFFFh over octets with their checksum when it is right. */
function onesComplement(octets: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < octets.length; i += 2) total += (octets[i]! << 8) | (octets[i + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

const packet = (octets: readonly number[], comment?: string): PcapngPacket => {
  const base = { time: 1_700_000_000_123.456, linkType: 1, octets: Uint8Array.from(octets) };
  return comment === undefined ? base : { ...base, comment };
};

describe('captures: writing', () => {
  it('names its writer, one interface for each link type, and packets with times and comments', () => {
    const packets = [
      packet([1, 2, 3], 'first'),
      { ...packet([4, 5, 6, 7]), linkType: 101, length: 99 },
      packet([8], 'ä€'),
    ];
    const file = writePcapng(packets, 'DLMS Workbench');
    const blocks = blocksOf(file);
    assert.deepEqual(
      blocks.map(({ type }) => type),
      [0x0a0d0d0a, 1, 1, 6, 6, 6],
    );
    assert.deepEqual(optionsOf(blocks[0]!.body, 16), [[4, 'DLMS Workbench']]);
    assert.deepEqual(commentsOf(file), ['first', undefined, 'ä€']);
    const problems = new ProblemList();
    const back = readPackets(file, problems);
    assert.deepEqual(problems.result(), []);
    assert.deepEqual(
      back.map(({ time, linkType, octets, length }) => [time, linkType, toHex(octets), length]),
      [
        [1_700_000_000_123.456, 1, '010203', 3],
        [1_700_000_000_123.456, 101, '04050607', 99],
        [1_700_000_000_123.456, 1, '08', 1],
      ],
    );
  });

  it('cuts comments that no option can hold, between characters', () => {
    const [comment] = commentsOf(writePcapng([packet([1], '€'.repeat(30_000))], 'x'));
    assert.equal(comment, '€'.repeat(Math.floor(0xffff / 3)));
  });

  it('writes a file without packets', () => {
    assert.equal(blocksOf(writePcapng([], 'x')).length, 1);
  });
});

describe('captures: a trace as a TCP connection', () => {
  const entry = (direction: 'tx' | 'rx', length: number, time = 0): TracedOctets => {
    return { time, direction, octets: Uint8Array.from({ length }, (_, i) => (7 * i + length) & 0xff) };
  };
  const entries = [entry('tx', 20, 1000), entry('rx', 3001, 1001.5), entry('tx', 1, 1002), entry('rx', 1460, 1003)];

  it('is read back as the same octets, in order and without problems', () => {
    const capture = readCapture(writePcapng(syntheticTcp(entries), 'x'));
    assert.deepEqual(capture.problems, []);
    const [connection] = capture.connections;
    assert.ok(connection);
    assert.equal(connection.id, 'tcp 192.0.2.1:49152 > 192.0.2.2:4059');
    for (const direction of ['tx', 'rx']) {
      const from: string = direction === 'tx' ? connection.client : connection.server;
      const got: string[] = connection.chunks.filter((chunk) => chunk.from === from).map(({ octets }) => toHex(octets));
      const sent = entries.filter((traced) => traced.direction === direction).map(({ octets }) => toHex(octets));
      assert.equal(got.join(''), sent.join(''));
    }
  });

  it('has a handshake, segments that fit a frame, and marks the packet that ends each entry', () => {
    const packets = syntheticTcp(entries);
    assert.deepEqual(
      packets.map(({ octets, entry: number }) => [octets[47], octets.length - 54, number]),
      [
        [0x02, 0, undefined],
        [0x12, 0, undefined],
        [0x10, 0, undefined],
        [0x18, 20, 0],
        [0x18, 1460, undefined],
        [0x18, 1460, undefined],
        [0x18, 81, 1],
        [0x18, 1, 2],
        [0x18, 1460, 3],
      ],
    );
  });

  it('has right checksums and numbers', () => {
    for (const { octets } of syntheticTcp(entries)) {
      const view = new DataView(octets.buffer);
      assert.equal(view.getUint16(16), octets.length - 14, 'total length of IP');
      assert.equal(onesComplement(octets.subarray(14, 34)), 0xffff, 'IP header');
      const segment = octets.subarray(34);
      const pseudo = Uint8Array.from([...octets.subarray(26, 34), 0, 6, segment.length >> 8, segment.length & 0xff]);
      assert.equal(onesComplement(Uint8Array.from([...pseudo, ...segment])), 0xffff, 'TCP');
    }
    const last = syntheticTcp(entries).at(-1)!;
    const view = new DataView(last.octets.buffer);
    assert.deepEqual([view.getUint32(38), view.getUint32(42)], [3002, 22]);
  });

  it('of no entries has no packets', () => assert.deepEqual(syntheticTcp([]), []));
});
