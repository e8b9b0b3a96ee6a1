import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import type { Association } from '../../../engine/session/association.ts';
import { LN_CONFORMANCE, SN_CONFORMANCE } from '../../../engine/session/params.ts';
import { type Loop, type LoopOptions, loop } from './loop.ts';
import { ATTRIBUTE, type LoopModel, loopModel } from './loop-models.ts';

const octets = (length: number): Data => ({ t: 'octet-string', v: Uint8Array.from({ length }, (_, i) => i & 0xff) });
const X: Data = { t: 'octet-string', v: new TextEncoder().encode('x'.repeat(2000)) };
const GBT = 'general-block-transfer';

interface Way {
  readonly name: string;
  readonly model: LoopModel;
  readonly options: LoopOptions;
  /** APDUs that have to be seen. */
  readonly sees: RegExp;
}

const ALL = [...LN_CONFORMANCE, GBT, 'access', 'general-protection'];
/** Each way a long value can travel. The dialogue is the same. */
const WAYS: readonly Way[] = [
  { name: 'blocks over the wrapper', model: { maxPdu: 200 }, options: { params: { maxPdu: 200 } }, sees: /datablock/ },
  {
    name: 'blocks over HDLC',
    model: { maxPdu: 200 },
    options: { framing: 'hdlc', params: { maxPdu: 200 } },
    sees: /datablock/,
  },
  {
    name: 'ciphered blocks',
    model: { maxPdu: 200, ciphered: true },
    options: { params: { maxPdu: 200, protection: 'authenc' } },
    sees: /datablock/,
  },
  {
    name: 'ciphered blocks in the general form',
    model: { maxPdu: 200, ciphered: true, conformance: [...LN_CONFORMANCE, 'general-protection'] },
    options: { params: { maxPdu: 200, protection: 'authenc', conformance: [...LN_CONFORMANCE, 'general-protection'] } },
    sees: /datablock/,
  },
  {
    name: 'general blocks',
    model: { maxPdu: 200, conformance: ALL },
    options: { params: { maxPdu: 200, conformance: ALL } },
    sees: /general-block-transfer block/,
  },
  {
    name: 'general blocks with window 5',
    model: { maxPdu: 200, conformance: ALL },
    options: { params: { maxPdu: 200, conformance: ALL, generalBlockWindow: 5 } },
    sees: /general-block-transfer block/,
  },
  {
    name: 'general blocks with window 5 over HDLC, reading',
    model: { maxPdu: 200, conformance: ALL },
    options: { framing: 'hdlc', params: { maxPdu: 200, conformance: ALL, generalBlockWindow: 5 } },
    sees: /general-block-transfer block/,
  },
  {
    name: 'ciphered APDUs in general blocks',
    model: { maxPdu: 200, ciphered: true, conformance: ALL },
    options: { params: { maxPdu: 200, conformance: ALL, protection: 'authenc', generalBlockWindow: 3 } },
    sees: /general-block-transfer block/,
  },
];

async function dialogue(association: Association): Promise<void> {
  assert.deepEqual(await association.get(ATTRIBUTE.long), { data: X });
  const read = await association.getMany([ATTRIBUTE.short, ATTRIBUTE.long, ATTRIBUTE.missing, ATTRIBUTE.other]);
  assert.deepEqual(
    read.map((item) => ('data' in item ? item.data.t : item.result)),
    ['long-unsigned', 'octet-string', 'object-undefined', 'octet-string'],
  );
  assert.equal(await association.set(ATTRIBUTE.long, octets(1500)), 'success');
  assert.deepEqual(await association.get(ATTRIBUTE.long), { data: octets(1500) });
  assert.deepEqual(
    await association.setMany([
      { ...ATTRIBUTE.long, data: octets(900) },
      { ...ATTRIBUTE.missing, data: octets(4) },
      { ...ATTRIBUTE.other, data: octets(700) },
    ]),
    ['success', 'object-undefined', 'success'],
  );
  assert.deepEqual(await association.get(ATTRIBUTE.other), { data: octets(700) });
  const { long, relay } = ATTRIBUTE;
  const outcomes = await association.actionMany([
    { ...relay, index: 1, params: { t: 'integer', v: 0 } },
    // No such method: its long parameter still has to get through.
    { ...long, index: 9, params: octets(1200) },
  ]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.result),
    ['success', 'object-undefined'],
  );
  const single = await association.action({ ...long, index: 9 }, octets(1200));
  assert.equal(single.result, 'object-undefined');
}

function checkSizes(connected: Loop, limit: number): void {
  const apdus = connected.trace.filter((entry) => entry.layer === 'apdu');
  const sent = apdus.filter((entry) => entry.direction === 'tx' && !entry.summary.startsWith('aarq'));
  for (const entry of sent) assert.ok(entry.octets.length <= limit, `${entry.summary}: ${entry.octets.length} octets`);
}

describe('long values between client and meter', () => {
  for (const { name, model, options, sees } of WAYS) {
    it(name, async () => {
      const connected = await loop(loopModel(model), options);
      if (name.endsWith('reading')) assert.deepEqual(await connected.association.get(ATTRIBUTE.long), { data: X });
      else await dialogue(connected.association);
      checkSizes(connected, model.maxPdu ?? 1024);
      assert.ok(
        connected.apdus().some((line) => sees.test(line)),
        connected.apdus().join('\n'),
      );
      await connected.association.release();
    });
  }

  it('without any blocks a long request is refused before it is sent', async () => {
    const { association } = await loop(loopModel({ maxPdu: 200, conformance: ['get', 'set', 'action'] }));
    await assert.rejects(association.set(ATTRIBUTE.long, octets(1500)), { code: 'pdu-too-long' });
    assert.equal(await association.set(ATTRIBUTE.long, octets(100)), 'success');
  });
});

describe('lost general blocks', () => {
  for (const lost of [2, 3, 7]) {
    it(`the meter goes back to block ${lost}`, async () => {
      let passed = 0;
      const { association } = await loop(loopModel({ maxPdu: 200, conformance: ALL }), {
        params: { maxPdu: 200, conformance: ALL, generalBlockWindow: 4 },
        onWay: (frame) => {
          // Wrapper header, then E0, control: the streaming bit says that more of the window follows.
          if (frame[8] !== 0xe0 || ((frame[9] ?? 0) & 0x40) === 0) return [frame];
          passed += 1;
          return passed === lost ? [] : [frame];
        },
      });
      assert.deepEqual(await association.get(ATTRIBUTE.long), { data: X });
      assert.ok(passed > lost);
    });
  }
});

describe('ACCESS between client and meter', () => {
  const { short, long, missing, relay } = ATTRIBUTE;
  for (const ciphered of [false, true]) {
    const open = async () => {
      const connected = await loop(loopModel({ conformance: ALL, ciphered }), {
        params: { conformance: ALL, ...(ciphered ? { protection: 'authenc' } : {}) },
      });
      return connected;
    };
    const kind = ciphered ? 'ciphered' : 'plain';

    it(`get, set and action in one request (${kind})`, async () => {
      const { association, trace } = await open();
      const results = await association.access([
        { op: 'set', ...short, data: { t: 'long-unsigned', v: 99 } },
        { op: 'get', ...short },
        { op: 'get', ...missing },
        { op: 'action', ...relay, index: 1, params: { t: 'integer', v: 0 } },
        { op: 'get', ...long },
      ]);
      assert.deepEqual(results, [
        { result: 'success' },
        { result: 'success', data: { t: 'long-unsigned', v: 99 } },
        { result: 'object-undefined' },
        { result: 'success' },
        { result: 'success', data: X },
      ]);
      if (ciphered) for (const entry of trace) assert.notEqual(entry.octets[0], 0xda);
    });

    it(`stops at the first failure if asked to (${kind})`, async () => {
      const { association } = await open();
      const items = [
        { op: 'get', ...missing },
        { op: 'set', ...short, data: { t: 'long-unsigned', v: 5 } },
      ] as const;
      assert.deepEqual(await association.access(items, { breakOnError: true }), [
        { result: 'object-undefined' },
        { result: 'not-processed' },
      ]);
      assert.deepEqual(await association.get(short), { data: { t: 'long-unsigned', v: 7 } });
    });
  }

  it('is not asked of a meter that does not have it', async () => {
    const { association } = await loop(loopModel());
    await assert.rejects(association.access([{ op: 'get', ...short }]), { code: 'not-supported' });
  });
});

describe('short names between client and meter', () => {
  for (const framing of ['wrapper', 'hdlc'] as const)
    it(`UnconfirmedWrite waits for nothing, over ${framing}`, async () => {
      const { association } = await loop(loopModel({ referencing: 'SN' }), {
        framing,
        params: { referencing: 'SN', conformance: [...SN_CONFORMANCE, 'unconfirmed-write'] },
      });
      await association.objectList();
      const before = performance.now();
      await association.setUnconfirmed([{ ...ATTRIBUTE.short, data: { t: 'long-unsigned', v: 4 } }]);
      assert.ok(performance.now() - before < 200);
      assert.deepEqual(await association.get(ATTRIBUTE.short), { data: { t: 'long-unsigned', v: 4 } });
    });

  const CONFORMANCE = [...SN_CONFORMANCE, GBT];
  const ways: readonly (readonly [string, LoopModel, LoopOptions])[] = [
    ['blocks', { maxPdu: 200 }, { params: { referencing: 'SN', maxPdu: 200 } }],
    ['blocks over HDLC', { maxPdu: 200 }, { framing: 'hdlc', params: { referencing: 'SN', maxPdu: 200 } }],
    [
      'ciphered blocks',
      { maxPdu: 200, ciphered: true },
      { params: { referencing: 'SN', maxPdu: 200, protection: 'authenc' } },
    ],
    [
      'general blocks',
      { maxPdu: 200, conformance: CONFORMANCE },
      { params: { referencing: 'SN', maxPdu: 200, conformance: CONFORMANCE, generalBlockWindow: 4 } },
    ],
  ];
  for (const [name, model, options] of ways) {
    it(`reads, writes and calls methods: ${name}`, async () => {
      const connected = await loop(loopModel({ referencing: 'SN', ...model }), options);
      const { association } = connected;
      const { short, long, other, relay } = ATTRIBUTE;
      assert.deepEqual(await association.get(long), { data: X });
      const read = await association.getMany([short, long, other]);
      assert.deepEqual(
        read.map((item) => ('data' in item ? item.data.t : item.result)),
        ['long-unsigned', 'octet-string', 'octet-string'],
      );
      assert.equal(await association.set(long, octets(1500)), 'success');
      assert.deepEqual(await association.get(long), { data: octets(1500) });
      assert.deepEqual(
        await association.setMany([
          { ...short, data: { t: 'long-unsigned', v: 3 } },
          { ...other, data: octets(400) },
        ]),
        ['success', 'success'],
      );
      assert.deepEqual(await association.get(short), { data: { t: 'long-unsigned', v: 3 } });
      const parameter: Data = { t: 'integer', v: 0 };
      assert.deepEqual(await association.action({ ...relay, index: 1 }, parameter), { result: 'success' });
      assert.equal(
        (await association.action({ ...relay, index: 1 }, parameter, { returnsData: true })).result,
        'success',
      );
      const many = Array.from({ length: 80 }, () => short);
      const values = await association.getMany(many);
      assert.equal(values.filter((item) => 'data' in item).length, 80);
      checkSizes(connected, 200);
      await association.release();
    });
  }
});
