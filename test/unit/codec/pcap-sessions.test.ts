import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HdlcDeframer } from '../../../engine/codec/hdlc/deframer.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { readCapture } from '../../../engine/codec/pcap/capture.ts';
import type { CaptureConnection } from '../../../engine/codec/pcap/types.ts';
import { WrapperDeframer } from '../../../engine/codec/wrapper/deframer.ts';
import { sharedPath } from './shared-material.ts';

/** Octets of one side as hex, in one piece. */
function side(connections: readonly CaptureConnection[], client: boolean): string {
  return connections
    .flatMap((connection) => connection.chunks.filter(({ from }) => (from === connection.client) === client))
    .map(({ octets }) => toHex(octets))
    .join('');
}

describe('captures: recorded sessions', () => {
  const folder = sharedPath('peer-sessions');
  const names = folder ? readdirSync(folder).filter((name) => name.endsWith('.pcap')) : [];
  if (!folder || names.length === 0) it.skip('peer-sessions (not on this machine)');
  for (const name of names) {
    it(`${name} holds exactly the recorded octets, in order`, () => {
      const capture = readCapture(readFileSync(path.join(folder!, name)));
      const recorded = readFileSync(path.join(folder!, name.replace('.pcap', '.frames.txt')), 'utf8')
        .trim()
        .split('\n');
      const octets = (mark: string): string =>
        recorded.flatMap((line) => (line.startsWith(mark) ? [line.slice(3).toLowerCase()] : [])).join('');
      assert.deepEqual(capture.problems, []);
      assert.equal(side(capture.connections, true), octets('TX'));
      assert.equal(side(capture.connections, false), octets('RX'));
      for (const client of [true, false]) {
        const stream = fromHex(side(capture.connections, client));
        const events = name.includes('hdlc') ? new HdlcDeframer().push(stream) : new WrapperDeframer().push(stream);
        const expected = recorded.filter((line) => line.startsWith(client ? 'TX' : 'RX')).length;
        assert.deepEqual(
          events.filter(({ type }) => type === 'error' || type === 'noise'),
          [],
        );
        assert.equal(events.length, expected, 'as many messages as were recorded');
      }
    });
  }
});
