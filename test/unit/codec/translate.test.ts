import assert from 'node:assert/strict';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { encodeHdlcFrame, type HdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { segmentMbus } from '../../../engine/codec/mbus/telegram.ts';
import type { CodecErrorCode, Field } from '../../../engine/codec/result.ts';
import { detectLayer } from '../../../engine/codec/translate/detect-layer.ts';
import { octetsFromTranslation } from '../../../engine/codec/translate/octets-from-json.ts';
import { translate } from '../../../engine/codec/translate/translate.ts';
import type { TranslateLayer, TranslateOptions } from '../../../engine/codec/translate/types.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { seeded } from '../link/line.ts';

const GET = 'c001c100080000010000ff0200';
const RESPONSE = 'c401c100090c07e801010100000000000000';
const SNRM = '7ea0070321930f017e';
/** Green Book example of a protected GetRequest: keys, title and octets of wire facts `gb` vectors. */
const KEYS = {
  guek: fromHex('000102030405060708090a0b0c0d0e0f'),
  gak: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf'),
  systemTitle: fromHex('4d4d4d0000bc614e'),
};
const GLO_GET = 'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b';

function frame(kind: 'I' | 'UI', information: string, segmented = false, llc = 'response'): string {
  const control = kind === 'I' ? ({ kind, ns: 0, nr: 0 } as const) : ({ kind } as const);
  const [client, server] = [clientAddress(16), serverAddress(1, 17)];
  const route = llc === 'response' ? { destination: client, source: server } : { destination: server, source: client };
  const whole: HdlcFrame = { ...control, ...route, segmented, pollFinal: true, information: fromHex(information) };
  return toHex(encodeHdlcFrame(whole));
}

function wrapper(apdu: string): string {
  return toHex(encodeWrapper({ source: 16, destination: 1, apdu: fromHex(apdu) }));
}

describe('translate: layers', () => {
  const detect = (name: string, hex: string, layer: TranslateLayer): void => {
    it(`takes ${name} for ${layer}`, () => assert.equal(detectLayer(fromHex(hex)), layer));
  };
  detect('flags', SNRM, 'hdlc');
  detect('a frame without flags', SNRM.slice(2, -2), 'hdlc');
  detect('a wrapper', wrapper(GET), 'wrapper');
  detect('a cut wrapper', wrapper(GET).slice(0, -4), 'wrapper');
  detect('LLC', `e6e600${GET}`, 'llc');
  detect('an M-Bus frame', '680707 6853ff1001670f00d916'.replace(' ', ''), 'mbus');
  detect('a GetRequest', GET, 'apdu');
  detect('a cut GetResponse', RESPONSE.slice(0, -4), 'apdu');
  detect('an octet-string', '09020102', 'data');
  detect('an array (tag of InitiateRequest)', '0102110111 02'.replace(' ', ''), 'data');
  detect('an InitiateRequest (tag of array)', '01000000065f1f0400007e1f04b0', 'apdu');
  detect('a double-long-unsigned (tag of WriteRequest)', '0600000001', 'data');
  detect('an integer (tag of DataNotification)', '0f05', 'data');
  detect('a DataNotification (tag of integer)', '0f00000001001105', 'apdu');
  detect('an enum (tag of UnconfirmedWrite)', '1605', 'data');
  detect('a structure that is cut', '0203110111', 'data');
  detect('nothing', '', 'apdu');
  detect('an unknown tag', 'f1'.repeat(3), 'apdu');

  const check = (name: string, hex: string, kind: string, options: TranslateOptions = {}): void => {
    it(`${name}: ${kind}`, () => {
      const result = translate(fromHex(hex), options);
      assert.equal(result.kind, kind, result.ok ? '' : JSON.stringify(result.error));
    });
  };
  check('an APDU in a frame', frame('I', `e6e600${GET}`), 'hdlc I get-request');
  check(
    'an APDU in two segments',
    frame('I', `e6e700${RESPONSE.slice(0, 10)}`, true) + frame('I', RESPONSE.slice(10)),
    'hdlc I+I get-response',
  );
  check(
    'a push in segments with double flags (Q07)',
    `${frame('UI', 'e6e7000f0000', true)}7e7e${frame('UI', '0001001105')}`,
    'hdlc UI+UI data-notification',
  );
  check('several wrapper messages', wrapper(GET) + wrapper(RESPONSE), 'wrapper get-request+get-response');
  check(
    'M-Bus segments',
    toHex(
      Uint8Array.from(
        segmentMbus(fromHex(`0f00000001000982012c${'00'.repeat(300)}`), {
          c: 0x53,
          a: 0xff,
          stsap: 1,
          dtsap: 103,
        }).flatMap((x) => [...x]),
      ),
    ),
    'mbus data-notification',
  );
  check('Data in a given layer', '0f05', 'data:integer', { layer: 'data' });
  check('an APDU in a layer that it is not', GET, 'error', { layer: 'wrapper' });

  it('shows a segment whose rest is missing', () => {
    const result = translate(fromHex(frame('I', `e6e700${RESPONSE.slice(0, 10)}`, true)));
    assert.ok(result.ok && 'pendingSegment' in result.value);
    assert.equal(result.kind, 'hdlc I');
    assert.equal(result.value.pendingSegment, `e6e700${RESPONSE.slice(0, 10)}`);
  });

  it('keeps the directions of a dialogue apart', () => {
    const [first, second] = [`e6e700${RESPONSE.slice(0, 10)}`, RESPONSE.slice(10)];
    const request = frame('I', `e6e600${GET}`, false, 'command');
    const result = translate(fromHex(frame('I', first, true) + request + frame('I', second)));
    assert.equal(result.kind, 'hdlc I+I+I get-request+get-response');
  });

  it('goes on behind an APDU when another LLC header follows (Q10)', () => {
    const push = '0f00000001001105';
    const hex = frame('UI', `e6e700${push}e6e700${push}`);
    const result = translate(fromHex(hex));
    assert.equal(result.kind, 'hdlc UI data-notification+data-notification');
    assert.deepEqual(
      result.deviations.map(({ id, offset }) => [id, offset]),
      [['llc-concatenated', 20]],
    );
    assert.equal(translate(fromHex(hex), { strict: true }).ok, false);
  });

  it('reads frames without flags and names the deviation', () => {
    const result = translate(fromHex(SNRM.slice(2, -2)), { fields: true });
    assert.equal(result.kind, 'hdlc SNRM');
    assert.deepEqual(
      result.deviations.map(({ id }) => id),
      ['hdlc-flags-missing'],
    );
    assert.deepEqual(leaf(result.fields, 'control'), [4, 5]);
    assert.equal(translate(fromHex(SNRM.slice(2, -2)), { strict: true }).ok, false);
  });

  it('keeps the frame when its APDU cannot be decoded', () => {
    const result = translate(fromHex(frame('I', 'e6e700c4ff')));
    assert.ok(result.ok);
    assert.equal(result.kind, 'hdlc I undecodable');
    assert.deepEqual(
      result.deviations.map(({ id }) => id),
      ['apdu-undecodable'],
    );
    assert.equal(translate(fromHex(frame('I', 'e6e700c4ff')), { strict: true }).ok, false);
  });
});

/** Place of the first field with a name, wherever it is in the tree. */
function leaf(fields: readonly Field[] | undefined, name: string): [number, number] | undefined {
  for (const field of fields ?? []) {
    if (field.name === name) return [field.from, field.to];
    const inside = leaf(field.children, name);
    if (inside) return inside;
  }
  return undefined;
}

/** An APDU in general blocks of so many octets, each streamed without a window. */
function blocks(apdu: string, size: number): string[] {
  const octets = fromHex(apdu);
  const parts: string[] = [];
  for (let at = 0; at < octets.length; at += size) {
    const last = at + size >= octets.length;
    const raw = octets.slice(at, at + size);
    parts.push(
      toHex(
        encodeApdu({
          kind: 'general-block-transfer',
          last,
          streaming: !last,
          window: 0,
          block: parts.length + 1,
          blockAck: 0,
          raw,
        }),
      ),
    );
  }
  return parts;
}

describe('translate: general blocks', () => {
  const joinedOf = (hex: string, options?: TranslateOptions): unknown => {
    const result = translate(fromHex(hex), options);
    assert.ok(result.ok);
    return 'joined' in result.value ? result.value.joined : undefined;
  };
  // As meters push it: a UI frame for each block, LLC only before the first.
  const pushed = (apdu: string): string => {
    return blocks(apdu, 5)
      .map((block, i) => frame('UI', `${i === 0 ? 'e6e700' : ''}${block}`))
      .join('');
  };

  it('puts together what several frames bring', () => {
    const push = '0f00000001001105';
    assert.deepEqual(joinedOf(pushed(push)), [
      { blocks: 2, apdu: { kind: 'data-notification', longInvokeId: 1, dateTime: '', data: { t: 'unsigned', v: 5 } } },
    ]);
    const [first, second] = blocks(push, 5);
    assert.deepEqual(joinedOf(wrapper(first!) + wrapper(second!)), joinedOf(pushed(push)));
    assert.equal(joinedOf(frame('UI', `e6e700${first!}`)), undefined);
  });

  it('deciphers it, and places its fields in the frames they are in', () => {
    const hex = pushed(GLO_GET);
    const result = translate(fromHex(hex), { keys: KEYS, fields: true });
    assert.ok(result.ok && 'joined' in result.value);
    const [{ apdu }] = result.value.joined as [{ apdu: { inner: { kind: string } } }];
    assert.equal(apdu.inner.kind, 'get-request');
    // The tag of the ciphered APDU is the first octet of the first block: 3 of LLC, 7 of the block before it.
    assert.deepEqual(leaf(result.fields, 'glo-get-request')?.[0], hex.indexOf('e6e700') / 2 + 10);
    assert.ok(leaf(result.fields, 'inside: get-request'));
  });

  it('names what is not understood, or refuses it in strict mode', () => {
    const hex = pushed('0f0000000100ee');
    assert.deepEqual(
      translate(fromHex(hex)).deviations.map(({ id }) => id),
      ['apdu-undecodable'],
    );
    assert.equal(translate(fromHex(hex), { strict: true }).ok, false);
  });

  it('gives the same octets back from JSON, whatever was put together', () => {
    const hex = pushed('0f00000001001105');
    const result = translate(fromHex(hex));
    assert.equal(toHex(octetsFromTranslation(JSON.parse(JSON.stringify(result.value)))), hex);
  });
});

describe('translate: protected APDUs', () => {
  it('shows what is inside with the keys', () => {
    const result = translate(fromHex(wrapper(GLO_GET)), { keys: KEYS, fields: true });
    assert.ok(result.ok && 'apdu' in result.value);
    assert.equal(result.kind, 'wrapper glo-get-request');
    const apdu = result.value.apdu as { plain: string; inner: { kind: string } };
    assert.equal(apdu.plain, 'c0010000080000010000ff0200');
    assert.equal(apdu.inner.kind, 'get-request');
  });

  it('places the fields of the deciphered APDU on the octets of the ciphertext', () => {
    const result = translate(fromHex(wrapper(GLO_GET)), { keys: KEYS, fields: true });
    // Wrapper 8, tag and length 2, SC and IC 5: the ciphertext is 15..28.
    assert.deepEqual(leaf(result.fields, 'inside: get-request'), [15, 28]);
  });

  it('leaves them alone without keys, and refuses a wrong key', () => {
    const alone = translate(fromHex(GLO_GET));
    assert.ok(alone.ok && !('plain' in alone.value));
    const wrong = translate(fromHex(GLO_GET), { keys: { ...KEYS, guek: new Uint8Array(16) } });
    assert.ok(!wrong.ok);
    assert.equal(wrong.error.code, 'not-decipherable');
  });

  it('says that a key may be wrong when nothing but the result tells', () => {
    // GLO_GET without its tag: encrypted only, as many consumer interfaces push.
    const encrypted = `c812200123456741${GLO_GET.slice(16, 40)}`;
    const right = translate(fromHex(encrypted), { keys: KEYS });
    assert.ok(right.ok);
    const wrong = translate(fromHex(encrypted), { keys: { ...KEYS, guek: new Uint8Array(16) } });
    assert.ok(!wrong.ok);
    assert.equal(wrong.error.code, 'not-decipherable');
    assert.match(wrong.error.found, /no APDU/);
    assert.equal(wrong.error.offset, 7);
  });
});

describe('translate: places', () => {
  const refuse = (
    name: string,
    hex: string,
    code: CodecErrorCode,
    offset: number,
    options?: TranslateOptions,
  ): void => {
    it(name, () => {
      const result = translate(fromHex(hex), options);
      assert.ok(!result.ok);
      assert.deepEqual([result.error.code, result.error.offset], [code, offset]);
    });
  };
  refuse('counts errors of an APDU from the start of the wrapper', wrapper('c0ff'), 'bad-tag', 9);
  refuse('counts errors of the second message', wrapper(GET) + wrapper('c0ff'), 'bad-tag', 30);
  refuse('counts errors behind an LLC header', 'e6e600c0ff', 'bad-tag', 4);
  refuse('counts errors of later frames', `${SNRM}7e7e${SNRM.slice(0, -4)}007e`, 'bad-checksum', 17);
  refuse('names rubbish behind a frame', `${SNRM}0d0a`, 'bad-frame', 9);
  refuse('names an empty input', '', 'truncated', 0);
  refuse('names an empty input of a layer', '', 'truncated', 0, { layer: 'hdlc' });
  refuse('names a missing LLC header', GET, 'bad-frame', 0, { layer: 'llc' });

  it('counts errors in a segmented APDU where the octet is, not where the APDU began', () => {
    const cut = frame('I', 'e6e700c401c1', true) + frame('I', '0102');
    const result = translate(fromHex(cut));
    // Second frame at 18, its information at 27: the choice 01 is right, the data-access-result 02 is behind it.
    assert.equal(result.kind, 'hdlc I+I get-response');
    const broken = translate(fromHex(frame('I', 'e6e700c401c1', true) + frame('I', '0509')), { strict: true });
    assert.ok(!broken.ok);
    assert.equal(broken.error.offset, cut.length / 2 - 5);
  });

  it('places the fields of a segmented APDU in the frames they are in', () => {
    const first = frame('I', `e6e700${RESPONSE.slice(0, 10)}`, true);
    const second = frame('I', RESPONSE.slice(10));
    const { fields } = translate(fromHex(first + second), { fields: true });
    const apdu = fields?.find(({ name }) => name === 'APDU in 2 segments');
    assert.ok(apdu);
    assert.ok(apdu.from >= 9 && apdu.to <= (first.length + second.length) / 2 - 3);
  });
});

describe('translate: rubbish', () => {
  it('never throws, and places errors inside of the octets (6000 inputs)', () => {
    const random = seeded(42);
    const below = (limit: number): number => Math.floor(random() * limit);
    const seeds = [
      SNRM,
      frame('I', `e6e600${GET}`),
      wrapper(GET),
      `e6e700${RESPONSE}`,
      GET,
      GLO_GET,
      '680707 6853ff1001670f00d916'.replace(' ', ''),
      '020209020102110a',
    ];
    const layers = ['auto', 'hdlc', 'wrapper', 'llc', 'apdu', 'data', 'mbus'] as const;
    for (let i = 0; i < 6000; i++) {
      const octets = fromHex(seeds[below(seeds.length)]! + seeds[below(seeds.length)]!);
      for (let n = below(4); n > 0; n--) octets[below(octets.length)] = below(256);
      const cut = octets.subarray(0, below(octets.length + 1));
      const result = translate(cut, { layer: layers[below(7)]!, fields: true, strict: below(2) === 1, keys: KEYS });
      if (!result.ok) assert.ok(result.error.offset >= 0 && result.error.offset <= cut.length, toHex(cut));
    }
  });
});
