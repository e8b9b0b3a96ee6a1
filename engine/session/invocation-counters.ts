import { createHash } from 'node:crypto';
import { SessionError } from './errors.ts';

/**
 * Where invocation counters outlive the process. Both calls are synchronous and `save` returns only when the value is
 * durable: a counter is handed out after that, never before. Whatever they throw stops the session.
 */
export interface CounterStore {
  load(name: string): number | undefined;
  save(name: string, value: number): void;
}

/** Counters are four octets (GB 9.2.7.2.4); beyond this one the key has to be replaced. */
export const HIGHEST_COUNTER = 0xffffffff;
/** Counters reserved with one write. A crash loses what is left of them, which harms nothing. */
export const RESERVED_COUNTERS = 256;

/** Counters for as long as the process lives. */
export class MemoryCounterStore implements CounterStore {
  readonly #values = new Map<string, number>();

  load(name: string): number | undefined {
    return this.#values.get(name);
  }

  save(name: string, value: number): void {
    this.#values.set(name, value);
  }
}

/**
 * Invocation counters, one per key, system title of the sender and direction (security.md 4). Keys are known by a hash
 * only. No counter is handed out twice and none is accepted twice, also after a crash, as far as the store keeps its
 * promise. One instance serves any number of associations; two instances must not share a store.
 */
export class InvocationCounters {
  readonly #store: CounterStore;
  readonly #sent = new Map<string, SentCounter>();
  readonly #received = new Map<string, ReceivedCounter>();

  constructor(store: CounterStore = new MemoryCounterStore()) {
    this.#store = store;
  }

  /** Counter of what is sent under a key by the owner of a system title. */
  sent(key: Uint8Array, systemTitle: Uint8Array): SentCounter {
    return memo(this.#sent, counterName(key, systemTitle, 'sent'), (name) => new SentCounter(this.#store, name));
  }

  /** Counter of what is received under a key from the owner of a system title. */
  received(key: Uint8Array, systemTitle: Uint8Array): ReceivedCounter {
    const name = counterName(key, systemTitle, 'received');
    return memo(this.#received, name, () => new ReceivedCounter(this.#store, name));
  }
}

/** The next counter to send. Reserved in blocks: the store holds the first counter that was not reserved. */
export class SentCounter {
  readonly #store: CounterStore;
  readonly #name: string;
  #next: number;
  #reserved: number;

  /** Throws SessionError `counter-store` when the store fails. */
  constructor(store: CounterStore, name: string) {
    this.#store = store;
    this.#name = name;
    this.#reserved = load(store, name, HIGHEST_COUNTER + 1) ?? 0;
    this.#next = this.#reserved;
  }

  /** A counter never handed out before. Throws SessionError `limit` when the key is used up, `counter-store`. */
  next(): number {
    if (this.#next > HIGHEST_COUNTER)
      throw new SessionError('limit', 'the invocation counter is used up', {
        next: 'the key of the meter has to be replaced',
      });
    if (this.#next >= this.#reserved) {
      const reserved = Math.min(this.#next + RESERVED_COUNTERS, HIGHEST_COUNTER + 1);
      save(this.#store, this.#name, reserved);
      this.#reserved = reserved;
    }
    return this.#next++;
  }

  /** Goes on from `counter` at least: what the meter expects, or what its counter object shows. Never goes back. */
  atLeast(counter: number): void {
    this.#next = Math.max(this.#next, counter);
  }
}

/** The highest counter accepted. */
export class ReceivedCounter {
  readonly #store: CounterStore;
  readonly #name: string;
  #last: number;

  /** Throws SessionError `counter-store` when the store fails. */
  constructor(store: CounterStore, name: string) {
    this.#store = store;
    this.#name = name;
    this.#last = load(store, name, HIGHEST_COUNTER) ?? -1;
  }

  /** Highest counter accepted so far; -1 before the first. */
  get last(): number {
    return this.#last;
  }

  /**
   * Whether a counter is higher than all before; it is kept then. Only for APDUs that are known to be genuine. Throws
   * SessionError `counter-store`.
   */
  accept(counter: number): boolean {
    if (!(counter > this.#last)) return false;
    save(this.#store, this.#name, counter);
    this.#last = counter;
    return true;
  }
}

/** Octets of the hash that stand for a key. */
const FINGERPRINT_LENGTH = 16;

/** Name of a counter in the store: `<fingerprint of the key>/<system title>/<direction>`, hex. */
export function counterName(key: Uint8Array, systemTitle: Uint8Array, direction: 'sent' | 'received'): string {
  const digest = createHash('sha256').update('invocation counter of').update(key).digest();
  const fingerprint = digest.subarray(0, FINGERPRINT_LENGTH).toString('hex');
  return `${fingerprint}/${Buffer.from(systemTitle).toString('hex')}/${direction}`;
}

function memo<T>(map: Map<string, T>, name: string, make: (name: string) => T): T {
  let found = map.get(name);
  if (found === undefined) {
    found = make(name);
    map.set(name, found);
  }
  return found;
}

function load(store: CounterStore, name: string, highest: number): number | undefined {
  let value: number | undefined;
  try {
    value = store.load(name);
  } catch (error) {
    throw storeFailed(`cannot be read: ${describe(error)}`);
  }
  // Beginning anew in place of what cannot be understood would use counters twice.
  if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= highest))
    throw storeFailed(`hold ${value} where a number from 0 to ${highest} was expected`);
  return value;
}

function save(store: CounterStore, name: string, value: number): void {
  try {
    store.save(name, value);
  } catch (error) {
    throw storeFailed(`cannot be written: ${describe(error)}`);
  }
}

function storeFailed(problem: string): SessionError {
  return new SessionError('counter-store', `the invocation counters ${problem}`, {
    cause: 'without them a counter could be used twice, which breaks the encryption',
    next: 'make the place where counters are kept readable and writable',
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
