import assert from 'node:assert/strict';
import { clientAddress, type HdlcAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { decodeHdlcFrame, describeHdlcFrame, encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { encodeHdlcParameters, type HdlcParameters } from '../../../engine/codec/hdlc/parameters.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { HdlcClientLink } from '../../../engine/link/hdlc-client-link.ts';
import type { HdlcClientOptions } from '../../../engine/link/hdlc-client-options.ts';
import type { LinkEvent } from '../../../engine/link/types.ts';
import { outline } from './line.ts';

const GET = fromHex('c001c100080000010000ff0200');
const ANSWER = fromHex('c401c10000');

/** A client link and the frames a meter might answer with. */
class Scene {
  readonly link: HdlcClientLink;
  now = 0;
  source: HdlcAddress;
  readonly #client: HdlcAddress;

  constructor(options: Partial<HdlcClientOptions> = {}) {
    const full: HdlcClientOptions = { client: 16, server: { upper: 1, lower: 17 }, responseTimeout: 1000, ...options };
    this.link = new HdlcClientLink(full);
    this.source = serverAddress(full.server.upper, full.server.lower, full.addressBytes);
    this.#client = clientAddress(full.client);
  }

  frame(
    control: HdlcControl,
    information: Uint8Array = new Uint8Array(0),
    segmented = false,
    pollFinal = true,
  ): Uint8Array {
    const route = { destination: this.#client, source: this.source };
    return encodeHdlcFrame({ ...control, ...route, information, segmented, pollFinal });
  }

  answer(control: HdlcControl, information?: Uint8Array, segmented?: boolean, pollFinal?: boolean): LinkEvent[] {
    return this.link.receive(this.frame(control, information, segmented, pollFinal), this.now);
  }

  ua(parameters: HdlcParameters = {}): LinkEvent[] {
    return this.answer({ kind: 'UA' }, encodeHdlcParameters(parameters));
  }

  open(parameters?: HdlcParameters): void {
    this.link.open(this.now);
    this.ua(parameters);
    assert.equal(this.link.state, 'open');
  }

  /** Lets the next deadline come. */
  wait(): LinkEvent[] {
    const deadline = this.link.nextDeadline();
    assert.ok(deadline !== undefined, 'something is waited for');
    this.now = deadline;
    return this.link.tick(this.now);
  }
}

/** Frames of `send` events in words. */
function frames(events: readonly LinkEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type !== 'send') return [];
    const decoded = decodeHdlcFrame(event.octets);
    return [decoded.ok ? describeHdlcFrame(decoded.value.frame).replace(/ 16 -> .*?(, |$)/, '$1') : 'broken'];
  });
}

function lpdu(apdu: Uint8Array, llc = 'e6e700'): Uint8Array {
  return fromHex(llc + toHex(apdu));
}

describe('HDLC client link: connecting', () => {
  it('opens with SNRM and UA and counts its I frames from 10', () => {
    const scene = new Scene({ server: { upper: 1 } });
    const [snrm] = scene.link.open(0);
    assert.ok(snrm?.type === 'send');
    assert.equal(toHex(snrm.octets), '7ea0070321930f017e');
    const [opened] = scene.ua();
    assert.ok(opened?.type === 'opened');
    assert.deepEqual(opened.parameters, { maxInfoTx: 128, maxInfoRx: 128, windowTx: 1, windowRx: 1 });
    assert.deepEqual(opened.peer, { client: 16, server: 1 });
    assert.deepEqual(frames(scene.link.send(GET, 0)), ['I ns=0 nr=0 P/F, 16 octets']);
    const [apdu, ...rest] = scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER));
    assert.ok(apdu?.type === 'apdu' && !apdu.unsolicited && !apdu.broadcast);
    assert.deepEqual(apdu.apdu, ANSWER);
    assert.deepEqual(rest, []);
    assert.equal(scene.link.nextDeadline(), undefined, 'an idle link waits for nothing');
    assert.deepEqual(frames(scene.link.send(GET, 0)), ['I ns=1 nr=1 P/F, 16 octets']);
  });

  const snrm = (name: string, options: Partial<HdlcClientOptions>, length: number): void => {
    it(`sends ${length} octets of parameters ${name}`, () => {
      const [event] = new Scene(options).link.open(0);
      assert.ok(event?.type === 'send');
      const decoded = decodeHdlcFrame(event.octets);
      assert.ok(decoded.ok);
      assert.equal(decoded.value.frame.information.length, length);
    });
  };
  snrm('without a proposal', {}, 0);
  snrm('without a proposal when forced (Q18)', { sendParameters: 'always' }, 21);
  snrm('with a proposal', { parameters: { maxInfoRx: 1024, windowRx: 3 } }, 23);
  snrm('with a proposal that must not be sent', { parameters: { maxInfoRx: 1024 }, sendParameters: 'never' }, 0);

  it('uses what was negotiated, each direction for itself (Q21)', () => {
    const scene = new Scene({ parameters: { maxInfoTx: 512, maxInfoRx: 512, windowTx: 1, windowRx: 1 } });
    scene.open({ maxInfoTx: 256, maxInfoRx: 236 });
    assert.equal(scene.link.parameters.maxInfoTx, 236);
    assert.equal(scene.link.parameters.maxInfoRx, 256);
    assert.deepEqual(frames(scene.link.send(new Uint8Array(300), 0)), ['I ns=0 nr=0 P/F segment, 236 octets']);
    assert.deepEqual(frames(scene.answer({ kind: 'RR', nr: 1 })), ['I ns=1 nr=0 P/F, 67 octets']);
  });

  it('repeats SNRM and then gives up', () => {
    const scene = new Scene();
    scene.link.open(0);
    assert.deepEqual(frames(scene.wait()), ['SNRM P/F']);
    assert.deepEqual(frames(scene.wait()), ['SNRM P/F']);
    assert.equal(scene.now, 2000);
    assert.deepEqual(outline(scene.wait()), ['closed no-answer']);
    assert.equal(scene.link.nextDeadline(), undefined);
    assert.deepEqual(frames(scene.link.open(scene.now)), ['SNRM P/F'], 'and can be opened again');
  });

  it('tells a refusal', () => {
    const scene = new Scene();
    scene.link.open(0);
    assert.deepEqual(outline(scene.answer({ kind: 'DM' })), ['closed refused']);
  });

  it('clears an old connection first where asked to (Q20), whether the meter knows it or not', () => {
    for (const kind of ['UA', 'DM'] as const) {
      const scene = new Scene({ disconnectFirst: true });
      assert.deepEqual(frames(scene.link.open(0)), ['DISC P/F']);
      assert.deepEqual(frames(scene.answer({ kind })), ['SNRM P/F']);
      assert.deepEqual(outline(scene.ua()), ['opened']);
    }
    const silent = new Scene({ disconnectFirst: true, retries: 0 });
    silent.link.open(0);
    assert.deepEqual(frames(silent.wait()), ['SNRM P/F']);
  });

  it('sends nothing before it is open', () => {
    const scene = new Scene();
    assert.deepEqual(outline(scene.link.send(GET, 0)), ['error not-open']);
    scene.link.open(0);
    assert.deepEqual(outline(scene.link.send(GET, 0)), ['error not-open']);
    assert.deepEqual(scene.link.poll(0), []);
  });

  it('refuses addresses that do not fit at once', () => {
    assert.throws(() => new HdlcClientLink({ client: 128, server: { upper: 1 } }), RangeError);
    assert.throws(() => new HdlcClientLink({ client: 1, server: { upper: 300 }, addressBytes: 1 }), RangeError);
  });
});

describe('HDLC client link: exchange', () => {
  it('asks for each segment with RR and puts the APDU together', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    assert.deepEqual(frames(scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(fromHex('c401')), true)), ['RR nr=1 P/F']);
    const events = scene.answer({ kind: 'I', ns: 1, nr: 1 }, fromHex('c10000'));
    assert.deepEqual(outline(events), ['apdu']);
    assert.ok(events[0]?.type === 'apdu');
    assert.deepEqual(events[0].apdu, ANSWER);
  });

  it('sends as many segments as the window allows, P in the last', () => {
    const scene = new Scene({ parameters: { maxInfoTx: 100, windowTx: 3 } });
    scene.open({ windowRx: 3 });
    assert.deepEqual(frames(scene.link.send(new Uint8Array(420), 0)), [
      'I ns=0 nr=0 segment, 100 octets',
      'I ns=1 nr=0 segment, 100 octets',
      'I ns=2 nr=0 P/F segment, 100 octets',
    ]);
    // The second got lost: the server has only the first.
    assert.deepEqual(frames(scene.answer({ kind: 'RR', nr: 1 })), [
      'I ns=1 nr=0 segment, 100 octets',
      'I ns=2 nr=0 segment, 100 octets',
      'I ns=3 nr=0 P/F segment, 100 octets',
    ]);
    assert.deepEqual(frames(scene.answer({ kind: 'RR', nr: 4 })), ['I ns=4 nr=0 P/F, 23 octets']);
  });

  it('asks with RR after a timeout and repeats the I frame only when it was not received', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    assert.deepEqual(frames(scene.wait()), ['RR nr=0 P/F']);
    assert.deepEqual(frames(scene.answer({ kind: 'RR', nr: 0 })), ['I ns=0 nr=0 P/F, 16 octets']);
    assert.deepEqual(outline(scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER))), ['apdu']);
  });

  it('does not take the late answer to a frame it gave up on for the answer to the next', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    scene.wait();
    assert.deepEqual(outline(scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER))), ['apdu']);
    assert.deepEqual(frames(scene.link.send(GET, scene.now)), ['I ns=1 nr=1 P/F, 16 octets']);
    // The server answers the RR of the timeout: the same I frame again.
    assert.deepEqual(outline(scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER))), ['error out-of-sequence']);
    assert.deepEqual(outline(scene.answer({ kind: 'I', ns: 1, nr: 2 }, lpdu(ANSWER))), ['apdu']);
  });

  it('polls a server that has acknowledged and has no answer yet, and loses patience in the end', () => {
    const scene = new Scene({ pollInterval: 300 });
    scene.open();
    scene.link.send(GET, 0);
    assert.deepEqual(scene.answer({ kind: 'RR', nr: 1 }), []);
    assert.deepEqual(frames(scene.wait()), ['RR nr=0 P/F']);
    assert.equal(scene.now, 300);
    let events: LinkEvent[] = [];
    for (let i = 0; i < 20 && scene.link.state === 'open'; i++) {
      events = scene.answer({ kind: 'RR', nr: 1 });
      if (events.length === 0) scene.wait();
    }
    assert.deepEqual(outline(events), ['closed no-answer']);
    assert.equal(scene.now, 3000, 'after three times the response timeout');
  });

  it('waits for nothing after an unconfirmed request', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0, { expectResponse: false });
    assert.deepEqual(scene.answer({ kind: 'RR', nr: 1 }), []);
    assert.equal(scene.link.nextDeadline(), undefined);
    assert.deepEqual(frames(scene.link.poll(0)), ['RR nr=0 P/F'], 'unless it is asked to poll');
  });

  it('keeps its I frames while the server is not ready', () => {
    const scene = new Scene({ parameters: { maxInfoTx: 32 } });
    scene.open();
    scene.link.send(new Uint8Array(40), 0);
    assert.deepEqual(scene.answer({ kind: 'RNR', nr: 1 }), []);
    assert.deepEqual(frames(scene.wait()), ['RR nr=0 P/F']);
    assert.deepEqual(frames(scene.answer({ kind: 'RR', nr: 1 })), ['I ns=1 nr=0 P/F, 11 octets']);
  });

  it('sends APDUs handed over during an exchange when it is its turn again', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    assert.deepEqual(scene.link.send(GET, 0), []);
    const events = scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER));
    assert.deepEqual(outline(events), ['apdu', 'send']);
    assert.deepEqual(frames(events), ['I ns=1 nr=1 P/F, 16 octets']);
  });

  it('goes on where a server with window 1 forgets the final bit', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER), false, false);
    assert.deepEqual(frames(scene.link.send(GET, 0)), ['I ns=1 nr=1 P/F, 16 octets']);
  });

  it('gives up on a server that answers and never gets further', () => {
    const scene = new Scene({ retries: 1, parameters: { maxInfoTx: 32, windowTx: 2 } });
    scene.open({ windowRx: 2 });
    scene.link.send(new Uint8Array(300), 0);
    let turns = 0;
    while (scene.link.state === 'open' && turns < 50) {
      scene.answer({ kind: 'RR', nr: 0 });
      turns++;
    }
    assert.equal(turns, 5);
  });

  it('does not use an N(R) it cannot have, and says so', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    assert.ok(outline(scene.answer({ kind: 'RR', nr: 5 })).includes('error out-of-sequence'));
  });

  it('drops APDUs above its limit and goes on', () => {
    const scene = new Scene({ maxApdu: 100 });
    scene.open();
    scene.link.send(GET, 0);
    scene.answer({ kind: 'I', ns: 0, nr: 1 }, new Uint8Array(90), true);
    assert.deepEqual(outline(scene.answer({ kind: 'I', ns: 1, nr: 1 }, new Uint8Array(20))), ['error limit']);
    scene.link.send(GET, 0);
    assert.deepEqual(outline(scene.answer({ kind: 'I', ns: 2, nr: 2 }, lpdu(ANSWER))), ['apdu']);
  });
});

describe('HDLC client link: servers that never come to an end', () => {
  /** Answers whatever the client sends, until the link is closed; how often. */
  function answerForEver(scene: Scene, answer: () => LinkEvent[], first: LinkEvent[]): [times: number, LinkEvent[]] {
    let events = first;
    for (let times = 0; times < 1000; times++) {
      if (scene.link.state === 'closed') return [times, events];
      // Nothing sent: the next poll is a matter of time.
      events = events.some(({ type }) => type === 'send') ? answer() : scene.wait();
    }
    return [1000, events];
  }
  const RESPONSES: readonly (readonly [name: string, kind: 'RR' | 'RNR', nr: number])[] = [
    ['RR that acknowledges', 'RR', 1],
    ['RR that acknowledges nothing', 'RR', 0],
    ['RNR that acknowledges', 'RNR', 1],
    ['RNR that acknowledges nothing', 'RNR', 0],
  ];
  for (const [name, kind, nr] of RESPONSES)
    for (const expectResponse of [true, false]) {
      if (!expectResponse && nr === 1) continue;
      it(`${name}, ${expectResponse ? 'an answer is due' : 'nothing is expected back'}`, () => {
        const scene = new Scene();
        scene.open();
        const sent = scene.link.send(GET, 0, { expectResponse });
        const [times, events] = answerForEver(scene, () => scene.answer({ kind, nr }), sent);
        assert.deepEqual(outline(events), ['closed no-answer']);
        assert.ok(times < 100, `${times} times`);
        assert.ok(scene.now <= 4000, 'three attempts of 1000 ms');
      });
    }

  for (const kind of ['RR', 'RNR'] as const)
    it(`${kind} in the middle of a segmented answer`, () => {
      const scene = new Scene();
      scene.open();
      scene.link.send(GET, 0);
      const sent = scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER), true);
      const [times, events] = answerForEver(scene, () => scene.answer({ kind, nr: 1 }), sent);
      assert.deepEqual(outline(events), ['closed no-answer']);
      assert.ok(times < 100, `${times} times`);
    });

  it('segments without octets are dropped with an error', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    const events = Array.from({ length: 100 }, (_, i) =>
      scene.answer({ kind: 'I', ns: i & 7, nr: 1 }, new Uint8Array(0), true),
    ).flat();
    assert.deepEqual(
      outline(events).filter((event) => event !== 'send'),
      ['error limit'],
    );
  });
});

describe('HDLC client link: tolerance', () => {
  it('takes answers from a wider address (Q16)', () => {
    const scene = new Scene();
    scene.link.open(0);
    scene.source = serverAddress(1, 17, 4);
    assert.deepEqual(outline(scene.ua()), ['opened']);
  });

  it('takes the answer of the real device to the CALLING address', () => {
    const scene = new Scene({ server: { upper: 1, lower: 0x7e } });
    scene.link.open(0);
    scene.source = serverAddress(1, 33);
    assert.deepEqual(outline(scene.ua()), ['opened']);
  });

  it('ignores other stations on the line', () => {
    const scene = new Scene();
    scene.link.open(0);
    scene.source = serverAddress(1, 18);
    assert.deepEqual(outline(scene.ua()), ['error unexpected-frame']);
    assert.equal(scene.link.state, 'opening');
  });

  it('keeps waiting for UA when the meter pushes instead (Q08), segments and double flags included (Q07)', () => {
    const scene = new Scene();
    scene.link.open(0);
    const push = lpdu(fromHex('0f0000000100020112'));
    const [first, second] = [push.subarray(0, 5), push.subarray(5)];
    const stream = [...scene.frame({ kind: 'UI' }, first, true), 0x7e, ...scene.frame({ kind: 'UI' }, second)];
    const events = scene.link.receive(Uint8Array.from(stream), 0);
    assert.ok(events.length === 1 && events[0]?.type === 'apdu' && events[0].unsolicited);
    assert.equal(toHex(events[0].apdu), '0f0000000100020112');
    assert.deepEqual(events[0].peer, { client: 16, server: 1, physical: 17 });
    assert.deepEqual(outline(scene.ua()), ['opened']);
  });

  for (const server of [{ upper: 1 }, { upper: 16 }]) {
    it(`drops the echo of an optical head (Q01), server ${server.upper} and client 16`, () => {
      const scene = new Scene({ server });
      const echo = (events: readonly LinkEvent[]): LinkEvent[] =>
        events.flatMap((event) => (event.type === 'send' ? scene.link.receive(event.octets, 0) : []));
      assert.deepEqual(outline(echo(scene.link.open(0))), []);
      assert.deepEqual(outline(scene.ua()), ['opened']);
      assert.deepEqual(outline(echo(scene.link.send(GET, 0))), []);
      assert.deepEqual(outline(scene.answer({ kind: 'I', ns: 0, nr: 1 }, lpdu(ANSWER))), ['apdu']);
      const rr = scene.link.poll(0);
      assert.deepEqual(outline(echo(rr)), []);
      assert.deepEqual(outline(scene.answer({ kind: 'RR', nr: 1 })), []);
      assert.equal(scene.link.nextDeadline(), undefined);
    });
  }

  it('drops broken frames and noise, and says so', () => {
    const scene = new Scene();
    scene.link.open(0);
    const broken = scene.frame({ kind: 'UA' });
    broken[broken.length - 2]! ^= 1;
    assert.deepEqual(outline(scene.link.receive(broken, 0)), ['error broken-frame']);
    assert.deepEqual(outline(scene.link.receive(fromHex('0d0a'), 0)), ['error noise']);
    assert.deepEqual(outline(scene.ua()), ['opened']);
  });

  it('does not time out while a frame is arriving, and not for ever after half of one', () => {
    const scene = new Scene({ interOctetTimeout: 400 });
    scene.link.open(0);
    const ua = scene.frame({ kind: 'UA' });
    assert.deepEqual(scene.link.receive(ua.subarray(0, 4), 900), []);
    assert.deepEqual(outline(scene.link.tick(1000)), []);
    assert.deepEqual(outline(scene.link.receive(ua.subarray(4), 1200)), ['opened']);

    const half = new Scene({ interOctetTimeout: 400 });
    half.link.open(0);
    half.link.receive(ua.subarray(0, 4), 900);
    assert.deepEqual(outline(half.wait()), ['error broken-frame']);
    assert.deepEqual(frames(half.wait()), ['SNRM P/F']);
  });
});

describe('HDLC client link: the end', () => {
  it('disconnects with DISC', () => {
    for (const kind of ['UA', 'DM'] as const) {
      const scene = new Scene();
      scene.open();
      assert.deepEqual(frames(scene.link.close(0)), ['DISC P/F']);
      assert.equal(scene.link.state, 'closing');
      assert.deepEqual(scene.link.close(0), []);
      assert.deepEqual(outline(scene.answer({ kind })), ['closed disconnected']);
    }
  });

  it('is closed as well when nobody answers DISC', () => {
    const scene = new Scene({ retries: 1 });
    scene.open();
    scene.link.close(0);
    assert.deepEqual(frames(scene.wait()), ['DISC P/F']);
    assert.deepEqual(outline(scene.wait()), ['closed no-answer']);
  });

  it('notices that the server knows the connection no more', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    assert.deepEqual(outline(scene.answer({ kind: 'DM' })), ['closed dropped']);
  });

  it('needs a new SNRM after FRMR', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    const [closed] = scene.answer({ kind: 'FRMR' }, fromHex('100004'));
    assert.ok(closed?.type === 'closed' && closed.reason === 'frame-rejected');
    assert.match(closed.error?.message ?? '', /information-too-long/);
    scene.open();
    assert.deepEqual(frames(scene.link.send(GET, 0)), ['I ns=0 nr=0 P/F, 16 octets']);
  });

  it('gives up an exchange after its retries', () => {
    const scene = new Scene();
    scene.open();
    scene.link.send(GET, 0);
    assert.deepEqual(frames(scene.wait()), ['RR nr=0 P/F']);
    assert.deepEqual(frames(scene.wait()), ['RR nr=0 P/F']);
    assert.deepEqual(outline(scene.wait()), ['closed no-answer']);
  });
});

describe('HDLC client link: what a UA may carry', () => {
  const proposal = { maxInfoTx: 512, maxInfoRx: 512, windowTx: 3, windowRx: 3 };
  const defaults = { maxInfoTx: 128, maxInfoRx: 128, windowTx: 1, windowRx: 1 };
  const cases: readonly (readonly [name: string, information: string, expected: HdlcParameters, error?: string])[] = [
    ['nothing: the defaults', '', defaults],
    ['one size in one octet, the rest absent', '818003 0501c8', { ...defaults, maxInfoRx: 200 }],
    ['sizes in two octets', '818008 05020100 06020100', { ...defaults, maxInfoTx: 256, maxInfoRx: 256 }],
    [
      'windows in one octet, as some meters have them',
      '818006 070102 080102',
      { ...defaults, windowTx: 2, windowRx: 2 },
    ],
    ['zeros: the defaults', '818006 050100 060100', defaults],
    [
      'more than was proposed: what was proposed',
      '818008 050207ee 060207ee',
      { ...defaults, maxInfoTx: 512, maxInfoRx: 512 },
    ],
    ['user data behind the parameters (group F0)', '818003 0501c8 f0 03 010203', { ...defaults, maxInfoRx: 200 }],
    ['user data alone', '81 f0 03 010203', defaults],
    ['a parameter nobody knows', '818003 0901ff', defaults, 'broken-frame'],
    ['octets that are no parameters', 'c0ffee', defaults, 'broken-frame'],
  ];
  for (const [name, information, expected, error] of cases) {
    it(name, () => {
      const scene = new Scene({ parameters: proposal });
      scene.link.open(0);
      const events = scene.answer({ kind: 'UA' }, fromHex(information.replaceAll(' ', '')));
      assert.deepEqual(outline(events), error === undefined ? ['opened'] : [`error ${error}`, 'opened']);
      assert.deepEqual(scene.link.parameters, expected);
    });
  }
});

describe('HDLC client link: less usual frames', () => {
  it('takes REJ as a request to send again from N(R) on', () => {
    const scene = new Scene({ parameters: { maxInfoTx: 32, windowTx: 3 } });
    scene.open({ maxInfoTx: 128, maxInfoRx: 32, windowTx: 1, windowRx: 3 });
    assert.deepEqual(frames(scene.link.send(new Uint8Array(100), 0)), [
      'I ns=0 nr=0 segment, 32 octets',
      'I ns=1 nr=0 segment, 32 octets',
      'I ns=2 nr=0 P/F segment, 32 octets',
    ]);
    assert.deepEqual(frames(scene.answer({ kind: 'REJ', nr: 1 })), [
      'I ns=1 nr=0 segment, 32 octets',
      'I ns=2 nr=0 segment, 32 octets',
      'I ns=3 nr=0 P/F, 7 octets',
    ]);
  });

  it('hands over several APDUs pushed in one UI frame (Q10)', () => {
    const scene = new Scene();
    scene.open();
    const push = fromHex('0f0000000100020112');
    const notification = fromHex('0f00000001000600000007');
    const both = fromHex(`e6e700${toHex(notification)}e6e700${toHex(notification)}`);
    const events = scene.answer({ kind: 'UI' }, both);
    assert.deepEqual(
      events.map((event) => event.type === 'apdu' && event.unsolicited && toHex(event.apdu)),
      [toHex(notification), toHex(notification)],
    );
    // What does not decode stays in one piece.
    assert.equal(scene.answer({ kind: 'UI' }, lpdu(push)).length, 1);
  });

  it('waits longer where the line is slow: what is sent has to leave first', () => {
    const scene = new Scene({ octetTime: 10 });
    scene.link.open(0);
    const snrm = scene.frame({ kind: 'SNRM' });
    // Server addresses have two octets here, in both directions.
    assert.equal(scene.link.nextDeadline(), 1000 + snrm.length * 10);
    scene.ua();
    const [sent] = scene.link.send(GET, 0);
    assert.ok(sent?.type === 'send');
    assert.equal(scene.link.nextDeadline(), 1000 + sent.octets.length * 10);
  });

  it('does not answer the frames only a server gets', () => {
    const scene = new Scene();
    scene.open();
    for (const kind of ['RR', 'RNR', 'REJ'] as const) assert.deepEqual(frames(scene.answer({ kind, nr: 0 })), []);
    assert.deepEqual(outline(scene.answer({ kind: 'UA' })), ['error unexpected-frame']);
    assert.equal(scene.link.state, 'open');
  });
});
