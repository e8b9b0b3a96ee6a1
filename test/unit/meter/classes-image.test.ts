import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { utf8FromText } from '../../../engine/codec/axdr/text.ts';
import { exportState } from '../../../engine/meter/meter-state.ts';
import type { Expression } from '../../../engine/template/model.ts';
import {
  arrayOf,
  bytes,
  clientOf,
  enumeration,
  int8,
  invoke,
  items,
  numberOf,
  read,
  restarted,
  struct,
  truth,
  u8,
  u32,
  write,
} from './support/class-client.ts';
import { number, object, ref } from './support/models.ts';
import type { TestClient } from './support/test-client.ts';

const IMAGE = '0-0:44.0.0.255';
const FIRMWARE = '1-0:0.2.0.255';
const ZERO = int8(0);

const enabled: Expression = { k: 'boolean', value: true };
function opened(blockSize = 100, on: Expression = enabled): TestClient {
  return clientOf([
    object({
      name: 'image',
      obis: IMAGE,
      class: 18,
      attributes: { 2: { value: number(blockSize) }, 5: { value: on } },
    }),
    object({
      name: 'firmware',
      obis: FIRMWARE,
      attributes: { 2: { type: 'octet-string', value: ref('identity.firmware') } },
    }),
  ]);
}
const get = (client: TestClient, attribute: number): unknown => read(client, IMAGE, 18, attribute);
const act = (client: TestClient, method: number, params: Data | null = ZERO): unknown =>
  invoke(client, IMAGE, 18, method, params);
const text = (value: string): Data => bytes(utf8FromText(value));
const initiate = (client: TestClient, size: number, name = 'A1-2.0.1'): unknown =>
  act(client, 1, struct(text(name), u32(size)));
const block = (client: TestClient, index: number, length: number, fill = index): unknown =>
  act(client, 2, struct(u32(index), bytes(new Uint8Array(length).fill(fill))));

describe('image transfer', () => {
  it('goes from nothing to a new firmware, step by step', () => {
    const client = opened();
    assert.deepEqual(read(client, FIRMWARE, 1, 2), text('1.2.3'));
    assert.deepEqual(get(client, 2), u32(100));
    assert.deepEqual(get(client, 6), enumeration(0));
    assert.deepEqual(get(client, 7), arrayOf());
    assert.equal(initiate(client, 950), 'success');
    assert.deepEqual(get(client, 6), enumeration(1));
    assert.deepEqual(get(client, 3), { t: 'bit-string', v: '0000000000' });
    for (const index of [0, 1, 3, 9]) assert.equal(block(client, index, index === 9 ? 50 : 100), 'success');
    assert.deepEqual(get(client, 3), { t: 'bit-string', v: '1101000001' });
    assert.deepEqual(get(client, 4), u32(2));
    assert.equal(act(client, 3), 'other-reason');
    assert.deepEqual(get(client, 6), enumeration(4));
    for (const index of [2, 4, 5, 6, 7, 8]) assert.equal(block(client, index, 100), 'success');
    assert.deepEqual(get(client, 4), u32(10));
    assert.deepEqual(get(client, 6), enumeration(1));
    assert.equal(act(client, 3), 'success');
    assert.deepEqual(get(client, 6), enumeration(3));
    const [size, identifier, signature] = items(items(get(client, 7))[0]);
    assert.deepEqual([size, identifier], [u32(950), text('A1-2.0.1')]);
    assert.ok(signature?.t === 'octet-string' && signature.v.length === 32);
    assert.equal(act(client, 4), 'success');
    assert.deepEqual(get(client, 6), enumeration(6));
    assert.deepEqual(get(client, 7), arrayOf());
    assert.deepEqual(read(client, FIRMWARE, 1, 2), text('2.0.1'));
    assert.deepEqual(read(restarted(client), FIRMWARE, 1, 2), text('2.0.1'));
  });

  it('keeps half an image over a restart', () => {
    const client = opened();
    initiate(client, 300);
    block(client, 1, 100);
    const again = restarted(client);
    assert.deepEqual(get(again, 3), { t: 'bit-string', v: '010' });
    block(again, 0, 100);
    block(again, 2, 100);
    assert.equal(act(again, 4), 'success');
    assert.deepEqual(read(again, FIRMWARE, 1, 2), text('2.0.1'));
  });

  it('takes a block that comes twice, and hashes content and place but not order', () => {
    const signature = (order: readonly number[], fill: (index: number) => number): unknown => {
      const client = opened();
      initiate(client, 300);
      for (const index of order) assert.equal(block(client, index, 100, fill(index)), 'success');
      assert.equal(act(client, 3), 'success');
      return items(items(get(client, 7))[0])[2];
    };
    const same = signature([0, 1, 2], (index) => index);
    assert.deepEqual(
      signature([2, 0, 0, 1, 2], (index) => index),
      same,
    );
    assert.notDeepEqual(
      signature([0, 1, 2], (index) => 2 - index),
      same,
    );
    assert.notDeepEqual(
      signature([0, 1, 2], () => 7),
      same,
    );
  });

  it('takes its time over a large image: temporary failures while it works', () => {
    const client = opened(0x8000);
    initiate(client, 0x200000, 'B 3.1');
    for (let index = 0; index < 64; index += 1) assert.equal(block(client, index, 0x8000), 'success');
    assert.equal(act(client, 3), 'temporary-failure');
    assert.deepEqual(get(client, 6), enumeration(2));
    assert.equal(act(client, 4), 'temporary-failure');
    assert.equal(block(client, 0, 0x8000), 'temporary-failure');
    client.now += 8000;
    assert.deepEqual(get(client, 6), enumeration(3));
    assert.equal(act(client, 3), 'success');
    assert.equal(act(client, 4), 'temporary-failure');
    assert.deepEqual(get(client, 6), enumeration(5));
    assert.equal(act(client, 4), 'temporary-failure');
    assert.deepEqual(read(client, FIRMWARE, 1, 2), text('1.2.3'));
    // Nobody looks at the image, and the emulator is started again; the meter runs on the new firmware all the same.
    const again = restarted(client);
    again.now += 8000;
    assert.deepEqual(read(again, FIRMWARE, 1, 2), text('3.1'));
    client.now += 8000;
    assert.deepEqual(read(client, FIRMWARE, 1, 2), text('3.1'));
    assert.equal(act(client, 4), 'success');
    assert.deepEqual(get(client, 6), enumeration(6));
  });

  it('a new image takes the place of an old one', () => {
    const client = opened();
    initiate(client, 300);
    block(client, 0, 100);
    assert.equal(initiate(client, 100, 'other'), 'success');
    assert.deepEqual(get(client, 3), { t: 'bit-string', v: '0' });
    block(client, 0, 100);
    assert.equal(act(client, 3), 'success');
    assert.equal(act(client, 4), 'success');
    assert.deepEqual(read(client, FIRMWARE, 1, 2), text('other'));
  });

  for (const [what, go, expected] of [
    ['a block without an image', (client: TestClient) => block(client, 0, 100), 'temporary-failure'],
    ['verifying nothing', (client: TestClient) => act(client, 3), 'other-reason'],
    ['activating nothing', (client: TestClient) => act(client, 4), 'other-reason'],
    ['an image without octets', (client: TestClient) => initiate(client, 0), 'other-reason'],
    ['an image of more blocks than there is room for', (c: TestClient) => initiate(c, 0xffffffff), 'other-reason'],
    ['initiate with something else', (client: TestClient) => act(client, 1, u32(5)), 'type-unmatched'],
    ['a block without a number', (client: TestClient) => act(client, 2, struct(bytes('00'))), 'type-unmatched'],
    ['verify with something else', (client: TestClient) => act(client, 3, u8(1)), 'type-unmatched'],
    ['a fifth method', (client: TestClient) => act(client, 5), 'object-undefined'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const client = opened();
      assert.equal(go(client), expected);
      assert.equal(exportState(client.meter), undefined);
    });
  }

  it('refuses blocks beyond the image and of another length', () => {
    const client = opened();
    initiate(client, 250);
    assert.equal(block(client, 3, 50), 'other-reason');
    assert.equal(block(client, 0, 99), 'other-reason');
    assert.equal(block(client, 2, 100), 'other-reason');
    assert.equal(block(client, 2, 50), 'success');
    assert.equal(act(client, 4), 'other-reason');
  });

  it('does nothing while it is not enabled, which can be written', () => {
    const client = opened(100, { k: 'boolean', value: false });
    assert.equal(initiate(client, 100), 'read-write-denied');
    assert.equal(write(client, IMAGE, 18, 5, truth(true)), 'success');
    assert.equal(initiate(client, 100), 'success');
    assert.equal(write(client, IMAGE, 18, 6, enumeration(3)), 'read-write-denied');
    assert.equal(write(client, IMAGE, 18, 3, { t: 'bit-string', v: '1' }), 'read-write-denied');
  });

  it('costs a meter a bit a block, not the image', () => {
    const client = opened(1024);
    initiate(client, 1024 * 8192);
    for (let index = 0; index < 64; index += 1) block(client, index, 1024);
    const kept = JSON.stringify(exportState(client.meter)).length;
    assert.ok(kept < 2500, `${kept} characters for half a megabyte`);
    assert.equal(numberOf(get(client, 4)), 64);
  });
});
