import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import type { DataNotification } from '../../../engine/codec/xdlms/types.ts';
import { unconfirmedBlocks } from '../../../engine/link/general-block-exchange.ts';
import { setUnconfirmed } from '../../../engine/session/ln-set.ts';
import { SN_CONFORMANCE } from '../../../engine/session/params.ts';
import { converse, openSession } from './converse.ts';
import { KEYS, type Loop, loop } from './loop.ts';
import { ATTRIBUTE, loopModel } from './loop-models.ts';

const { short, other, long, relay } = ATTRIBUTE;
const number = (v: number): Data => ({ t: 'long-unsigned', v });
const LATER = { confirmed: false } as const;
const DISCONNECT = { ...relay, index: 1 };
const wrapped = (apdu: Uint8Array): Uint8Array => encodeWrapper({ source: 1, destination: 1, apdu });

/** APDUs the client sent since the association was opened, in hex. */
function sent(connected: Loop): string[] {
  return connected.trace.flatMap(({ layer, direction, octets }) =>
    layer === 'apdu' && direction === 'tx' ? [toHex(octets)] : [],
  );
}

describe('services without confirmation', () => {
  for (const framing of ['wrapper', 'hdlc'] as const) {
    it(`SET and ACTION over ${framing}: done by the meter, answered by nobody`, async () => {
      const connected = await loop(loopModel(), { framing });
      const { association } = connected;
      const heard = () => connected.apdus().filter((line) => line.startsWith('rx')).length;
      const before = heard();
      assert.equal(await association.set(short, number(4), null, LATER), undefined);
      assert.equal(await association.action(DISCONNECT, { t: 'integer', v: 0 }, LATER), undefined);
      assert.equal(heard(), before);
      assert.match(sent(connected).at(-2) ?? '', /^c1018[1-9a-f]0001/, 'bit 6 of invoke-id-and-priority is 0');
      assert.match(sent(connected).at(-1) ?? '', /^c3018[1-9a-f]0046/);
      assert.deepEqual(await association.get(short), { data: number(4) });
    });

    it(`SET with list over ${framing}`, async () => {
      const { association } = await loop(loopModel(), { framing });
      const text: Data = { t: 'octet-string', v: Uint8Array.of(1, 2) };
      await association.setUnconfirmed([
        { ...short, data: number(5) },
        { ...other, data: text },
      ]);
      assert.deepEqual(await association.getMany([short, other]), [{ data: number(5) }, { data: text }]);
    });
  }

  it('under protection', async () => {
    const connected = await loop(loopModel({ ciphered: true }), { params: { protection: 'authenc' } });
    await connected.association.set(short, number(6), null, LATER);
    assert.match(sent(connected).at(-1) ?? '', /^c9/);
    assert.deepEqual(await connected.association.get(short), { data: number(6) });
  });

  it('short names: an UnconfirmedWrite, of methods too', async () => {
    const connected = await loop(loopModel({ referencing: 'SN' }), {
      params: { referencing: 'SN', conformance: [...SN_CONFORMANCE, 'unconfirmed-write'] },
    });
    const { association } = connected;
    assert.equal(await association.set(short, number(8), null, LATER), undefined);
    assert.equal(await association.action(DISCONNECT, { t: 'integer', v: 0 }, LATER), undefined);
    assert.match(sent(connected).at(-1) ?? '', /^16/);
    assert.deepEqual(await association.get(short), { data: number(8) });
  });

  it('what is longer than the meter takes is refused here: blocks live by their confirmations', async () => {
    const { association } = await loop(loopModel({ maxPdu: 100 }));
    const data: Data = { t: 'octet-string', v: new Uint8Array(200) };
    await assert.rejects(association.set(long, data, null, LATER), { code: 'pdu-too-long' });
  });

  it('passwords are masked in traces', () => {
    const { session, events } = openSession();
    const secret = { class: 15, obis: '0-0:40.0.0.255', index: 7, selective: null };
    const data: Data = { t: 'octet-string', v: Buffer.from('Secret00') };
    converse(setUnconfirmed(session, [{ ...secret, data }]), () => undefined);
    converse(
      setUnconfirmed(
        session,
        [secret, secret].map((item) => ({ ...item, data })),
      ),
      () => undefined,
    );
    assert.equal(events.filter(({ summary }) => summary.startsWith('set-request')).length, 2);
    for (const { octets } of events) assert.ok(!toHex(octets).includes(toHex(Buffer.from('Secret00'))));
  });

  it('a meter that answers all the same is not taken to answer the next request', async () => {
    let answers = 0;
    const connected = await loop(loopModel(), {
      // The answer to the SET that wanted none comes late, in front of the next one.
      onWay: (octets) =>
        octets[8] === 0xc4 && answers++ === 0 ? [wrapped(Uint8Array.of(0xc5, 1, 0x81, 0)), octets] : [octets],
    });
    await connected.association.set(short, number(9), null, LATER);
    assert.deepEqual(await connected.association.get(short), { data: number(9) });
  });
});

describe('confirmation of data-notifications', () => {
  const push = (longInvokeId: number): DataNotification => ({
    kind: 'data-notification',
    longInvokeId,
    dateTime: new Uint8Array(),
    data: { t: 'unsigned', v: 1 },
  });
  const confirms = (connected: Loop) => sent(connected).filter((hex) => hex.startsWith('10'));

  for (const framing of ['wrapper', 'hdlc'] as const)
    it(`is sent in a session over ${framing} when bit 30 asks for it, and only then`, async () => {
      const connected = await loop(loopModel(), { framing });
      for (const longInvokeId of [0x80000001, 0x40000002, 0xf0000003])
        assert.equal(connected.session.hear(encodeApdu(push(longInvokeId))) !== undefined, longInvokeId !== 0x80000001);
      assert.deepEqual(confirms(connected), ['104000000200', '10f000000300']);
      assert.equal(connected.notifications.length, 3);
    });

  it('goes out between requests', async () => {
    const connected = await loop(loopModel());
    connected.inject(wrapped(encodeApdu(push(0x40000002))));
    assert.ok(
      connected.trace.some(({ octets }) => toHex(octets) === '0001000100010006104000000200'),
      'on the wire',
    );
    assert.deepEqual(await connected.association.get(short), { data: number(7) });
  });

  it('and in the middle of one, of blocks too', async () => {
    const connected = await loop(loopModel({ maxPdu: 200 }), {
      params: { maxPdu: 200 },
      onWay: (octets) => (octets[8] === 0xc4 ? [wrapped(encodeApdu(push(0x40000002))), octets] : [octets]),
    });
    const read = await connected.association.get(long);
    assert.ok('data' in read && read.data.t === 'octet-string' && read.data.v.length === 2000);
    assert.equal(confirms(connected).length, connected.notifications.length);
    assert.ok(confirms(connected).length > 5);
  });

  it('of a push in general blocks', async () => {
    const connected = await loop(loopModel());
    const whole: Apdu = { ...push(0x40000004), data: { t: 'octet-string', v: new Uint8Array(300) } };
    for (const block of unconfirmedBlocks(encodeApdu(whole), 120)) connected.inject(wrapped(encodeApdu(block)));
    assert.deepEqual(confirms(connected), ['104000000400']);
  });

  it('is protected as the notification was', async () => {
    const connected = await loop(loopModel({ ciphered: true }), { params: { protection: 'authenc' } });
    const plain = encodeApdu(push(0x40000005));
    const options = {
      suite: 0,
      authenticated: true,
      encrypted: true,
      keys: KEYS,
      invocationCounter: 0xf0000000,
    } as const;
    const title = connected.meter.systemTitle;
    connected.inject(wrapped(protect(plain, { ...options, service: 'general-glo', systemTitle: title })));
    connected.inject(wrapped(plain));
    const [inClear] = confirms(connected);
    assert.equal(inClear, '104000000500');
    const ciphered = sent(connected).find((hex) => hex.startsWith('db'));
    const decoded = decodeApdu(Buffer.from(ciphered ?? '', 'hex'));
    assert.ok(decoded.ok && decoded.value.kind === 'general-glo-ciphering');
    const opened = unprotect(decoded.value, KEYS);
    assert.ok(opened.ok);
    assert.equal(toHex(opened.plain), '104000000500');
  });
});
