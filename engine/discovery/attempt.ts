import type { Aare, Aarq, ApplicationContext, Mechanism } from '../codec/acse/types.ts';
import { HdlcClientLink } from '../link/hdlc-client-link.ts';
import type { ClientLink } from '../link/types.ts';
import { WrapperClientLink } from '../link/wrapper-client-link.ts';
import { buildAarq } from '../session/aarq.ts';
import { acceptAare, exchangeAarq } from '../session/associate.ts';
import { Association } from '../session/association.ts';
import { Channel } from '../session/channel.ts';
import { ClientSession } from '../session/client-session.ts';
import { asSessionError, type SessionError } from '../session/errors.ts';
import { HLS_CHALLENGE_LENGTH } from '../session/limits.ts';
import { type ClientParams, DEFAULT_MAX_PDU, LN_CONFORMANCE, SN_CONFORMANCE } from '../session/params.ts';
import { Tracer } from '../session/tracer.ts';
import type { HdlcCandidate } from './candidates.ts';
import type { Contact } from './contact.ts';

/** How the target is spoken to, once that is known. */
export type Framing =
  | { readonly kind: 'wrapper'; readonly server: number }
  | { readonly kind: 'hdlc'; readonly candidate: HdlcCandidate };

/** One AARQ to be tried. Never with a password. */
export interface AttemptOptions {
  readonly framing: Framing;
  readonly client: number;
  readonly context: ApplicationContext;
  /** `lowest`, or an HLS mechanism, which sends a random challenge. */
  readonly mechanism: Exclude<Mechanism, 'lls'>;
  /** Time for each answer, milliseconds. */
  readonly waitMs: number;
}

/**
 * What came of it.
 * - `accepted`: the association is open, `association` has to be released
 * - `challenged`: the meter knows the mechanism and sent its challenge
 * - `rejected`: an AARE says no
 * - `refused`: exception-response, confirmedServiceError or an APDU that is no answer
 * - `no-link`: no UA to SNRM, or DM
 * - `silent`, `closed`, `malformed`
 */
export type Attempt =
  | { readonly outcome: 'accepted'; readonly aare: Aare; readonly association: Association; readonly channel: Channel }
  | { readonly outcome: 'challenged' | 'rejected'; readonly aare: Aare }
  | { readonly outcome: 'refused' | 'no-link' | 'silent' | 'closed' | 'malformed'; readonly error: SessionError };

/** System title of the scanner: letters no manufacturer has. Meters want one with HLS and ciphered contexts. */
const SCANNER_TITLE = Uint8Array.of(0x44, 0x57, 0x42, 0x00, 0x00, 0x00, 0x00, 0x01);
const MAX_INFO_PROPOSED = 2030;

/**
 * Sends one AARQ on the target's connection. After a rejection the HDLC link stays open for the next attempt of the same
 * client, which saves two round trips each. Rejects only for limits, cancellation and bugs.
 */
export async function attempt(contact: Contact, options: AttemptOptions): Promise<Attempt> {
  const key = linkKey(options);
  const kept = await contact.takeLink(key);
  if (kept !== undefined) {
    const tried = await attemptOver(contact, options, kept);
    // A meter that ended the link with its rejection is asked again over a new one.
    if ('aare' in tried || tried.outcome === 'malformed' || tried.outcome === 'refused') return tried;
  }
  const line = await contact.line();
  line.discardPending();
  const channel = new Channel({
    link: linkOf(options),
    framing: options.framing.kind,
    timeoutMs: options.waitMs,
    tracer: new Tracer(undefined, contact.options.now),
    monotonic: contact.options.monotonic,
    signal: contact.options.signal,
    connect: async (events) => line.attach(events),
  });
  return attemptOver(contact, options, channel);
}

async function attemptOver(contact: Contact, options: AttemptOptions, channel: Channel): Promise<Attempt> {
  const { waitMs } = options;
  const session = new ClientSession(paramsOf(options), {
    random: contact.options.random,
    client: options.client,
    server: serverOf(options.framing),
  });
  try {
    await channel.open();
    const started = contact.options.monotonic();
    const aare = await channel.run(exchangeAarq(session, aarqOf(contact, options, session.params)), waitMs);
    contact.patience.observe(contact.options.monotonic() - started);
    if (aare.result !== 'accepted') return await rejected(contact, options, channel, aare);
    if (options.mechanism !== 'lowest') {
      await channel.close(waitMs);
      return { outcome: 'challenged', aare };
    }
    acceptAare(session, aare);
    return { outcome: 'accepted', aare, association: new Association(channel, session), channel };
  } catch (error) {
    await channel.close(waitMs);
    contact.checkLimits();
    return failed(contact, error);
  }
}

async function rejected(contact: Contact, options: AttemptOptions, channel: Channel, aare: Aare): Promise<Attempt> {
  if (aare.diagnostic.value === 'authentication-failure') contact.loginFailed();
  if (options.framing.kind === 'hdlc') contact.keepLink(linkKey(options), channel);
  else await channel.close(options.waitMs);
  return { outcome: 'rejected', aare };
}

function linkKey({ framing, client }: AttemptOptions): string {
  return `${framing.kind} ${serverOf(framing)} ${client}`;
}

function failed(contact: Contact, error: unknown): Attempt {
  const failure = asSessionError(error);
  if (failure === undefined) throw error;
  switch (failure.code) {
    case 'no-answer-to-aarq':
    case 'no-answer':
      contact.evidence.event('timeout', failure.found);
      return { outcome: 'silent', error: failure };
    case 'no-answer-to-snrm':
      contact.evidence.event('timeout', failure.found);
      return { outcome: 'no-link', error: failure };
    case 'link-refused':
    case 'link-broken':
      return { outcome: 'no-link', error: failure };
    case 'malformed':
    case 'not-decipherable':
      contact.evidence.event('error', failure.found);
      contact.errors.push(`${contact.evidence.currentStep}: ${failure.found}`);
      return { outcome: 'malformed', error: failure };
    case 'closed':
    case 'connect-refused':
    case 'connect-timeout':
      return { outcome: 'closed', error: failure };
    default:
      return { outcome: 'refused', error: failure };
  }
}

function paramsOf(options: AttemptOptions): ClientParams {
  const referencing = referencingOf(options.context);
  return {
    referencing,
    mechanism: options.mechanism,
    protection: 'none',
    suite: 0,
    secrets: { systemTitle: SCANNER_TITLE },
    conformance: referencing === 'LN' ? LN_CONFORMANCE : SN_CONFORMANCE,
    maxPdu: DEFAULT_MAX_PDU,
    invocationCounter: 0,
  };
}

/**
 * The AARQ in the wanted context. Ciphered contexts are asked for with the InitiateRequest in clear: what the meter says
 * about context and mechanism comes before it looks at the initiate, and there is no key to guess with.
 */
function aarqOf(contact: Contact, options: AttemptOptions, params: ClientParams): Aarq {
  const challenge = options.mechanism === 'lowest' ? null : contact.options.random(HLS_CHALLENGE_LENGTH);
  const aarq = buildAarq(params, challenge, null);
  const ciphered = options.context === 'ln-ciphered' || options.context === 'sn-ciphered';
  return ciphered ? { ...aarq, applicationContext: options.context, callingApTitle: SCANNER_TITLE } : aarq;
}

function linkOf({ framing, client, waitMs }: AttemptOptions): ClientLink {
  if (framing.kind === 'wrapper') return new WrapperClientLink({ client, server: framing.server });
  return new HdlcClientLink({
    client,
    server: framing.candidate.server,
    addressBytes: framing.candidate.bytes,
    parameters: { maxInfoTx: MAX_INFO_PROPOSED, maxInfoRx: MAX_INFO_PROPOSED },
    responseTimeout: waitMs,
    retries: 0,
  });
}

export function serverOf(framing: Framing): number {
  return framing.kind === 'wrapper' ? framing.server : framing.candidate.server.upper;
}

export function referencingOf(context: ApplicationContext): 'LN' | 'SN' {
  return context === 'sn' || context === 'sn-ciphered' ? 'SN' : 'LN';
}
