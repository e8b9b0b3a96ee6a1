import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Aarq, Mechanism } from '../../../engine/codec/acse/types.ts';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import { decodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import type { AccessSpecification, GetDataResult, VariableAccess } from '../../../engine/codec/xdlms/types.ts';
import { type AccessItem, access } from '../../../engine/session/access.ts';
import { acceptAare, exchangeAarq } from '../../../engine/session/associate.ts';
import { isHls } from '../../../engine/session/authentication.ts';
import type { ClientSession } from '../../../engine/session/client-session.ts';
import { replyToHls } from '../../../engine/session/hls.ts';
import { getAttribute, getList } from '../../../engine/session/ln-get.ts';
import { invokeMethod } from '../../../engine/session/ln-invoke.ts';
import { setAttribute } from '../../../engine/session/ln-set.ts';
import type { Suite } from '../../../engine/session/params.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import { readNames } from '../../../engine/session/sn-read.ts';
import { writeNames } from '../../../engine/session/sn-write.ts';
import { sharedPath } from '../codec/shared-material.ts';
import { testSession } from './converse.ts';

/** Recordings of an independent client and server. What the server sent is played back to our client. */
const SESSIONS: readonly (readonly [name: string, suite: Suite, results: number])[] = [
  ['s0-ln-wrapper-none', 0, 90],
  ['s0-ln-wrapper-low', 0, 10],
  ['s0-ln-wrapper-md5', 0, 10],
  ['s0-ln-wrapper-sha256', 0, 10],
  ['s0-ln-wrapper-gmac-plain', 0, 10],
  ['s0-ln-wrapper-gmac-authenc-glo', 0, 90],
  ['s1-ln-wrapper-gmac-authenc', 1, 10],
  ['s2-ln-wrapper-gmac-authenc', 2, 10],
  ['s0-sn-wrapper-none', 0, 60],
  ['cppserver-sn-wrapper-low', 0, 100],
  ['cserver-ln-wrapper-none', 0, 300],
];

/** What the recordings hold besides reading. */
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  's0-ln-wrapper-none': [
    'set success',
    'action read-write-denied',
    'access success double-long-unsigned, success structure, success double-long-unsigned, success structure',
  ],
  's0-ln-wrapper-gmac-authenc-glo': ['set success', 'action read-write-denied'],
  's0-sn-wrapper-none': ['write success', 'write success'],
};

const CLIENT_TITLE = fromHex('4D4D4D0000BC614E');

function keys(suite: Suite): { readonly guek: Uint8Array; readonly gak: Uint8Array } {
  const length = suite === 2 ? 32 : 16;
  return {
    guek: Uint8Array.from({ length }, (_, i) => i),
    gak: Uint8Array.from({ length }, (_, i) => 0xd0 + (i % 16)),
  };
}

interface Frame {
  readonly direction: 'TX' | 'RX';
  readonly apdu: Uint8Array;
}

function framesOf(file: string): Frame[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [direction, hex = ''] = line.split(' ');
    const decoded = decodeWrapper(fromHex(hex));
    assert.ok(decoded.ok);
    return { direction: direction === 'TX' ? 'TX' : 'RX', apdu: decoded.value.message.apdu };
  });
}

/** Plays a recording: `at` is the frame to look at next. */
class Player {
  readonly #frames: readonly Frame[];
  readonly #suite: Suite;
  #at = 0;
  #session: ClientSession | undefined;
  readonly results: GetDataResult[] = [];
  /** Outcomes of what is not a plain read: `set success`, `action success`, `access success 2`. */
  readonly outcomes: string[] = [];

  constructor(frames: readonly Frame[], suite: Suite) {
    this.#frames = frames;
    this.#suite = suite;
  }

  play(): void {
    for (;;) {
      const frame = this.#frames[this.#at++];
      if (frame === undefined) return;
      if (frame.direction === 'TX') this.#request(this.#plain(frame.apdu));
    }
  }

  #request(apdu: Apdu): void {
    if (apdu.kind === 'aarq') this.#associate(apdu);
    else if (apdu.kind === 'get-request' && apdu.type === 'normal')
      this.results.push(this.#run(getAttribute(this.#open, apdu.attr, apdu.selective)));
    else if (apdu.kind === 'get-request' && apdu.type === 'with-list')
      this.results.push(...this.#run(getList(this.#open, apdu.list)));
    else if (apdu.kind === 'set-request' && apdu.type === 'normal')
      this.outcomes.push(`set ${this.#run(setAttribute(this.#open, apdu.attr, apdu.data, apdu.selective))}`);
    else if (apdu.kind === 'action-request' && apdu.type === 'normal')
      this.outcomes.push(`action ${this.#run(invokeMethod(this.#open, apdu.method, apdu.params)).result}`);
    else if (apdu.kind === 'access-request') {
      const results = this.#run(
        access(
          this.#open,
          apdu.spec.map((spec, index) => itemOf(spec, apdu.data[index])),
        ),
      );
      this.outcomes.push(`access ${results.map((result) => `${result.result} ${result.data?.t ?? '-'}`).join(', ')}`);
    } else if (apdu.kind === 'read-request') this.#read(apdu.list);
    else if (apdu.kind === 'write-request') {
      const items = apdu.list.map((item, index) => {
        assert.ok('variable-name' in item);
        return { name: item['variable-name'], data: apdu.values[index]! };
      });
      this.outcomes.push(`write ${this.#run(writeNames(this.#open, items)).join(', ')}`);
    }
  }

  #read(list: readonly VariableAccess[]): void {
    const names = list.flatMap((item) => {
      if ('variable-name' in item) return [{ name: item['variable-name'] }];
      if (!('parameterized-access' in item)) return [];
      const { name, selector, parameter } = item['parameterized-access'];
      return [{ name, selective: { selector, params: parameter } }];
    });
    if (names.length === list.length) this.results.push(...this.#run(readNames(this.#open, names)));
  }

  get #open(): ClientSession {
    assert.ok(this.#session !== undefined);
    return this.#session;
  }

  #associate(aarq: Aarq): void {
    const mechanism: Mechanism = (aarq.mechanism as Mechanism | undefined) ?? 'lowest';
    const ciphered = aarq.applicationContext.endsWith('-ciphered');
    const { session } = testSession({
      referencing: aarq.applicationContext.startsWith('sn') ? 'SN' : 'LN',
      mechanism,
      protection: ciphered ? 'authenc' : 'none',
      suite: this.#suite,
      secrets: { ...keys(this.#suite), password: new TextEncoder().encode('Gurux'), systemTitle: CLIENT_TITLE },
      conformance: [],
    });
    this.#session = session;
    const aare = this.#run(exchangeAarq(session, aarq));
    acceptAare(session, aare);
    if (isHls(mechanism)) this.#run(replyToHls(session, aarq.authValue?.octets ?? new Uint8Array(), aare));
  }

  /** Gives the recorded answers to a procedure. What it sends besides its request has to equal what the peer sent. */
  #run<T>(procedure: Procedure<T>): T {
    let state = procedure.next();
    let first = true;
    while (state.done !== true) {
      if (!first && state.value.send !== null) {
        const sent = this.#nextFrame('TX').apdu;
        const own = decodeApdu(state.value.send);
        if (own.ok && own.value.kind === 'general-block-transfer') assert.equal(toHex(state.value.send), toHex(sent));
      }
      first = false;
      state = procedure.next(this.#nextFrame('RX').apdu);
    }
    return state.value;
  }

  #nextFrame(direction: 'TX' | 'RX'): Frame {
    for (;;) {
      const frame = this.#frames[this.#at++];
      assert.ok(frame !== undefined, 'the recording ends before the procedure');
      if (frame.direction === direction) return frame;
    }
  }

  #plain(octets: Uint8Array): Apdu {
    const decoded = decodeApdu(octets);
    assert.ok(decoded.ok, toHex(octets));
    const apdu = decoded.value;
    if (apdu.kind === 'aarq' || apdu.kind === 'rlrq' || !('security' in apdu)) return apdu;
    const opened = unprotect(apdu, { ...keys(this.#suite), systemTitle: CLIENT_TITLE });
    assert.ok(opened.ok);
    const inner = decodeApdu(opened.plain);
    assert.ok(inner.ok);
    return inner.value;
  }
}

function itemOf(spec: AccessSpecification, data: Data | undefined): AccessItem {
  const { class: classId, obis, index, selective } = spec;
  const about = { class: classId, obis, index, ...(selective === undefined ? {} : { selective }) };
  if (spec.op === 'action') return { ...about, op: 'action', ...(data === undefined ? {} : { params: data }) };
  if (spec.op.startsWith('set')) return { ...about, op: 'set', data: data ?? { t: 'null-data' } };
  return { ...about, op: 'get' };
}

describe('our client against recorded servers of others', () => {
  for (const [name, suite, least] of SESSIONS) {
    it(name, function () {
      const file = sharedPath('peer-sessions', `${name}.frames.txt`);
      if (file === undefined) this.skip();
      const player = new Player(framesOf(file), suite);
      player.play();
      assert.ok(player.results.length >= least, `${path.basename(file)}: ${player.results.length} results`);
      const values = player.results.filter((result) => 'data' in result).length;
      assert.ok(values >= player.results.length * 0.9, `${values} values of ${player.results.length}`);
      assert.deepEqual(player.outcomes, OUTCOMES[name] ?? []);
    });
  }
});
