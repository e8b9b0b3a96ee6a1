import type { Aare } from '../codec/acse/types.ts';
import type { Framing } from './attempt.ts';
import { burstAarq, burstSnrm } from './burst.ts';
import { CLIENT_SAPS, PUBLIC_CLIENT } from './candidates.ts';
import type { Contact } from './contact.ts';

/** HDLC client addresses have seven bits. */
const MAX_HDLC_CLIENT = 127;

/** Clients that exist, with the AARE they got in context `ln` without authentication, where one came. */
export type FoundClients = ReadonlyMap<number, Aare | undefined>;

/**
 * The client SAPs a meter answers to, of those in use anywhere (candidates.ts), in that order. `known` are left out.
 * All are asked at once, so that the silence of the unknown ones is waited out once.
 */
export async function searchClients(
  contact: Contact,
  framing: Framing,
  known: readonly number[],
  waitMs: number,
): Promise<FoundClients> {
  const wanted = [PUBLIC_CLIENT, ...CLIENT_SAPS].filter((client) => !known.includes(client));
  if (wanted.length === 0) return new Map();
  contact.evidence.step('clients:all at once');
  if (framing.kind === 'wrapper') {
    const found = await burstAarq(contact, framing.server, wanted, 'ln', waitMs);
    return new Map(wanted.filter((client) => found.has(client)).map((client) => [client, found.get(client)]));
  }
  const { candidate } = framing;
  const narrow = wanted.filter((client) => client <= MAX_HDLC_CLIENT);
  const { answered } = await burstSnrm(
    contact,
    narrow.map((client) => ({ client, candidate })),
    waitMs,
  );
  // Links that were opened here would be in the way of the next: a new connection begins without them.
  contact.drop();
  return new Map(
    narrow
      .filter((client) => answered.some((question) => question.client === client))
      .map((client) => [client, undefined]),
  );
}
