import assert from 'node:assert/strict';
import type { GeneralBlockTransfer } from '../../../engine/codec/xdlms/types.ts';
import {
  GENERAL_BLOCK_OVERHEAD,
  GeneralBlockExchange,
  MAX_IDLE_BLOCKS,
  unconfirmedBlocks,
} from '../../../engine/link/general-block-exchange.ts';

const octets = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);
const side = (maxApdu: number, window: number, nothingToSend: boolean, maxReceived = 1 << 20) =>
  new GeneralBlockExchange({ maxApdu, window, maxReceived, nothingToSend });
const block = (part: Partial<GeneralBlockTransfer>): GeneralBlockTransfer => ({
  kind: 'general-block-transfer',
  last: false,
  streaming: false,
  window: 1,
  block: 1,
  blockAck: 0,
  raw: Uint8Array.of(1),
  ...part,
});

/** Carries a request and its answer over two sides; `lose` drops blocks by their place in the whole exchange. */
function carry(
  request: Uint8Array,
  answer: Uint8Array,
  windows: readonly [number, number],
  lose: (index: number, b: GeneralBlockTransfer) => boolean = () => false,
) {
  const client = side(60, windows[0], false);
  const server = side(60, windows[1], false);
  const seen: GeneralBlockTransfer[] = [];
  let toServer: readonly GeneralBlockTransfer[] = client.send(request).send;
  let heard: Uint8Array | undefined;
  for (let round = 0; round < 1000; round++) {
    const toClient: GeneralBlockTransfer[] = [];
    for (const b of toServer) {
      seen.push(b);
      if (lose(seen.length, b)) continue;
      const step = server.receive(b);
      assert.equal(step.failed, undefined);
      if (step.apdu !== undefined) {
        heard = step.apdu;
        toClient.push(...server.send(answer).send);
      } else toClient.push(...step.send);
    }
    const next: GeneralBlockTransfer[] = [];
    for (const b of toClient) {
      seen.push(b);
      if (lose(seen.length, b)) continue;
      const step = client.receive(b);
      assert.equal(step.failed, undefined);
      if (step.apdu !== undefined) return { heard, got: step.apdu, seen };
      next.push(...step.send);
    }
    toServer = next;
  }
  return assert.fail('does not end');
}

describe('general block exchange', () => {
  for (const windows of [
    [1, 1],
    [1, 4],
    [4, 1],
    [6, 6],
    [63, 63],
  ] as const)
    for (const [sent, got] of [
      [5, 500],
      [500, 5],
      [1000, 1000],
      [51, 51],
      [102, 52],
    ] as const)
      it(`${sent} octets there and ${got} back, windows ${windows.join(' and ')}`, () => {
        const done = carry(octets(sent), octets(got), windows);
        assert.deepEqual(done.heard, octets(sent));
        assert.deepEqual(done.got, octets(got));
        for (const b of done.seen) assert.ok(b.raw.length + GENERAL_BLOCK_OVERHEAD <= 60);
        assert.equal(done.seen[0]?.block, 1);
        assert.equal(done.seen[0]?.blockAck, 0);
        assert.equal(done.seen[0]?.streaming, false, 'the window of the peer is not known yet');
      });

  it('goes back to each block that is lost while more of the window follows', () => {
    for (let lost = 2; lost < 40; lost++) {
      const done = carry(octets(700), octets(900), [5, 7], (index, b) => index === lost && b.streaming);
      assert.deepEqual(done.heard, octets(700), `block ${lost}`);
      assert.deepEqual(done.got, octets(900), `block ${lost}`);
    }
  });

  it('is given up when block after block brings nothing', () => {
    const receiver = side(0, 1, true);
    let step = receiver.receive(block({ block: 1 }));
    for (let count = 0; count < MAX_IDLE_BLOCKS; count++) {
      assert.equal(step.failed, undefined);
      step = receiver.receive(block({ block: 7 }));
    }
    assert.equal(receiver.receive(block({ block: 7 })).failed, 'no-progress');
  });

  it('is given up when the peer acknowledges nothing for ever', () => {
    const sender = side(60, 1, false);
    sender.send(octets(500));
    let failed: string | undefined;
    for (let count = 0; count < MAX_IDLE_BLOCKS + 3 && failed === undefined; count++)
      failed = sender.receive(block({ block: 1, blockAck: 0, raw: new Uint8Array() })).failed;
    assert.equal(failed, 'no-progress');
  });

  it('is given up when blocks without octets never end, whatever their window', () => {
    for (const window of [0, 1]) {
      const receiver = side(0, 1, true);
      let failed: string | undefined;
      let number = 0;
      while (failed === undefined && number < 100)
        failed = receiver.receive(block({ block: ++number, window, raw: new Uint8Array() })).failed;
      assert.equal(failed, 'no-progress');
      assert.equal(number, MAX_IDLE_BLOCKS + 1);
    }
  });

  it('is given up when the peer asks for the same block again and again', () => {
    const sender = side(60, 1, false);
    sender.send(octets(500));
    sender.receive(block({ block: 1, blockAck: 1, raw: new Uint8Array(), window: 0 }));
    let failed: string | undefined;
    let times = 0;
    for (; failed === undefined && times < 100; times++)
      failed = sender.receive(block({ block: 2 + times, blockAck: 1, raw: new Uint8Array(), window: 0 })).failed;
    assert.equal(failed, 'no-progress');
    assert.equal(times, MAX_IDLE_BLOCKS + 1);
  });

  it('has a limit in octets', () => {
    const receiver = side(0, 1, true, 1000);
    assert.equal(receiver.receive(block({ raw: octets(600) })).failed, undefined);
    assert.equal(receiver.receive(block({ block: 2, raw: octets(600) })).failed, 'too-long');
  });

  it('takes a peer that goes on counting, once it insists', () => {
    const receiver = side(0, 1, true);
    const asked = receiver.receive(block({ block: 5 }));
    assert.deepEqual(
      asked.send.map((b) => b.blockAck),
      [0],
    );
    receiver.receive(block({ block: 5 }));
    const end = receiver.receive(block({ block: 6, last: true, raw: Uint8Array.of(2) }));
    assert.deepEqual(end.apdu, Uint8Array.of(1, 2));
  });

  it('takes pushes whose last block has the streaming bit too (quirk Q11), and acknowledges none', () => {
    const receiver = side(0, 1, true);
    const blocks = unconfirmedBlocks(octets(100), 60);
    assert.deepEqual(
      blocks.map((b) => [b.block, b.last, b.window]),
      [
        [1, false, 0],
        [2, true, 0],
      ],
    );
    let whole: Uint8Array | undefined;
    for (const b of blocks) {
      const step = receiver.receive({ ...b, streaming: true });
      assert.deepEqual(step.send, []);
      whole = step.apdu ?? whole;
    }
    assert.deepEqual(whole, octets(100));
  });
});
