import assert from 'node:assert/strict';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import { compareValues, noTotals } from './peer-sessions-compare.ts';
import { type Dialogue, dialogueOf, peerSessionNames, sentApdus, sessionLines } from './peer-sessions-dialogue.ts';
import { readsOf } from './peer-sessions-reads.ts';

const names = peerSessionNames();

/** Deviations of a session; the servers of all sessions over TCP wrapper send RLRE with short lengths. */
const DEVIATIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'cserver-ln-hdlc-low': { 'trailing-octets': 2, 'boolean-not-01': 1 },
  'cserver-ln-wrapper-none': { 'trailing-octets': 2, 'boolean-not-01': 1, 'release-lengths-short': 1 },
};

/** Values compared over all sessions, by how much of them the text shows. */
const totals = { sessions: 0, apdus: 0, reassembled: 0, deciphered: 0, ...noTotals() };

describe('recorded sessions between independent peers', function () {
  this.timeout(60_000);
  if (names === undefined) {
    it('skipped: ../shared/peer-sessions is not here (0 of 18 sessions)', function () {
      this.skip();
    });
    return;
  }

  for (const name of names) {
    describe(name, () => {
      let dialogue: Dialogue;

      it('every APDU decodes and re-encodes to the same octets, through blocks and ciphering', () => {
        dialogue = dialogueOf(name);
        const { counts } = dialogue;
        totals.sessions++;
        totals.apdus += counts.apdus;
        totals.reassembled += counts.reassembled;
        totals.deciphered += counts.deciphered;
        const releases = dialogue.apdus.some(({ apdu }) => apdu.kind === 'rlre');
        assert.deepEqual(counts.deviations, DEVIATIONS[name] ?? (releases ? { 'release-lengths-short': 1 } : {}));
      });

      it('answers with octets behind them are refused unless asked for', () => {
        let refused = 0;
        for (const { octets } of sentApdus(name)) if (!decodeApdu(octets).ok) refused++;
        assert.equal(refused, DEVIATIONS[name]?.['trailing-octets'] ?? 0);
      });

      const clear = sessionLines(name, 'pdu');
      if (clear.length > 0) {
        it(`${clear.length} APDUs are those the recorder has in clear`, () => {
          const own = new Set(dialogue.apdus.map(({ octets }) => toHex(octets)));
          const onTheWire = new Set(sentApdus(name).map(({ octets }) => toHex(octets)));
          for (const line of clear) {
            const hex = line.toLowerCase();
            // A few that the recorder left ciphered stand on the wire as they are.
            assert.ok(own.has(hex) || onTheWire.has(hex), hex);
          }
        });
      }

      const lines = sessionLines(name, 'out');
      if (lines.length > 0) {
        it(`${lines.length} values are those the client saw`, () => compareValues(readsOf(dialogue), lines, totals));
      }
    });
  }

  after(() => {
    const { sessions, apdus, reassembled, deciphered, equal, partly, refused, peerFailed, services } = totals;
    console.log(
      `      ${sessions} sessions, ${apdus} APDUs, ${reassembled} put together from blocks, ${deciphered} deciphered`,
    );
    console.log(
      `      attributes: ${equal} equal, ${partly} agree as far as the text shows them, ${refused} refused alike, ` +
        `${peerFailed} decoded here while the client failed; ${services} service results`,
    );
    assert.ok(sessions === names.length && equal > 900 && services > 10);
  });
});
