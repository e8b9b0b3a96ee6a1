import assert from 'node:assert/strict';
import { connect } from '../../../engine/session/connect.ts';
import type { TraceEntry } from '../../../engine/session/trace.ts';
import { accept, type FakeMeter, fakeMeter, publicClient } from './fake-meter.ts';

describe('session over TCP and wrapper', () => {
  let meter: FakeMeter;
  afterEach(() => meter.close());

  it('associates, reads one attribute and releases, and traces every step', async () => {
    meter = await fakeMeter((apdu) => {
      if (apdu.kind === 'aarq') return accept(apdu);
      if (apdu.kind === 'get-request' && apdu.type === 'normal')
        return {
          kind: 'get-response',
          type: 'normal',
          invoke: apdu.invoke,
          data: { t: 'double-long-unsigned', v: 4183 },
        };
      if (apdu.kind === 'rlrq') return { kind: 'rlre', reason: 'normal' };
      return undefined;
    });
    const trace: TraceEntry[] = [];
    const association = await connect({ ...publicClient, port: meter.port }, { trace: (entry) => trace.push(entry) });
    assert.equal(association.negotiated.maxPdu, 1024);
    const result = await association.get({ class: 3, obis: '1-0:1.8.0.255', index: 2 });
    assert.deepEqual(result, { data: { t: 'double-long-unsigned', v: 4183 } });
    await association.release();
    assert.deepEqual(
      trace.filter((entry) => entry.layer === 'apdu').map((entry) => `${entry.direction} ${entry.summary}`),
      [
        'tx aarq ln lowest',
        'rx aare accepted null',
        'tx get-request-normal 1-0:1.8.0.255 #2',
        'rx get-response-normal',
        'tx rlrq',
        'rx rlre',
      ],
    );
    assert.deepEqual(
      trace.map((entry) => entry.index),
      trace.map((_, index) => index),
    );
    const link = trace.filter((entry) => entry.layer === 'link');
    assert.equal(link.length, 6);
    assert.equal(Buffer.from(link[0]!.octets).toString('hex').slice(0, 16), '000100100001001f');
  });
});
