import type { Mechanism } from '../../../engine/codec/acse/types.ts';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { associate } from '../../../engine/session/associate.ts';
import { type ApduEvent, ClientSession, type SessionContext } from '../../../engine/session/client-session.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { type ClientParams, LN_CONFORMANCE, SN_CONFORMANCE } from '../../../engine/session/params.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import { accept, octetsOf } from './fake-meter.ts';

/** What a scripted meter does with one APDU: APDUs or octets in order, or silence. */
export type Reply = Apdu | Uint8Array | readonly (Apdu | Uint8Array)[] | undefined;
export type Meter = (apdu: Apdu, octets: Uint8Array) => Reply;

/** Runs a procedure against a scripted meter, without sockets and time. Silence is thrown into it as `no-answer`. */
export function converse<T>(procedure: Procedure<T>, meter: Meter): T {
  const queue: Uint8Array[] = [];
  let state = procedure.next();
  while (state.done !== true) {
    const { send, before = [] } = state.value;
    for (const octets of send === null ? before : [...before, send]) {
      const decoded = decodeApdu(octets);
      if (!decoded.ok) throw new Error(`the client sent octets that do not decode: ${decoded.error.found}`);
      const reply = meter(decoded.value, octets);
      const list = reply === undefined ? [] : Array.isArray(reply) ? reply : [reply as Apdu | Uint8Array];
      queue.push(...list.map(octetsOf));
    }
    if (state.value.unconfirmed === true) {
      state = procedure.next(new Uint8Array());
      continue;
    }
    const next = queue.shift();
    state = next === undefined ? procedure.throw(new SessionError('no-answer', 'no answer')) : procedure.next(next);
  }
  return state.value;
}

export interface TestSession {
  readonly session: ClientSession;
  readonly events: ApduEvent[];
}

let seed = 0;

export function testSession(params: Partial<ClientParams> = {}, context: Partial<SessionContext> = {}): TestSession {
  const events: ApduEvent[] = [];
  const referencing = params.referencing ?? 'LN';
  const session = new ClientSession(
    {
      referencing,
      mechanism: 'lowest',
      protection: 'none',
      suite: 0,
      secrets: {},
      conformance: referencing === 'LN' ? LN_CONFORMANCE : SN_CONFORMANCE,
      maxPdu: 1024,
      invocationCounter: 1,
      ...params,
    },
    {
      random: (length) => Uint8Array.from({ length }, () => (seed = (seed * 5 + 17) % 251)),
      onApdu: (event) => events.push(event),
      client: 16,
      server: 1,
      ...context,
    },
  );
  return { session, events };
}

/** A session whose association is open, without authentication and ciphering. */
export function openSession(conformance?: readonly string[], params: Partial<ClientParams> = {}): TestSession {
  const opened = testSession(params);
  converse(associate(opened.session), (apdu) => (apdu.kind === 'aarq' ? accept(apdu, conformance) : undefined));
  return opened;
}

export const HLS: readonly Mechanism[] = ['hls-md5', 'hls-sha1', 'hls-gmac', 'hls-sha256'];
