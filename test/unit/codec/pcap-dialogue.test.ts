import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { detectFraming } from '../../../engine/codec/pcap/detect-framing.ts';
import { dialogueEventToJson } from '../../../engine/codec/pcap/dialogue-json.ts';
import { MAX_OPEN_EXCHANGES, MAX_PEERS } from '../../../engine/codec/pcap/dialogue-types.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import {
  apduOf,
  dialogueText,
  eventsOf,
  generalBlock,
  iFrame,
  type Piece,
  wrapped,
  wrapperPieces,
} from './pcap-dialogue-kit.ts';

const ENERGY = '00030100010800ff02';
const CLOCK = '00080000010000ff02';
const GET = `c001c1${ENERGY}00`;
const VALUE = 'c401c100060001e240';
const READ = 'get-request: | get 1-0:1.8.0.255#2 -/123456';

const GUEK = fromHex('000102030405060708090a0b0c0d0e0f');
const GAK = fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf');
const OTHER: KeyRing = { guek: fromHex('ff'.repeat(16)), gak: fromHex('ee'.repeat(16)) };
const CLIENT_TITLE = fromHex('4d4d4d0000bc614e');
const METER_TITLE = fromHex('4d4d4d0000000001');
const DEDICATED = fromHex('0f0e0d0c0b0a09080706050403020100');

interface Case {
  readonly what: string;
  readonly pieces: readonly Piece[];
  readonly expected: readonly string[];
  readonly keys?: readonly KeyRing[];
  readonly transport?: 'tcp' | 'udp';
}

function protectedBy(
  direction: 'tx' | 'rx',
  apdu: Uint8Array | string,
  counter: number,
  service: 'glo' | 'ded' | 'general-glo',
) {
  return protect(typeof apdu === 'string' ? fromHex(apdu) : apdu, {
    service,
    suite: 0,
    authenticated: true,
    encrypted: true,
    invocationCounter: counter,
    systemTitle: direction === 'tx' ? CLIENT_TITLE : METER_TITLE,
    keys: { guek: GUEK, gak: GAK, dedicatedKey: DEDICATED },
  });
}

/** AARQ and AARE with titles; the InitiateRequest is protected and brings a dedicated key. */
function association(): Piece[] {
  const initiate = apduOf({
    kind: 'initiate-request',
    dedicatedKey: toHex(DEDICATED),
    responseAllowed: true,
    proposedQoS: null,
    dlmsVersion: 6,
    conformance: ['get'],
    maxPdu: 500,
  });
  const aarq = {
    kind: 'aarq',
    applicationContext: 'ln-ciphered',
    callingApTitle: toHex(CLIENT_TITLE),
    userInformation: { kind: 'undecodable', hex: toHex(protectedBy('tx', initiate, 1, 'glo')), why: '' },
  };
  const aare = {
    kind: 'aare',
    applicationContext: 'ln-ciphered',
    result: 'accepted',
    diagnostic: { source: 'acse-service-user', value: 'null' },
    respondingApTitle: toHex(METER_TITLE),
  };
  return wrapperPieces(['tx', apduOf(aarq)], ['rx', apduOf(aare)]);
}

const AT_LENGTH = fromHex(`c401c10009${'30'}${'ab'.repeat(0x30)}`);
const LONG_TEXT = `get-request: | get 1-0:1.8.0.255#2 -/${'ab'.repeat(0x30)}`;
const [LONG_1, LONG_2, LONG_3] = [AT_LENGTH.subarray(0, 20), AT_LENGTH.subarray(20, 40), AT_LENGTH.subarray(40)];

const CASES: readonly Case[] = [
  { what: 'GET', pieces: wrapperPieces(['tx', GET], ['rx', VALUE]), expected: [READ] },
  {
    what: 'GET refused',
    pieces: wrapperPieces(['tx', GET], ['rx', 'c401c10103']),
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/- read-write-denied'],
  },
  {
    what: 'GET with a list',
    pieces: wrapperPieces(['tx', `c003c102${ENERGY}00${CLOCK}00`], ['rx', 'c403c102001105 0103'.replace(' ', '')]),
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/5 | get 0-0:1.0.0.255#2 -/- read-write-denied'],
  },
  {
    what: 'GET in blocks',
    pieces: wrapperPieces(
      ['tx', GET],
      ['rx', 'c402c1000000000100020904'],
      ['tx', 'c002c100000001'],
      ['rx', 'c402c1010000000200 0401020304'.replace(' ', '')],
    ),
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/01020304 | (2 blocks)'],
  },
  {
    what: 'GET in blocks that ends with a refusal',
    pieces: wrapperPieces(
      ['tx', GET],
      ['rx', 'c402c1000000000100020904'],
      ['tx', 'c002c100000001'],
      ['rx', 'c402c101000000020113'],
    ),
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/- data-block-number-invalid | (1 blocks)'],
  },
  {
    what: 'GET in blocks that are no Data',
    pieces: wrapperPieces(['tx', GET], ['rx', 'c402c10100000001000208ee']),
    expected: [
      'get-request: | get 1-0:1.8.0.255#2 -/- | (1 blocks) | (the blocks put together are no result of a GET)',
    ],
  },
  {
    what: 'SET in blocks',
    pieces: wrapperPieces(
      ['tx', `c102c1${CLOCK}00 0000000001020904`.replace(' ', '')],
      ['rx', 'c502c100000001'],
      ['tx', 'c103c101000000020401020304'],
      ['rx', 'c503c10000000002'],
    ),
    expected: ['set-request: | set 0-0:1.0.0.255#2 01020304/- success | (2 blocks)'],
  },
  {
    what: 'SET with a list in blocks',
    pieces: wrapperPieces(
      ['tx', `c105c102${CLOCK}00${ENERGY}00 000000000102 0211`.replaceAll(' ', '')],
      ['rx', 'c502c100000001'],
      ['tx', 'c103c10100000002 0305 1106'.replaceAll(' ', '')],
      ['rx', 'c504c102000300000002'],
    ),
    expected: [
      'set-request: | set 0-0:1.0.0.255#2 5/- success | set 1-0:1.8.0.255#2 6/- read-write-denied | (2 blocks)',
    ],
  },
  {
    what: 'ACTION in blocks, there and back',
    pieces: wrapperPieces(
      ['tx', 'c304c100030100010800ff01 0000000001020904'.replace(' ', '')],
      ['rx', 'c704c100000001'],
      ['tx', 'c306c101000000020401020304'],
      ['rx', 'c702c1000000000104 00010009'.replace(' ', '')],
      ['tx', 'c302c100000001'],
      ['rx', 'c702c10100000002020155'],
    ),
    expected: ['action-request: | action 1-0:1.8.0.255#1 01020304/55 success | (4 blocks)'],
  },
  {
    what: 'Read of a short name',
    pieces: wrapperPieces(['tx', '0501022bc8'], ['rx', '0c01001105']),
    expected: ['read-request: | read variable-name 2bc8 -/5'],
  },
  {
    what: 'Read answered in blocks that hold the list of results',
    pieces: wrapperPieces(
      ['tx', '0502022bc8022bd0'],
      ['rx', '0c0102000001020200'],
      ['tx', '0501050001'],
      ['rx', '0c01020100020411 05 0103'.replaceAll(' ', '')],
    ),
    expected: [
      'read-request: | read variable-name 2bc8 -/5 | read variable-name 2bd0 -/- read-write-denied | (2 blocks)',
    ],
  },
  {
    what: 'Read asked in blocks',
    pieces: wrapperPieces(
      ['tx', '05010600 0001 02 0202'.replaceAll(' ', '')],
      ['rx', '0c01030001'],
      ['tx', '0501060100 02 05 2bc8022bd0'.replaceAll(' ', '')],
      ['rx', '0c02001105001106'],
    ),
    expected: ['read-request: | read variable-name 2bc8 -/5 | read variable-name 2bd0 -/6 | (2 blocks)'],
  },
  {
    what: 'Write in blocks',
    pieces: wrapperPieces(
      ['tx', '06010700 0001 01 09 04 01022bc8'.replaceAll(' ', '')],
      ['rx', '0d01020001'],
      ['tx', '06010701 0002 01 09 03 011105'.replaceAll(' ', '')],
      ['rx', '0d0100'],
    ),
    expected: ['write-request: | write variable-name 2bc8 5/- success | (2 blocks)'],
  },
  {
    what: 'ACCESS',
    pieces: wrapperPieces(
      ['tx', `d90000000100 02 01${ENERGY} 02${CLOCK} 02 00 1105`.replaceAll(' ', '')],
      ['rx', 'da0000000100 00 02 1107 00 02 0100 0203'.replaceAll(' ', '')],
    ),
    expected: ['access-request: | get 1-0:1.8.0.255#2 -/7 success | set 0-0:1.0.0.255#2 5/- read-write-denied'],
  },
  {
    what: 'an exception-response in place of the answer',
    pieces: wrapperPieces(['tx', GET], ['rx', 'd80102']),
    expected: [
      'get-request: | get 1-0:1.8.0.255#2 -/- | (exception-response service-not-allowed/service-not-supported)',
    ],
  },
  {
    what: 'answers out of order by their invoke ids',
    pieces: wrapperPieces(
      ['tx', `c00181${ENERGY}00`],
      ['tx', `c00182${CLOCK}00`],
      ['rx', 'c40182001102'],
      ['rx', 'c40181001101'],
    ),
    expected: ['get-request: | get 0-0:1.0.0.255#2 -/2', 'get-request: | get 1-0:1.8.0.255#2 -/1'],
  },
  {
    what: 'an answer with another invoke id',
    pieces: wrapperPieces(['tx', GET], ['rx', 'c401ff001105']),
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/5'],
  },
  {
    what: 'a request asked again',
    pieces: wrapperPieces(['tx', GET], ['tx', GET], ['rx', VALUE]),
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/- | (no answer)', READ],
  },
  {
    what: 'a request at the end',
    pieces: wrapperPieces(['tx', GET]),
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/- | (no answer)'],
  },
  {
    what: 'an answer whose request is not in the capture',
    pieces: wrapperPieces(['rx', VALUE]),
    expected: ['get-response: | get  -/123456'],
  },
  {
    what: 'pushes',
    pieces: wrapperPieces(
      ['tx', '0f00000001001105'],
      ['tx', `c200${ENERGY}1106`],
      ['tx', '18000102fa00011107'],
      ['tx', '160102fa00011108'],
    ),
    expected: [
      'data-notification: | notify  -/5',
      'event-notification: | notify 1-0:1.8.0.255#2 -/6',
      'information-report: | notify variable-name fa00 -/7',
      'unconfirmed-write-request: | write variable-name fa00 8/-',
    ],
  },
  {
    what: 'an association refused',
    pieces: wrapperPieces(
      ['tx', '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0'],
      ['rx', '6117a109060760857405080101a203020101a305a10302010d'],
    ),
    expected: ['aarq: | (rejected-permanent authentication-failure)'],
  },
  {
    what: 'two clients on one connection',
    pieces: [
      ['tx', wrapped('tx', GET, 16)],
      ['tx', wrapped('tx', `c001c1${CLOCK}00`, 17)],
      ['rx', wrapped('rx', VALUE, 16)],
      ['rx', wrapped('rx', 'c401c1001105', 17)],
    ],
    expected: [READ, 'get-request: | get 0-0:1.0.0.255#2 -/5'],
  },
  {
    what: 'messages in pieces and together',
    pieces: [
      ['tx', wrapped('tx', GET).subarray(0, 3)],
      ['tx', wrapped('tx', GET).subarray(3)],
      ['rx', Uint8Array.from([...wrapped('rx', VALUE), ...wrapped('rx', '0f00000001001105')])],
    ],
    expected: [READ, 'data-notification: | notify  -/5'],
  },
  {
    what: 'octets missing in the middle of a message',
    pieces: [
      ['tx', wrapped('tx', GET).subarray(0, 12)],
      ['tx', 'ffee', 3],
      ['tx', wrapped('tx', GET)],
      ['rx', wrapped('rx', VALUE)],
    ],
    expected: ['note bad-frame', READ],
  },
  {
    what: 'a capture that begins in the middle of a message',
    pieces: [
      ['rx', '0908aabbccddeeff'],
      ['tx', wrapped('tx', GET)],
      ['rx', wrapped('rx', VALUE)],
    ],
    expected: ['note bad-frame', READ],
  },
  {
    what: 'datagrams, one of them cut',
    transport: 'udp',
    pieces: [
      ['tx', wrapped('tx', GET)],
      ['rx', wrapped('rx', VALUE).subarray(0, 12)],
      ['rx', wrapped('rx', VALUE)],
    ],
    expected: [READ],
  },
  {
    what: 'an APDU that does not decode',
    pieces: wrapperPieces(['tx', GET], ['rx', 'c401c10009ff']),
    expected: ['error truncated', 'get-request: | get 1-0:1.8.0.255#2 -/- | (no answer)'],
  },
  {
    what: 'HDLC behind a mode E opening, with segments and a frame sent again',
    pieces: [
      ['tx', Uint8Array.from('/?!\r\n', (character) => character.charCodeAt(0))],
      ['rx', Uint8Array.from('/ACM5\\2A1000\r\n', (character) => character.charCodeAt(0))],
      ['tx', '7ea00802232193bd647e'],
      ['rx', iFrame('rx', 0, '', { kind: 'UA' })],
      ['tx', iFrame('tx', 0, `e6e600${GET}`)],
      ['rx', iFrame('rx', 0, 'e6e700c401c1', { segmented: true })],
      ['rx', iFrame('rx', 0, 'e6e700c401c1', { segmented: true })],
      ['tx', iFrame('tx', 0, '', { kind: 'RR', nr: 1 })],
      ['rx', iFrame('rx', 1, '00060001e240')],
    ],
    expected: [READ],
  },
  {
    what: 'HDLC with a segment that was not captured',
    pieces: [
      ['tx', iFrame('tx', 0, `e6e600${GET}`)],
      ['rx', iFrame('rx', 0, 'e6e700c401', { segmented: true })],
      ['rx', iFrame('rx', 2, 'e6e700c401c1001105')],
    ],
    expected: ['get-request: | get 1-0:1.8.0.255#2 -/5'],
  },
  {
    what: 'HDLC with a broken frame',
    pieces: [
      ['tx', iFrame('tx', 0, `e6e600${GET}`).map((octet, i) => (i === 15 ? octet ^ 1 : octet))],
      ['rx', iFrame('rx', 0, `e6e700${VALUE}`)],
    ],
    expected: ['note bad-checksum', 'get-response: | get  -/123456'],
  },
  {
    what: 'general blocks, one of them late and one sent twice',
    pieces: wrapperPieces(
      ['tx', GET],
      ['rx', generalBlock(1, LONG_1!, false)],
      ['rx', generalBlock(3, LONG_3!, true)],
      ['tx', generalBlock(1, new Uint8Array(0), true, 1)],
      ['rx', generalBlock(2, LONG_2!, false)],
      ['rx', generalBlock(3, LONG_3!, true)],
    ),
    expected: [LONG_TEXT],
  },
  {
    what: 'general blocks of a transfer that was given up before another',
    pieces: wrapperPieces(
      ['tx', GET],
      ['rx', generalBlock(1, fromHex('c401'), false)],
      ['rx', generalBlock(1, LONG_1!, false)],
      ['rx', generalBlock(2, AT_LENGTH.subarray(20), true)],
    ),
    expected: [LONG_TEXT],
  },
  {
    what: 'general blocks with the numbers going on',
    pieces: wrapperPieces(
      ['tx', GET],
      ['rx', generalBlock(5, LONG_1!, false)],
      ['rx', generalBlock(6, AT_LENGTH.subarray(20), true)],
    ),
    expected: [LONG_TEXT],
  },
  {
    what: 'protection without keys',
    pieces: [
      ...association(),
      ...wrapperPieces(['tx', protectedBy('tx', GET, 2, 'glo')], ['rx', protectedBy('rx', VALUE, 2, 'glo')]),
    ],
    expected: ['aarq:'],
  },
  {
    what: 'protection with titles learnt from the association, the second ring fits',
    keys: [OTHER, { guek: GUEK, gak: GAK }],
    pieces: [
      ...association(),
      ...wrapperPieces(['tx', protectedBy('tx', GET, 2, 'glo')], ['rx', protectedBy('rx', VALUE, 2, 'glo')]),
    ],
    expected: ['aarq:', READ],
  },
  {
    what: 'protection under the dedicated key of the association',
    keys: [{ guek: GUEK, gak: GAK }],
    pieces: [
      ...association(),
      ...wrapperPieces(['tx', protectedBy('tx', GET, 1, 'ded')], ['rx', protectedBy('rx', VALUE, 1, 'ded')]),
    ],
    expected: ['aarq:', READ],
  },
  {
    what: 'general protection, which brings its title, in general blocks',
    keys: [{ guek: GUEK, gak: GAK }],
    pieces: wrapperPieces(
      ['tx', protectedBy('tx', GET, 1, 'general-glo')],
      ['rx', generalBlock(1, protectedBy('rx', VALUE, 1, 'general-glo').subarray(0, 20), false)],
      ['rx', generalBlock(2, protectedBy('rx', VALUE, 1, 'general-glo').subarray(20), true)],
    ),
    expected: [READ],
  },
  {
    what: 'a title of the key file when the association is not in the capture',
    keys: [{ guek: GUEK, gak: GAK, systemTitle: METER_TITLE }],
    pieces: wrapperPieces(['rx', protectedBy('rx', VALUE, 1, 'glo')]),
    expected: ['get-response: | get  -/123456'],
  },
  {
    what: 'keys that do not fit',
    keys: [OTHER],
    pieces: [...association().slice(1), ...wrapperPieces(['rx', protectedBy('rx', VALUE, 1, 'glo')])],
    expected: ['error not-decipherable'],
  },
  { what: 'another protocol', pieces: [['tx', '474554202f20485454502f312e310d0a']], expected: [] },
];

describe('captures: dialogues', () => {
  for (const { what, pieces, expected, keys, transport } of CASES) {
    it(what, () => {
      const options = { ...(keys === undefined ? {} : { keys }), ...(transport === undefined ? {} : { transport }) };
      assert.deepEqual(dialogueText(pieces, options), expected);
      for (const event of eventsOf(pieces, options)) JSON.stringify(dialogueEventToJson(event));
    });
  }

  it('says what another protocol is not', () => {
    const [note] = eventsOf([['tx', '474554202f20485454502f312e310d0a']]);
    assert.ok(note?.type === 'note' && /neither HDLC nor wrapper/.test(note.text));
  });

  it('masks passwords and dedicated keys, also deciphered ones', () => {
    const password = toHex(Uint8Array.from('12345678', (character) => character.charCodeAt(0)));
    const aarq =
      '6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400007e1f04b0';
    const events = [
      ...eventsOf(wrapperPieces(['tx', aarq])),
      ...eventsOf(association(), { keys: [{ guek: GUEK, gak: GAK }] }),
    ];
    const text = JSON.stringify(events.map(dialogueEventToJson));
    assert.ok(text.includes('2a'.repeat(8)) && text.includes('2a'.repeat(16)));
    assert.ok(!text.includes(password) && !text.includes(toHex(DEDICATED)));
    assert.ok(events.some((event) => event.type === 'message' && event.revealed?.userInformation !== undefined));
  });

  it('follows so many pairs of SAPs and open requests, and says when there are more', () => {
    const clients = Array.from({ length: MAX_PEERS + 5 }, (_, i): Piece => ['tx', wrapped('tx', GET, i + 1)]);
    const notes = eventsOf(clients).filter(({ type }) => type === 'note');
    assert.equal(notes.length, 1);
    const ids = Array.from({ length: 16 }, (_, i) => `c0018${i.toString(16)}${ENERGY}00`);
    const sets = Array.from({ length: 16 }, (_, i) => `c1018${i.toString(16)}${ENERGY}001105`);
    const given = dialogueText(wrapperPieces(...[...ids, ...sets].map((hex): ['tx', string] => ['tx', hex])));
    assert.equal(given.length, 32);
    assert.ok(
      given
        .slice(0, 32 - MAX_OPEN_EXCHANGES)
        .every((line) => line.startsWith('get-request') && line.endsWith('(no answer)')),
    );
  });

  for (const [what, hex, expected] of [
    ['nothing', '', undefined],
    ['text', '2f3f210d0a', undefined],
    ['a flag alone', '7e', undefined],
    ['a frame', '7ea00802232193bd647e', 'hdlc'],
    ['a frame behind noise', 'aabb7e007ea00802232193bd647e', 'hdlc'],
    ['a wrapper', '0001001000010001c0', 'wrapper'],
    ['a wrapper that goes on', '00010010000100ffc0', 'wrapper'],
    ['a wrapper behind the rest of another', 'ffee0001001000010001c0', 'wrapper'],
    ['a wrapper header in the middle of other octets', 'ffee0001001000010001c0c1c2', undefined],
  ] as const) {
    it(`framing of ${what}: ${expected ?? 'unknown'}`, () => assert.equal(detectFraming(fromHex(hex)), expected));
  }
});
