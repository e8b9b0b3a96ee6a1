import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { decodeWrapper, encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { meterModel } from '../meter/support/models.ts';

/** Sends APDUs one after the other over the wrapper and collects the answers. */
async function exchange(host: string, port: number, client: number, apdus: readonly string[]): Promise<string[]> {
  const socket = connect({ host, port });
  const answers: string[] = [];
  let pending = new Uint8Array(0);
  let next = 0;
  await new Promise<void>((resolve, reject) => {
    const send = (): void => {
      const apdu = apdus[next];
      if (apdu === undefined) {
        socket.end();
        return;
      }
      next += 1;
      socket.write(encodeWrapper({ source: client, destination: 1, apdu: fromHex(apdu) }));
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (octets) => {
      pending = new Uint8Array([...pending, ...octets]);
      const decoded = decodeWrapper(pending);
      if (!decoded.ok) return;
      answers.push(toHex(decoded.value.message.apdu));
      pending = pending.subarray(decoded.value.next);
      send();
    });
  });
  return answers;
}

const AARQ = '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0';
const GET_LDN = 'c001c1000100002a0000ff0200';

describe('emulator on real sockets', () => {
  it('answers association and GET of each meter at its own address of one wildcard listener', async () => {
    const meters = [1, 2, 3].map((number) => createMeter(meterModel(), { number, startedAt: Date.now() }));
    const placements = placeMeters(meters, parseListen('127.0.77.0/24:0'));
    const emulator = await Emulator.start({ name: 'test', placements });
    try {
      assert.equal(emulator.endpointCount, 3);
      for (const [index, endpoint] of emulator.endpoints().entries()) {
        assert.equal(endpoint.host, `127.0.77.${index + 1}`);
        const [aare = '', ldn = ''] = await exchange(endpoint.host, endpoint.port, 16, [AARQ, GET_LDN]);
        assert.equal(aare, '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000101004000007');
        const decoded = decodeApdu(fromHex(ldn));
        assert.ok(decoded.ok && decoded.value.kind === 'get-response');
        assert.ok(decoded.value.type === 'normal' && 'data' in decoded.value);
        assert.ok(decoded.value.data.t === 'octet-string');
        assert.equal(String.fromCharCode(...decoded.value.data.v), `ACMA10000000${index + 1}`);
      }
      assert.equal(emulator.figures.requests, 6);
    } finally {
      await emulator.stop();
    }
  });
});
