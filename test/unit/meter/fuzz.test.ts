import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromHex } from '../../../engine/codec/hex.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { MeterDevice } from '../../../engine/meter/device.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { MeterModel } from '../../../engine/template/model.ts';
import { association, meterModel } from './support/models.ts';
import { ALL_LN, ALL_SN, NOW, TestClient } from './support/test-client.ts';

/** Well-formed requests to bend: of every service, LN and SN. */
const SEEDS = [
  '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0',
  '6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400007e1f04b0',
  'c001c1000100002a0000ff0200',
  'c001c1000701006301 00ff020101020402041200080906000001 0000ff0f02120000090c07ea0b17ffffffffff8000ff090c07ea0b17ffffffffff8000ff0100',
  'c002c100000001',
  'c003c102000100002a0000ff0200000100002a0000ff0200',
  'c101c1000100002a0000ff02001105',
  'c102c1000100002a0000ff020000000000010209 05'.replaceAll(' ', ''),
  'c301c1000f0000280000ff01010904000102 03'.replaceAll(' ', ''),
  'c304c1000f0000280000ff010000000001020904',
  '050102fa08',
  '0501 04fa080100'.replaceAll(' ', ''),
  '060102fa08010900',
  'c81e3000000001aabbccddaabbccddaabbccddaabbccddaabbccddaabbccdd00',
  'db0841434d00000000011e3000000001aabbccddaabbccddaabbccddaabbccddaabbccddaabbccdd00',
  'e0810001000005c001c10001',
  '6203800100',
].map((hex) => fromHex(hex.replaceAll(' ', '')));

const models: readonly MeterModel[] = [
  meterModel({ associations: [association({ name: 'public', conformance: ALL_LN })] }),
  meterModel({
    referencing: 'SN',
    associations: [association({ name: 'public', context: 'SN', conformance: ALL_SN })],
  }),
];

/** A seed with octets changed, inserted, cut off or repeated. */
const bent = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.nat(200), fc.nat(255), fc.constantFrom('set', 'cut', 'insert', 'double')), { maxLength: 4 }),
  )
  .map(([seed, changes]) => {
    let octets = [...seed];
    for (const [at, value, how] of changes) {
      const place = at % (octets.length + 1);
      if (how === 'set') octets[place] = value;
      else if (how === 'cut') octets = octets.slice(0, place);
      else if (how === 'insert') octets.splice(place, 0, value);
      else octets = [...octets, ...octets.slice(place)].slice(0, 2000);
    }
    return Uint8Array.from(octets);
  });

describe('whatever a client sends', () => {
  for (const model of models) {
    const context = model.referencing === 'SN' ? 'sn' : 'ln';

    it(`${context}: an association answers or keeps silent, and never throws`, () => {
      fc.assert(
        fc.property(fc.array(bent, { minLength: 1, maxLength: 8 }), (requests) => {
          const client = new TestClient(createMeter(model, { startedAt: NOW }), 16);
          client.open({ context, initiate: { maxPdu: 128 } });
          for (const request of requests) {
            const answer = client.raw(request);
            assert.ok(answer === undefined || answer.length > 0);
          }
        }),
        { seed: 11, numRuns: 1500 },
      );
    });
  }

  for (const framing of ['wrapper', 'hdlc'] as const) {
    it(`${framing}: a session takes any octets in any pieces`, () => {
      const [lan] = meterModel().transports;
      assert.ok(lan !== undefined);
      const figures = { requests: 0, errors: 0 };
      const piece = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        bent.map((apdu) => encodeWrapper({ source: 16, destination: 1, apdu })),
        fc.constant(fromHex('7ea0070321930f017e')),
        fc.constant(
          fromHex(
            '7ea02b0321 10fbafe6e600601da109060760857405080101be10040e01000000065f1f0400007e1f04b0caea7e'.replace(
              ' ',
              '',
            ),
          ),
        ),
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
          const meter = createMeter(meterModel(), { startedAt: NOW });
          const device = new MeterDevice(
            [meter],
            { ...lan, framing },
            { random: (n) => new Uint8Array(n), figures, clock: () => NOW },
          );
          const session = device.open();
          let now = 0;
          for (const octets of pieces) {
            for (const output of session.receive(octets, now))
              assert.ok(output.type !== 'send' || output.octets.length > 0);
            now += 700;
            const deadline = session.nextDeadline();
            if (deadline !== undefined && deadline <= now) session.tick(now);
          }
          session.close(now);
        }),
        { seed: 5, numRuns: 800 },
      );
      assert.ok(figures.requests > 0, 'no request came through');
    });
  }
});
