import assert from 'node:assert/strict';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import type { VirtualMeter } from '../../../engine/meter/meter.ts';
import { exportState, readState, restoreState } from '../../../engine/meter/meter-state.ts';
import { apdusOfTry, notificationOf } from '../../../engine/meter/push/notification.ts';
import { pushFrames } from '../../../engine/meter/push/push-frames.ts';
import { pushSettings } from '../../../engine/meter/push/push-settings.ts';
import { quirkIds } from '../../../engine/template/vocabulary/quirks.ts';
import { NOW, QuirkLine, quirkMeter } from './support/quirk-meter.ts';
import { aarq, get, RLRQ } from './support/quirk-requests.ts';

const AARQ = aarq();
const AARE = '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e5d04000007';
const SHORT = get(1, '0-0:96.50.0.255');
const SEVEN = 'c401c1001107';
const ALREADY = 'd80101';

const DISC = toHex(
  encodeHdlcFrame({
    kind: 'DISC',
    destination: serverAddress(1),
    source: clientAddress(16),
    pollFinal: true,
    segmented: false,
    information: new Uint8Array(0),
  }),
);

describe('quirks of connections', () => {
  it('holds-old-connection: one at a time, and none for a while after its end', () => {
    const line = new QuirkLine(quirkMeter('quirk "holds-old-connection" { with: 5s }'));
    assert.equal(line.device.refusesConnections(), true, 'one is open');
    line.session.close(0);
    line.time = NOW + 4999;
    assert.equal(line.device.refusesConnections(), true, 'held');
    line.time = NOW + 5000;
    assert.equal(line.device.refusesConnections(), false, 'let go');
    line.meter.setBehaviour('holds-old-connection', false);
    line.session = line.device.open();
    assert.equal(line.device.refusesConnections(), false, 'switched off');
  });

  it('keeps-association: refused after a cut, until RLRQ', () => {
    const line = new QuirkLine(quirkMeter('quirk "keeps-association"'));
    assert.deepEqual(line.ask(AARQ), [AARE]);
    line.reconnect();
    assert.deepEqual(line.ask(AARQ), [ALREADY]);
    line.ask(RLRQ);
    assert.deepEqual(line.ask(AARQ), [AARE]);
    line.ask(RLRQ);
    line.reconnect();
    assert.deepEqual(line.ask(AARQ), [AARE], 'released in good time');
  });

  it('keeps-association: DISC lets go of it too', () => {
    const wrapper = new QuirkLine(quirkMeter('quirk "keeps-association"'), 'hdlc');
    wrapper.device.ended([wrapper.meter]);
    assert.equal(wrapper.device.isKept(wrapper.meter), true);
    wrapper.link(DISC);
    assert.equal(wrapper.device.isKept(wrapper.meter), false);
  });

  it('writes-octet-by-octet: datagrams stay whole', () => {
    const line = new QuirkLine(quirkMeter('quirk "writes-octet-by-octet"'));
    line.ask(AARQ);
    assert.equal(line.ask(SHORT).length, 14);
    line.session = line.device.open(true);
    line.ask(AARQ);
    assert.deepEqual(line.ask(SHORT), [SEVEN]);
  });

  it('a cut association is over for meters without the quirk', () => {
    const line = new QuirkLine(quirkMeter(''));
    line.ask(AARQ);
    line.reconnect();
    assert.deepEqual(line.ask(AARQ), [AARE]);
  });
});

describe('switching quirks and faults', () => {
  it('lists those of the template first, then the rest of the catalogue', () => {
    const meter = quirkMeter(
      'quirk "first-block-0"\nfault slow { every: 1h   delay: 1s   describes: "Slow at times" }',
    );
    const [first, second, ...others] = meter.behaviourStatuses();
    assert.deepEqual(
      [first?.name, first?.kind, first?.source, first?.on],
      ['first-block-0', 'quirk', 'template', true],
    );
    assert.deepEqual([second?.name, second?.kind, second?.describes], ['slow', 'fault', 'Slow at times']);
    assert.equal(others.length, quirkIds.length - 1);
    assert.ok(others.every(({ on, source, describes }) => !on && source === 'catalogue' && describes !== ''));
  });

  it('knows names it has, and says so of others', () => {
    const meter = quirkMeter('');
    assert.equal(meter.setBehaviour('no-such-thing', true), false);
    assert.equal(meter.setBehaviour('no-release', true), true);
    assert.deepEqual(
      meter.behaviourStatuses().flatMap(({ name, on }) => (on ? [name] : [])),
      ['no-release'],
    );
  });

  it('costs nothing once all is as it was', () => {
    const meter = quirkMeter('');
    assert.equal(meter.behaviours, undefined);
    meter.setBehaviour('no-release', true);
    assert.notEqual(meter.behaviours, undefined);
    meter.setBehaviour('no-release', undefined);
    assert.equal(meter.behaviours, undefined);
    assert.equal(exportState(meter), undefined);
  });

  it('is part of the state of a meter', () => {
    const meter = quirkMeter('quirk "no-release"');
    meter.setBehaviour('no-release', false);
    meter.setBehaviour('answers-get-in-blocks-only', true);
    const other = quirkMeter('quirk "no-release"');
    restoreState(other, readState(JSON.parse(JSON.stringify(exportState(meter))), other));
    const line = new QuirkLine(other);
    line.ask(AARQ);
    assert.deepEqual(line.ask(SHORT), ['c402c1010000000100021107']);
    assert.deepEqual(line.ask(RLRQ), ['6303800100']);
  });

  it('a fault deviates now and then', () => {
    const line = new QuirkLine(quirkMeter('fault "answers-get-in-blocks-only" { probability: 50% }'));
    line.ask(AARQ);
    const answers = Array.from({ length: 40 }, () => line.ask(SHORT)[0]);
    const blocks = answers.filter((answer) => answer !== SEVEN).length;
    assert.ok(blocks > 5 && blocks < 35, `${blocks} of 40`);
  });

  it('a quirk holds when its condition does, and about its object', () => {
    const line = new QuirkLine(
      quirkMeter(
        'quirk "clock-ahead" { with: 60s   when: clock.minute > 0 }   quirk "texts-as-octet-string" { object: setting }',
      ),
    );
    line.ask(AARQ);
    assert.deepEqual(line.ask(get(8, '0-0:1.0.0.255')), ['c401c100090c07ea0b17010d001e00ffc400']);
    line.time += 60_000;
    assert.deepEqual(line.ask(get(8, '0-0:1.0.0.255')), ['c401c100090c07ea0b17010d021e00ffc400']);
    assert.deepEqual(line.ask(get(1, '0-0:96.52.0.255')), ['c401c1000c03455552']);
  });

  it('several quirks of the catalogue under a name of their own', () => {
    const line = new QuirkLine(
      quirkMeter(
        'quirk habits { deviates: "first-block-0", "answers-get-in-blocks-only", "junk-after-release", with 2 }',
      ),
    );
    line.ask(AARQ);
    assert.deepEqual(line.ask(SHORT), ['c402c1010000000000021107']);
    assert.deepEqual(line.ask(RLRQ), ['6303800100', 'ffff']);
    assert.equal(line.meter.setBehaviour('habits', false), true);
    line.ask(AARQ);
    assert.deepEqual(line.ask(SHORT), [SEVEN]);
  });
});

describe('quirks of pushes a push setup makes', () => {
  const SETUP = `
  object push 0-0:25.9.0.255 push-setup {
    rights: open
    push_object_list: structure(long-unsigned(1), octet-string(h"0000603300ff"), integer(2), long-unsigned(0))
    send_destination_and_method: structure(enum(0), octet-string("127.0.0.1:4059"), enum(0))
  }`;

  function frames(meter: VirtualMeter, most: number, framing: 'wrapper' | 'hdlc' = 'hdlc'): string[] {
    const object = meter.blueprint.byName('push');
    assert.ok(object !== undefined);
    const target = { meter, object, time: NOW };
    const settings = pushSettings(target);
    assert.ok('client' in settings);
    const options = { now: NOW, random: (length: number) => new Uint8Array(length), most };
    const apdus = apdusOfTry(meter, settings, notificationOf(target, settings), options) ?? [];
    return pushFrames(meter, settings, framing, apdus, NOW).map(toHex);
  }

  it('pushes-plain-text: TEST in place of a wrapper message', () => {
    assert.deepEqual(frames(quirkMeter(SETUP), 1024, 'wrapper')[0]?.slice(0, 4), '0001');
    assert.deepEqual(frames(quirkMeter(`${SETUP} quirk "pushes-plain-text" { }`), 1024, 'wrapper'), ['54455354']);
  });

  it('answers-encrypted-only and tag-with-unknown-key: pushes are protected like answers', () => {
    const secured = SETUP.replace('push-setup {', 'push-setup { security: guard ');
    const guarded = (quirk: string): string => {
      const meter = quirkMeter(`${secured}\n${quirk}`);
      meter.securityChanges.stage('guard', { policy: ['authenticated-response', 'encrypted-response'] });
      meter.enforceSecurity();
      return frames(meter, 1024, 'wrapper')[0] ?? '';
    };
    // Wrapper, DB, system title, length: security control stands at octet 19.
    const control = (message: string): string => message.slice(38, 40);
    assert.equal(control(guarded('')), '30');
    assert.equal(control(guarded('quirk "answers-encrypted-only"')), '20');
    const [good, wrong] = [guarded(''), guarded('quirk "tag-with-unknown-key"')];
    assert.equal(control(wrong), '30');
    assert.equal(wrong.slice(0, -24), good.slice(0, -24), 'the plain text is the same');
    assert.notEqual(wrong.slice(-24), good.slice(-24), 'the tag is not');
  });

  it('pushes-in-streaming-blocks: control C0 at the end, LLC at the beginning only', () => {
    // Flag, format, addresses, control and HCS stand before the information field.
    const heads = (quirks: string): string[] =>
      frames(quirkMeter(SETUP + quirks), 64).map((frame) => frame.slice(18, 32));
    assert.deepEqual(heads(''), ['e6e700e0000001', 'e6e700e0800002']);
    assert.deepEqual(heads(' quirk "pushes-in-streaming-blocks" { }'), ['e6e700e0400001', 'e0c00002000019']);
  });
});
