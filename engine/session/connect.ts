import { randomBytes } from 'node:crypto';
import { fromHex } from '../codec/hex.ts';
import type { ManufacturerHls } from '../codec/security/manufacturer-hls.ts';
import { associate } from './associate.ts';
import { Association } from './association.ts';
import { mechanismOf } from './authentication.ts';
import { Channel } from './channel.ts';
import type { AssociationCounters } from './ciphering.ts';
import { ClientSession } from './client-session.ts';
import type { Connection } from './connection.ts';
import { asSessionError, SessionError, type SessionErrorCode } from './errors.ts';
import { GatewayRoute } from './gateway.ts';
import { InvocationCounters } from './invocation-counters.ts';
import { DEFAULT_TIMEOUT_MS } from './limits.ts';
import { linkFor, openingTime } from './links.ts';
import type { Notification } from './notification.ts';
import { integerOf } from './object-list.ts';
import { openTransport } from './open-transport.ts';
import { type ClientParams, DATAGRAM_MAX_PDU, DEFAULT_MAX_PDU, LN_CONFORMANCE, SN_CONFORMANCE } from './params.ts';
import { parseSecrets, type SessionSecrets } from './secrets.ts';
import type { TraceSink } from './trace.ts';
import { Tracer } from './tracer.ts';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  readonly trace?: TraceSink;
  /** Milliseconds since the epoch, for traces and the validity of certificates. */
  readonly now?: () => number;
  /** Random octets for challenges and dedicated keys. */
  readonly random?: (length: number) => Uint8Array;
  /** What stands behind `authentication: 'manufacturer'`. */
  readonly manufacturerHls?: ManufacturerHls;
  /**
   * Invocation counters that outlive associations, of both directions. Default: what is sent never repeats a counter in
   * this process; what is received only has to grow within its association, since meters that lose their counter are
   * common on a desk.
   */
  readonly counters?: InvocationCounters;
  /** Hears what the meter tells without being asked, at any time of the association. It must not throw. */
  readonly onNotification?: (notification: Notification) => void;
  /** Milliseconds without a request after which the association shows a sign of life; default: never. */
  readonly keepAliveMs?: number;
}

const PROCESS_COUNTERS = new InvocationCounters();

/** Errors another client or protocol cannot help with. */
const UNREACHABLE: ReadonlySet<SessionErrorCode> = new Set([
  'host-unknown',
  'connect-refused',
  'connect-timeout',
  'unreachable',
  'not-permitted',
  'no-sockets',
  'serial-driver',
  'port-unknown',
  'port-busy',
  'port-failed',
  'no-identification',
]);

const RECONNECT_PAUSES_MS = [20, 100, 400];
/** Client that may read without authentication in every profile (GB 4.5). */
const PUBLIC_CLIENT = 16;
/** Expected invocation counter of the unicast key (BB 6.2.16; security.md 4). */
const COUNTER = '0-0:43.1.0.255';
/**
 * System title this client calls itself by when none is given. The letters belong to no registered manufacturer;
 * meters that keep a list of clients need theirs in the secrets.
 */
const DEFAULT_SYSTEM_TITLE = Uint8Array.of(0x44, 0x57, 0x42, 0x00, 0x00, 0x00, 0x00, 0x01);

/**
 * Connects to a meter and opens an association. Rejects with SessionError, whose message says what happened, why and
 * what to try next. The caller releases the association.
 */
export async function connect(connection: Connection, options: ConnectOptions = {}): Promise<Association> {
  const secrets = parseSecrets(connection.secrets, connection.suite);
  const tracer = new Tracer(options.trace, options.now ?? Date.now);
  const usesCounter = usesGlobalKey(connection);
  const known = connection.invocationCounter;
  const asksFirst = usesCounter && known === undefined;
  const counter = asksFirst ? await readCounter(connection, options, tracer) : (known ?? 1);
  try {
    return await openAgain(asksFirst, () => open(connection, secrets, counter, options, tracer));
  } catch (error) {
    // A meter that tells its counter is taken at its word, once.
    const expected = asSessionError(error)?.details.expectedCounter;
    if (expected === undefined || known !== undefined) throw error;
    tracer.note(`the meter expects invocation counter ${expected}`);
    return openAgain(true, () => open(connection, secrets, expected, options, tracer));
  }
}

/**
 * Right after another connection of ours a meter with one session slot may still turn us away (quirk Q25): it gets a
 * moment, a few times.
 */
async function openAgain(afterAnother: boolean, connectOnce: () => Promise<Association>): Promise<Association> {
  for (const pause of afterAnother ? RECONNECT_PAUSES_MS : []) {
    try {
      return await connectOnce();
    } catch (error) {
      const code = asSessionError(error)?.code;
      if (code !== 'closed' && code !== 'connect-refused') throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return connectOnce();
}

async function open(
  connection: Connection,
  secrets: SessionSecrets,
  invocationCounter: number,
  options: ConnectOptions,
  tracer: Tracer,
): Promise<Association> {
  const timeoutMs = connection.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const session = new ClientSession(clientParams(connection, secrets, invocationCounter), {
    random: options.random ?? randomBytes,
    now: options.now ?? Date.now,
    counters: countersFor(connection, options),
    ...(options.manufacturerHls === undefined ? {} : { manufacturerHls: options.manufacturerHls }),
    onApdu: (event) => tracer.apdu(event),
    ...(options.onNotification === undefined ? {} : { onNotification: options.onNotification }),
    client: connection.client,
    server: connection.server,
  });
  const { signal } = options;
  const channel = new Channel({
    link: linkFor(connection, timeoutMs),
    framing: connection.framing,
    timeoutMs,
    tracer,
    onUnsolicited: (apdu) => session.hear(apdu),
    monotonic: () => performance.now(),
    ...(signal === undefined ? {} : { signal }),
    ...(connection.gateway === undefined ? {} : { gateway: new GatewayRoute(connection.gateway) }),
    openTimeoutMs: timeoutMs + openingTime(connection),
    connect: (events) => openTransport(connection, { timeoutMs, events, ...(signal === undefined ? {} : { signal }) }),
  });
  try {
    await channel.open();
    await channel.run(associate(session));
    const association = new Association(channel, session);
    if (options.keepAliveMs !== undefined) association.keepAlive(options.keepAliveMs);
    return association;
  } catch (error) {
    await channel.close(0);
    throw closedOnAarq(error, session, usesGlobalKey(connection));
  }
}

/** Keys wrapped or agreed on for one APDU need no counter of the meter. */
function usesGlobalKey({ security, authentication, contentKey }: Connection): boolean {
  const ciphers = security !== 'none' && (contentKey === undefined || contentKey === 'identified');
  return ciphers || authentication === 'gmac';
}

/** A counter the caller names begins a sequence of its own, unless the caller keeps counters too. */
function countersFor(connection: Connection, options: ConnectOptions): AssociationCounters {
  const { counters } = options;
  if (counters !== undefined) return { sent: counters, received: counters };
  const named = connection.invocationCounter !== undefined;
  return { sent: named ? new InvocationCounters() : PROCESS_COUNTERS, received: new InvocationCounters() };
}

/** Unless the channel knows better, a connection that ends at the AARQ says something about the association, not about the network. */
function closedOnAarq(error: unknown, session: ClientSession, counts: boolean): unknown {
  const failure = asSessionError(error);
  if (failure?.code !== 'closed' || session.negotiated !== undefined) return error;
  if (failure.details.cause !== undefined) return error;
  return new SessionError('closed', failure.found, {
    // Quirk Q40: meters hang up without a word when the counter is behind.
    cause: `the meter ended the connection instead of answering the AARQ${counts ? ', as some do when a key is wrong or the invocation counter is behind' : ''}`,
    next: `try the other framing (wrapper/HDLC), another client SAP, ${counts ? 'a higher invocation counter, ' : ''}or wait until other sessions have ended`,
  });
}

function clientParams(connection: Connection, secrets: SessionSecrets, invocationCounter: number): ClientParams {
  const mechanism = mechanismOf(connection.authentication);
  return {
    referencing: connection.referencing,
    mechanism,
    protection: connection.security,
    suite: connection.suite,
    secrets: secrets.systemTitle === undefined ? { ...secrets, systemTitle: DEFAULT_SYSTEM_TITLE } : secrets,
    conformance: [
      ...(connection.referencing === 'LN' ? LN_CONFORMANCE : SN_CONFORMANCE),
      ...(connection.contentKey !== undefined || connection.signed === true ? ['general-protection'] : []),
      ...(connection.propose ?? []),
    ],
    maxPdu: connection.maxPdu ?? (connection.transport === 'udp' ? DATAGRAM_MAX_PDU : DEFAULT_MAX_PDU),
    invocationCounter,
    ...(connection.dedicatedKey === true ? { dedicatedKey: true } : {}),
    ...(connection.contentKey === undefined ? {} : { contentKey: connection.contentKey }),
    ...(connection.serverTitle === undefined ? {} : { serverTitle: titleOf(connection.serverTitle) }),
    ...(connection.signed === true ? { signed: true } : {}),
  };
}

function titleOf(text: string): Uint8Array {
  if (/^[0-9a-fA-F]{16}$/.test(text)) return fromHex(text);
  throw new SessionError('bad-secret', `serverTitle '${text}' is not 16 hex digits`);
}

/**
 * First counter to use: one more than what the meter shows to the public client, as profiles with ciphering arrange it.
 * 1 when it cannot be read; the meter will then say what it expects, or keep silent.
 */
async function readCounter(connection: Connection, options: ConnectOptions, tracer: Tracer): Promise<number> {
  const asPublic: Connection = {
    ...connection,
    client: PUBLIC_CLIENT,
    authentication: 'none',
    security: 'none',
    secrets: {},
  };
  try {
    const association = await open(asPublic, {}, 1, options, tracer);
    try {
      const result = await association.get({ class: 1, obis: connection.counterObject ?? COUNTER, index: 2 });
      const value = 'data' in result ? integerOf(result.data) : undefined;
      return value === undefined ? 1 : value + 1;
    } finally {
      await association.release();
    }
  } catch (error) {
    const failure = asSessionError(error);
    if (failure === undefined || failure.code === 'cancelled' || isUnreachable(failure)) throw error;
    tracer.note(`the invocation counter cannot be read by the public client: ${failure.found}`);
    return 1;
  }
}

function isUnreachable(error: SessionError): boolean {
  return UNREACHABLE.has(error.code);
}
