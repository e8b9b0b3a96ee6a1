import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import { ServerAssociation } from '../../../engine/meter/association/server-association.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import { associate } from '../../../engine/session/associate.ts';
import { ClientSession } from '../../../engine/session/client-session.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { type ClientParams, LN_CONFORMANCE, type Protection, type Suite } from '../../../engine/session/params.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import type { SessionSecrets } from '../../../engine/session/secrets.ts';
import type { SecurityModel } from '../../../engine/template/model.ts';
import { partiesOf, SYMMETRIC } from '../codec/security-keys.ts';
import { association, meterModel, object, standardObjects } from '../meter/support/models.ts';
import { ALL_LN, NOW } from '../meter/support/test-client.ts';

export const CLIENT_TITLE = fromHex('4d4d4d0000000001');

export function literal(octets: Uint8Array | undefined): { literal: string; encoding: 'hex' } {
  return { literal: toHex(octets ?? new Uint8Array(0)), encoding: 'hex' };
}

/** A meter with one association for client 1 and its security setup. */
export function meterOf(
  suite: Suite,
  without: readonly string[] = [],
  version: 0 | 1 = 1,
  more: Partial<SecurityModel> = {},
): VirtualMeter {
  const keys: KeyRing = suite === 0 ? SYMMETRIC[0] : partiesOf(suite).server;
  const all = {
    globalUnicastKey: literal(keys.guek),
    authenticationKey: literal(keys.gak),
    masterKey: literal(keys.kek),
    ...(suite === 0 ? {} : { signingKey: literal(keys.signingKey), clientSigningKey: literal(keys.peerSigningKey) }),
  };
  const security = Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
  const setup = object({ name: 'setup', obis: '0-0:43.0.0.255', class: 64, version });
  const model = meterModel({
    securities: [{ name: 'guard', suite, policy: [], ...security, ...more }],
    associations: [
      association({ name: 'management', clientSap: 1, ciphering: true, security: 'guard', conformance: ALL_LN }),
    ],
    objects: [...standardObjects, setup],
  });
  return createMeter(model, { startedAt: NOW });
}

let drawn = 0;
export const random = (length: number) => Uint8Array.from({ length }, () => (drawn = (drawn * 13 + 7) % 251));

/** The client of that meter with an open association. `run` runs a procedure of the client against the meter. */
export function opened(
  meter: VirtualMeter,
  suite: Suite,
  change: Partial<SessionSecrets> = {},
  first = 1,
  protection: Protection = 'authenc',
) {
  const keys: KeyRing = suite === 0 ? SYMMETRIC[0] : partiesOf(suite).client;
  const candidates = meter.blueprint.associationsOf(1, 1);
  const server = new ServerAssociation({ meter, clientSap: 1, serverSap: 1, candidates, random });
  const params: ClientParams = {
    referencing: 'LN',
    mechanism: 'lowest',
    protection,
    suite,
    secrets: { ...keys, ...change, systemTitle: CLIENT_TITLE },
    conformance: LN_CONFORMANCE,
    maxPdu: 0xffff,
    invocationCounter: first,
  };
  const session = new ClientSession(params, { random, now: () => NOW });
  const run = <T>(procedure: Procedure<T>): T => {
    let state = procedure.next();
    while (state.done !== true) {
      const answer = state.value.send === null ? undefined : server.receive(state.value.send, NOW);
      state =
        answer === undefined ? procedure.throw(new SessionError('no-answer', 'no answer')) : procedure.next(answer);
    }
    return state.value;
  };
  run(associate(session));
  return { session, run, server };
}

/** Code of the SessionError that something throws. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error.code;
  }
  return assert.fail('did not fail');
}
