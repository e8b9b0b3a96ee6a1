import { PushDatagramReceiver, PushReceiver } from '../link/push-receiver.ts';
import type { PushEvent, PushedApdu } from '../link/push-types.ts';
import type { LinkError } from '../link/types.ts';

/** Sends octets on the line; where it is gone by then, they are lost. */
export type Reply = (octets: Uint8Array) => void;

/** What a line brings to its listener. */
export interface PushLineEvents {
  /** `reply` sends octets back to where the push came from. */
  readonly pushed: (apdu: PushedApdu, reply: Reply) => void;
  readonly trouble: (error: LinkError) => void;
}

/** One stream of pushes with its clock: a connection or a serial port. */
export class PushLine {
  readonly #receiver = new PushReceiver();
  readonly #events: PushLineEvents;
  readonly #reply: Reply;
  #timer: NodeJS.Timeout | undefined;

  constructor(events: PushLineEvents, reply: Reply) {
    this.#events = events;
    this.#reply = reply;
  }

  /** False when nothing more can be made of the stream; it should be closed. */
  receive(octets: Uint8Array): boolean {
    this.#perform(this.#receiver.receive(octets, performance.now()));
    return !this.#receiver.lost;
  }

  /** The stream has ended. */
  close(): void {
    const deadline = this.#receiver.nextDeadline();
    clearTimeout(this.#timer);
    if (deadline !== undefined) deliver(this.#receiver.tick(deadline), this.#events, this.#reply);
  }

  #perform(events: readonly PushEvent[]): void {
    deliver(events, this.#events, this.#reply);
    clearTimeout(this.#timer);
    const deadline = this.#receiver.nextDeadline();
    if (deadline === undefined) return;
    const wait = Math.max(0, deadline - performance.now());
    this.#timer = setTimeout(() => this.#perform(this.#receiver.tick(performance.now())), Math.ceil(wait)).unref();
  }
}

/** Senders of datagrams remembered, for general blocks that go over several. */
const MAX_DATAGRAM_SENDERS = 1024;

/** The datagrams of one socket, by sender. */
export class PushDatagrams {
  readonly #senders = new Map<string, PushDatagramReceiver>();

  receive(octets: Uint8Array, sender: string, events: PushLineEvents, reply: Reply): void {
    let receiver = this.#senders.get(sender);
    if (receiver === undefined) {
      const [oldest] = this.#senders.keys();
      if (oldest !== undefined && this.#senders.size >= MAX_DATAGRAM_SENDERS) this.#senders.delete(oldest);
      receiver = new PushDatagramReceiver();
      this.#senders.set(sender, receiver);
    }
    deliver(receiver.receive(octets), events, reply);
  }
}

function deliver(events: readonly PushEvent[], { pushed, trouble }: PushLineEvents, reply: Reply): void {
  for (const event of events) {
    if (event.type === 'apdu') pushed(event, reply);
    else trouble(event.error);
  }
}
