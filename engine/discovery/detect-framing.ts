import { asSessionError } from '../session/errors.ts';
import { judgeFirstOctets, type StreamKind } from '../session/first-octets.ts';
import { type Attempt, attempt, type Framing } from './attempt.ts';
import { burstAarq, burstSnrm, type LinkQuestion } from './burst.ts';
import { CLIENT_SAPS, HDLC_CANDIDATES, type HdlcCandidate, MANAGEMENT_DEVICE, PUBLIC_CLIENT } from './candidates.ts';
import type { Contact } from './contact.ts';
import type { FoundClients } from './search-clients.ts';

/** What was found out about the way the target speaks. */
export type FramingFinding =
  | {
      readonly framing: Framing;
      /** Records the finding rests on. */
      readonly evidence: readonly number[];
      /** The public association in LN, when trying the framing has opened or decided it. */
      readonly publicAttempt?: Attempt;
      /** Clients known to answer. */
      readonly clients: FoundClients;
    }
  | { readonly framing?: undefined; readonly heard: Heard; readonly description: string };

/** `closed`: ended when it was asked; `turned-away`: ended before. */
export type Heard = StreamKind | 'silence' | 'closed' | 'turned-away';

const WRAPPER: Framing = { kind: 'wrapper', server: MANAGEMENT_DEVICE };
/** HDLC client addresses have seven bits. */
const MAX_HDLC_CLIENT = 127;
/** Addresses at which clients other than the public one are looked for: they need no knowledge of the meter. */
const GENERAL_ADDRESSES: readonly HdlcCandidate[] = HDLC_CANDIDATES.filter(
  ({ bytes, server }) =>
    (bytes === 1 && server.upper === MANAGEMENT_DEVICE) || server.lower === 0x3fff || server.lower === 0x7f,
);

/**
 * Finds the framing: the wrapper by the public client first, then HDLC by SNRM to the usual addresses, then the wrapper
 * by all other clients at once. A quick pass, and where all was silent once more with all the time the caller allows. The first
 * octets that come decide when they are something else.
 */
export async function detectFraming(contact: Contact): Promise<FramingFinding> {
  const quick = await tryAll(contact, contact.patience.searchMs);
  if (quick.framing !== undefined || (quick.heard !== 'silence' && quick.heard !== 'dlms-wrapper')) return quick;
  const { limitMs, searchMs } = contact.patience;
  return limitMs > searchMs ? tryAll(contact, limitMs) : quick;
}

async function tryAll(contact: Contact, waitMs: number): Promise<FramingFinding> {
  const asPublic = await orTurnedAway(() => tryPublicClient(contact, waitMs));
  if (isAnswer(asPublic)) return asPublic;
  contact.drop();
  const overHdlc = await orTurnedAway(() => tryHdlc(contact, waitMs));
  if (isAnswer(overHdlc)) return overHdlc;
  contact.drop();
  const asOthers = await orTurnedAway(() => tryOtherClients(contact, waitMs));
  if (isAnswer(asOthers)) return asOthers;
  const closed = [asPublic, overHdlc, asOthers].find((item) => item.framing === undefined && item.heard === 'closed');
  return closed ?? overHdlc;
}

/** A target that ends every connection before it is asked anything. */
async function orTurnedAway(ask: () => Promise<FramingFinding>): Promise<FramingFinding> {
  try {
    return await ask();
  } catch (error) {
    const failure = asSessionError(error);
    if (failure?.code !== 'closed' && failure?.code !== 'connect-refused' && failure?.code !== 'connect-timeout')
      throw error;
    return { heard: 'turned-away', description: failure.found };
  }
}

/** Something was heard that decides the matter: a framing, or another protocol. */
function isAnswer(finding: FramingFinding): boolean {
  return finding.framing !== undefined || !(finding.heard === 'silence' || finding.heard === 'closed');
}

async function tryPublicClient(contact: Contact, waitMs: number): Promise<FramingFinding> {
  const { evidence } = contact;
  evidence.step(`framing:wrapper client${PUBLIC_CLIENT}`);
  const from = evidence.records.length;
  const options = { framing: WRAPPER, client: PUBLIC_CLIENT, context: 'ln', mechanism: 'lowest', waitMs } as const;
  const publicAttempt = await contact.overFreshLine(() => attempt(contact, options));
  const head = judgeFirstOctets(contact.currentLine?.head ?? new Uint8Array());
  if (head?.kind === 'dlms-wrapper' && publicAttempt.outcome !== 'silent')
    return {
      framing: WRAPPER,
      evidence: evidence.since(from),
      publicAttempt,
      clients: new Map([[PUBLIC_CLIENT, undefined]]),
    };
  // HDLC frames on their own, pushes for example, are for the HDLC stage to understand.
  if (head !== undefined && head.kind !== 'dlms-hdlc') return { heard: head.kind, description: head.description };
  if (publicAttempt.outcome === 'closed') return { heard: 'closed', description: publicAttempt.error.found };
  return { heard: 'silence', description: 'no answer over the wrapper' };
}

async function tryOtherClients(contact: Contact, waitMs: number): Promise<FramingFinding> {
  const { evidence } = contact;
  evidence.step('framing:wrapper all clients');
  const from = evidence.records.length;
  const answered = await contact.overFreshLine(() => burstAarq(contact, MANAGEMENT_DEVICE, CLIENT_SAPS, 'ln', waitMs));
  const clients = new Map(
    CLIENT_SAPS.filter((client) => answered.has(client)).map((client) => [client, answered.get(client)]),
  );
  if (clients.size > 0) return { framing: WRAPPER, evidence: evidence.since(from), clients };
  const head = judgeFirstOctets(contact.currentLine?.head ?? new Uint8Array());
  if (head !== undefined && head.kind !== 'dlms-hdlc') return { heard: head.kind, description: head.description };
  return { heard: 'silence', description: 'no answer over the wrapper' };
}

async function tryHdlc(contact: Contact, waitMs: number): Promise<FramingFinding> {
  const { evidence } = contact;
  evidence.step('framing:hdlc addresses');
  const from = evidence.records.length;
  const others = CLIENT_SAPS.filter((client) => client <= MAX_HDLC_CLIENT);
  const questions: readonly LinkQuestion[] = [
    ...HDLC_CANDIDATES.map((candidate) => ({ client: PUBLIC_CLIENT, candidate })),
    ...GENERAL_ADDRESSES.flatMap((candidate) => others.map((client) => ({ client, candidate }))),
  ];
  const { answered, frames } = await contact.overFreshLine(() => burstSnrm(contact, questions, waitMs, true));
  const head = judgeFirstOctets(contact.currentLine?.head ?? new Uint8Array());
  contact.drop();
  const best = questions.find((question) => answered.includes(question));
  if (best !== undefined)
    return {
      framing: { kind: 'hdlc', candidate: best.candidate },
      evidence: evidence.since(from),
      clients: new Map([[best.client, undefined]]),
    };
  if (head !== undefined && head.kind !== 'dlms-wrapper' && head.kind !== 'dlms-hdlc')
    return { heard: head.kind, description: head.description };
  if (frames > 0)
    return { heard: 'dlms-hdlc', description: 'HDLC frames come, but none of the usual addresses answers SNRM' };
  if (head?.kind === 'dlms-hdlc')
    return { heard: 'binary', description: 'something that sends flags (7E) without frames' };
  return { heard: 'silence', description: 'no answer over the wrapper, nor to SNRM at the usual HDLC addresses' };
}
