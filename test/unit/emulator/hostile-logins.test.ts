import assert from 'node:assert/strict';
import { toHex } from '../../../engine/codec/hex.ts';
import { decodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import type { AuthenticationName } from '../../../engine/session/authentication.ts';
import { connect } from '../../../engine/session/connect.ts';
import type { Connection } from '../../../engine/session/connection.ts';
import { asSessionError } from '../../../engine/session/errors.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import type { TraceEntry } from '../../../engine/session/trace.ts';
import {
  closeAll,
  type HostilePlace,
  KEYS,
  openClient,
  openPlace,
  PASSWORD,
  sessionsGivenBack,
  whileOthersAreServed,
} from './support/hostile-place.ts';

const MINUTE = 60_000;
const NAME = { class: 1, obis: '0-0:42.0.0.255', index: 2 };
const CLIENTS = { public: 16, reader: 2, auditor: 3, hashed: 4, management: 1 } as const;
const AUTHENTICATION: Readonly<Record<keyof typeof CLIENTS, AuthenticationName>> = {
  public: 'none',
  reader: 'lls',
  auditor: 'lls',
  hashed: 'md5',
  management: 'gmac',
};

describe('hostile logins', () => {
  let place: HostilePlace;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(async () => {
    closeAll();
    await sessionsGivenBack(place);
    await place.emulator.stop();
  });

  function connection(who: keyof typeof CLIENTS, change: Partial<Connection> = {}, host = place.victim): Connection {
    return {
      host,
      port: place.port('lan', host),
      framing: 'wrapper',
      referencing: 'LN',
      client: CLIENTS[who],
      server: 1,
      authentication: AUTHENTICATION[who],
      security: who === 'management' ? 'authenc' : 'none',
      suite: 0,
      secrets: { password: `text:${PASSWORD}`, ...KEYS },
      timeoutMs: 3000,
      ...change,
    };
  }

  const wrong = { secrets: { password: 'text:87654321' } };

  /** `in`, or how the login failed: code, and what the AARE says. */
  async function login(asked: Connection): Promise<string> {
    try {
      const open = await connect(asked);
      const read = await open.get(NAME);
      await open.release();
      return 'data' in read ? 'in' : read.result;
    } catch (error) {
      const failure = asSessionError(error);
      return `${failure?.code} ${failure?.details.diagnostic ?? ''}`.trim();
    }
  }

  for (const { who, failures, minutes } of [
    { who: 'reader', failures: 3, minutes: 15 },
    { who: 'hashed', failures: 2, minutes: 60 },
  ] as const) {
    it(`${who}: ${failures} failed logins lock it for ${minutes} minutes of simulated time, and nobody else`, async () => {
      const refused: string[] = [];
      for (let count = 0; count < failures; count += 1) refused.push(await login(connection(who, wrong)));
      assert.ok(
        refused.every((outcome) => outcome !== 'in'),
        refused.join(),
      );
      const locked = await login(connection(who));
      assert.notEqual(locked, 'in', 'the right password is taken while it is locked');
      // Other clients of the meter, and the same client of another meter.
      for (const other of ['public', 'auditor', 'management'] as const)
        assert.equal(await login(connection(other)), 'in', other);
      assert.equal(await login(connection(who, {}, place.bystander)), 'in');
      place.emulator.changeTime({ by: minutes * MINUTE - 1000 });
      assert.equal(await login(connection(who)), locked, 'a second too early');
      place.emulator.changeTime({ by: 1000 });
      assert.equal(await login(connection(who)), 'in');
    });
  }

  it('a login that succeeds begins the count anew', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 2; count += 1) assert.notEqual(await login(connection('reader', wrong)), 'in');
      assert.equal(await login(connection('reader')), 'in', `round ${round}`);
    }
  });

  it('what is tried while it is locked does not make the lock longer', async () => {
    for (let count = 0; count < 3; count += 1) await login(connection('reader', wrong));
    for (let minute = 0; minute < 14; minute += 1) {
      place.emulator.changeTime({ by: MINUTE });
      assert.notEqual(await login(connection('reader', wrong)), 'in');
    }
    place.emulator.changeTime({ by: MINUTE });
    assert.equal(await login(connection('reader')), 'in');
  });

  it('wrong keys get nothing, however often, and the right ones get in during it', async () => {
    const answers = await whileOthersAreServed(place, async () => {
      for (let count = 0; count < 30; count += 1) {
        const keys = { guek: 'ff'.repeat(16), gak: KEYS.gak };
        const outcome = await login(connection('management', { secrets: keys, invocationCounter: 100 + count }));
        assert.notEqual(outcome, 'in');
        const other = { guek: KEYS.guek, gak: 'ff'.repeat(16) };
        assert.notEqual(
          await login(connection('management', { secrets: other, invocationCounter: 100 + count })),
          'in',
        );
      }
      assert.equal(await login(connection('management')), 'in');
    });
    assert.ok(answers > 0);
  });

  it('a session that was heard gets nothing when it is said again, whole or in part', async () => {
    const trace: TraceEntry[] = [];
    const open = await connect(connection('management', { invocationCounter: 5000 }), {
      trace: (entry) => trace.push(entry),
    });
    assert.ok('data' in (await open.get(NAME)));
    const heard = trace
      .filter(({ layer, direction }) => layer === 'link' && direction === 'tx')
      .map(({ octets }) => decodeWrapper(octets))
      .flatMap((decoded) => (decoded.ok ? [toHex(decoded.value.message.apdu)] : []));
    await open.release();
    assert.ok(heard.length >= 3, 'AARQ, pass 3, GET');
    const [aarq = '', ...services] = heard;

    const client = await openClient(place.victim, place.port('lan'));
    const aare = await client.ask(aarq, CLIENTS.management);
    assert.ok(aare?.includes('a203020101'), `the AARQ is taken once more: ${aare}`);
    for (const service of services) {
      const answer = await client.ask(service, CLIENTS.management);
      assert.ok(answer?.startsWith('d8'), `${service.slice(0, 2)}: ${answer}`);
    }

    // Within an association as well: the same APDU is answered once.
    const sent: TraceEntry[] = [];
    const again = await connect(connection('management', { invocationCounter: 6000 }), {
      trace: (entry) => sent.push(entry),
    });
    assert.ok('data' in (await again.get(NAME)));
    const request = sent.filter(({ layer, direction }) => layer === 'apdu' && direction === 'tx').at(-1)?.octets;
    assert.ok(request !== undefined);
    const answer = await again.perform(function* (): Procedure<Uint8Array> {
      return yield { send: request, awaiting: 'response' };
    });
    assert.ok(toHex(answer).startsWith('d8'), toHex(answer));
    assert.ok('data' in (await again.get(NAME)), 'the association goes on');
    await again.release();
    assert.equal(await login(connection('management', { invocationCounter: 7000 })), 'in');
  });
});
