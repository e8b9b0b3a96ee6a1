import { createConnection, type Socket } from 'node:net';
import { SessionError } from '../session/errors.ts';
import { type Transport, type TransportEvents, transportError } from '../session/transport.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { ConnectedSocket } from './probe-line.ts';
import { RateLimit } from './rate-limit.ts';
import type { Target } from './targets.ts';

/** One address and port. */
export interface PortTarget {
  readonly target: Target;
  readonly port: number;
}

/** What a connection attempt came to. `reason` is for people. */
export type PortState =
  | { readonly state: 'open'; readonly socket: ConnectedSocket }
  | { readonly state: 'closed' | 'silent' | 'unreachable'; readonly reason: string };

export interface PortScanOptions {
  /** Connection attempts at once. */
  readonly concurrency: number;
  /** Attempts a second; 0 = unlimited. */
  readonly rate: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** Called once per target; not for those a cancelled scan did not come to. */
  readonly onState: (target: PortTarget, state: PortState) => void;
  /** False while the stages behind this one have enough to do. */
  readonly mayContinue?: () => boolean;
}

/** New attempts per turn of the event loop, so that one turn stays short. */
const BATCH = 256;
/** Silent targets asked a second time; beyond it silence of the first pass counts. */
export const MAX_SECOND_PASS = 262_144;
/** Attempts under way are never cut below this when the system runs out of sockets. */
const LEAST_CONCURRENCY = 8;
const PAUSE_MS = 20;

type Silent = 'silent';

/**
 * Finds open ports by TCP connections: non-blocking, at most `concurrency` at once and `rate` a second, with a second
 * pass over the silent. Deadlines are judged after a poll phase: a busy event loop costs time, never a live host.
 */
export async function scanPorts(source: Iterable<PortTarget>, options: PortScanOptions): Promise<void> {
  const silent: PortTarget[] = [];
  const first = new PortPass(options, (target) => {
    if (silent.length >= MAX_SECOND_PASS) return false;
    silent.push(target);
    return true;
  });
  await first.run(source[Symbol.iterator]());
  const second = new PortPass(options, () => false);
  await second.run(silent[Symbol.iterator]());
}

/** One pass over targets. `postpone` takes a silent target for later, or says that its silence is final. */
class PortPass {
  readonly #options: PortScanOptions;
  readonly #postpone: (target: PortTarget) => boolean;
  readonly #deadlines: DeadlineQueue<Attempt>;
  readonly #rate: RateLimit;
  /** Targets whose attempt failed for lack of sockets here, to be tried again. */
  readonly #again: PortTarget[] = [];
  #concurrency: number;
  #underWay = 0;
  #exhausted = false;
  #pumping = false;
  #finish: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(options: PortScanOptions, postpone: (target: PortTarget) => boolean) {
    this.#options = options;
    this.#postpone = postpone;
    this.#concurrency = options.concurrency;
    this.#rate = new RateLimit(options.rate, options.monotonic);
    this.#deadlines = new DeadlineQueue(options.timeoutMs, options.monotonic, (attempt) => attempt.silent());
  }

  run(targets: Iterator<PortTarget>): Promise<void> {
    const { signal } = this.#options;
    const stop = (): void => {
      this.#exhausted = true;
      for (const attempt of this.#deadlines.remaining()) attempt.abandon();
      this.#finish();
    };
    return new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', stop, { once: true });
      this.#pump(targets);
    }).finally(() => {
      signal.removeEventListener('abort', stop);
      this.#deadlines.stop();
    });
  }

  #pump(targets: Iterator<PortTarget>): void {
    if (this.#pumping) return;
    this.#pumping = true;
    const turn = (): void => {
      try {
        const wait = this.#startSome(targets);
        if (wait === undefined) {
          this.#pumping = false;
          if (this.#isDone()) this.#finish();
        } else if (wait === 0) setImmediate(turn);
        else setTimeout(turn, wait);
      } catch (error) {
        this.#fail(error);
      }
    };
    setImmediate(turn);
  }

  /** Starts what may be started. Returns milliseconds until more may be, or undefined when an attempt has to end first. */
  #startSome(targets: Iterator<PortTarget>): number | undefined {
    for (let started = 0; started < BATCH; started++) {
      if (this.#options.signal.aborted || this.#exhausted || this.#underWay >= this.#concurrency) return undefined;
      if (this.#options.mayContinue?.() === false) return PAUSE_MS;
      const wait = this.#rate.take();
      if (wait > 0) return wait;
      const next = this.#next(targets);
      if (next === undefined) {
        this.#exhausted = true;
        return undefined;
      }
      this.#start(next, targets);
    }
    return 0;
  }

  #next(targets: Iterator<PortTarget>): PortTarget | undefined {
    const again = this.#again.pop();
    if (again !== undefined) return again;
    const next = targets.next();
    return next.done === true ? undefined : next.value;
  }

  #isDone(): boolean {
    return this.#exhausted && this.#underWay === 0 && (this.#again.length === 0 || this.#options.signal.aborted);
  }

  #start(target: PortTarget, targets: Iterator<PortTarget>): void {
    this.#underWay++;
    const attempt = new Attempt(target, this.#options.monotonic, (state) => {
      this.#underWay--;
      if (state === 'no-socket') {
        this.#again.push(target);
        this.#exhausted = false;
        this.#concurrency = Math.max(LEAST_CONCURRENCY, Math.floor(this.#concurrency / 2));
      } else if (state !== 'silent') this.#options.onState(target, state);
      else if (!this.#postpone(target))
        this.#options.onState(target, { state: 'silent', reason: 'no answer to the connection attempt' });
      this.#pump(targets);
    });
    this.#deadlines.add(attempt);
  }
}

/** One connection attempt. */
class Attempt {
  readonly #socket: Socket;
  readonly #target: PortTarget;
  #settle: ((state: PortState | Silent | 'no-socket') => void) | undefined;

  constructor(target: PortTarget, now: () => number, settle: (state: PortState | Silent | 'no-socket') => void) {
    const started = now();
    this.#target = target;
    this.#settle = settle;
    this.#socket = createConnection({ host: target.target.address, port: target.port, noDelay: true });
    this.#socket.once('connect', () =>
      this.#end({ state: 'open', socket: new WaitingSocket(this.#socket, target, now() - started) }),
    );
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
  }

  get settled(): boolean {
    return this.#settle === undefined;
  }

  silent(): void {
    if (this.settled) return;
    this.#socket.destroy();
    this.#end('silent');
  }

  abandon(): void {
    if (this.settled) return;
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.settled) return;
    const { target, port } = this.#target;
    const failure = transportError(error, target.address, port);
    if (failure.code === 'no-sockets') this.#end('no-socket');
    else if (failure.code === 'connect-timeout') this.#end('silent');
    else if (failure.code === 'connect-refused' || failure.code === 'closed')
      this.#end({ state: 'closed', reason: failure.message });
    else this.#end({ state: 'unreachable', reason: failure.message });
  }

  #end(state: PortState | Silent | 'no-socket'): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(state);
  }
}

/** An open connection until the DLMS stage takes it over. Octets that come before are kept by the system. */
class WaitingSocket implements ConnectedSocket {
  readonly connectMs: number;
  readonly #socket: Socket;
  readonly #target: PortTarget;
  #adopted = false;

  constructor(socket: Socket, target: PortTarget, connectMs: number) {
    this.connectMs = connectMs;
    this.#socket = socket;
    this.#target = target;
    socket.pause();
    socket.on('error', () => undefined);
  }

  adopt(events: TransportEvents): Transport | undefined {
    const socket = this.#socket;
    const { target, port } = this.#target;
    if (socket.destroyed || this.#adopted) return undefined;
    this.#adopted = true;
    let ended = false;
    const end = (reason: SessionError): void => {
      if (ended) return;
      ended = true;
      socket.destroy();
      events.closed(reason);
    };
    socket.on('error', (error) => end(transportError(error, target.address, port)));
    socket.on('close', () =>
      end(new SessionError('closed', `connection to ${target.address}:${port} was closed by the meter`)),
    );
    socket.on('data', (octets) => {
      if (!ended) events.data(octets);
    });
    socket.resume();
    return {
      kind: 'tcp',
      write: (octets) => {
        if (!ended) socket.write(octets);
      },
      close: () => {
        ended = true;
        socket.destroy();
      },
    };
  }

  discard(): void {
    if (!this.#adopted) this.#socket.destroy();
  }
}
