import assert from 'node:assert/strict';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { encodeLpdu } from '../../../engine/codec/llc/llc.ts';
import { segmentMbus } from '../../../engine/codec/mbus/telegram.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { MAX_UNFRAMED_OCTETS } from '../../../engine/link/push-framing.ts';
import { PushDatagramReceiver, PushReceiver } from '../../../engine/link/push-receiver.ts';
import { MAX_SENDERS, type PushEvent, SEGMENT_TIMEOUT } from '../../../engine/link/push-types.ts';
import { seeded } from './line.ts';

/** A notification whose octet-string has a length and a filling of its own. */
function notification(length: number, fill: number): Uint8Array {
  const data = { t: 'octet-string', v: new Uint8Array(length).fill(fill) } as const;
  return encodeApdu({ kind: 'data-notification', longInvokeId: fill, dateTime: new Uint8Array(0), data });
}

function unnumbered(information: Uint8Array, segmented = false, server = 1): Uint8Array {
  return encodeHdlcFrame({
    kind: 'UI',
    destination: { bytes: 1, value: 103 },
    source: { bytes: 2, upper: server, lower: 17 },
    pollFinal: true,
    segmented,
    information,
  });
}

function apdus(events: readonly PushEvent[]): Uint8Array[] {
  return events.flatMap((event) => (event.type === 'apdu' ? [event.apdu] : []));
}

function errors(events: readonly PushEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'error' ? [event.error.code] : []));
}

function block(number: number, last: boolean, raw: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(0xe0, last ? 0x80 : 0, 0, number, 0, 0, raw.length), raw]);
}

describe('push receiver', () => {
  const sent = [notification(5, 1), notification(300, 2), notification(0, 3), notification(90, 4)];
  const streams: readonly (readonly [name: string, octets: Uint8Array])[] = [
    ['HDLC', Buffer.concat(sent.map((apdu) => unnumbered(encodeLpdu('response', apdu))))],
    ['HDLC with shared flags', Buffer.concat(sent.map((apdu, i) => unnumbered(apdu).subarray(i === 0 ? 0 : 1)))],
    ['wrapper', Buffer.concat(sent.map((apdu) => encodeWrapper({ source: 1, destination: 103, apdu })))],
    ['M-Bus', Buffer.concat(sent.flatMap((apdu) => segmentMbus(apdu, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 })))],
  ];
  for (const [name, octets] of streams) {
    it(`${name}: any pieces give the same pushes`, () => {
      const random = seeded(octets.length);
      for (let round = 0; round < 30; round++) {
        const receiver = new PushReceiver();
        const events: PushEvent[] = [];
        for (let at = 0; at < octets.length; ) {
          const size = 1 + Math.floor(random() * random() * 60);
          events.push(...receiver.receive(octets.subarray(at, at + size), round));
          at += size;
        }
        assert.deepEqual(
          apdus(events).map((apdu) => Buffer.from(apdu).toString('hex')),
          sent.map((apdu) => Buffer.from(apdu).toString('hex')),
        );
        assert.deepEqual(errors(events), []);
      }
    });
  }

  it('segments and blocks of several senders do not get mixed up', () => {
    const receiver = new PushReceiver();
    const [a, b] = [encodeLpdu('response', notification(60, 5)), encodeLpdu('response', notification(60, 6))];
    const events = [
      unnumbered(a.subarray(0, 30), true, 1),
      unnumbered(b.subarray(0, 30), true, 2),
      unnumbered(b.subarray(30), false, 2),
      unnumbered(a.subarray(30), false, 1),
      unnumbered(block(1, false, notification(60, 7).subarray(0, 20)), false, 1),
      unnumbered(block(1, false, notification(60, 8).subarray(0, 20)), false, 2),
      unnumbered(block(2, true, notification(60, 8).subarray(20)), false, 2),
      unnumbered(block(2, true, notification(60, 7).subarray(20)), false, 1),
    ].flatMap((frame) => receiver.receive(frame, 0));
    assert.deepEqual(
      apdus(events).map((apdu) => apdu[4]),
      [6, 5, 8, 7],
    );
  });

  it('remembers so many senders and no more', () => {
    const receiver = new PushReceiver();
    const lpdu = encodeLpdu('response', notification(60, 9));
    for (let server = 1; server <= MAX_SENDERS + 1; server++) {
      receiver.receive(unnumbered(lpdu.subarray(0, 30), true, server), 0);
    }
    assert.equal(apdus(receiver.receive(unnumbered(lpdu.subarray(30), false, MAX_SENDERS + 1), 0)).length, 1);
    // The beginning of the first sender's APDU was forgotten, so its end is an APDU that cannot be read.
    const [rest] = apdus(receiver.receive(unnumbered(lpdu.subarray(30), false, 1), 0));
    assert.deepEqual(Buffer.from(rest ?? []), Buffer.from(lpdu.subarray(30)));
  });

  it('gives up half a frame and half a telegram after a pause', () => {
    const hdlc = new PushReceiver();
    const frame = unnumbered(notification(20, 1));
    assert.deepEqual(hdlc.receive(frame.subarray(0, 20), 100), []);
    assert.equal(hdlc.nextDeadline(), 100 + SEGMENT_TIMEOUT);
    assert.deepEqual(errors(hdlc.tick(100 + SEGMENT_TIMEOUT)), ['broken-frame']);
    assert.equal(apdus(hdlc.receive(frame, 9000)).length, 1);

    const mbus = new PushReceiver();
    const [first, second] = segmentMbus(notification(300, 2), { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 });
    assert.ok(first && second);
    assert.deepEqual(mbus.receive(first, 0), []);
    assert.equal(mbus.nextDeadline(), SEGMENT_TIMEOUT);
    const [given] = mbus.tick(SEGMENT_TIMEOUT);
    assert.deepEqual(given?.type === 'apdu' && given.deviations, ['mbus-fin-missing']);
    assert.deepEqual(errors(mbus.receive(second, SEGMENT_TIMEOUT + 1)), ['out-of-sequence']);
    assert.equal(apdus([...mbus.receive(first, 9000), ...mbus.receive(second, 9160)]).length, 1);
  });

  it('a telegram that begins anew drops the one before', () => {
    const receiver = new PushReceiver();
    const segments = segmentMbus(notification(600, 2), { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 });
    const [first, second, third] = segments;
    assert.ok(first && second && third);
    const events = [first, second, first, second, third].flatMap((frame) => receiver.receive(frame, 0));
    assert.deepEqual(errors(events), ['broken-frame']);
    assert.equal(apdus(events).length, 1);
  });

  it('finds the framing behind noise, a lone 00 included', () => {
    for (const size of [1, 100]) {
      const receiver = new PushReceiver();
      const octets = Buffer.concat([
        Buffer.from('ALARM'),
        Uint8Array.of(0, 0, 5),
        encodeWrapper({ source: 1, destination: 103, apdu: notification(5, 1) }),
      ]);
      const events: PushEvent[] = [];
      for (let at = 0; at < octets.length; at += size)
        events.push(...receiver.receive(octets.subarray(at, at + size), 0));
      assert.equal(apdus(events).length, 1, `pieces of ${size}`);
      assert.ok(errors(events).every((code) => code === 'noise'));
    }
  });

  // A listener on a serial line hears the end of a frame first; its octets may look like the start of anything.
  for (const [name, octets] of streams.filter(([framing]) => framing !== 'wrapper')) {
    it(`${name}: finds the frames wherever in one it begins to listen`, () => {
      const push = notification(200, 1);
      // What stands in pushes and begins frames elsewhere: headers of the wrapper, starts of M-Bus and HDLC.
      push.set([0, 1, 0, 1, 0, 1, 0, 5, 0x68, 7, 7, 0x68, 0x7e, 0xa0, 0x20, 0x7e], 40);
      const noisy =
        name === 'M-Bus'
          ? Buffer.concat(segmentMbus(push, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 }))
          : unnumbered(push);
      for (let from = 1; from < noisy.length; from++) {
        const receiver = new PushReceiver();
        const stream = Buffer.concat([noisy.subarray(from), octets, octets]);
        const events: PushEvent[] = [];
        for (let at = 0; at < stream.length; at += 50)
          events.push(...receiver.receive(stream.subarray(at, at + 50), at));
        events.push(...receiver.tick(receiver.nextDeadline() ?? 0));
        const got = apdus(events).map((apdu) => Buffer.from(apdu).toString('hex'));
        assert.ok(
          sent.every((apdu) => got.includes(Buffer.from(apdu).toString('hex'))),
          `from octet ${from}`,
        );
        assert.equal(receiver.lost, false);
      }
    });
  }

  it('takes no frame inside of a wrapper message for the framing', () => {
    const frame = unnumbered(notification(5, 1));
    const octets = encodeWrapper({ source: 1, destination: 103, apdu: notification(5, 2) });
    const carrying = encodeWrapper({
      source: 1,
      destination: 103,
      apdu: encodeApdu({
        kind: 'data-notification',
        longInvokeId: 3,
        dateTime: new Uint8Array(0),
        data: { t: 'octet-string', v: frame },
      }),
    });
    const receiver = new PushReceiver();
    const events = [carrying.subarray(0, -2), carrying.subarray(-2), octets].flatMap((part) =>
      receiver.receive(part, 0),
    );
    assert.deepEqual(
      apdus(events).map((apdu) => apdu[4]),
      [3, 2],
    );
    assert.deepEqual(errors(events), []);
  });

  it('waits for a wrapper message at the start over pauses, and reports what begins nothing', () => {
    const slow = new PushReceiver();
    const octets = encodeWrapper({ source: 1, destination: 103, apdu: notification(50, 1) });
    assert.deepEqual(slow.receive(octets.subarray(0, 30), 0), []);
    assert.deepEqual(slow.tick(slow.nextDeadline() ?? 0), []);
    assert.equal(apdus(slow.receive(octets.subarray(30), 60_000)).length, 1);

    const noise = new PushReceiver();
    assert.deepEqual(noise.receive(Buffer.from('no meter here'), 0), []);
    assert.deepEqual(errors(noise.tick(noise.nextDeadline() ?? 0)), ['noise']);
    assert.equal(noise.nextDeadline(), undefined);
    assert.equal(apdus(noise.receive(octets, 5000)).length, 1);
  });

  it('keeps so much that begins no frame and no more', () => {
    const receiver = new PushReceiver();
    const piece = new Uint8Array(10_000).fill(0x55);
    const codes = errors(Array.from({ length: 20 }, (_, i) => receiver.receive(piece, i)).flat());
    const dropped = Math.floor(20 / Math.ceil(MAX_UNFRAMED_OCTETS / piece.length));
    assert.deepEqual(codes, Array(dropped).fill('noise'));
  });

  it('nothing that comes makes it throw, hang or grow', () => {
    const random = seeded(42);
    const starts = [0x7e, 0x68, 0x00, 0xe6, 0x0f, 0xdb];
    const good = streams.map(([, octets]) => octets);
    for (let round = 0; round < 3000; round++) {
      const stream = good[round % good.length] ?? new Uint8Array(0);
      const octets = Uint8Array.from(stream.subarray(0, 1 + Math.floor(random() * stream.length)));
      for (let i = 0; i < 1 + Math.floor(random() * 6); i++) {
        octets[Math.floor(random() * octets.length)] =
          random() < 0.3 ? (starts[Math.floor(random() * starts.length)] ?? 0) : Math.floor(random() * 256);
      }
      const receiver = new PushReceiver();
      receiver.receive(octets, 0);
      receiver.tick(receiver.nextDeadline() ?? 0);
      new PushDatagramReceiver().receive(octets);
    }
  });
});
