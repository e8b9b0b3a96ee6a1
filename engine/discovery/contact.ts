import type { Channel } from '../session/channel.ts';
import { asSessionError, SessionError } from '../session/errors.ts';
import { cancelled } from '../session/transport.ts';
import { EvidenceLog } from './evidence-log.ts';
import { Patience } from './patience.ts';
import { type ConnectedSocket, OctetBudget, ProbeLine } from './probe-line.ts';

/** Failed logins one meter is allowed to count against a scan; many lock after three to five. */
export const MAX_LOGIN_FAILURES = 3;
/** Connections made to one target. */
export const MAX_CONNECTIONS = 12;
/** A meter with one session slot needs a moment to notice that the last connection has ended (quirk Q25). */
const RECONNECT_PAUSES_MS = [20, 100];
const SETTLE_MS = 20;
/** Time one target may take: so many answers at the slowest allowed, but at least a minute. */
const BUDGET_ANSWERS = 30;
const LEAST_BUDGET_MS = 60_000;

export interface ContactOptions {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly connected?: ConnectedSocket;
}

/** One target while it is looked at: its connections, its evidence, and the limits it must not exceed. */
export class Contact {
  readonly options: ContactOptions;
  readonly evidence: EvidenceLog;
  readonly patience: Patience;
  /** What went wrong without ending the scan of this target, for people. */
  readonly errors: string[] = [];
  readonly #budget = new OctetBudget();
  readonly #deadline: number;
  #line: ProbeLine | undefined;
  #connections = 0;
  #loginFailures = 0;
  #dropped = false;
  #kept: { readonly key: string; readonly channel: Channel } | undefined;

  constructor(options: ContactOptions) {
    this.options = options;
    this.evidence = new EvidenceLog(options.port, options.now);
    this.patience = new Patience(options.timeoutMs);
    this.#deadline = options.monotonic() + Math.max(LEAST_BUDGET_MS, BUDGET_ANSWERS * options.timeoutMs);
  }

  /** The link kept under this key, to go on with. Any other that is kept is closed. */
  async takeLink(key: string): Promise<Channel | undefined> {
    const kept = this.#kept;
    if (kept?.key !== key || this.#line?.isOpen !== true) {
      await this.closeLink();
      return undefined;
    }
    this.#kept = undefined;
    return kept.channel;
  }

  /** Keeps a link that is open and idle for the next attempt of the same client. */
  keepLink(key: string, channel: Channel): void {
    this.#kept = { key, channel };
  }

  /** Disconnects the link that is kept, if there is one. */
  async closeLink(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined && this.#line?.isOpen === true) await kept.channel.close(this.patience.searchMs);
  }

  /** The open connection, made anew when the last one has ended. Rejects with SessionError. */
  async line(): Promise<ProbeLine> {
    this.checkLimits();
    if (this.#line?.isOpen === true) return this.#line;
    if (this.#connections >= MAX_CONNECTIONS)
      throw new SessionError('limit', `the target ended ${this.#connections} connections`, {
        next: 'look at it alone, with a longer timeout',
      });
    this.#line = await this.#connect();
    return this.#line;
  }

  /** The connection as it is, open or not. */
  get currentLine(): ProbeLine | undefined {
    return this.#line;
  }

  /**
   * Does something over the connection. When the target ends it without a word, which is how a meter turns away one
   * session too many, it is done once more over a new one.
   */
  async overFreshLine<T>(work: () => Promise<T>): Promise<T> {
    const result = await work();
    const line = this.#line;
    if (line === undefined || line.isOpen || line.received > 0) return result;
    await pauseFor(RECONNECT_PAUSES_MS.at(-1) ?? 0);
    return work();
  }

  /** Ends the connection; the next `line` makes a new one. */
  drop(): void {
    this.#kept = undefined;
    if (this.#line?.isOpen === true) this.#dropped = true;
    this.#line?.close();
    this.#line = undefined;
  }

  /** Throws SessionError `cancelled` or `limit`. */
  checkLimits(): void {
    if (this.options.signal.aborted) throw cancelled();
    if (this.#budget.exceeded)
      throw new SessionError('limit', 'the target sends without end', { next: 'this is no DLMS meter' });
    if (this.options.monotonic() > this.#deadline)
      throw new SessionError('limit', 'the target took too long', { next: 'look at it alone, with a longer timeout' });
  }

  /** Notes an answer that a meter may count as a failed login. */
  loginFailed(): void {
    this.#loginFailures++;
    if (!this.mayAuthenticate)
      this.errors.push(
        `${MAX_LOGIN_FAILURES} answers 'authentication-failure': no further authentication is tried on this meter`,
      );
  }

  /** False once the meter may count enough failures to lock somebody out. */
  get mayAuthenticate(): boolean {
    return this.#loginFailures < MAX_LOGIN_FAILURES;
  }

  async #connect(): Promise<ProbeLine> {
    const { address, port, signal, monotonic, connected } = this.options;
    const first = this.#connections++ === 0;
    if (this.#dropped) await pauseFor(SETTLE_MS);
    this.#dropped = false;
    for (let attempt = 0; ; attempt++) {
      try {
        return await ProbeLine.open({
          address,
          port,
          patience: this.patience,
          evidence: this.evidence,
          signal,
          monotonic,
          budget: this.#budget,
          ...(first && attempt === 0 && connected !== undefined ? { connected } : {}),
        });
      } catch (error) {
        const pause = RECONNECT_PAUSES_MS[attempt];
        const code = asSessionError(error)?.code;
        // The port stage has seen the port open: a first refusal is a meter that counts a session too many.
        if (pause === undefined || (code !== 'connect-refused' && code !== 'closed')) throw error;
        await pauseFor(pause);
      }
    }
  }
}

function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
