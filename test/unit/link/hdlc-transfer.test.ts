import assert from 'node:assert/strict';
import { stationParameters } from '../../../engine/codec/hdlc/parameters.ts';
import { HdlcTransfer } from '../../../engine/link/hdlc-transfer.ts';
import { MAX_EMPTY_SEGMENTS } from '../../../engine/link/segment-buffer.ts';

/** A transfer with a window of 3 and frames of 32 octets that has sent 3 frames, of which `acknowledged` arrived. */
function sent(acknowledged: number): HdlcTransfer {
  const transfer = new HdlcTransfer(stationParameters({ windowTx: 3, maxInfoTx: 32 }), 1000);
  transfer.enqueue(new Uint8Array(320));
  for (let frames = 0; frames < acknowledged; frames++) {
    transfer.burst();
    transfer.acknowledge((frames + 1) & 7);
  }
  transfer.burst();
  return transfer;
}

describe('HDLC transfer', () => {
  it('takes an N(R) inside of its window only, wherever the counters stand', () => {
    for (let oldest = 0; oldest < 7; oldest++) {
      for (let ahead = 0; ahead < 8; ahead++) {
        const count = sent(oldest).acknowledge((oldest + ahead) & 7);
        assert.equal(count, ahead <= 3 ? ahead : undefined, `${ahead} ahead of ${oldest}`);
      }
    }
  });

  it('sends the frames missing again, with the newest N(R), and fills the window', () => {
    const transfer = sent(0);
    transfer.acknowledge(1);
    transfer.accept(0, false, new Uint8Array(1));
    const numbers = transfer.burst().map(({ ns, nr }) => [ns, nr]);
    assert.deepEqual(numbers, [
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('holds nothing when everything is said', () => {
    const transfer = new HdlcTransfer(stationParameters({}), 1000);
    assert.deepEqual([transfer.sending, transfer.receiving], [false, false]);
    transfer.enqueue(new Uint8Array(5));
    transfer.burst();
    transfer.acknowledge(1);
    transfer.accept(0, true, new Uint8Array(1));
    assert.deepEqual([transfer.sending, transfer.receiving], [false, true]);
    transfer.accept(1, false, new Uint8Array(1));
    assert.deepEqual([transfer.sending, transfer.receiving], [false, false]);
  });

  it('swallows what is too long and says so once', () => {
    const transfer = new HdlcTransfer(stationParameters({}), 100);
    assert.equal(transfer.accept(0, true, new Uint8Array(90)).result, 'segment');
    assert.equal(transfer.accept(1, true, new Uint8Array(90)).result, 'limit');
    assert.equal(transfer.accept(2, true, new Uint8Array(90)).result, 'segment');
    assert.equal(transfer.receiving, true);
    assert.equal(transfer.accept(3, false, new Uint8Array(9)).result, 'segment');
    assert.equal(transfer.receiving, false);
    assert.equal(transfer.accept(4, false, new Uint8Array(90)).result, 'lpdu');
    assert.equal(transfer.accept(5, false, new Uint8Array(110)).result, 'limit');
    assert.equal(transfer.accept(6, false, new Uint8Array(90)).result, 'lpdu');
  });

  it('takes some segments without octets, and no end of them for too long', () => {
    const transfer = new HdlcTransfer(stationParameters({}), 100);
    const results = Array.from({ length: 100 }, (_, i) => transfer.accept(i & 7, true, new Uint8Array(0)).result);
    assert.deepEqual(results.indexOf('limit'), MAX_EMPTY_SEGMENTS);
    assert.equal(results.filter((result) => result === 'limit').length, 1);
    assert.equal(transfer.accept(4, false, new Uint8Array(1)).result, 'segment');
    assert.equal(transfer.accept(5, false, new Uint8Array(1)).result, 'lpdu');
  });
});
