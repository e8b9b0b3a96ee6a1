import assert from 'node:assert/strict';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { decodeHdlcFrame, encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { decodeWrapper, encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { MeterDevice } from '../../../engine/meter/device.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import type { MeterSession, SessionOutput } from '../../../engine/meter/session.ts';
import type { BehaviourModel, Expression, MeterModel } from '../../../engine/template/model.ts';
import { association, call, meterModel, number, object, ref, text } from './support/models.ts';
import { ALL_LN, NOW } from './support/test-client.ts';

const name = (value: string): Expression => ({ k: 'name', value });
const duration = (ms: number): Expression => ({ k: 'duration', ms });
const octets = (hex: string): Expression => ({ k: 'octets', hex });

const AARQ = '601da109060760857405080101be10040e01000000065f1f040000ffffffff';
const GET_POWER_UNIT = 'c001c100030100010700ff0300';
const GET_SERIAL = 'c001c100010000600100ff0200';
const GET_TWO = 'c003c102000100002a0000ff0200000100002a0000ff0200';
const SERIAL = 'c401c10009083030303030303031';
const LONG = 'c001c100010000603300ff0200';

function quirk(action: string, args: readonly Expression[], part: Partial<BehaviourModel> = {}): BehaviourModel {
  return { name: 'quirk', actions: [{ action, args }], ...part };
}

function modelWith(quirks: readonly BehaviourModel[], part: Partial<MeterModel> = {}): MeterModel {
  const base = meterModel();
  return meterModel({
    associations: [association({ name: 'public', conformance: ALL_LN, maxPdu: 2048 })],
    objects: [
      ...base.objects,
      object({
        name: 'long',
        obis: '0-0:96.51.0.255',
        attributes: { 2: { type: 'octet-string', value: text('z'.repeat(300)) } },
      }),
    ],
    quirks,
    ...part,
  });
}

/** A session with a meter over the wrapper: APDUs in hex, answers in hex. */
class Dialogue {
  readonly meter: VirtualMeter;
  readonly session: MeterSession;
  time = NOW;
  delays: number[] = [];

  constructor(model: MeterModel, meterNumber = 1) {
    this.meter = createMeter(model, { number: meterNumber, startedAt: NOW });
    const [transport] = model.transports;
    assert.ok(transport !== undefined);
    this.session = new MeterDevice([this.meter], transport, {
      random: (length) => new Uint8Array(length).fill(7),
      figures: { requests: 0, errors: 0 },
      clock: () => this.time,
    }).open();
  }

  ask(apdu: string): string[] {
    const outputs = this.session.receive(encodeWrapper({ source: 16, destination: 1, apdu: fromHex(apdu) }), 0);
    return this.#apdus(outputs);
  }

  open(): this {
    assert.equal(this.ask(AARQ).length, 1);
    return this;
  }

  #apdus(outputs: readonly SessionOutput[]): string[] {
    this.delays = [];
    return outputs.flatMap((output) => {
      if (output.type !== 'send') return [];
      this.delays.push(output.delayMs);
      const decoded = decodeWrapper(output.octets);
      return decoded.ok ? [toHex(decoded.value.message.apdu)] : [`broken ${toHex(output.octets)}`];
    });
  }
}

describe('quirks', () => {
  it('without any, everything is as the standard says', () => {
    assert.deepEqual(new Dialogue(modelWith([])).open().ask(GET_SERIAL), [SERIAL]);
  });

  it('delay: answers wait', () => {
    const dialogue = new Dialogue(modelWith([quirk('delay', [duration(300)])])).open();
    assert.deepEqual(dialogue.ask(GET_SERIAL), [SERIAL]);
    assert.deepEqual(dialogue.delays, [300]);
  });

  it('delay of one object: the others do not wait', () => {
    const dialogue = new Dialogue(modelWith([quirk('delay', [duration(300)], { object: 'long' })])).open();
    dialogue.ask(GET_SERIAL);
    assert.deepEqual(dialogue.delays, [0]);
    dialogue.ask(LONG);
    assert.deepEqual(dialogue.delays, [300]);
  });

  it('delay: uniform is drawn anew each time, within its bounds', () => {
    const drawn = call('uniform', [duration(100), duration(4000)]);
    const dialogue = new Dialogue(modelWith([quirk('delay', [drawn])])).open();
    const delays = Array.from({ length: 20 }, () => {
      dialogue.ask(GET_SERIAL);
      return dialogue.delays[0] ?? -1;
    });
    assert.ok(delays.every((delay) => delay >= 100 && delay <= 4000));
    assert.ok(new Set(delays).size > 15);
  });

  const answers: readonly (readonly [string, BehaviourModel, string, readonly string[]])[] = [
    ['drop: response', quirk('drop', [name('response')]), GET_SERIAL, []],
    ['duplicate: response', quirk('duplicate', [name('response')]), GET_SERIAL, [SERIAL, SERIAL]],
    [
      'truncate: response, octets 4',
      quirk('truncate', [name('response'), call('octets', [number(4)])]),
      GET_SERIAL,
      [SERIAL.slice(0, -8)],
    ],
    ['ignore: request', quirk('ignore', [name('request')]), GET_SERIAL, []],
    ['answer: raw', quirk('answer', [call('raw', [octets('c401c10105')])]), GET_SERIAL, ['c401c10105']],
    ['answer: exception', quirk('answer', [name('exception'), name('service-not-supported')]), GET_SERIAL, ['d80102']],
    [
      'answer: an error for one object',
      quirk('answer', [name('error'), name('hardware-fault')], { object: 'serial_number' }),
      GET_SERIAL,
      ['c401c10101'],
    ],
    [
      'answer: another value for an attribute',
      quirk('answer', [ref('serial_number.value'), text('X')], { object: 'serial_number' }),
      GET_SERIAL,
      ['c401c100090158'],
    ],
    [
      'encode: as another type',
      quirk('encode', [ref('serial_number.value'), name('visible-string')]),
      GET_SERIAL,
      [SERIAL.replace('0908', '0a08')],
    ],
    [
      'wrong_unit',
      quirk('wrong_unit', [{ k: 'scaler-unit', scaler: 3, unit: 'Wh' }], { object: 'active_power' }),
      GET_POWER_UNIT,
      ['c401c10002020f03161e'],
    ],
    [
      'limit: read_list with an answer',
      {
        name: 'q',
        actions: [
          { action: 'limit', args: [name('read_list'), number(1)] },
          { action: 'answer', args: [name('exception'), name('pdu-too-long')] },
        ],
      },
      GET_TWO,
      ['d80104'],
    ],
    ['an action nobody knows', quirk('explode', [name('frame')]), GET_SERIAL, [SERIAL]],
  ];
  for (const [title, behaviour, request, expected] of answers) {
    it(title, () => {
      const silent = ['ignore', 'drop', 'duplicate', 'truncate'].includes(behaviour.actions[0]?.action ?? '');
      const dialogue = new Dialogue(
        modelWith([
          silent
            ? { ...behaviour, when: { k: 'binary', op: '>', left: ref('clock.minute'), right: number(5) } }
            : behaviour,
        ]),
      ).open();
      dialogue.time += 600_000;
      assert.deepEqual(dialogue.ask(request), expected);
    });
  }

  it('corrupt: frame changes one bit of what goes out', () => {
    const dialogue = new Dialogue(modelWith([quirk('corrupt', [name('frame'), call('bits', [number(1)])])]));
    const clean = new Dialogue(modelWith([]));
    const request = encodeWrapper({ source: 16, destination: 1, apdu: fromHex(AARQ) });
    const [bad] = dialogue.session.receive(request, 0);
    const [good] = clean.session.receive(request, 0);
    assert.ok(bad?.type === 'send' && good?.type === 'send');
    const bits = bad.octets.reduce(
      (sum, octet, i) => sum + ((octet ^ (good.octets[i] ?? 0)).toString(2).match(/1/g)?.length ?? 0),
      0,
    );
    assert.equal(bits, 1);
  });

  it('limit: block_size makes blocks smaller than the PDU allows', () => {
    const dialogue = new Dialogue(modelWith([quirk('limit', [name('block_size'), number(100)])])).open();
    const [first] = dialogue.ask(LONG);
    assert.equal(first?.slice(0, 22), 'c402c10000000001006409');
  });

  it('ignore: aarq, times 1 hears the second one', () => {
    const dialogue = new Dialogue(modelWith([quirk('ignore', [name('aarq'), call('times', [number(1)])])]));
    assert.deepEqual(dialogue.ask(AARQ), []);
    assert.equal(dialogue.ask(AARQ).length, 1);
  });

  it('reject: aarq with a diagnostic', () => {
    const dialogue = new Dialogue(modelWith([quirk('reject', [name('aarq'), name('authentication-failure')])]));
    assert.match(dialogue.ask(AARQ)[0] ?? '', /a203020101a305a10302010d/);
  });

  it('max_pdu announces another size', () => {
    const dialogue = new Dialogue(modelWith([quirk('max_pdu', [number(128)])]));
    assert.match(dialogue.ask(AARQ)[0] ?? '', /00800007$/);
  });

  it('refuse: connection', () => {
    const model = modelWith([quirk('refuse', [name('connection')])]);
    const [transport] = model.transports;
    assert.ok(transport !== undefined);
    const options = {
      random: (length: number) => new Uint8Array(length),
      figures: { requests: 0, errors: 0 },
      clock: () => NOW,
    };
    const meter = createMeter(model, { startedAt: NOW });
    assert.equal(new MeterDevice([meter], transport, options).refusesConnections(), true);
    assert.equal(
      new MeterDevice([createMeter(modelWith([]), { startedAt: NOW })], transport, options).refusesConnections(),
      false,
    );
  });

  it('ignore: snrm, times 1 and answer_address work on the HDLC link', () => {
    const [lan] = meterModel().transports;
    assert.ok(lan !== undefined);
    const model = modelWith(
      [
        quirk('ignore', [name('snrm'), call('times', [number(1)])]),
        { ...quirk('answer_address', [number(4)]), name: 'wide' },
      ],
      {
        transports: [{ ...lan, framing: 'hdlc' }],
      },
    );
    const dialogue = new Dialogue(model);
    const snrm = encodeHdlcFrame({
      kind: 'SNRM',
      destination: serverAddress(1, 17, 2),
      source: clientAddress(16),
      pollFinal: true,
      segmented: false,
      information: new Uint8Array(0),
    });
    assert.deepEqual(dialogue.session.receive(snrm, 0), []);
    const [ua] = dialogue.session.receive(snrm, 1);
    assert.ok(ua?.type === 'send');
    const decoded = decodeHdlcFrame(ua.octets);
    assert.ok(decoded.ok && decoded.value.frame.kind === 'UA');
    assert.equal(decoded.value.frame.source.bytes, 4);
  });
});

describe('faults', () => {
  const lossy = (probability: number): BehaviourModel => ({ ...quirk('drop', [name('response')]), probability });

  it('happen as often as their probability says, and the same way in every run', () => {
    const run = (): string => {
      const dialogue = new Dialogue(modelWith([], { faults: [lossy(0.3)] }));
      while (dialogue.ask(AARQ).length === 0);
      return Array.from({ length: 400 }, () => (dialogue.ask(GET_SERIAL).length === 0 ? 'x' : '.')).join('');
    };
    const first = run();
    assert.equal(first, run());
    const lost = first.split('x').length - 1;
    assert.ok(lost > 80 && lost < 160, `${lost} of 400`);
  });

  it('happen at different moments on different meters', () => {
    const sleeping: BehaviourModel = { ...quirk('ignore', [name('request')]), everyMs: 3_600_000, forMs: 600_000 };
    const asleep = (n: number): number => {
      const dialogue = new Dialogue(modelWith([], { faults: [sleeping] }), n);
      let minutes = 0;
      let first = -1;
      for (let minute = 0; minute < 60; minute += 1) {
        dialogue.time = NOW + minute * 60_000;
        if (dialogue.ask(AARQ).length > 0) continue;
        minutes += 1;
        if (first < 0) first = minute;
      }
      assert.ok(minutes >= 9 && minutes <= 11, `${minutes} minutes`);
      return first;
    };
    assert.notEqual(asleep(1), asleep(2));
  });
});
