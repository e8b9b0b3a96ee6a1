import assert from 'node:assert/strict';
import { fromHex } from '../../../engine/codec/hex.ts';
import type { Field } from '../../../engine/codec/result.ts';
import { translate } from '../../../engine/codec/translate/translate.ts';
import type { TranslateLayer, TranslateOptions } from '../../../engine/codec/translate/types.ts';
import { type FrameItem, frameItems, keyRingOf } from './shared-material.ts';

/** Deviations that the reference decoder refuses and its notes ask a tolerant decoder to accept. */
const TOLERATED = new Map([
  ['jdlms-bdf848b7', 'conformance-tag-one-octet'],
  ['gurux.dlms.jav-21d3d9a4', 'release-lengths-short'],
]);

/** A tree without the words that say why something could not be decoded: those are each decoder's own. */
function withoutReasons(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReasons);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      return [name, name === 'undecodable' || name === 'why' ? 'reason' : withoutReasons(member)];
    }),
  );
}

function check(item: FrameItem, layer: TranslateOptions['layer']): void {
  const octets = fromHex(item.hex);
  const options = { layer: layer ?? 'auto', keys: keyRingOf(item.keys) };
  const result = translate(octets, options);
  const tolerated = TOLERATED.get(item.id);
  if (tolerated) {
    assert.ok(result.ok && result.deviations.some(({ id }) => id === tolerated), `${item.id}: ${tolerated}`);
    assert.equal(translate(octets, { ...options, strict: true }).ok, false, `${item.id}: strict`);
    return;
  }
  const why = result.ok ? '' : JSON.stringify(result.error);
  assert.equal(result.kind, item.expected.kind, `${item.id} ${why}`);
  if (!result.ok) {
    assert.ok(result.error.offset >= 0 && result.error.offset <= octets.length, `${item.id}: offset of the error`);
    return;
  }
  assert.equal(result.layer, item.layer, item.id);
  const json: unknown = JSON.parse(JSON.stringify(result.value));
  assert.deepEqual(withoutReasons(json), withoutReasons(item.expected.decoded), item.id);
  const withFields = translate(octets, { ...options, fields: true });
  assert.deepEqual(withFields.ok && withFields.value, result.value);
  checkRanges(withFields.fields ?? [], 0, octets.length, item.id);
}

/** Every field lies inside of its parent. */
function checkRanges(fields: readonly Field[], from: number, to: number, id: string): void {
  assert.ok(from > 0 || to === 0 || fields.length > 0, `${id}: has fields`);
  for (const field of fields) {
    const inside = from <= field.from && field.from <= field.to && field.to <= to;
    assert.ok(inside, `${id}: ${field.name} ${field.from}..${field.to} in ${from}..${to}`);
    if (field.children) checkRanges(field.children, field.from, field.to, id);
  }
}

describe('translate: independent frames', () => {
  const items = frameItems();
  if (!items) it.skip('frames.jsonl (not on this machine)');
  for (const layer of ['hdlc', 'wrapper', 'llc', 'mbus', 'apdu', 'data'] satisfies readonly TranslateLayer[]) {
    const ofLayer = (items ?? []).filter((item) => item.layer === layer);
    if (ofLayer.length === 0) continue;
    it(`${layer}: ${ofLayer.length} items, layer given`, () => {
      for (const item of ofLayer) check(item, layer);
    });
    it(`${layer}: ${ofLayer.length} items, layer found out`, () => {
      for (const item of ofLayer) check(item, 'auto');
    });
  }
});
