import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { toHex } from '../../../engine/codec/hex.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { SimulatedClock } from '../../../engine/emulator/simulated-clock.ts';
import { NOW, quirkMeter } from '../meter/support/quirk-meter.ts';
import { aarq } from '../meter/support/quirk-requests.ts';

const AARQ = Buffer.from(encodeWrapper({ source: 16, destination: 1, apdu: Buffer.from(aarq(), 'hex') }));
const AARE = '000100010010002b6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e5d04000007';

/** What a new connection gets to an AARQ, until all of an AARE is there or the meter closes. */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let got = '';
    socket.on('data', (octets) => {
      got += toHex(octets);
      if (got.length >= AARE.length) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(got));
    socket.write(AARQ);
  });
}

describe('quirks on sockets', () => {
  it('are switched while the meter runs: pieces of one octet, and a connection that is held', async () => {
    const time = new SimulatedClock();
    time.change({ to: NOW, frozen: true });
    const placements = placeMeters([quirkMeter('')], parseListen('127.0.0.1:0'), ['lan']);
    const emulator = await Emulator.start({ name: 'quirks', placements, time, listeners: new ListenerTable() });
    try {
      const port = emulator.endpoints()[0]?.port ?? 0;
      assert.equal(await ask(port), AARE);
      emulator.setBehaviour('writes-octet-by-octet', true);
      assert.equal(await ask(port), AARE, 'whole, in whatever pieces');
      emulator.setBehaviour('holds-old-connection', true);
      assert.equal(await ask(port), '', 'time stands still: it is held');
      time.change({ to: NOW + 30_000 });
      assert.equal(await ask(port), AARE);
      emulator.setBehaviour('stays-silent', true);
      emulator.setBehaviour('holds-old-connection', undefined);
      const silent = ask(port);
      const outcome = await Promise.race([silent, new Promise((resolve) => setTimeout(resolve, 50, 'nothing'))]);
      assert.equal(outcome, 'nothing');
    } finally {
      await emulator.stop();
    }
  });
});
