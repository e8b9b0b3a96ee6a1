import assert from 'node:assert/strict';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { decodeHdlcFrame, encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { decodeLpdu, encodeLpdu } from '../../../engine/codec/llc/llc.ts';
import { unconfirmedBlocks } from '../../../engine/link/general-block-exchange.ts';
import { HdlcServerLink } from '../../../engine/link/hdlc-server-link.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { MeterSession } from '../../../engine/meter/session.ts';
import type { BehaviourModel, MeterModel } from '../../../engine/template/model.ts';
import { loopModel } from '../session/loop-models.ts';
import { ref } from './support/models.ts';
import { ALL_LN, NOW } from './support/test-client.ts';

const AARQ = fromHex('601da109060760857405080101be10040e01000000065f1f0400ffffffffff');
const SET_LATER = 'c1018100010000603200ff0200120009';
const SET_NOW = SET_LATER.replace('c10181', 'c101c1');
const ACTION_LATER = 'c301810046000060030aff0100';
const GET = 'c001c100010000603200ff0200';

/** A meter behind HDLC, and frames of its client. What comes back is told as its kind with F, and the APDU in hex. */
class Poll {
  readonly #session: MeterSession;
  #ns = 0;
  #nr = 0;
  time = NOW;

  constructor(model: MeterModel, window = 1) {
    const meter = createMeter(model, { startedAt: NOW });
    this.#session = new MeterSession({
      link: new HdlcServerLink({ accepts: () => 'accept', parameters: { windowTx: window, windowRx: window } }),
      device: { find: (peer) => ({ meter, serverSap: peer.server }) },
      random: (length) => new Uint8Array(length).fill(7),
      figures: { requests: 0, errors: 0 },
      clock: () => this.time,
    });
    const proposal = fromHex(`81800c 07040000000${window} 08040000000${window}`.replaceAll(' ', ''));
    assert.deepEqual(this.#told(this.#frame({ kind: 'SNRM' }, proposal)), ['UA F']);
    assert.match(this.ask(AARQ)[0] ?? '', /^I F 61/);
  }

  /** Several APDUs, each in an I frame, the poll with the last; all in one piece for the meter. */
  ask(...apdus: readonly (Uint8Array | string)[]): string[] {
    const frames = apdus.map((apdu, i) => {
      const octets = typeof apdu === 'string' ? fromHex(apdu) : apdu;
      const control = { kind: 'I', ns: this.#ns, nr: this.#nr } as const;
      this.#ns = (this.#ns + 1) & 7;
      return this.#frame(control, encodeLpdu('command', octets), i === apdus.length - 1);
    });
    return this.#told(Buffer.concat(frames));
  }

  ready(): string[] {
    return this.#told(this.#frame({ kind: 'RR', nr: this.#nr }));
  }

  #frame(control: HdlcControl, information: Uint8Array = new Uint8Array(0), pollFinal = true): Uint8Array {
    const route = { destination: serverAddress(1), source: clientAddress(1) };
    return encodeHdlcFrame({ ...control, ...route, pollFinal, segmented: false, information });
  }

  #told(octets: Uint8Array): string[] {
    return this.#session.receive(octets, 0).map((output) => {
      assert.ok(output.type === 'send');
      const decoded = decodeHdlcFrame(output.octets);
      assert.ok(decoded.ok);
      const { frame } = decoded.value;
      if (frame.kind === 'I') this.#nr = (this.#nr + 1) & 7;
      const apdu = frame.kind === 'I' ? ` ${toHex(decodeLpdu(frame.information)?.payload ?? frame.information)}` : '';
      return `${frame.kind}${frame.pollFinal ? ' F' : ''}${apdu}`;
    });
  }
}

describe('a meter with nothing to say gives the poll back', () => {
  it('after an unconfirmed SET, which it has done', () => {
    const poll = new Poll(loopModel());
    assert.deepEqual(poll.ask(SET_LATER), ['RR F']);
    assert.deepEqual(poll.ask(GET), ['I F c401c100120009']);
  });

  it('after an unconfirmed ACTION', () => {
    const poll = new Poll(loopModel());
    assert.deepEqual(poll.ask(ACTION_LATER), ['RR F']);
  });

  it('after an unconfirmed SET it refuses', () => {
    const poll = new Poll(loopModel());
    assert.deepEqual(poll.ask(SET_LATER.replace('6032', '6099')), ['RR F']);
  });

  it('after each block of a stream, and answers the last', () => {
    const poll = new Poll(loopModel({ conformance: [...ALL_LN, 'general-block-transfer'] }));
    const blocks = unconfirmedBlocks(fromHex(GET), 14).map((block) => ({
      ...block,
      streaming: !block.last,
      window: 1,
    }));
    assert.ok(blocks.length > 2);
    const answers = blocks.map((block) => poll.ask(encodeApdu(block))[0]);
    assert.deepEqual(answers.slice(0, -1), answers.slice(0, -1).fill('RR F'));
    assert.match(answers.at(-1) ?? '', /^I F e088/);
  });

  it('once for all frames of a window', () => {
    const poll = new Poll(loopModel(), 3);
    assert.deepEqual(poll.ask(SET_LATER, SET_LATER, SET_LATER), ['RR F']);
    assert.deepEqual(poll.ask(SET_LATER, GET), ['I F c401c100120009'], 'what has an answer is what is answered');
    assert.deepEqual(poll.ask(GET, SET_LATER), ['I F c401c100120009']);
  });

  it('but stays silent where a quirk makes it so', () => {
    const quirk = (action: string, word: string): BehaviourModel => ({
      name: 'quirk',
      actions: [{ action, args: [{ k: 'name', value: word }] }],
      when: { k: 'binary', op: '>', left: ref('clock.minute'), right: { k: 'number', value: 5 } },
    });
    for (const silence of [quirk('ignore', 'request'), quirk('drop', 'response')]) {
      const poll = new Poll({ ...loopModel(), quirks: [silence] });
      poll.time += 600_000;
      assert.deepEqual(poll.ask(SET_NOW), []);
      assert.deepEqual(poll.ready(), ['RR F'], 'its link is alive');
    }
  });
});
