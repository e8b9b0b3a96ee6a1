import type { Aare, ApplicationContext, Mechanism } from '../codec/acse/types.ts';
import { type Attempt, attempt, type Framing, serverOf } from './attempt.ts';
import { HLS_MECHANISMS } from './candidates.ts';
import type { Contact } from './contact.ts';
import type { AssociationFinding, Origin } from './types.ts';

/** What is known about one client SAP, and its association when it could be opened without authentication. */
export interface ExaminedClient {
  readonly client: number;
  readonly finding?: AssociationFinding;
  readonly context?: ApplicationContext;
  readonly opened?: Extract<Attempt, { outcome: 'accepted' }>;
  /** System title of the meter, from an AARE. */
  readonly systemTitle?: Uint8Array;
  /** One line: what the meter said. */
  readonly said: string;
}

export interface ExamineOptions {
  /** Time for each answer, milliseconds. */
  readonly waitMs: number;
  /** What other clients of the meter use: tried first. */
  readonly referencing?: 'LN' | 'SN';
  /** The attempt in context `ln` without authentication, when it has been made already. */
  readonly known?: Attempt;
}

/** Contexts tried, the usual ones first. The ones without ciphering are what the public client needs. */
const LN_FIRST: readonly ApplicationContext[] = ['ln', 'sn', 'ln-ciphered', 'sn-ciphered'];
const SN_FIRST: readonly ApplicationContext[] = ['sn', 'ln', 'sn-ciphered', 'ln-ciphered'];
const WRONG_CONTEXT = 'application-context-name-not-supported';
const WRONG_MECHANISM = 'authentication-mechanism-name-not-recognised';

/**
 * Finds out what one client needs: context, then mechanism, by AARQs without a password. LLS is never tried: it is what
 * remains when the client has to authenticate and the meter recognises none of the HLS mechanisms.
 */
export async function examineClient(
  contact: Contact,
  framing: Framing,
  client: number,
  options: ExamineOptions,
): Promise<ExaminedClient> {
  const { waitMs, known } = options;
  const contexts = options.referencing === 'SN' ? SN_FIRST : LN_FIRST;
  let said = '';
  for (const context of contexts) {
    contact.evidence.step(`association:client${client} ${context}`);
    if (!contact.mayAuthenticate) return { client, said: said || 'not asked, the meter may be counting failed logins' };
    const tried =
      context === 'ln' && known !== undefined
        ? known
        : await contact.overFreshLine(() =>
            attempt(contact, { framing, client, context, mechanism: 'lowest', waitMs }),
          );
    if (!('aare' in tried)) {
      said ||= tried.error.found;
      // A client that is silent in one context is unknown; broken answers may be right in another.
      if (tried.outcome === 'silent' || tried.outcome === 'no-link') return { client, said };
      continue;
    }
    const { aare } = tried;
    const diagnostic = aare.diagnostic.value;
    if (tried.outcome === 'accepted') return accepted(tried, client, context, framing);
    said = `AARE ${aare.result}, ${diagnostic}`;
    if (diagnostic === WRONG_CONTEXT) continue;
    return { ...(await findMechanism(contact, framing, client, context, waitMs, aare)), said };
  }
  return { client, said };
}

function accepted(
  tried: Extract<Attempt, { outcome: 'accepted' }>,
  client: number,
  context: ApplicationContext,
  framing: Framing,
): ExaminedClient {
  const { negotiated } = tried.association;
  const title = tried.aare.respondingApTitle;
  return {
    client,
    context,
    opened: tried,
    ...(title === undefined ? {} : { systemTitle: title }),
    finding: {
      clientSap: client,
      serverSap: serverOf(framing),
      mechanism: 'lowest',
      ciphered: isCiphered(context),
      origin: 'negotiated',
      established: true,
      conformance: [...negotiated.conformance],
      maxPdu: negotiated.maxPdu,
      diagnostic: tried.aare.diagnostic.value,
    },
    said: 'AARE accepted without authentication',
  };
}

async function findMechanism(
  contact: Contact,
  framing: Framing,
  client: number,
  context: ApplicationContext,
  waitMs: number,
  rejection: Aare,
): Promise<Omit<ExaminedClient, 'said'>> {
  const base = { client, context };
  const finding = (mechanism: Mechanism, origin: Origin, aare: Aare): AssociationFinding => ({
    clientSap: client,
    serverSap: serverOf(framing),
    mechanism,
    ciphered: isCiphered(context),
    origin,
    established: false,
    ...negotiatedPart(aare),
    diagnostic: aare.diagnostic.value,
  });
  const stated = rejection.mechanism;
  if (stated !== undefined && stated !== 'lowest' && isMechanism(stated))
    return { ...base, finding: finding(stated, 'negotiated', rejection) };
  if (rejection.diagnostic.value === 'no-reason-given') return base;
  for (const mechanism of HLS_MECHANISMS) {
    if (!contact.mayAuthenticate) return undecided(contact, base);
    contact.evidence.step(`mechanism:client${client} ${mechanism}`);
    const tried = await attempt(contact, { framing, client, context, mechanism, waitMs });
    if (tried.outcome === 'challenged') {
      const title = tried.aare.respondingApTitle;
      return {
        ...base,
        finding: finding(mechanism, 'negotiated', tried.aare),
        ...(title === undefined ? {} : { systemTitle: title }),
      };
    }
    if (tried.outcome === 'rejected' && tried.aare.diagnostic.value === WRONG_MECHANISM) continue;
    // Refused for another reason than the mechanism: it got past that check, so this is the one.
    if (tried.outcome === 'rejected' && tried.aare.userInformation?.kind === 'confirmed-service-error')
      return { ...base, finding: finding(mechanism, 'inferred', tried.aare) };
    if (tried.outcome === 'silent' || tried.outcome === 'closed' || tried.outcome === 'no-link')
      return undecided(contact, base);
  }
  return { ...base, finding: finding('lls', 'inferred', rejection) };
}

/** The client exists and asks for authentication, but the meter did not let us find out which: no claim is made. */
function undecided(
  contact: Contact,
  base: { readonly client: number; readonly context: ApplicationContext },
): Omit<ExaminedClient, 'said'> {
  contact.errors.push(`client ${base.client} asks for authentication; by which mechanism could not be found out`);
  return base;
}

function isCiphered(context: ApplicationContext): boolean {
  return context === 'ln-ciphered' || context === 'sn-ciphered';
}

function isMechanism(name: string): name is Mechanism {
  return name === 'lls' || name.startsWith('hls-');
}

/** What an AARE says about the xDLMS context, also when it rejects. */
function negotiatedPart(aare: Aare): Pick<AssociationFinding, 'conformance' | 'maxPdu'> {
  const information = aare.userInformation;
  if (information?.kind !== 'initiate-response') return {};
  return { conformance: information.conformance, maxPdu: information.maxPdu };
}
