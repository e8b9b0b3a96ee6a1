import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HdlcDeframer } from '../../../engine/codec/hdlc/deframer.ts';
import type { HdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { HdlcClientLink } from '../../../engine/link/hdlc-client-link.ts';
import { HdlcServerLink } from '../../../engine/link/hdlc-server-link.ts';
import { SegmentBuffer } from '../../../engine/link/segment-buffer.ts';
import type { LinkEvent } from '../../../engine/link/types.ts';
import { sharedPath } from '../codec/shared-material.ts';

interface Recorded {
  readonly from: 'client' | 'server';
  readonly hex: string;
  readonly frame: HdlcFrame;
}

/** The frames of a recorded session in the order of the wire. */
function recorded(file: string): Recorded[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const hex = line.slice(3).toLowerCase();
    const [event] = new HdlcDeframer().push(fromHex(hex));
    assert.ok(event?.type === 'frame', line);
    return { from: line.startsWith('TX') ? 'client' : 'server', hex, frame: event.frame };
  });
}

/** LPDUs of one side without LLC header, in order. */
function apdusOf(frames: readonly Recorded[], from: Recorded['from']): Uint8Array[] {
  const buffer = new SegmentBuffer(1 << 20);
  return frames.flatMap((item) => {
    if (item.from !== from || item.frame.kind !== 'I') return [];
    const added = buffer.add(item.frame.information, item.frame.segmented);
    return added.result === 'lpdu' ? [added.lpdu.subarray(3)] : [];
  });
}

function sentBy(events: readonly LinkEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'send' ? [toHex(event.octets)] : []));
}

/**
 * Our server link answers the recorded client with the recorded APDUs: every octet must be the recorded server's. That
 * one announces 128 octets and cuts at fewer, so ours is told its real size, and the UAs are left out of the comparison
 * (it repeats its parameters in the one to DISC).
 */
function replayServer(frames: readonly Recorded[]): void {
  const theirs = frames.filter(({ from }) => from === 'server');
  const maxInfoTx = Math.max(...theirs.map(({ frame }) => (frame.kind === 'I' ? frame.information.length : 0)));
  const server = new HdlcServerLink({ accepts: () => 'accept', parameters: { maxInfoTx } });
  const answers = apdusOf(frames, 'server');
  const sent: string[] = [];
  for (const { from, hex } of frames) {
    if (from === 'server') continue;
    const events = server.receive(fromHex(hex), 0);
    sent.push(...sentBy(events));
    for (const event of events) {
      if (event.type === 'apdu') sent.push(...sentBy(server.send(answers.shift()!, event.peer, 0)));
    }
  }
  const withoutUa = theirs.filter(({ frame }) => frame.kind !== 'UA').map(({ hex }) => hex);
  assert.deepEqual(sent.slice(1, -1), withoutUa);
  assert.deepEqual(server.connected, []);
}

/** Our client link asks the recorded server with the recorded APDUs: every octet must be the recorded client's. */
function replayClient(frames: readonly Recorded[]): void {
  const snrm = frames[0]!.frame;
  assert.equal(snrm.kind, 'SNRM');
  const { source, destination } = snrm;
  assert.ok(source.bytes === 1);
  const server = destination.bytes === 1 ? { upper: destination.value } : destination;
  const client = new HdlcClientLink({ client: source.value, server, addressBytes: destination.bytes });
  const requests = apdusOf(frames, 'client');
  const sent = sentBy(client.open(0));
  for (const { from, hex } of frames) {
    if (from === 'client') continue;
    for (const event of client.receive(fromHex(hex), 0)) {
      if (event.type === 'send') sent.push(toHex(event.octets));
      if (event.type !== 'apdu' && event.type !== 'opened') continue;
      const apdu = requests.shift();
      sent.push(...sentBy(apdu ? client.send(apdu, 0) : client.close(0)));
    }
  }
  assert.deepEqual(
    sent,
    frames.filter(({ from }) => from === 'client').map(({ hex }) => hex),
  );
  assert.equal(client.state, 'closed');
}

describe('HDLC links against recorded sessions of another implementation', () => {
  const folder = sharedPath('peer-sessions');
  const files = folder ? readdirSync(folder).filter((name) => /hdlc.*\.frames\.txt$/.test(name)) : [];
  if (!folder || files.length === 0) it.skip('recorded HDLC sessions (not on this machine)');
  for (const name of files) {
    const frames = recorded(path.join(folder!, name));
    it(`${name}: the server's ${frames.filter(({ from }) => from === 'server').length} frames`, () =>
      replayServer(frames));
    it(`${name}: the client's ${frames.filter(({ from }) => from === 'client').length} frames`, () =>
      replayClient(frames));
  }
});
