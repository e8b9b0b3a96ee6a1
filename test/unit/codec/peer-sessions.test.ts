import assert from 'node:assert/strict';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { dataToJson } from '../../../engine/codec/axdr/data-json.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import type { GetDataResult } from '../../../engine/codec/xdlms/types.ts';
import { type Dialogue, dialogueOf, peerSessionNames, sentApdus, sessionLines } from './peer-sessions-dialogue.ts';
import { readsOf, type SessionReads } from './peer-sessions-reads.ts';
import { compareGeneralText, compareText } from './peer-sessions-text.ts';

const names = peerSessionNames();

/** Deviations of a session; the servers of all sessions over TCP wrapper send RLRE with short lengths. */
const DEVIATIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'cserver-ln-hdlc-low': { 'trailing-octets': 2, 'boolean-not-01': 1 },
  'cserver-ln-wrapper-none': { 'trailing-octets': 2, 'boolean-not-01': 1, 'release-lengths-short': 1 },
};

/** Values compared over all sessions, by how much of them the text shows. */
const totals = {
  sessions: 0,
  apdus: 0,
  reassembled: 0,
  deciphered: 0,
  equal: 0,
  partly: 0,
  refused: 0,
  peerFailed: 0,
  services: 0,
};

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
        it(`${lines.length} values are those the client saw`, () => compareValues(readsOf(dialogue), lines));
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

const ATTRIBUTE = /^(\S+) (\d+)\.(\d+)\.(\d+)\.(\d+)\.(\d+)\.(\d+) #(\d+) (=|ERROR) (.*)$/;

/** Lines and reads are in the same order; the client's own first read of the object list has no line. */
function compareValues(reads: SessionReads, lines: readonly string[]): void {
  const left = [...reads.attributes];
  const services: string[] = [];
  for (const line of lines) {
    const [, , a, b, c, d, e, f, index] = ATTRIBUTE.exec(line) ?? [];
    if (index === undefined) {
      services.push(line);
      continue;
    }
    let read = left.shift();
    if (read?.key === OWN_OBJECT_LIST && index !== '2') read = left.shift();
    assert.ok(read !== undefined, `nothing read for: ${line}`);
    // A server answers attribute 1 of a second association with the name of the first, and the client goes on with it.
    const key = `${a}-${b}:${c}.${d}.${e}.${f}#${index}`;
    assert.ok(read.key === key || (index === '1' && read.key.endsWith('#1')), `${read.key} read for: ${line}`);
    compareAttribute(reads, read.key, line, read.result);
  }
  assert.equal(left.length, 0, `no line for ${left[0]?.key}`);
  compareServices(reads, services);
}

const OWN_OBJECT_LIST = '0-0:40.0.0.255#2';

function compareAttribute(reads: SessionReads, key: string, line: string, result: GetDataResult): void {
  const [, className, , , , , , , index, sign, text] = ATTRIBUTE.exec(line) ?? [];
  assert.ok(className !== undefined && index !== undefined && text !== undefined);
  if (sign === 'ERROR') {
    if (text.includes('Access Error')) {
      assert.deepEqual(result, { result: accessError(text) });
      totals.refused++;
    } else {
      assert.ok('data' in result);
      totals.peerFailed++;
    }
    return;
  }
  assert.ok('data' in result, line);
  const { data } = result;
  const verdict = compareText(`${className}#${index}`, text, data, scalerOf(reads, key, className, Number(index)));
  assert.notEqual(verdict, 'different', `${line}\n${JSON.stringify(dataToJson(data))}`);
  if (verdict === 'equal') totals.equal++;
  else totals.partly++;
}

function accessError(text: string): string {
  if (text.includes('temporary failure')) return 'temporary-failure';
  if (text.includes('Read-Write denied')) return 'read-write-denied';
  return `unknown: ${text}`;
}

/** Attribute with scaler_unit, by class, and the attributes it applies to. */
const SCALED: Readonly<Record<string, readonly [number, readonly number[]]>> = {
  REGISTER: [3, [2]],
  EXTENDED_REGISTER: [3, [2]],
  DEMAND_REGISTER: [4, [2, 3]],
};

/** Exponent the client applies to this attribute. */
function scalerOf(reads: SessionReads, key: string, className: string, index: number): number {
  const [unitIndex, indices] = SCALED[className] ?? [0, []];
  if (!indices.includes(index)) return 0;
  const unit = reads.attributes.find((read) => read.key === key.replace(/#\d+$/, `#${unitIndex}`))?.result;
  if (unit === undefined || !('data' in unit) || unit.data.t !== 'structure') return 0;
  const [scaler] = unit.data.v;
  return scaler?.t === 'integer' ? scaler.v : 0;
}

/** Lines `SERVICE ...` behind the attributes, in the order of the requests. */
function compareServices(reads: SessionReads, lines: readonly string[]): void {
  const selective = [...reads.selective];
  const lists = [...reads.lists];
  const set = [...reads.set];
  const action = [...reads.action].slice(-1);
  const access = [...(reads.access[0] ?? [])];
  for (const line of lines) {
    const [, service, text] = /^SERVICE (get-with-list|selective by \w+|set|action|access) (.*)$/.exec(line) ?? [];
    assert.ok(service !== undefined && text !== undefined, line);
    if (service === 'get-with-list') assertShown(listOf(lists.shift() ?? []), text);
    else if (text.startsWith('ERROR gurux')) assert.equal(access.length, 0);
    else if (service === 'access') assertShown(access.shift(), text.replace(/^\S+ #\d+ OK /, ''));
    else if (service === 'set') assert.equal(set.shift(), resultOf(text));
    else if (service === 'action') assert.equal(action.shift(), resultOf(text));
    else {
      const result = selective.shift();
      assert.ok(result !== undefined && 'data' in result);
      assertShown(result.data, text);
    }
    totals.services++;
  }
}

function listOf(results: readonly GetDataResult[]): Data {
  return { t: 'array', v: results.flatMap((result) => ('data' in result ? [result.data] : [])) };
}

function resultOf(text: string): string {
  return text === 'ok' ? 'success' : accessError(text);
}

function assertShown(data: Data | undefined, text: string): void {
  assert.ok(data !== undefined);
  assert.equal(compareGeneralText(text, data), 'equal', `${text}\n${JSON.stringify(dataToJson(data))}`);
}
