import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { ManufacturerHls } from '../../../engine/codec/security/manufacturer-hls.ts';
import { associate } from '../../../engine/session/associate.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { converse, type Reply, testSession } from './converse.ts';
import { accept } from './fake-meter.ts';

/** A meter of Enerdis has SHA-256(challenge || secret) for mechanism 2 (published test of an open client, MIT). */
const CHALLENGE = fromHex('0b2ef7388ace48bb9a2b4866047058594e3004f6f31aed93a08740138e7f1c98ad15cf38e210ea7d3a34');
const SECRET = fromHex('f50ab847e31d96c2a5f6b3e901e24a18');
const REPLY = '82d0dbcba291ed0954e2bd14b3dec09f73a12906e1ef7df36d16f008fddd74bc';

const digest = (challenge: Uint8Array, secret: Uint8Array | undefined) =>
  new Uint8Array(
    createHash('sha256')
      .update(challenge)
      .update(secret ?? '')
      .digest(),
  );

const routine: ManufacturerHls = {
  reply: ({ challenge, secret }) => digest(challenge, secret),
  verify: (reply, { challenge, secret }) => toHex(reply) === toHex(digest(challenge, secret)),
};

function meter(answer: 'right' | 'wrong' | 'none', seen: string[] = []): (apdu: Apdu) => Reply {
  let clientChallenge = new Uint8Array();
  return (apdu) => {
    if (apdu.kind === 'aarq') {
      clientChallenge = Uint8Array.from(apdu.authValue?.octets ?? []);
      return {
        ...accept(apdu, ['get', 'action']),
        diagnostic: { source: 'acse-service-user', value: 'authentication-required' },
        authValue: { form: 'charstring', octets: CHALLENGE },
      };
    }
    if (apdu.kind !== 'action-request' || apdu.type !== 'normal' || apdu.params?.t !== 'octet-string') return undefined;
    seen.push(toHex(apdu.params.v));
    const { invoke } = apdu;
    if (answer === 'none') return { kind: 'action-response', type: 'normal', invoke, result: 'success' };
    const v = digest(answer === 'right' ? clientChallenge : CHALLENGE, SECRET);
    const data = { t: 'octet-string', v } as const;
    return { kind: 'action-response', type: 'normal', invoke, result: 'success', return: { data } };
  };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error.code;
  }
  return 'opened';
}

describe('authentication mechanism 2', () => {
  const cases: readonly (readonly [string, ManufacturerHls | undefined, 'right' | 'wrong' | 'none', string])[] = [
    ['the routine of the manufacturer', routine, 'right', 'opened'],
    ['a meter that answers wrongly', routine, 'wrong', 'server-not-authentic'],
    ['a meter that does not answer', routine, 'none', 'authentication-failed'],
    ['a meter that is known not to answer', { reply: routine.reply }, 'none', 'opened'],
    ['no routine', undefined, 'right', 'not-supported'],
  ];
  for (const [what, manufacturerHls, answer, expected] of cases)
    it(`${what}: ${expected}`, () => {
      const context = manufacturerHls === undefined ? {} : { manufacturerHls };
      const { session } = testSession({ mechanism: 'hls-manufacturer', secrets: { password: SECRET } }, context);
      const seen: string[] = [];
      assert.equal(
        codeOf(() => converse(associate(session), meter(answer, seen))),
        expected,
      );
      if (manufacturerHls !== undefined) assert.deepEqual(seen, [REPLY]);
      assert.equal(session.negotiated !== undefined, expected === 'opened');
    });
});
