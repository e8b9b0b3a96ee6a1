import assert from 'node:assert/strict';
import { clientAddress, type HdlcAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { writeFcs } from '../../../engine/codec/hdlc/fcs.ts';
import {
  decodeHdlcFrame,
  describeHdlcFrame,
  encodeHdlcFrame,
  type HdlcFrame,
} from '../../../engine/codec/hdlc/frame.ts';
import { decodeFrameReject } from '../../../engine/codec/hdlc/frame-reject.ts';
import {
  decodeHdlcParameters,
  encodeHdlcParameters,
  type HdlcParameters,
} from '../../../engine/codec/hdlc/parameters.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { HdlcServerLink, type HdlcServerOptions, MAX_CONNECTIONS } from '../../../engine/link/hdlc-server-link.ts';
import type { LinkEvent } from '../../../engine/link/types.ts';
import { outline } from './line.ts';

const GET = fromHex('c001c100080000010000ff0200');
const ANSWER = fromHex('c401c10000');
const NOTHING = new Uint8Array(0);

/** A server link and the frames a client might send. */
class Scene {
  readonly link: HdlcServerLink;
  now = 0;
  client = 16;
  server: HdlcAddress = serverAddress(1, 17);

  constructor(options: Partial<HdlcServerOptions> = {}) {
    this.link = new HdlcServerLink({ accepts: () => 'accept', ...options });
  }

  send(control: HdlcControl, information: Uint8Array = NOTHING, rest: Partial<HdlcFrame> = {}): LinkEvent[] {
    const route = { destination: this.server, source: clientAddress(this.client) };
    const plain = { ...control, ...route, information, segmented: false, pollFinal: true };
    return this.link.receive(encodeHdlcFrame({ ...plain, ...rest } as HdlcFrame), this.now);
  }

  snrm(parameters: HdlcParameters = {}): LinkEvent[] {
    return this.send({ kind: 'SNRM' }, encodeHdlcParameters(parameters));
  }

  request(ns: number, nr: number): LinkEvent[] {
    return this.send({ kind: 'I', ns, nr }, lpdu(GET));
  }

  answer(apdu: Uint8Array): LinkEvent[] {
    return this.link.send(apdu, { client: this.client, server: 1, physical: 17 }, this.now);
  }
}

function lpdu(apdu: Uint8Array): Uint8Array {
  return fromHex(`e6e600${toHex(apdu)}`);
}

function framesOf(events: readonly LinkEvent[]): HdlcFrame[] {
  return events.flatMap((event) => {
    if (event.type !== 'send') return [];
    const decoded = decodeHdlcFrame(event.octets);
    assert.ok(decoded.ok);
    return [decoded.value.frame];
  });
}

/** Frames of `send` events in words, without addresses. */
function frames(events: readonly LinkEvent[]): string[] {
  return framesOf(events).map((frame) =>
    describeHdlcFrame(frame).replace(/ [^ ]+( \(4 octets\))? -> [^ ,]+( \(4 octets\))?/, ''),
  );
}

describe('HDLC server link: connecting', () => {
  it('answers SNRM with UA and tells that the client is there', () => {
    const scene = new Scene();
    scene.server = serverAddress(1);
    const events = scene.snrm();
    assert.deepEqual(outline(events), ['send', 'opened']);
    assert.ok(events[0]?.type === 'send' && events[1]?.type === 'opened');
    assert.equal(toHex(events[0].octets), '7ea01e210373c37a818012050180060180070400000001080400000001533b7e');
    assert.deepEqual(events[1].peer, { client: 16, server: 1 });
    assert.deepEqual(scene.link.connected, [{ client: 16, server: 1 }]);
  });

  it('takes the smaller value of proposal and own, each direction for itself', () => {
    const scene = new Scene({ parameters: { maxInfoTx: 128, maxInfoRx: 64, windowTx: 7, windowRx: 7 } });
    const [ua] = framesOf(scene.snrm({ maxInfoTx: 128, maxInfoRx: 128, windowTx: 1, windowRx: 7 }));
    const decoded = decodeHdlcParameters(ua!.information);
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value, { maxInfoTx: 128, maxInfoRx: 64, windowTx: 7, windowRx: 1 });
  });

  const snrm = (name: string, options: Partial<HdlcServerOptions>, information: string, expected: string[]): void => {
    it(`answers an SNRM ${name} with ${expected.join(', ') || 'silence'}`, () => {
      assert.deepEqual(frames(new Scene(options).send({ kind: 'SNRM' }, fromHex(information))), expected);
    });
  };
  snrm('to a device that is not here', { accepts: () => 'ignore' }, '', []);
  snrm('that is refused', { accepts: () => 'refuse' }, '', ['DM P/F']);
  snrm('with an unknown parameter', {}, '818003090140', ['DM P/F']);
  snrm('without parameters where they are needed (Q18)', { emptySnrm: 'refuse' }, '', ['DM P/F']);
  snrm('without parameters where they are needed, silently', { emptySnrm: 'ignore' }, '', []);

  it('asks who is called: client, logical and physical device', () => {
    const asked: unknown[] = [];
    const scene = new Scene({
      accepts: (peer) => {
        asked.push(peer);
        return 'ignore';
      },
    });
    scene.snrm();
    scene.server = serverAddress(2);
    scene.client = 32;
    scene.snrm();
    assert.deepEqual(asked, [
      { client: 16, server: 1, physical: 17 },
      { client: 32, server: 2 },
    ]);
  });

  it('starts anew on a repeated SNRM', () => {
    const scene = new Scene();
    scene.snrm();
    scene.request(0, 0);
    scene.answer(ANSWER);
    assert.deepEqual(outline(scene.snrm()), ['closed reset', 'send', 'opened']);
    assert.deepEqual(outline(scene.request(0, 0)), ['apdu']);
    assert.deepEqual(frames(scene.answer(ANSWER)), ['I ns=0 nr=1 P/F, 8 octets']);
  });

  it('answers DISC with UA when connected, otherwise with DM', () => {
    const scene = new Scene();
    assert.deepEqual(frames(scene.send({ kind: 'DISC' })), ['DM P/F']);
    scene.snrm();
    const events = scene.send({ kind: 'DISC' });
    assert.deepEqual(outline(events), ['send', 'closed disconnected']);
    assert.deepEqual(frames(events), ['UA P/F']);
    assert.deepEqual(frames(scene.send({ kind: 'DISC' })), ['DM P/F']);
  });

  it('answers I and RR with DM when not connected, and others than its own devices with nothing', () => {
    assert.deepEqual(frames(new Scene().request(0, 0)), ['DM P/F']);
    assert.deepEqual(frames(new Scene().send({ kind: 'RR', nr: 0 })), ['DM P/F']);
    const absent = new Scene({ accepts: () => 'ignore' });
    for (const control of [{ kind: 'DISC' }, { kind: 'RR', nr: 0 }] as const)
      assert.deepEqual(absent.send(control), []);
  });

  it('serves several clients at the same time', () => {
    const scene = new Scene();
    scene.snrm();
    scene.client = 32;
    scene.snrm();
    const events = scene.request(0, 0);
    assert.ok(events[0]?.type === 'apdu');
    assert.deepEqual(events[0].peer, { client: 32, server: 1, physical: 17 });
    scene.client = 16;
    scene.request(0, 0);
    assert.deepEqual(framesOf(scene.answer(ANSWER))[0]!.destination, clientAddress(16));
    assert.equal(scene.link.connected.length, 2);
  });

  it(`refuses more than ${MAX_CONNECTIONS} connections`, () => {
    const scene = new Scene();
    for (scene.client = 1; scene.client <= MAX_CONNECTIONS; scene.client++) {
      assert.deepEqual(frames(scene.snrm()).length, 1);
    }
    assert.deepEqual(frames(scene.snrm()), ['DM P/F']);
    scene.client = 5;
    assert.match(frames(scene.snrm())[0]!, /^UA/);
  });

  it('closes connections without traffic (class 23 attribute 8)', () => {
    const scene = new Scene({ inactivityTimeout: 60_000 });
    assert.equal(scene.link.nextDeadline(), undefined, 'an idle link waits for nothing');
    scene.snrm();
    scene.now = 30_000;
    scene.request(0, 0);
    assert.equal(scene.link.nextDeadline(), 90_000);
    assert.deepEqual(scene.link.tick(89_999), []);
    assert.deepEqual(outline(scene.link.tick(90_000)), ['closed inactivity']);
    assert.equal(scene.link.nextDeadline(), undefined);
    const never = new Scene({ inactivityTimeout: 0 });
    never.snrm();
    assert.equal(never.link.nextDeadline(), undefined);
  });

  it('tells its peers when the transport goes', () => {
    const scene = new Scene();
    scene.snrm();
    scene.client = 32;
    scene.snrm();
    assert.deepEqual(outline(scene.link.close(0)), ['closed transport', 'closed transport']);
    assert.deepEqual(outline(scene.answer(ANSWER)), ['error not-open']);
  });
});

describe('HDLC server link: exchange', () => {
  it('keeps silent until the application answers', () => {
    const scene = new Scene();
    scene.snrm();
    const events = scene.request(0, 0);
    assert.ok(events.length === 1 && events[0]?.type === 'apdu');
    assert.deepEqual(events[0].apdu, GET);
    assert.deepEqual(frames(scene.answer(ANSWER)), ['I ns=0 nr=1 P/F, 8 octets']);
    assert.deepEqual(scene.answer(ANSWER), [], 'a second APDU waits for the next poll');
    assert.deepEqual(frames(scene.send({ kind: 'RR', nr: 1 })), ['I ns=1 nr=1 P/F, 8 octets']);
  });

  it('says RR to an impatient client and answers its next poll', () => {
    const scene = new Scene();
    scene.snrm();
    scene.request(0, 0);
    assert.deepEqual(frames(scene.send({ kind: 'RR', nr: 0 })), ['RR nr=1 P/F']);
    assert.deepEqual(scene.answer(ANSWER), [], 'the right to speak is gone');
    assert.deepEqual(frames(scene.send({ kind: 'RR', nr: 0 })), ['I ns=0 nr=1 P/F, 8 octets']);
  });

  it('sends segments as the client asks for them, up to the window', () => {
    const scene = new Scene({ parameters: { maxInfoTx: 64, windowTx: 2 } });
    scene.snrm({ windowRx: 7 });
    scene.request(0, 0);
    assert.deepEqual(frames(scene.answer(new Uint8Array(200))), [
      'I ns=0 nr=1 segment, 64 octets',
      'I ns=1 nr=1 P/F segment, 64 octets',
    ]);
    assert.deepEqual(frames(scene.send({ kind: 'RR', nr: 1 })), [
      'I ns=1 nr=1 segment, 64 octets',
      'I ns=2 nr=1 P/F segment, 64 octets',
    ]);
    assert.deepEqual(frames(scene.send({ kind: 'RR', nr: 3 })), ['I ns=3 nr=1 P/F, 11 octets']);
    assert.deepEqual(frames(scene.send({ kind: 'RR', nr: 4 })), ['RR nr=1 P/F']);
  });

  it('acknowledges segments of a request and speaks only when polled', () => {
    const scene = new Scene({ parameters: { windowRx: 3 } });
    scene.snrm({ windowTx: 3 });
    const request = lpdu(GET);
    const segment = { segmented: true, pollFinal: false };
    assert.deepEqual(scene.send({ kind: 'I', ns: 0, nr: 0 }, request.subarray(0, 5), segment), []);
    assert.deepEqual(frames(scene.send({ kind: 'I', ns: 1, nr: 0 }, request.subarray(5, 9), { segmented: true })), [
      'RR nr=2 P/F',
    ]);
    const events = scene.send({ kind: 'I', ns: 2, nr: 0 }, request.subarray(9));
    assert.ok(events[0]?.type === 'apdu');
    assert.deepEqual(events[0].apdu, GET);
  });

  it('asks again for a missing frame of a window', () => {
    const scene = new Scene({ parameters: { windowRx: 3 } });
    scene.snrm({ windowTx: 3 });
    scene.send({ kind: 'I', ns: 0, nr: 0 }, lpdu(GET), { segmented: true, pollFinal: false });
    const events = scene.send({ kind: 'I', ns: 2, nr: 0 }, GET);
    assert.deepEqual(outline(events), ['error out-of-sequence', 'send']);
    assert.deepEqual(frames(events), ['RR nr=1 P/F']);
  });

  it('repeats its answer for a client that repeats its request, and the application is asked once', () => {
    const scene = new Scene();
    scene.snrm();
    scene.request(0, 0);
    scene.answer(ANSWER);
    const events = scene.request(0, 0);
    assert.deepEqual(outline(events), ['error out-of-sequence', 'send']);
    assert.deepEqual(frames(events), ['I ns=0 nr=1 P/F, 8 octets']);
  });

  it('holds its frames back while the client is not ready', () => {
    const scene = new Scene();
    scene.snrm();
    scene.request(0, 0);
    scene.answer(ANSWER);
    assert.deepEqual(frames(scene.send({ kind: 'RNR', nr: 0 })), ['RR nr=1 P/F']);
    assert.deepEqual(frames(scene.send({ kind: 'RR', nr: 0 })), ['I ns=0 nr=1 P/F, 8 octets']);
  });

  it('rejects an N(R) it cannot have, again and again until SNRM', () => {
    const scene = new Scene();
    scene.snrm();
    const events = scene.request(0, 3);
    assert.deepEqual(outline(events), ['error frame-rejected', 'send']);
    assert.deepEqual(decodeFrameReject(framesOf(events)[0]!.information)?.reasons, ['invalid-nr']);
    assert.deepEqual(frames(scene.request(0, 0)), ['FRMR P/F, 3 octets']);
    scene.snrm();
    assert.deepEqual(outline(scene.request(0, 0)), ['apdu']);
  });

  it('takes information fields longer than negotiated with an error, or rejects them where it is strict', () => {
    const long = lpdu(new Uint8Array(200));
    const tolerant = new Scene();
    tolerant.snrm();
    assert.deepEqual(outline(tolerant.send({ kind: 'I', ns: 0, nr: 0 }, long)), ['error limit', 'apdu']);
    const strict = new Scene({ strict: true });
    strict.snrm();
    const events = strict.send({ kind: 'I', ns: 0, nr: 0 }, long);
    assert.deepEqual(decodeFrameReject(framesOf(events)[0]!.information)?.reasons, ['information-too-long']);
  });

  it('drops broken frames and noise without an answer', () => {
    const scene = new Scene();
    const frame = encodeHdlcFrame({
      kind: 'SNRM',
      destination: scene.server,
      source: clientAddress(16),
      segmented: false,
      pollFinal: true,
      information: NOTHING,
    });
    frame[frame.length - 2]! ^= 0xff;
    assert.deepEqual(outline(scene.link.receive(frame, 0)), ['error broken-frame']);
    assert.deepEqual(outline(scene.link.receive(fromHex('7e00'), 0)), ['error noise']);
    assert.deepEqual(scene.link.receive(fromHex('7ea007'), 0), []);
    assert.equal(scene.link.nextDeadline(), 2000);
    assert.deepEqual(outline(scene.link.tick(2000)), ['error broken-frame']);
  });
});

describe('HDLC server link: without connection', () => {
  it('hands over UI frames, segmented or not, and answers none', () => {
    const scene = new Scene();
    const ui = lpdu(GET);
    assert.deepEqual(scene.send({ kind: 'UI' }, ui.subarray(0, 6), { segmented: true }), []);
    const events = scene.send({ kind: 'UI' }, ui.subarray(6));
    assert.ok(events.length === 1 && events[0]?.type === 'apdu' && events[0].unsolicited && !events[0].broadcast);
    assert.deepEqual(events[0].apdu, GET);
  });

  it('hands over broadcasts and ignores SNRM and DISC to all stations', () => {
    for (const server of [serverAddress(0x7f), serverAddress(1, 0x7f), serverAddress(0x3fff, 0x3fff)]) {
      const scene = new Scene({ accepts: () => 'ignore' });
      scene.server = server;
      assert.deepEqual(scene.snrm(), []);
      assert.deepEqual(scene.send({ kind: 'DISC' }), []);
      const events = scene.send({ kind: 'UI' }, fromHex(`ffe600${toHex(GET)}`), { pollFinal: false });
      assert.ok(events[0]?.type === 'apdu' && events[0].broadcast);
      assert.deepEqual(events[0].apdu, GET);
    }
  });

  it('pushes in a UI frame, or in several where they are to be short (Q07)', () => {
    const scene = new Scene({ pushInfo: 128 });
    const peer = { client: 103, server: 1, physical: 17 };
    assert.deepEqual(frames(scene.link.push(new Uint8Array(100), peer, 0)), ['UI P/F, 103 octets']);
    assert.deepEqual(frames(scene.link.push(new Uint8Array(200), peer, 0)), [
      'UI P/F segment, 128 octets',
      'UI P/F, 75 octets',
    ]);
    const [frame] = framesOf(scene.link.push(ANSWER, peer, 0));
    assert.deepEqual(frame!.destination, clientAddress(103));
    assert.deepEqual(frame!.source, serverAddress(1, 17));
    assert.equal(toHex(frame!.information), `e6e700${toHex(ANSWER)}`);
  });

  it('pushes with the address widths of some meters (Q09, Q15)', () => {
    const scene = new Scene({ pushBytes: { server: 4, client: 2 } });
    const [frame] = framesOf(scene.link.push(ANSWER, { client: 103, server: 1, physical: 17 }, 0));
    assert.deepEqual(frame!.destination, { bytes: 2, upper: 103, lower: 127 });
    assert.deepEqual(frame!.source, { bytes: 4, upper: 1, lower: 17 });
  });
});

describe('HDLC server link: addresses', () => {
  /** Whether a meter configured for a width answers an SNRM to an address (IEC 62056-46; wire facts 1.2). */
  const width = (bytes: 1 | 2 | 4, rule: 'standard' | 'exact' | 'any', called: HdlcAddress, answers: boolean): void => {
    const name = `a ${bytes}-octet meter, rule ${rule}, ${answers ? 'answers' : 'discards'} ${JSON.stringify(called)}`;
    it(name, () => {
      const scene = new Scene({ addressing: { bytes, rule } });
      scene.server = called;
      assert.equal(frames(scene.snrm()).length, answers ? 1 : 0);
      if (answers) assert.deepEqual(framesOf(scene.snrm())[0]!.source, called, 'answers with the width it was called');
    });
  };
  width(1, 'standard', serverAddress(1), true);
  width(1, 'standard', serverAddress(1, 17), false);
  width(1, 'standard', serverAddress(1, 17, 4), false);
  width(2, 'standard', serverAddress(1), false);
  width(2, 'standard', serverAddress(1, 17), true);
  width(2, 'standard', serverAddress(1, 17, 4), true);
  width(2, 'standard', serverAddress(1, 200, 4), false);
  width(4, 'standard', serverAddress(1, 17), true);
  width(4, 'standard', serverAddress(1), false);
  width(4, 'exact', serverAddress(1, 17), false);
  width(4, 'exact', serverAddress(1, 17, 4), true);
  width(1, 'any', serverAddress(1, 17, 4), true);

  it('discards collective calls it may not take by its width', () => {
    const call = (bytes: 1 | 2 | 4, server: HdlcAddress): string[] => {
      const scene = new Scene({ addressing: { bytes, rule: 'standard' } });
      scene.server = server;
      return outline(scene.send({ kind: 'UI' }, lpdu(GET)));
    };
    assert.deepEqual(call(1, serverAddress(1, 0x7f)), ['apdu']);
    assert.deepEqual(call(1, serverAddress(1, 0x3fff, 4)), []);
    assert.deepEqual(call(1, serverAddress(0x3fff, 0x3fff, 4)), ['apdu']);
    assert.deepEqual(call(2, serverAddress(0x7f)), ['apdu']);
    assert.deepEqual(call(2, serverAddress(1, 0x3fff, 4)), ['apdu']);
  });

  it('answers the CALLING address with its real one, if it opened the call itself', () => {
    const scene = new Scene({ addressing: { callingDevice: 33 } });
    scene.server = serverAddress(1, 0x3ffe, 4);
    const events = scene.snrm();
    assert.deepEqual(framesOf(events)[0]!.source, serverAddress(1, 33, 4));
    assert.deepEqual(scene.link.connected, [{ client: 16, server: 1, physical: 33 }]);
    const other = new Scene();
    other.server = serverAddress(1, 0x7e);
    assert.deepEqual(other.snrm(), []);
  });

  it('can be an ordinary station at the all-station address (Q23)', () => {
    const scene = new Scene({ addressing: { allStationIsOrdinary: true } });
    scene.server = serverAddress(1, 0x7f);
    assert.equal(frames(scene.snrm()).length, 1);
  });

  it('can answer with a wider address than it was called with (Q16)', () => {
    const scene = new Scene({ answerBytes: 4 });
    assert.deepEqual(framesOf(scene.snrm())[0]!.source, serverAddress(1, 17, 4));
    scene.request(0, 0);
    assert.deepEqual(framesOf(scene.answer(ANSWER))[0]!.source, serverAddress(1, 17, 4));
  });

  it('ignores frames from and to no station', () => {
    const scene = new Scene();
    scene.server = serverAddress(0);
    assert.deepEqual(scene.snrm(), []);
    scene.server = serverAddress(1);
    scene.client = 0;
    assert.deepEqual(scene.snrm(), []);
  });
});

describe('HDLC server link: rejecting', () => {
  /** A frame from client 16 to 1/17 with this control octet. */
  function withControl(control: number, information: Uint8Array = NOTHING): Uint8Array {
    const octets = encodeHdlcFrame({
      kind: 'RR',
      nr: 0,
      destination: serverAddress(1, 17),
      source: clientAddress(16),
      pollFinal: false,
      segmented: false,
      information,
    });
    octets[6] = control;
    writeFcs(octets, 1, 7);
    if (information.length > 0) writeFcs(octets, 1, octets.length - 3);
    return octets;
  }

  // SREJ, SARM, SABM, RSET, XID, TEST: frames of HDLC that the profile does not have.
  for (const control of [0x1d, 0x3f, 0x9f, 0xbf, 0xf3]) {
    it(`answers control ${control.toString(16)} with FRMR until SNRM`, () => {
      const scene = new Scene();
      scene.snrm();
      const events = scene.link.receive(withControl(control), 0);
      assert.deepEqual(outline(events), ['error broken-frame', 'error frame-rejected', 'send']);
      const [frmr] = framesOf(events);
      assert.ok(frmr);
      assert.deepEqual(
        { kind: frmr.kind, ...decodeFrameReject(frmr.information) },
        { kind: 'FRMR', control, vs: 0, vr: 0, response: false, reasons: ['undefined-control'] },
      );
      assert.deepEqual(frames(scene.request(0, 0)), ['FRMR P/F, 3 octets']);
      scene.snrm();
      assert.deepEqual(outline(scene.request(0, 0)), ['apdu']);
    });
  }

  it('says nothing to an undefined control without poll, from strangers, or with a broken check sequence', () => {
    const scene = new Scene();
    assert.deepEqual(outline(scene.link.receive(withControl(0x9f), 0)), ['error broken-frame']);
    scene.snrm();
    assert.deepEqual(outline(scene.link.receive(withControl(0x8f), 0)), ['error broken-frame', 'error frame-rejected']);
    scene.snrm();
    const broken = withControl(0x9f);
    broken[8] = (broken[8] ?? 0) ^ 1;
    assert.deepEqual(outline(scene.link.receive(broken, 0)), ['error broken-frame']);
    assert.deepEqual(outline(scene.request(0, 0)), ['apdu']);
  });

  it('takes information in an RR, or rejects it where it is strict', () => {
    const tolerant = new Scene();
    tolerant.snrm();
    assert.deepEqual(frames(tolerant.send({ kind: 'RR', nr: 0 }, fromHex('01'))), ['RR nr=0 P/F']);
    const strict = new Scene({ strict: true });
    strict.snrm();
    const events = strict.send({ kind: 'RR', nr: 0 }, fromHex('01'));
    assert.deepEqual(decodeFrameReject(framesOf(events)[0]!.information)?.reasons, ['information-not-permitted']);
  });

  it('takes REJ as a request to send again from N(R) on', () => {
    const scene = new Scene({ parameters: { maxInfoTx: 32, windowTx: 3 } });
    scene.snrm({ maxInfoRx: 32, windowRx: 3 });
    scene.request(0, 0);
    assert.equal(frames(scene.answer(new Uint8Array(100))).length, 3);
    assert.deepEqual(frames(scene.send({ kind: 'REJ', nr: 1 })), [
      'I ns=1 nr=1 segment, 32 octets',
      'I ns=2 nr=1 segment, 32 octets',
      'I ns=3 nr=1 P/F, 7 octets',
    ]);
  });

  it('drops the frames only a client gets', () => {
    const scene = new Scene();
    scene.snrm();
    for (const kind of ['UA', 'DM', 'FRMR'] as const) {
      assert.deepEqual(outline(scene.send({ kind })), ['error unexpected-frame']);
    }
    assert.deepEqual(outline(scene.request(0, 0)), ['apdu']);
  });
});

describe('HDLC server link: what an SNRM may carry', () => {
  const own = { maxInfoTx: 512, maxInfoRx: 256, windowTx: 7, windowRx: 2 };
  const defaults = { maxInfoTx: 128, maxInfoRx: 128, windowTx: 1, windowRx: 1 };
  const cases: readonly (readonly [name: string, information: string, expected: HdlcParameters | 'DM'])[] = [
    ['nothing: the defaults', '', defaults],
    [
      'windows of each direction for itself',
      '818012 050180 060180 070400000001 080400000007',
      { ...defaults, windowTx: 7 },
    ],
    ['sizes in two octets', '818008 050207ee 060207ee', { ...defaults, maxInfoTx: 512, maxInfoRx: 256 }],
    ['sizes in four octets', '81800c 0504000007ee 0604000007ee', { ...defaults, maxInfoTx: 512, maxInfoRx: 256 }],
    ['zeros: the defaults', '818006 050100 060100', defaults],
    ['user data behind the parameters (group F0)', '818003 060140 f0 03 010203', { ...defaults, maxInfoTx: 64 }],
    ['user data alone', '81 f0 03 010203', defaults],
    ['a parameter nobody knows', '818003 0901ff', 'DM'],
    ['a length that lies', '8180ff 050180', 'DM'],
    ['octets that are no parameters', 'c0ffee', 'DM'],
  ];
  for (const [name, information, expected] of cases) {
    it(name, () => {
      const scene = new Scene({ parameters: own });
      const events = scene.send({ kind: 'SNRM' }, fromHex(information.replaceAll(' ', '')));
      const [frame] = framesOf(events);
      assert.ok(frame);
      if (expected === 'DM') {
        assert.equal(frame.kind, 'DM');
        assert.deepEqual(scene.link.connected, []);
        return;
      }
      assert.equal(frame.kind, 'UA');
      const decoded = decodeHdlcParameters(frame.information);
      assert.deepEqual(decoded.ok && decoded.value, expected);
      const opened = events.find(({ type }) => type === 'opened');
      assert.deepEqual(opened?.type === 'opened' && opened.parameters, expected);
    });
  }

  it('an inactivity timeout of 0 is never', () => {
    const scene = new Scene({ inactivityTimeout: 0 });
    scene.snrm();
    assert.equal(scene.link.nextDeadline(), undefined);
    assert.deepEqual(scene.link.tick(1e9), []);
    assert.deepEqual(outline(scene.request(0, 0)), ['apdu']);
  });
});
