import assert from 'node:assert/strict';
import { type WayOptions, wayToMeter } from '../../../engine/cli/way-to-meter.ts';

type Way = ReturnType<typeof wayToMeter>;

const ways: readonly (readonly [options: WayOptions, way: Way])[] = [
  [{ meter: '127.0.0.1:4059' }, { host: '127.0.0.1', port: 4059, framing: 'wrapper' }],
  [
    { meter: '[::1]:4059', framing: 'hdlc' },
    { host: '::1', port: 4059, framing: 'hdlc' },
  ],
  [
    { meter: 'meter.example:4059', udp: true },
    { host: 'meter.example', port: 4059, transport: 'udp', framing: 'wrapper' },
  ],
  [
    { meter: 'serial:/dev/ttyUSB0' },
    { host: '/dev/ttyUSB0', port: 0, transport: 'serial', serial: {}, framing: 'hdlc' },
  ],
  [
    { meter: 'serial:COM3', baud: '2400', line: '8E1' },
    { host: 'COM3', port: 0, transport: 'serial', serial: { speed: 2400, format: '8E1' }, framing: 'hdlc' },
  ],
  [
    { meter: 'serial:/dev/ttyUSB0', modeE: true, baud: '4800', deviceAddress: '4711', wakeUp: true },
    {
      host: '/dev/ttyUSB0',
      port: 0,
      transport: 'serial',
      serial: {},
      framing: 'hdlc',
      modeE: { address: '4711', wakeUp: true, maxSpeed: 4800 },
    },
  ],
  [
    { meter: '127.0.0.1:2222', modeE: true },
    { host: '127.0.0.1', port: 2222, framing: 'hdlc', modeE: {} },
  ],
  [
    { meter: '127.0.0.1:4059', gateway: '1/0011' },
    { host: '127.0.0.1', port: 4059, framing: 'wrapper', gateway: { networkId: 1, address: '0011' } },
  ],
  [
    { meter: '127.0.0.1:4059', gateway: '255' },
    { host: '127.0.0.1', port: 4059, framing: 'wrapper', gateway: { networkId: 255, address: '' } },
  ],
];

const refused: readonly (readonly [options: WayOptions, says: RegExp])[] = [
  [{ meter: '127.0.0.1' }, /not HOST:PORT or serial:PATH/],
  [{ meter: '127.0.0.1:70000' }, /--port 70000/],
  [{ meter: 'serial:' }, /names no port/],
  [{ meter: 'serial:COM3', udp: true }, /--udp/],
  [{ meter: 'serial:COM3', baud: '299' }, /--baud 299/],
  [{ meter: 'serial:COM3', line: '9N1' }, /--line 9N1/],
  [{ meter: '127.0.0.1:4059', line: '8N1' }, /--line/],
  [{ meter: '127.0.0.1:4059', baud: '9600' }, /--baud/],
  [{ meter: '127.0.0.1:4059', deviceAddress: '1' }, /belongs to --mode-e/],
  [{ meter: '127.0.0.1:4059', wakeUp: true }, /belongs to --mode-e/],
  [{ meter: '127.0.0.1:4059', gateway: 'x' }, /NETWORK\/ADDRESS/],
  [{ meter: '127.0.0.1:4059', gateway: '1/0' }, /NETWORK\/ADDRESS/],
  [{ meter: '127.0.0.1:4059', gateway: '256/00' }, /--gateway 256/],
  [{ meter: '127.0.0.1:4059', framing: 'x' }, /--framing x/],
];

describe('how the command line names the way to a meter', () => {
  for (const [options, way] of ways) {
    it(JSON.stringify(options), () => assert.deepEqual(wayToMeter(options), way));
  }
  for (const [options, says] of refused) {
    it(`refuses ${JSON.stringify(options)}`, () => assert.throws(() => wayToMeter(options), says));
  }
});
