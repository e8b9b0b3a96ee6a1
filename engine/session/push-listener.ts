import { encodeApdu } from '../codec/apdu-codec.ts';
import { copyOctets } from '../codec/octets.ts';
import type { KeyRing } from '../codec/security/types.ts';
import type { DataNotificationConfirm } from '../codec/xdlms/types.ts';
import { framePushReply } from '../link/push-reply.ts';
import type { PushedApdu } from '../link/push-types.ts';
import type { LinkError } from '../link/types.ts';
import type { SessionError } from './errors.ts';
import { confirmationOf } from './notification.ts';
import { PushKeys } from './push-keys.ts';
import type { Reply } from './push-line.ts';
import { type OpenPushSource, openPushSource, type PushOrigin, type PushSource } from './push-sources.ts';
import { type ReadPush, readPush } from './read-push.ts';

/** One push as it came, and what it says. */
export interface Push extends ReadPush, Pick<PushedApdu, 'framing' | 'peer' | 'gateway'> {
  readonly from: PushOrigin;
  /** When it was complete, milliseconds since the epoch. The meter's own time is in the APDU (Q86: not to be trusted). */
  readonly time: number;
  /** The APDU as received. */
  readonly octets: Uint8Array;
  /**
   * What became of the confirmation, where the meter wants one (service class of a data-notification). `not-possible`
   * over M-Bus, and for protected pushes, since the listener has no title and no counter to protect it with.
   */
  readonly confirmation?: 'sent' | 'not-possible' | 'not-wanted';
}

/** Octets that were dropped, and why. */
export interface PushTrouble {
  readonly from: PushOrigin;
  readonly time: number;
  readonly error: LinkError;
}

export interface PushListenerOptions {
  readonly source: PushSource;
  /** Keys of the meters, by system title. */
  readonly keys?: readonly KeyRing[];
  /**
   * Send data-notification-confirm to meters that want it. Default: where meters come here (TCP, UDP). Lines are often
   * one-way customer ports, whose meters set the bit by habit.
   */
  readonly confirm?: boolean;
  readonly onTrouble?: (trouble: PushTrouble) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Ends the listener. */
  readonly signal?: AbortSignal;
}

/** Pushes kept that nobody has taken yet; then the oldest is dropped and `lost` counts it. */
export const MAX_WAITING_PUSHES = 10_000;

/**
 * Listens for what meters send without being asked: over TCP and UDP, in HDLC, M-Bus, the wrapper or bare, and on serial
 * lines. Confirms what wants to be confirmed, and answers nothing else. To be iterated once; the iteration ends with `close`, and throws SessionError when the source
 * goes away by itself.
 */
export class PushListener implements AsyncIterable<Push> {
  readonly #options: PushListenerOptions;
  readonly #keys: PushKeys;
  #source: OpenPushSource | undefined;
  #waiting: Push[] = [];
  #wake: (() => void) | undefined;
  #ended: SessionError | 'closed' | undefined;
  #lost = 0;

  private constructor(options: PushListenerOptions) {
    this.#options = options;
    this.#keys = new PushKeys(options.keys ?? []);
  }

  /** Starts to listen. Rejects with SessionError. */
  static async open(options: PushListenerOptions): Promise<PushListener> {
    const listener = new PushListener(options);
    listener.#source = await openPushSource(options.source, {
      line: (from) => ({
        pushed: (apdu, reply) => listener.#pushed(apdu, from, reply),
        trouble: (error) => options.onTrouble?.({ from, time: listener.#now(), error }),
      }),
      closed: (error) => listener.#end(error),
    });
    const { signal } = options;
    const stop = (): void => void listener.close();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) await listener.close();
    return listener;
  }

  /** The port listened on; undefined for serial ports and connections to a serial server. */
  get port(): number | undefined {
    return this.#source?.port;
  }

  /** Pushes dropped because they were not taken in time. */
  get lost(): number {
    return this.#lost;
  }

  async close(): Promise<void> {
    this.#end('closed');
    await this.#source?.close();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Push> {
    try {
      for (;;) {
        yield* this.#waiting.splice(0);
        if (this.#waiting.length > 0) continue;
        if (this.#ended === 'closed') return;
        if (this.#ended !== undefined) throw this.#ended;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      await this.close();
    }
  }

  #pushed(pushed: PushedApdu, from: PushOrigin, reply: Reply): void {
    const { framing, peer, gateway, deviations } = pushed;
    // What a datagram brought is a view of its buffer.
    const octets = copyOctets(pushed.apdu);
    const read = readPush(octets, this.#keys);
    const confirmation = read.apdu === undefined ? undefined : confirmationOf(read.apdu);
    this.#waiting.push({
      ...read,
      from,
      time: this.#now(),
      framing,
      ...(peer === undefined ? {} : { peer }),
      ...(gateway === undefined ? {} : { gateway }),
      octets,
      ...(confirmation === undefined
        ? {}
        : { confirmation: this.#confirm(confirmation, pushed, read.protection !== undefined, reply) }),
      deviations: [...deviations, ...read.deviations],
    });
    if (this.#waiting.length > MAX_WAITING_PUSHES) {
      this.#waiting.shift();
      this.#lost++;
    }
    this.#wake?.();
  }

  #confirm(
    confirmation: DataNotificationConfirm,
    pushed: PushedApdu,
    isProtected: boolean,
    reply: Reply,
  ): NonNullable<Push['confirmation']> {
    const { source, confirm = source.kind === 'tcp' || source.kind === 'udp' } = this.#options;
    if (!confirm) return 'not-wanted';
    const octets = isProtected ? undefined : framePushReply(pushed, encodeApdu(confirmation));
    if (octets === undefined) return 'not-possible';
    reply(octets);
    return 'sent';
  }

  #end(reason: SessionError | 'closed'): void {
    this.#ended ??= reason;
    this.#wake?.();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
