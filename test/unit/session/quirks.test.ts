import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { connect } from '../../../engine/session/connect.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { LN_CONFORMANCE } from '../../../engine/session/params.ts';
import type { ProfileSelection } from '../../../engine/session/profile.ts';
import type { ProfileRow } from '../../../engine/session/profile-rows.ts';
import { type Answer, accept, fakeMeter, publicClient } from './fake-meter.ts';

type GetRequest = Extract<Apdu, { kind: 'get-request' }>;
type SingleGet = Extract<GetRequest, { type: 'normal' }>;

const PROFILE = '1-0:99.1.0.255';
const ENERGY = { class: 3, obis: '1-0:1.8.0.255', index: 2 };

/** A meter whose answers to GET are scripted; it grants what is proposed. */
async function against<T>(
  answer: (request: GetRequest) => Answer,
  use: (association: Awaited<ReturnType<typeof connect>>) => Promise<T>,
): Promise<{ readonly value: T; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const meter = await fakeMeter((apdu) => {
    if (apdu.kind === 'aarq') return accept(apdu, LN_CONFORMANCE);
    if (apdu.kind === 'rlrq') return { kind: 'rlre' };
    if (apdu.kind !== 'get-request') return undefined;
    asked.push(apdu.type);
    return answer(apdu);
  });
  try {
    const association = await connect({ ...publicClient, port: meter.port });
    try {
      return { value: await use(association), asked };
    } finally {
      await association.release(50);
    }
  } finally {
    await meter.close();
  }
}

const data = (request: GetRequest, value: Data): Apdu => ({
  kind: 'get-response',
  type: 'normal',
  invoke: request.invoke,
  data: value,
});
const refuse = (request: GetRequest, result: string): Apdu => ({
  kind: 'get-response',
  type: 'normal',
  invoke: request.invoke,
  result,
});

/** One column, the energy; rows 1 to 5. */
function profileMeter(buffer: (request: SingleGet) => Answer): (request: GetRequest) => Answer {
  const column: Data = {
    t: 'structure',
    v: [
      { t: 'long-unsigned', v: 3 },
      { t: 'octet-string', v: Uint8Array.of(1, 0, 1, 8, 0, 255) },
      { t: 'integer', v: 2 },
      { t: 'long-unsigned', v: 0 },
    ],
  };
  return (request) => {
    if (request.type !== 'normal') return undefined;
    if (request.attr.class !== 7) return refuse(request, 'object-undefined');
    if (request.attr.index === 3) return data(request, { t: 'array', v: [column] });
    return request.attr.index === 2 ? buffer(request) : refuse(request, 'object-undefined');
  };
}

const ROWS: Data = {
  t: 'array',
  v: [1, 2, 3, 4, 5].map((v): Data => ({ t: 'structure', v: [{ t: 'double-long-unsigned', v }] })),
};

async function rowsOf(
  answer: (request: GetRequest) => Answer,
  selection: ProfileSelection,
  chunkEntries?: number,
): Promise<{ readonly rows: number; readonly asked: number }> {
  const { value, asked } = await against(answer, async (association) => {
    const rows: ProfileRow[] = [];
    const options = chunkEntries === undefined ? {} : { chunkEntries };
    for await (const row of association.profile(PROFILE, selection, options)) rows.push(row);
    return rows.length;
  });
  return { rows: value, asked: asked.length };
}

describe('meters that do it their own way', () => {
  it('multiple references negotiated and refused (Q50): one by one, from then on at once', async () => {
    const { value, asked } = await against(
      (request) =>
        request.type === 'with-list'
          ? { kind: 'exception-response', stateError: 'service-not-allowed', serviceError: 'service-not-supported' }
          : data(request, { t: 'unsigned', v: 7 }),
      async (association) => [
        ...(await association.getMany([ENERGY, ENERGY])),
        ...(await association.getMany([ENERGY, ENERGY])),
      ],
    );
    assert.equal(value.length, 4);
    assert.deepEqual(asked, ['with-list', 'normal', 'normal', 'normal', 'normal']);
  });

  it('another exception to a list is no reason to ask one by one', async () => {
    await assert.rejects(
      against(
        () => ({ kind: 'exception-response', stateError: 'service-not-allowed', serviceError: 'pdu-too-long' }),
        (association) => association.getMany([ENERGY, ENERGY]),
      ),
      (error) => error instanceof SessionError && error.code === 'exception',
    );
  });

  it('object-unavailable in place of an empty selection (Q72) is no rows', async () => {
    const meter = profileMeter((request) => refuse(request, 'object-unavailable'));
    assert.equal((await rowsOf(meter, { fromEntry: 1, toEntry: 3 })).rows, 0);
  });

  it('object-unavailable for the whole buffer is an error, and so is any other refusal', async () => {
    const cases: readonly (readonly [ProfileSelection, string])[] = [
      ['all', 'object-unavailable'],
      [{ fromEntry: 1, toEntry: 3 }, 'read-write-denied'],
    ];
    for (const [selection, result] of cases) {
      await assert.rejects(
        rowsOf(
          profileMeter((request) => refuse(request, result)),
          selection,
        ),
        (error) => error instanceof SessionError && error.details.diagnostic === result,
      );
    }
  });

  it('a meter that sends all rows whatever the entries asked for is asked once', async () => {
    const meter = profileMeter((request) => data(request, ROWS));
    const { rows, asked } = await rowsOf(meter, { fromEntry: 1 }, 2);
    assert.equal(rows, 5);
    assert.ok(asked < 10, `${asked} requests`);
  });

  it('a counter object of its own (Q43) is what the public client reads', async () => {
    const read: string[] = [];
    const meter = await fakeMeter((apdu) => {
      if (apdu.kind === 'aarq' && apdu.applicationContext === 'ln') return accept(apdu);
      if (apdu.kind === 'rlrq') return { kind: 'rlre' };
      if (apdu.kind !== 'get-request' || apdu.type !== 'normal') return undefined;
      read.push(apdu.attr.obis);
      return data(apdu, { t: 'double-long-unsigned', v: 41 });
    });
    const secrets = { guek: 'hex:000102030405060708090a0b0c0d0e0f', gak: 'hex:d0d1d2d3d4d5d6d7d8d9dadbdcdddedf' };
    const ciphered = { ...publicClient, port: meter.port, client: 1, security: 'authenc', secrets } as const;
    await assert.rejects(connect({ ...ciphered, counterObject: '0-1:43.1.1.255', timeoutMs: 100 }));
    await meter.close();
    assert.deepEqual(read, ['0-1:43.1.1.255']);
    const aarq = meter.requests.at(-1);
    assert.ok(aarq?.kind === 'aarq' && aarq.userInformation?.kind === 'glo-initiate-request');
    assert.ok(aarq.userInformation.security.ic >= 42);
  });
});
