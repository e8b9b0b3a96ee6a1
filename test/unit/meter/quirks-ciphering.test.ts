import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { hlsReply } from '../../../engine/codec/security/hls.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import type { QuirkId } from '../../../engine/template/vocabulary/quirks.ts';
import { CHALLENGE, QuirkLine, quirkMeter, SECRETS } from './support/quirk-meter.ts';
import { aarq, action, get, WITHOUT_BLOCKS } from './support/quirk-requests.ts';

const TITLE = fromHex('4d4d4d0000bc614e');
const OWN_CHALLENGE = fromHex('0102030405060708');
const keys = { guek: fromHex(SECRETS.guek), gak: fromHex(SECRETS.gak) };
const CONFORMANCE = [...WITHOUT_BLOCKS, 'general-protection'];
const SHORT = get(1, '0-0:96.1.0.255');

/** Authenticated and encrypted under the global key. */
function sealed(
  apdu: string,
  invocationCounter: number,
  service: 'glo' | 'general-glo' = 'glo',
  suite: 0 | 1 = 0,
): string {
  const options = { service, suite, authenticated: true, encrypted: true, systemTitle: TITLE, keys, invocationCounter };
  return toHex(protect(fromHex(apdu), options));
}

const AARQ = aarq(CONFORMANCE, { applicationContext: 'ln-ciphered', callingApTitle: TITLE });

function aarqHls(mechanism: 'hls-gmac' | 'hls-sha256'): string {
  return aarq(CONFORMANCE, {
    applicationContext: mechanism === 'hls-gmac' ? 'ln-ciphered' : 'ln',
    callingApTitle: TITLE,
    acseRequirements: Uint8Array.of(0x07, 0x80),
    mechanism,
    authValue: { form: 'charstring', octets: OWN_CHALLENGE },
  });
}

/** Pass 3 to the challenge every meter of these tests sends. */
function pass3(mechanism: 'hls-gmac' | 'hls-sha256', suite: 0 | 1 = 0): string {
  const octets = hlsReply(mechanism, {
    ...keys,
    challenge: CHALLENGE,
    ownChallenge: OWN_CHALLENGE,
    secret: fromHex(SECRETS.hls),
    systemTitle: TITLE,
    peerSystemTitle: quirkMeter('').systemTitle,
    suite,
    invocationCounter: 1,
  });
  return action(15, '0-0:40.0.0.255', 1, { t: 'octet-string', v: octets });
}

interface CipherCase {
  readonly id: QuirkId;
  readonly client: number;
  readonly suite?: 0 | 1;
  readonly asks: readonly string[];
  readonly standard: readonly string[];
  readonly deviating: readonly string[];
}

const cases: readonly CipherCase[] = [
  {
    id: 'length-not-minimal',
    client: 32,
    asks: [AARQ, sealed(SHORT, 5)],
    standard: ['cc1b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
    deviating: ['cc82001b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
  },
  {
    id: 'length-not-minimal',
    client: 32,
    asks: [AARQ, sealed(SHORT, 5, 'general-glo')],
    standard: ['db085a5a51000000002a1b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
    deviating: ['db085a5a51000000002a82001b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
  },
  {
    id: 'empty-system-title',
    client: 32,
    asks: [AARQ, sealed(SHORT, 5, 'general-glo')],
    standard: ['db085a5a51000000002a1b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
    deviating: ['db001b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
  },
  {
    id: 'tag-with-unknown-key',
    client: 32,
    asks: [AARQ, sealed(SHORT, 5)],
    standard: ['cc1b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
    deviating: ['cc1b300cf849de998520774d606a78c7bb3bb354e8c038e83f492469a6'],
  },
  {
    id: 'answers-encrypted-only',
    client: 32,
    asks: [AARQ, sealed(SHORT, 5)],
    standard: ['cc1b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
    deviating: ['cc0f200cf849de998520774d606a78c7bb'],
  },
  {
    id: 'answers-encrypted-only',
    client: 32,
    suite: 1,
    asks: [AARQ, sealed(SHORT, 5, 'glo', 1)],
    standard: ['cc1b310cf849de998520774d606a78c7bb2841edbf4ebfc51ed226ba91'],
    deviating: ['cc0f210cf849de998520774d606a78c7bb'],
  },
  {
    id: 'closes-on-old-counter',
    client: 32,
    asks: [AARQ, sealed(SHORT, 5), sealed(SHORT, 5)],
    standard: ['d8010600000006'],
    deviating: ['close'],
  },
  {
    id: 'invocation-counter-absent',
    client: 32,
    asks: [AARQ, sealed(SHORT, 5), sealed(SHORT, 5)],
    standard: ['d8010600000006'],
    deviating: ['d80106'],
  },
  {
    id: 'hls-without-answer',
    client: 33,
    asks: [aarqHls('hls-gmac'), pass3('hls-gmac')],
    standard: ['c701c10001000911100cf849de549cf15bb5896cf4a5627835'],
    deviating: ['c701c10000'],
  },
  {
    id: 'hls-gmac-keeps-counter',
    client: 33,
    asks: [aarqHls('hls-gmac'), pass3('hls-gmac'), sealed(SHORT, 5)],
    standard: ['cc1b300cf849df98278a508434eb75ff70081403a165e21781097624bf'],
    deviating: ['cc1b300cf849de998520774d606a78c7bbbdaaad1de253b9935ab3844f'],
  },
  {
    id: 'hls-gmac-sc-10',
    client: 33,
    suite: 1,
    asks: [aarqHls('hls-gmac'), pass3('hls-gmac', 1)],
    standard: ['c701c10001000911110cf849de45410bb1f6f8c9ced343b08e'],
    deviating: ['c701c10001000911100cf849de549cf15bb5896cf4a5627835'],
  },
  {
    id: 'hls-sha256-of-key-only',
    client: 34,
    asks: [aarqHls('hls-sha256'), pass3('hls-sha256')],
    standard: ['c701c100010009204e2c757c5049af7945f3d1489890b2e105d400701e84b7221f2f586364a668ea'],
    deviating: ['c701c10001000920a4a2e1be8bfe75d355aaec2e31f4e19053ad4afe3cd05a462a2d760836132ac7'],
  },
];

function last(quirks: string, { asks, client, suite }: CipherCase): string[] {
  const line = new QuirkLine(quirkMeter(quirks, suite));
  line.client = client;
  return asks.map((ask) => line.ask(ask)).at(-1) ?? [];
}

describe('quirks of ciphered associations', () => {
  for (const [index, item] of cases.entries()) {
    it(`${item.id} (${index + 1}): octets without and with it`, () => {
      assert.deepEqual(last('', item), item.standard);
      assert.deepEqual(last(`quirk "${item.id}"`, item), item.deviating);
      assert.notDeepEqual(item.standard, item.deviating);
    });
  }
});
