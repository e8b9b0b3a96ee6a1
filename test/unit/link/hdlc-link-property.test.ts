import assert from 'node:assert/strict';
import { decodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { HdlcClientLink } from '../../../engine/link/hdlc-client-link.ts';
import { HdlcServerLink } from '../../../engine/link/hdlc-server-link.ts';
import { apdus, Line, type LineOptions, outline, seeded } from './line.ts';

/** One conversation: a random number of APDUs with random sizes, frame sizes and windows, answered by the device. */
function converse(seed: number, faults: Pick<LineOptions, 'loss' | 'corruption'>): void {
  const random = seeded(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const octets = (length: number): Uint8Array => Uint8Array.from({ length }, () => between(0, 255));
  const size = (): number => (random() < 0.5 ? between(1, 60) : between(1, 9000));
  const parameters = () => ({
    maxInfoTx: between(32, 2030),
    maxInfoRx: between(32, 2030),
    windowTx: between(1, 7),
    windowRx: between(1, 7),
  });
  const addressBytes = ([1, 2, 4] as const)[between(0, 2)]!;
  const server = addressBytes === 1 ? { upper: 1 } : { upper: 1, lower: between(16, 100) };
  const client = new HdlcClientLink({ client: 16, server, addressBytes, parameters: parameters(), retries: 30 });
  const device = new HdlcServerLink({ accepts: () => 'accept', parameters: parameters(), inactivityTimeout: 0 });
  const asked: Uint8Array[] = [];
  const answered: Uint8Array[] = [];
  const answer = (): { apdu: Uint8Array; after: number } => {
    const apdu = octets(size());
    answered.push(apdu);
    return { apdu, after: random() < 0.1 ? between(1, 12000) : between(0, 50) };
  };
  const line = new Line(client, device, { random, chunks: random() < 0.5, answer, ...faults });

  line.act((link, now) => link.open(now));
  assert.ok(
    line.runUntil(() => client.state === 'open'),
    `seed ${seed}: opened`,
  );
  for (let i = between(1, 6); i > 0; i--) {
    const apdu = octets(size());
    asked.push(apdu);
    line.act((link, now) => link.send(apdu, now));
    const done = line.runUntil(() => apdus(line.clientEvents).length === asked.length || client.state === 'closed');
    assert.ok(
      done && client.state === 'open',
      `seed ${seed}: APDU ${asked.length} answered, ${JSON.stringify(line.clientEvents.at(-1))} at ${line.now}: ${outline(line.clientEvents).slice(-5)}`,
    );
  }
  line.act((link, now) => link.close(now));
  line.runUntil(() => client.state === 'closed');

  assert.deepEqual(apdus(line.serverEvents), asked, `seed ${seed}: requests arrive once and in order`);
  assert.deepEqual(apdus(line.clientEvents), answered, `seed ${seed}: answers arrive once and in order`);
  checkFrames(line, client, seed);
}

/** No frame is longer, and no burst more frames than negotiated; P/F is set in the last frame of a burst only. */
function checkFrames(line: Line, client: HdlcClientLink, seed: number): void {
  const { maxInfoTx, maxInfoRx, windowTx, windowRx } = client.parameters;
  const burst = { client: 0, server: 0 };
  for (const { from, octets } of line.sent) {
    const decoded = decodeHdlcFrame(octets);
    assert.ok(decoded.ok);
    const { frame } = decoded.value;
    if (frame.kind !== 'I') continue;
    assert.ok(frame.information.length <= (from === 'client' ? maxInfoTx : maxInfoRx), `seed ${seed}: frame size`);
    assert.ok(++burst[from] <= (from === 'client' ? windowTx : windowRx), `seed ${seed}: window`);
    if (frame.pollFinal) burst[from] = 0;
  }
}

describe('HDLC client and server', () => {
  const check = (name: string, count: number, faults: Pick<LineOptions, 'loss' | 'corruption'>): void => {
    it(`${name}, ${count} conversations`, () => {
      for (let seed = 1; seed <= count; seed++) converse(seed, faults);
    });
  };
  check('deliver everything once and in order on a good line', 150, {});
  check('deliver everything once and in order when frames are lost', 150, { loss: 0.08 });
  check('deliver everything once and in order when octets are changed', 150, { corruption: 0.08 });
  check('deliver everything once and in order when both happens', 100, { loss: 0.05, corruption: 0.05 });
});
