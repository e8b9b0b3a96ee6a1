import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { encodeData } from '../../../engine/codec/axdr/encode-data.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import { unprotect } from '../../../engine/codec/security/unprotect.ts';
import type { GeneralBlockTransfer } from '../../../engine/codec/xdlms/types.ts';
import { associate } from '../../../engine/session/associate.ts';
import type { AssociationCounters } from '../../../engine/session/ciphering.ts';
import { SessionError, type SessionErrorCode } from '../../../engine/session/errors.ts';
import { InvocationCounters } from '../../../engine/session/invocation-counters.ts';
import { getAttribute, getList } from '../../../engine/session/ln-get.ts';
import { invokeMethod } from '../../../engine/session/ln-invoke.ts';
import { setAttribute } from '../../../engine/session/ln-set.ts';
import { attributeName, readName, readNames } from '../../../engine/session/sn-read.ts';
import { writeName } from '../../../engine/session/sn-write.ts';
import { converse, openSession, type Reply, testSession } from './converse.ts';
import { accept } from './fake-meter.ts';

const CLOCK = { class: 8, obis: '0-0:1.0.0.255', index: 2 };
const SECRET = { class: 15, obis: '0-0:40.0.0.255', index: 7 };
const LONG: Data = { t: 'octet-string', v: Uint8Array.from({ length: 600 }, (_, i) => i & 0xff) };
const encoded = encodeData(LONG);

function codeOf(run: () => unknown): SessionErrorCode {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error.code;
  }
  return assert.fail('did not fail');
}

function cut(octets: Uint8Array, size: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += size) parts.push(octets.subarray(at, at + size));
  return parts;
}

/** Serves `whole` in GET blocks with the numbers `first`, `first` + 1, ... */
function blockMeter(whole: Uint8Array, first: number, step = 1): (apdu: Apdu) => Reply {
  const parts = cut(whole, 100);
  let at = 0;
  return (apdu) => {
    if (apdu.kind !== 'get-request') return undefined;
    if (apdu.type === 'next')
      assert.equal(apdu.block, first + (at - 1) * step, 'the client names the block received last');
    const part = parts[at]!;
    const last = at === parts.length - 1;
    const block = first + at++ * step;
    return { kind: 'get-response', type: 'with-datablock', invoke: apdu.invoke, last, block, raw: part };
  };
}

describe('GET', () => {
  it('normal', () => {
    const { session } = openSession();
    const result = converse(getAttribute(session, CLOCK, null), (apdu) =>
      apdu.kind === 'get-request'
        ? { kind: 'get-response', type: 'normal', invoke: apdu.invoke, data: { t: 'enum', v: 3 } }
        : undefined,
    );
    assert.deepEqual(result, { data: { t: 'enum', v: 3 } });
  });

  it('a refusal is a result, not an error', () => {
    const { session } = openSession();
    const result = converse(getAttribute(session, CLOCK, null), (apdu) =>
      apdu.kind === 'get-request'
        ? { kind: 'get-response', type: 'normal', invoke: apdu.invoke, result: 'read-write-denied' }
        : undefined,
    );
    assert.deepEqual(result, { result: 'read-write-denied' });
  });

  for (const first of [0, 1, 42]) {
    it(`blocks that begin with number ${first}`, () => {
      const { session } = openSession();
      assert.deepEqual(converse(getAttribute(session, CLOCK, null), blockMeter(encoded, first)), { data: LONG });
    });
  }

  it('a gap between blocks is an error', () => {
    const { session } = openSession();
    assert.equal(
      codeOf(() => converse(getAttribute(session, CLOCK, null), blockMeter(encoded, 1, 2))),
      'block-sequence',
    );
  });

  it('a refusal in the middle of blocks is the result', () => {
    const { session } = openSession();
    const blocks = blockMeter(encoded, 1);
    let count = 0;
    const result = converse(getAttribute(session, CLOCK, null), (apdu) =>
      apdu.kind === 'get-request' && ++count === 3
        ? {
            kind: 'get-response',
            type: 'with-datablock',
            invoke: apdu.invoke,
            last: true,
            block: 3,
            result: 'long-get-aborted',
          }
        : blocks(apdu),
    );
    assert.deepEqual(result, { result: 'long-get-aborted' });
  });

  it('blocks that do not decode name the place in the data', () => {
    const { session } = openSession();
    const broken = Uint8Array.of(0x02, 0x02, 0x11, 0x01, 0x77);
    try {
      converse(getAttribute(session, CLOCK, null), blockMeter(broken, 1));
      assert.fail('did not fail');
    } catch (error) {
      assert.ok(error instanceof SessionError);
      assert.equal(error.code, 'malformed');
      assert.equal(error.details.codec?.offset, 4);
    }
  });

  it('endless blocks end at the limit', () => {
    const { session } = openSession();
    const big = new Uint8Array(60_000);
    let block = 0;
    const code = codeOf(() =>
      converse(getAttribute(session, CLOCK, null), (apdu) =>
        apdu.kind === 'get-request'
          ? { kind: 'get-response', type: 'with-datablock', invoke: apdu.invoke, last: false, block: ++block, raw: big }
          : undefined,
      ),
    );
    assert.equal(code, 'limit');
  });

  it('empty blocks end at the limit', () => {
    const { session } = openSession();
    let block = 0;
    const code = codeOf(() =>
      converse(getAttribute(session, CLOCK, null), (apdu) => {
        if (apdu.kind !== 'get-request') return undefined;
        const raw = new Uint8Array();
        return { kind: 'get-response', type: 'with-datablock', invoke: apdu.invoke, last: false, block: ++block, raw };
      }),
    );
    assert.equal(code, 'limit');
    assert.ok(block < 20);
  });

  it('with list, in one answer and in blocks', () => {
    for (const blocks of [false, true]) {
      const { session } = openSession();
      const list: readonly ({ data: Data } | { result: string })[] = [{ data: LONG }, { result: 'object-undefined' }];
      const whole = encodeApdu({
        kind: 'get-response',
        type: 'with-list',
        invoke: { raw: 0xc1, id: 1, confirmed: true, highPriority: true },
        list,
      });
      const serve = blockMeter(whole.subarray(3), 1);
      const result = converse(
        getList(session, [
          { ...CLOCK, selective: null },
          { ...CLOCK, selective: null },
        ]),
        (apdu) =>
          blocks
            ? serve(apdu)
            : apdu.kind === 'get-request'
              ? { kind: 'get-response', type: 'with-list', invoke: apdu.invoke, list }
              : undefined,
      );
      assert.deepEqual(result, list);
    }
  });

  it('needs an association', () => {
    const { session } = testSession();
    assert.equal(
      codeOf(() => converse(getAttribute(session, CLOCK, null), () => undefined)),
      'not-associated',
    );
  });

  const errors: readonly (readonly [string, Reply, SessionErrorCode])[] = [
    [
      'exception-response',
      { kind: 'exception-response', stateError: 'service-not-allowed', serviceError: 'operation-not-possible' },
      'exception',
    ],
    [
      'confirmed-service-error',
      { kind: 'confirmed-service-error', service: 'read', error: 'access', value: 'object-access-violated' },
      'service-error',
    ],
    [
      'another service',
      {
        kind: 'set-response',
        type: 'normal',
        invoke: { raw: 0xc1, id: 1, confirmed: true, highPriority: true },
        result: 'success',
      },
      'unexpected-apdu',
    ],
    ['broken octets', Uint8Array.of(0xc4, 0x01, 0xc1, 0x00, 0x11), 'malformed'],
    ['silence', undefined, 'no-answer'],
  ];
  for (const [name, reply, code] of errors) {
    it(`${name} is error ${code}`, () => {
      const { session } = openSession();
      assert.equal(
        codeOf(() => converse(getAttribute(session, CLOCK, null), () => reply)),
        code,
      );
    });
  }

  it('notifications in between are not answers', () => {
    const { session } = openSession();
    const push: Apdu = {
      kind: 'data-notification',
      longInvokeId: 1,
      dateTime: new Uint8Array(),
      data: { t: 'null-data' },
    };
    const result = converse(getAttribute(session, CLOCK, null), (apdu) =>
      apdu.kind === 'get-request'
        ? [push, push, { kind: 'get-response', type: 'normal', invoke: apdu.invoke, data: { t: 'enum', v: 3 } }]
        : undefined,
    );
    assert.deepEqual(result, { data: { t: 'enum', v: 3 } });
  });

  it('a late answer to a request given up is not taken for the next one', () => {
    const { session } = openSession();
    assert.equal(
      codeOf(() => converse(getAttribute(session, CLOCK, null), () => undefined)),
      'no-answer',
    );
    const result = converse(getAttribute(session, CLOCK, null), (apdu) => {
      if (apdu.kind !== 'get-request') return undefined;
      const { invoke } = apdu;
      const id = invoke.id - 1;
      const late = { raw: 0xc0 | id, id, confirmed: true, highPriority: true };
      return [
        { kind: 'get-response', type: 'normal', invoke: late, data: { t: 'enum', v: 1 } },
        { kind: 'get-response', type: 'normal', invoke, data: { t: 'enum', v: 2 } },
      ];
    });
    assert.deepEqual(result, { data: { t: 'enum', v: 2 } });
  });

  it('a request longer than the meter takes is not sent', () => {
    const { session } = openSession();
    const list = Array.from({ length: 200 }, () => ({ ...CLOCK, selective: null }));
    assert.equal(
      codeOf(() => converse(getList(session, list), () => assert.fail('was sent'))),
      'pdu-too-long',
    );
  });

  it('a password that is read does not reach the trace', () => {
    const { session, events } = openSession();
    const password: Data = { t: 'octet-string', v: new TextEncoder().encode('12345678') };
    converse(getAttribute(session, SECRET, null), (apdu) =>
      apdu.kind === 'get-request'
        ? { kind: 'get-response', type: 'normal', invoke: apdu.invoke, data: password }
        : undefined,
    );
    const received = events.at(-1)!;
    assert.equal(received.direction, 'rx');
    assert.ok(received.octets.length > 8 && received.octets.every((octet) => octet === 0x2a));
  });
});

describe('SET and ACTION', () => {
  it('SET gives the data-access-result', () => {
    const { session } = openSession();
    const meter = (apdu: Apdu): Reply =>
      apdu.kind === 'set-request'
        ? { kind: 'set-response', type: 'normal', invoke: apdu.invoke, result: 'read-write-denied' }
        : undefined;
    assert.equal(converse(setAttribute(session, CLOCK, { t: 'enum', v: 1 }), meter), 'read-write-denied');
  });

  it('a password that is written does not reach the trace', () => {
    const { session, events } = openSession();
    const meter = (apdu: Apdu): Reply =>
      apdu.kind === 'set-request'
        ? { kind: 'set-response', type: 'normal', invoke: apdu.invoke, result: 'success' }
        : undefined;
    converse(setAttribute(session, SECRET, { t: 'octet-string', v: new TextEncoder().encode('12345678') }), meter);
    assert.ok(!events.some((event) => Buffer.from(event.octets).includes('12345678')));
  });

  it('ACTION gives result and returned data', () => {
    const { session } = openSession();
    const outcome = converse(invokeMethod(session, CLOCK, null), (apdu) =>
      apdu.kind === 'action-request'
        ? {
            kind: 'action-response',
            type: 'normal',
            invoke: apdu.invoke,
            result: 'success',
            return: { data: { t: 'boolean', v: true } },
          }
        : undefined,
    );
    assert.deepEqual(outcome, { result: 'success', return: { data: { t: 'boolean', v: true } } });
  });
});

describe('short name services', () => {
  const open = (): ReturnType<typeof openSession> =>
    openSession(['read', 'write', 'parameterized-access'], { referencing: 'SN' });

  it('attributes are eight apart', () => {
    assert.equal(attributeName(0xfa00, 2), 0xfa08);
    assert.equal(attributeName(0x1000, 1), 0x1000);
  });

  it('Read of one and of several names', () => {
    const { session } = open();
    const meter = (apdu: Apdu): Reply =>
      apdu.kind === 'read-request'
        ? {
            kind: 'read-response',
            list: apdu.list.map((_, v) => (v === 1 ? { result: 'object-undefined' } : { data: { t: 'unsigned', v } })),
          }
        : undefined;
    assert.deepEqual(converse(readName(session, 0xfa08, null), meter), { data: { t: 'unsigned', v: 0 } });
    assert.deepEqual(converse(readNames(session, [8, 16]), meter), [
      { data: { t: 'unsigned', v: 0 } },
      { result: 'object-undefined' },
    ]);
  });

  it('a selection goes as parameterized access', () => {
    const { session } = open();
    let asked: Apdu | undefined;
    converse(readName(session, 0xfa08, { selector: 2, params: { t: 'null-data' } }), (apdu) => {
      asked = apdu;
      return { kind: 'read-response', list: [{ data: { t: 'null-data' } }] };
    });
    assert.deepEqual(asked, {
      kind: 'read-request',
      list: [{ 'parameterized-access': { name: 0xfa08, selector: 2, parameter: { t: 'null-data' } } }],
    });
  });

  for (const [form, whole] of [
    ['the list of results', Uint8Array.of(1, 0, ...encoded)],
    ['one bare Data', encoded],
  ] as const) {
    it(`blocks that carry ${form}`, () => {
      const { session } = open();
      const parts = cut(whole, 128);
      let at = 0;
      const result = converse(readName(session, 0xfa08, null), (apdu) => {
        if (apdu.kind !== 'read-request') return undefined;
        if (at > 0) assert.deepEqual(apdu.list, [{ 'block-number-access': at }]);
        const block = { last: at === parts.length - 1, block: at + 1, raw: parts[at]! };
        at++;
        return { kind: 'read-response', list: [{ 'data-block-result': block }] };
      });
      assert.deepEqual(result, { data: LONG });
    });
  }

  it('another number of results than asked for is an error', () => {
    const { session } = open();
    assert.equal(
      codeOf(() => converse(readName(session, 8, null), () => ({ kind: 'read-response', list: [] }))),
      'unexpected-apdu',
    );
  });

  it('Write gives the result', () => {
    const { session } = open();
    assert.equal(
      converse(writeName(session, 8, { t: 'enum', v: 1 }), () => ({ kind: 'write-response', list: ['success'] })),
      'success',
    );
  });
});

describe('general block transfer', () => {
  const invoke = { raw: 0xc1, id: 1, confirmed: true, highPriority: true };
  const whole = encodeApdu({ kind: 'get-response', type: 'normal', invoke, data: LONG });
  const parts = cut(whole, 200);
  const block = (number: number, streaming: boolean): GeneralBlockTransfer => ({
    kind: 'general-block-transfer',
    last: number === parts.length,
    streaming,
    window: 2,
    block: number,
    blockAck: 0,
    raw: parts[number - 1]!,
  });

  it('acknowledges each block when the meter waits', () => {
    const { session } = openSession();
    const acknowledged: number[] = [];
    const result = converse(getAttribute(session, CLOCK, null), (apdu) => {
      if (apdu.kind === 'get-request') return block(1, false);
      if (apdu.kind !== 'general-block-transfer') return undefined;
      acknowledged.push(apdu.blockAck);
      return block(apdu.blockAck + 1, false);
    });
    assert.deepEqual(result, { data: LONG });
    assert.deepEqual(
      acknowledged,
      parts.slice(1).map((_, i) => i + 1),
    );
  });

  it('takes a stream without acknowledging in between', () => {
    const { session } = openSession();
    const result = converse(getAttribute(session, CLOCK, null), (apdu) =>
      apdu.kind === 'get-request' ? parts.map((_, i) => block(i + 1, i + 1 < parts.length)) : undefined,
    );
    assert.deepEqual(result, { data: LONG });
  });

  it('asks again for a block that was lost', () => {
    const { session } = openSession();
    let sent = 0;
    const result = converse(getAttribute(session, CLOCK, null), (apdu) => {
      if (apdu.kind === 'get-request') return [block(1, true), block(3, false)];
      if (apdu.kind !== 'general-block-transfer') return undefined;
      assert.ok(sent++ < 10);
      return block(apdu.blockAck + 1, false);
    });
    assert.deepEqual(result, { data: LONG });
  });

  it('anything else in the middle is an error', () => {
    const { session } = openSession();
    const code = codeOf(() =>
      converse(getAttribute(session, CLOCK, null), (apdu) =>
        apdu.kind === 'get-request' ? block(1, false) : { kind: 'rlre' },
      ),
    );
    assert.equal(code, 'block-sequence');
  });
});

describe('ciphered services', () => {
  const guek = Uint8Array.from({ length: 16 }, (_, i) => i);
  const gak = Uint8Array.from({ length: 16 }, (_, i) => 0xd0 + i);
  const clientTitle = Uint8Array.from(Buffer.from('4d4d4d0000bc614e', 'hex'));
  const serverTitle = Uint8Array.from(Buffer.from('4752580000000001', 'hex'));
  const counters: number[] = [];

  /** Deciphers requests, answers GET ciphered with the given counters. */
  function meter(
    ics: readonly number[],
    change: (octets: Uint8Array) => Uint8Array = (octets) => octets,
  ): (apdu: Apdu) => Reply {
    let at = 0;
    return (apdu) => {
      if (apdu.kind === 'aarq') {
        assert.equal(apdu.userInformation?.kind, 'glo-initiate-request');
        return { ...accept(apdu), respondingApTitle: serverTitle };
      }
      if (!('security' in apdu)) return undefined;
      const opened = unprotect(apdu, { guek, gak, systemTitle: clientTitle });
      assert.ok(opened.ok);
      counters.push(opened.header.ic);
      const request = decodeApdu(opened.plain);
      assert.ok(request.ok && request.value.kind === 'get-request');
      const plain = encodeApdu({
        kind: 'get-response',
        type: 'normal',
        invoke: request.value.invoke,
        data: { t: 'unsigned', v: at },
      });
      const octets = protect(plain, {
        suite: 0,
        authenticated: true,
        encrypted: true,
        systemTitle: serverTitle,
        keys: { guek, gak },
        invocationCounter: ics[at++]!,
        service: 'glo',
      });
      return change(octets);
    };
  }

  function ciphered(counters?: AssociationCounters): ReturnType<typeof testSession> {
    return testSession(
      {
        protection: 'authenc',
        secrets: { guek, gak, systemTitle: clientTitle },
        invocationCounter: 100,
      },
      counters === undefined ? {} : { counters },
    );
  }

  it('protects requests with growing counters and opens the answers', () => {
    const { session, events } = ciphered();
    const serve = meter([5, 6]);
    counters.length = 0;
    converse(associate(session), serve);
    assert.deepEqual(converse(getAttribute(session, CLOCK, null), serve), { data: { t: 'unsigned', v: 0 } });
    assert.deepEqual(converse(getAttribute(session, CLOCK, null), serve), { data: { t: 'unsigned', v: 1 } });
    assert.deepEqual(counters, [101, 102]);
    const request = events.find((event) => event.summary.startsWith('get-request'));
    assert.equal(request?.octets[0], 0xc8);
    assert.equal(request?.plain?.[0], 0xc0);
    for (const event of events) {
      for (const octets of [event.octets, event.plain ?? new Uint8Array()]) {
        assert.ok(!Buffer.from(octets).includes(Buffer.from(guek)) && !Buffer.from(octets).includes(Buffer.from(gak)));
      }
    }
  });

  for (const again of [5, 4])
    it(`refuses counter ${again} after 5 as a replay`, () => {
      const { session } = ciphered();
      const serve = meter([5, again, 6]);
      converse(associate(session), serve);
      converse(getAttribute(session, CLOCK, null), serve);
      assert.equal(
        codeOf(() => converse(getAttribute(session, CLOCK, null), serve)),
        'replayed',
      );
      assert.deepEqual(converse(getAttribute(session, CLOCK, null), serve), { data: { t: 'unsigned', v: 2 } });
    });

  it('refuses what was accepted in an earlier association, with counters that outlive it', () => {
    const kept = new InvocationCounters();
    const read = (ics: readonly number[]): unknown => {
      const { session } = ciphered({ sent: kept, received: kept });
      const serve = meter(ics);
      converse(associate(session), serve);
      return converse(getAttribute(session, CLOCK, null), serve);
    };
    counters.length = 0;
    read([5]);
    assert.equal(
      codeOf(() => read([5])),
      'replayed',
    );
    read([6]);
    assert.deepEqual(counters, [101, 103, 105]);
  });

  it('refuses an answer with less protection than the association has', () => {
    const cases: readonly ((octets: Uint8Array) => Uint8Array)[] = [
      // A header that claims no protection, around an answer of somebody in between.
      () => {
        const plain = encodeApdu({
          kind: 'get-response',
          type: 'normal',
          invoke: { raw: 0xc1, id: 1, confirmed: true, highPriority: true },
          data: { t: 'unsigned', v: 9 },
        });
        return Uint8Array.of(0xcc, plain.length + 5, 0x00, 0, 0, 0, 9, ...plain);
      },
      // The tag taken off: encryption alone, which anybody can change.
      (octets) => octets.slice(0, -12).map((octet, at) => (at === 1 ? octet - 12 : at === 2 ? octet & ~0x10 : octet)),
      // No header at all.
      () => Uint8Array.of(0xc4, 0x01, 0xc1, 0x00, 0x11, 0x09),
    ];
    for (const change of cases) {
      const { session } = ciphered();
      const serve = meter([5, 6], change);
      converse(associate(session), serve);
      assert.equal(
        codeOf(() => converse(getAttribute(session, CLOCK, null), serve)),
        'less-protected',
      );
    }
  });

  it('refuses an answer with one bit changed', () => {
    const { session } = ciphered();
    const serve = meter([5], (octets) => octets.map((octet, i) => (i === octets.length - 3 ? octet ^ 1 : octet)));
    converse(associate(session), serve);
    assert.equal(
      codeOf(() => converse(getAttribute(session, CLOCK, null), serve)),
      'not-decipherable',
    );
  });

  it('uses the dedicated key and keeps it out of the trace', () => {
    const { session, events } = testSession({
      protection: 'authenc',
      secrets: { guek, gak, systemTitle: clientTitle },
      dedicatedKey: true,
    });
    let dedicatedKey: Uint8Array | undefined;
    converse(associate(session), (apdu) => {
      assert.ok(apdu.kind === 'aarq' && apdu.userInformation?.kind === 'glo-initiate-request');
      const opened = unprotect(apdu.userInformation, { guek, gak, systemTitle: clientTitle });
      assert.ok(opened.ok);
      const initiate = decodeApdu(opened.plain);
      assert.ok(initiate.ok && initiate.value.kind === 'initiate-request');
      dedicatedKey = initiate.value.dedicatedKey ?? undefined;
      return { ...accept(apdu), respondingApTitle: serverTitle };
    });
    assert.equal(dedicatedKey?.length, 16);
    let kind = '';
    codeOf(() =>
      converse(getAttribute(session, CLOCK, null), (apdu) => {
        kind = apdu.kind;
        return undefined;
      }),
    );
    assert.equal(kind, 'ded-get-request');
    for (const event of events) assert.ok(!Buffer.from(event.octets).includes(Buffer.from(dedicatedKey!)));
  });
});
