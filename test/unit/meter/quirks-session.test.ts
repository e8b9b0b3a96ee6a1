import assert from 'node:assert/strict';
import type { ClientParams } from '../../../engine/session/params.ts';
import { type QuirkId, quirkIds } from '../../../engine/template/vocabulary/quirks.ts';
import { type Loop, loop } from '../session/loop.ts';
import { QuirkLine, quirkMeter } from './support/quirk-meter.ts';

/** Quirks nobody can read a meter through, and what our client says of them. */
const UNREADABLE: Readonly<Record<'wrapper' | 'hdlc', Partial<Record<QuirkId, RegExp>>>> = {
  wrapper: {
    'stays-silent': /silence after AARQ/,
    // Optical heads echo HDLC; nothing that speaks the wrapper has one.
    'echoes-requests': /answered by aarq/,
  },
  hdlc: {
    'stays-silent': /no answer to SNRM/,
    // The meter wants four octets and is called with two.
    'one-address-width': /no answer to SNRM/,
  },
};

async function connected(id: QuirkId, framing: 'wrapper' | 'hdlc', client: number, params: Partial<ClientParams>) {
  const meter = quirkMeter('');
  meter.setBehaviour(id, true);
  const { session } = new QuirkLine(meter, framing);
  return loop(meter.model, {
    framing,
    client,
    params,
    served: { meter, session },
    timeoutMs: 100,
    ...(framing === 'hdlc' ? { lower: 17 } : {}),
  });
}

/** Single, long and listed values, the object list and rows of a profile: what a reading client does. */
async function readMeter({ association }: Loop): Promise<void> {
  const short = { class: 1, obis: '0-0:96.50.0.255', index: 2 };
  const long = { class: 1, obis: '0-0:96.51.0.255', index: 2 };
  assert.deepEqual(await association.get(short), { data: { t: 'unsigned', v: 7 } });
  const text = await association.get(long);
  assert.ok('data' in text && text.data.t === 'octet-string' && text.data.v.length === 60);
  assert.equal((await association.getMany([short, long])).length, 2);
  const objects = await association.objectList();
  assert.ok(objects.length > 10 && objects.some(({ logicalName }) => logicalName === '0-0:96.50.0.255'));
  let rows = 0;
  for await (const _ of association.profile('1-0:99.1.0.255', { fromEntry: 1, toEntry: 3 })) rows += 1;
  assert.equal(rows, 3);
  await association.release(20);
}

for (const framing of ['wrapper', 'hdlc'] as const) {
  describe(`a meter with a quirk is read all the same, over ${framing}`, () => {
    for (const id of quirkIds) {
      const refusal = UNREADABLE[framing][id];
      it(refusal === undefined ? id : `${id}: it is not, and the message says why`, async () => {
        // Blocks of a few octets, so that quirks of blocks show.
        const read = async (): Promise<void> => readMeter(await connected(id, framing, 16, { maxPdu: 64 }));
        if (refusal === undefined) await read();
        else await assert.rejects(read, refusal);
      });
    }
  });
}

const GMAC: Partial<ClientParams> = { mechanism: 'hls-gmac', protection: 'authenc' };
const CIPHERED: readonly (readonly [QuirkId, RegExp | undefined])[] = [
  ['length-not-minimal', undefined],
  ['empty-system-title', undefined],
  ['tag-with-unknown-key', /an authentication tag that does not match/],
  ['answers-encrypted-only', /an APDU without authentication/],
  ['hls-gmac-keeps-counter', undefined],
  ['hls-gmac-sc-10', undefined],
  ['hls-without-answer', /no answer to our challenge/],
  ['closes-on-old-counter', undefined],
  ['no-release', undefined],
];

describe('a meter with a quirk, over a ciphered association', () => {
  it('answers-encrypted-only is what a client gets that asks for no more', async () => {
    const { association } = await connected('answers-encrypted-only', 'wrapper', 33, { ...GMAC, protection: 'enc' });
    const read = await association.get({ class: 1, obis: '0-0:96.50.0.255', index: 2 });
    assert.deepEqual(read, { data: { t: 'unsigned', v: 7 } });
    await association.release(20);
  });

  for (const [id, refusal] of CIPHERED) {
    it(id, async () => {
      const readCiphered = async (): Promise<void> => {
        const { association } = await connected(id, 'wrapper', 33, GMAC);
        const read = await association.get({ class: 1, obis: '0-0:96.50.0.255', index: 2 });
        assert.deepEqual(read, { data: { t: 'unsigned', v: 7 } });
        await association.release(20);
      };
      if (refusal === undefined) await readCiphered();
      else await assert.rejects(readCiphered, refusal);
    });
  }
});
