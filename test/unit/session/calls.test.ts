import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { unconfirmedBlocks } from '../../../engine/link/general-block-exchange.ts';
import { connect } from '../../../engine/session/connect.ts';
import type { Notification } from '../../../engine/session/notification.ts';
import { accept, type FakeMeter, fakeMeter, publicClient } from './fake-meter.ts';
import { KEYS, loop } from './loop.ts';
import { ATTRIBUTE, loopModel } from './loop-models.ts';

const { short, long } = ATTRIBUTE;
const VALUE: Data = { t: 'long-unsigned', v: 7 };
const push = (v: number): Apdu => ({
  kind: 'data-notification',
  longInvokeId: v,
  dateTime: new Uint8Array(),
  data: { t: 'unsigned', v },
});
const EVENT: Apdu = { kind: 'event-notification', time: null, attr: short, data: { t: 'unsigned', v: 9 } };
const REPORT: Apdu = { kind: 'information-report', time: null, list: [{ 'variable-name': 8 }], values: [VALUE] };
const wrapped = (apdu: Uint8Array): Uint8Array => encodeWrapper({ source: 1, destination: 1, apdu });
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what a meter says without being asked', () => {
  for (const apdu of [push(1), EVENT, REPORT])
    it(`${apdu.kind} between requests and in the middle of one`, async () => {
      const connected = await loop(loopModel(), {
        onWay: (octets) => (octets[8] === 0xc4 ? [wrapped(encodeApdu(apdu)), octets] : [octets]),
      });
      connected.inject(wrapped(encodeApdu(apdu)));
      assert.equal(connected.notifications.length, 1, 'told at once');
      assert.deepEqual(await connected.association.get(short), { data: VALUE });
      assert.deepEqual(
        connected.notifications.map((item) => item.apdu),
        [apdu, apdu],
      );
    });

  it('between the blocks of a long answer', async () => {
    const connected = await loop(loopModel({ maxPdu: 200 }), {
      params: { maxPdu: 200 },
      onWay: (octets) => (octets[8] === 0xc4 ? [wrapped(encodeApdu(push(1))), octets] : [octets]),
    });
    const read = await connected.association.get(long);
    assert.ok('data' in read && read.data.t === 'octet-string' && read.data.v.length === 2000);
    assert.ok(connected.notifications.length > 5);
  });

  it('a push in unconfirmed general blocks is put together, without acknowledgement', async () => {
    const connected = await loop(loopModel());
    const before = connected.apdus().filter((line) => line.startsWith('tx')).length;
    const whole = encodeApdu({ ...push(3), data: { t: 'octet-string', v: new Uint8Array(500) } } as Apdu);
    for (const block of unconfirmedBlocks(whole, 120)) connected.inject(wrapped(encodeApdu(block)));
    assert.deepEqual(
      connected.notifications.map(({ apdu }) => apdu.kind),
      ['data-notification'],
    );
    assert.equal(connected.apdus().filter((line) => line.startsWith('tx')).length, before);
    assert.deepEqual(await connected.association.get(short), { data: VALUE });
  });

  it('says whether it was protected', async () => {
    const connected = await loop(loopModel({ ciphered: true }), { params: { protection: 'authenc' } });
    const ciphered = protect(encodeApdu(push(4)), {
      service: 'general-glo',
      suite: 0,
      authenticated: true,
      encrypted: true,
      systemTitle: connected.meter.systemTitle,
      keys: KEYS,
      invocationCounter: 0xf0000000,
    });
    connected.inject(wrapped(ciphered));
    connected.inject(wrapped(encodeApdu(push(5))));
    // The same octets again are a replay, and no notification.
    connected.inject(wrapped(ciphered));
    assert.deepEqual(
      connected.notifications.map((item) => item.protected),
      [true, false],
    );
    assert.ok(connected.apdus().some((line) => line.includes('replay')));
  });

  it('junk is noted and breaks nothing', async () => {
    const connected = await loop(loopModel());
    connected.inject(wrapped(Uint8Array.of(0xff, 1, 2)));
    assert.deepEqual(await connected.association.get(short), { data: VALUE });
    assert.equal(connected.notifications.length, 0);
  });
});

describe('calls of one association', () => {
  it('made at the same time are served in their order', async () => {
    const connected = await loop(loopModel());
    const results = await Promise.all([
      connected.association.get(short),
      connected.association.set(short, { t: 'long-unsigned', v: 8 }),
      connected.association.get(short),
    ]);
    assert.deepEqual(results, [{ data: VALUE }, 'success', { data: { t: 'long-unsigned', v: 8 } }]);
  });

  it('one that is given up leaves the association to the others', async () => {
    let held = false;
    const connected = await loop(loopModel(), {
      onWay: (octets) => {
        if (octets[8] !== 0xc4 || held) return [octets];
        held = true;
        setTimeout(() => connected.inject(octets), 30);
        return [];
      },
    });
    const controller = new AbortController();
    const given = connected.association.get(long, null, { signal: controller.signal });
    setTimeout(() => controller.abort(), 10);
    await assert.rejects(given, { code: 'cancelled' });
    await assert.rejects(connected.association.get(short, null, { signal: AbortSignal.abort() }), {
      code: 'cancelled',
    });
    // The answer given up arrives while the next one is awaited, and is not taken for it.
    assert.deepEqual(await connected.association.get(short), { data: VALUE });
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.deepEqual(await connected.association.get(short), { data: VALUE });
  });

  for (const ciphered of [false, true])
    it(`a retry has an invoke id${ciphered ? ' and an invocation counter' : ''} of its own`, async () => {
      let lost = 0;
      const connected = await loop(loopModel({ ciphered }), {
        params: ciphered ? { protection: 'authenc' } : {},
        onWay: (octets) => ((octets[8] === 0xc4 || octets[8] === 0xcc) && lost++ < 2 ? [] : [octets]),
        timeoutMs: 40,
      });
      await assert.rejects(connected.association.get(short), { code: 'no-answer' });
      assert.deepEqual(await connected.association.get(short, null, { retries: 3 }), { data: VALUE });
      const requests = connected.trace.filter((entry) => entry.summary.startsWith('get-request'));
      assert.equal(requests.length, 3);
      const ids = requests.map((entry) => (entry.plain ?? entry.octets)[2]);
      assert.equal(new Set(ids).size, 3, 'invoke ids differ');
      if (!ciphered) return;
      const counters = requests.map((entry) => Buffer.from(entry.octets).readUInt32BE(3));
      assert.ok(counters[0]! < counters[1]! && counters[1]! < counters[2]!, counters.join(' '));
    });

  it('a request may have a shorter time of its own', async () => {
    const connected = await loop(loopModel(), {
      onWay: (octets) => (octets[8] === 0xc4 ? [] : [octets]),
      timeoutMs: 5000,
    });
    const before = performance.now();
    await assert.rejects(connected.association.get(short, null, { timeoutMs: 30 }), { code: 'no-answer' });
    assert.ok(performance.now() - before < 2000);
  });
});

describe('an idle association', () => {
  let meter: FakeMeter;
  afterEach(() => meter.close());

  it('is kept alive, and no longer once it is released', async () => {
    meter = await fakeMeter((apdu) => {
      if (apdu.kind === 'aarq') return accept(apdu);
      if (apdu.kind === 'get-request' && apdu.type === 'normal')
        return { kind: 'get-response', type: 'normal', invoke: apdu.invoke, data: VALUE };
      return apdu.kind === 'rlrq' ? { kind: 'rlre', reason: 'normal' } : undefined;
    });
    const notifications: Notification[] = [];
    const association = await connect(
      { ...publicClient, port: meter.port, propose: ['access'] },
      { keepAliveMs: 15, onNotification: (notification) => notifications.push(notification) },
    );
    const [aarq] = meter.requests;
    assert.ok(aarq?.kind === 'aarq' && aarq.userInformation?.kind === 'initiate-request');
    assert.ok(aarq.userInformation.conformance.includes('access'));
    await new Promise((resolve) => setTimeout(resolve, 120));
    await association.release();
    const signs = meter.requests.filter((apdu) => apdu.kind === 'get-request').length;
    assert.ok(signs >= 2, `${signs} signs of life`);
    await new Promise((resolve) => setTimeout(resolve, 40));
    await settled();
    assert.equal(meter.requests.filter((apdu) => apdu.kind === 'get-request').length, signs);
  });
});
