import type { Aare, ApplicationContext } from '../codec/acse/types.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import { clientAddress, type HdlcAddress, lowerOf, serverAddress, upperOf } from '../codec/hdlc/address.ts';
import { HdlcDeframer } from '../codec/hdlc/deframer.ts';
import { encodeHdlcFrame } from '../codec/hdlc/frame.ts';
import { WrapperDeframer } from '../codec/wrapper/deframer.ts';
import { encodeWrapper } from '../codec/wrapper/wrapper.ts';
import { buildAarq } from '../session/aarq.ts';
import { DEFAULT_MAX_PDU, LN_CONFORMANCE, SN_CONFORMANCE } from '../session/params.ts';
import { referencingOf } from './attempt.ts';
import type { HdlcCandidate } from './candidates.ts';
import type { Contact } from './contact.ts';

/**
 * Asking many at once: clients and addresses a meter does not know are met with silence, and waiting for each silence
 * by itself would take longer than everything else. Answers carry the addresses they belong to.
 */

/** One SNRM of a burst. */
export interface LinkQuestion {
  readonly client: number;
  readonly candidate: HdlcCandidate;
}

/** After the first answer the others are near: time they get, milliseconds, unless the silence is waited out. */
const SETTLE_MS = 30;

/**
 * What clients are told to an AARQ without authentication, over the wrapper: the AARE, or undefined for any other answer.
 * Clients that are not in the map were met with silence.
 */
export async function burstAarq(
  contact: Contact,
  server: number,
  clients: readonly number[],
  context: ApplicationContext,
  waitMs: number,
): Promise<ReadonlyMap<number, Aare | undefined>> {
  await contact.closeLink();
  const line = await contact.line();
  line.discardPending();
  const referencing = referencingOf(context);
  const apdu = encodeApdu(
    buildAarq(
      {
        referencing,
        mechanism: 'lowest',
        protection: 'none',
        suite: 0,
        secrets: {},
        conformance: referencing === 'LN' ? LN_CONFORMANCE : SN_CONFORMANCE,
        maxPdu: DEFAULT_MAX_PDU,
        invocationCounter: 0,
      },
      null,
      null,
    ),
  );
  const answered = new Map<number, Aare | undefined>();
  const deframer = new WrapperDeframer();
  line.write(Buffer.concat(clients.map((client) => encodeWrapper({ source: client, destination: server, apdu }))));
  await line.collect((chunk) => {
    for (const event of deframer.push(chunk)) {
      if (event.type !== 'message' || !clients.includes(event.message.destination)) continue;
      const decoded = decodeApdu(event.message.apdu);
      const apdu = decoded.ok ? decoded.value : undefined;
      // Pushes share the connection; only what answers an AARQ counts.
      if (apdu?.kind !== 'data-notification')
        answered.set(event.message.destination, apdu?.kind === 'aare' ? apdu : undefined);
    }
    return deframer.lost || answered.size === clients.length;
  }, waitMs);
  for (const aare of answered.values()) if (aare?.diagnostic.value === 'authentication-failure') contact.loginFailed();
  return answered;
}

/** What came back to a burst of SNRMs. */
export interface LinkAnswers {
  /** Questions answered by UA or DM. */
  readonly answered: readonly LinkQuestion[];
  /** Whole frames received, whatever they were. */
  readonly frames: number;
}

/** Asks for links over HDLC. With `first` it ends soon after the first answer. */
export async function burstSnrm(
  contact: Contact,
  questions: readonly LinkQuestion[],
  waitMs: number,
  first = false,
): Promise<LinkAnswers> {
  await contact.closeLink();
  const line = await contact.line();
  line.discardPending();
  const answered: LinkQuestion[] = [];
  let frames = 0;
  const deframer = new HdlcDeframer();
  const take = (chunk: Uint8Array): boolean => {
    for (const event of deframer.push(chunk)) {
      if (event.type !== 'frame') continue;
      frames++;
      if (event.frame.kind !== 'UA' && event.frame.kind !== 'DM') continue;
      const { source, destination } = event.frame;
      const question = questions.find((item) => item.client === upperOf(destination) && isFrom(item.candidate, source));
      if (question !== undefined && !answered.includes(question)) answered.push(question);
    }
    return answered.length === questions.length || (first && answered.length > 0);
  };
  line.write(Buffer.concat(questions.map(snrm)));
  const done = await line.collect(take, waitMs);
  if (done && first) await line.collect(take, SETTLE_MS);
  return { answered, frames };
}

function snrm({ client, candidate }: LinkQuestion): Uint8Array {
  return encodeHdlcFrame({
    kind: 'SNRM',
    segmented: false,
    pollFinal: true,
    source: clientAddress(client),
    destination: addressOf(candidate),
    information: new Uint8Array(),
  });
}

export function addressOf({ bytes, server }: HdlcCandidate): HdlcAddress {
  return serverAddress(server.upper, server.lower, bytes);
}

/** Servers answer with the width they were called with, or a wider one (quirk Q16); to all-station with their own address. */
function isFrom(candidate: HdlcCandidate, source: HdlcAddress): boolean {
  if (upperOf(source) !== candidate.server.upper) return false;
  const called = candidate.server.lower;
  const answered = lowerOf(source);
  if (called === undefined) return source.bytes === 1;
  return source.bytes >= candidate.bytes && (answered === called || called === ALL_STATION[candidate.bytes]);
}

const ALL_STATION: Readonly<Record<1 | 2 | 4, number>> = { 1: 0x7f, 2: 0x7f, 4: 0x3fff };
