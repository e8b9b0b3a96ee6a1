import { DEFAULT_FORMAT, DEFAULT_SPEED, parseFormat } from '../../serial/settings.ts';
import { asSessionError, type SessionError } from '../../session/errors.ts';
import { type Push, PushListener, type PushTrouble } from '../../session/push-listener.ts';
import type { PushOrigin, PushSource } from '../../session/push-sources.ts';
import { pushValues } from '../../session/push-values.ts';
import { engineError } from '../errors.ts';
import { keyRings } from '../keys/key-rings.ts';
import { sortSecrets } from '../keys/named-secrets.ts';
import type { ListenerEnded, ListenerStarted, ListenSource, StartListenerParams } from '../protocol.ts';
import type { KeptEntry, TraceStore } from '../trace-store.ts';

/** Values of one push written into the trace; the others stand in its APDU. */
const MAX_VALUES = 200;

type Draft = Omit<KeptEntry, 'index'>;

/** The push listeners of this engine. Each writes into a trace of its own. */
export class Listeners {
  readonly #traces: TraceStore;
  readonly #now: () => number;
  readonly #onEnd: (ended: ListenerEnded) => void;
  readonly #running = new Map<string, PushListener>();
  #next = 1;

  constructor(traces: TraceStore, now: () => number, onEnd: (ended: ListenerEnded) => void) {
    this.#traces = traces;
    this.#now = now;
    this.#onEnd = onEnd;
  }

  /** Throws `portInUse`, `notPermitted`, `badInput`, `connectionFailed`. */
  async start({ source, secrets }: StartListenerParams): Promise<ListenerStarted> {
    const waiting: PushTrouble[] = [];
    let onTrouble = (trouble: PushTrouble): void => void waiting.push(trouble);
    const listener = await open(sourceOf(source), {
      keys: keyRings(sortSecrets(secrets)),
      onTrouble: (trouble) => onTrouble(trouble),
      now: this.#now,
    });
    const title = describeSource(source, listener.port);
    const { traceId, sink } = this.#traces.begin(`Pushes: ${title}`, this.#now());
    let index = 0;
    const add = (draft: Draft): void => sink({ index: index++, ...draft });
    onTrouble = ({ from, time, error }) => add(note(time, `${originText(from)}: ${error.code}: ${error.message}`));
    waiting.forEach(onTrouble);
    const listenerId = `listener-${this.#next++}`;
    this.#running.set(listenerId, listener);
    void this.#take(listenerId, traceId, listener, add);
    return { listenerId, traceId, title, ...(listener.port === undefined ? {} : { port: listener.port }) };
  }

  /** Does nothing when it has ended before. */
  async stop(listenerId: string): Promise<void> {
    await this.#running.get(listenerId)?.close();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((listenerId) => this.stop(listenerId)));
  }

  async #take(listenerId: string, traceId: string, listener: PushListener, add: (draft: Draft) => void): Promise<void> {
    let pushes = 0;
    let failure: SessionError | undefined;
    try {
      for await (const push of listener) {
        pushes++;
        for (const draft of draftsOf(push)) add(draft);
      }
    } catch (error) {
      failure = asSessionError(error);
      if (failure === undefined) throw error;
    } finally {
      this.#running.delete(listenerId);
      this.#onEnd({
        listenerId,
        traceId,
        pushes,
        lost: listener.lost,
        ...(failure === undefined ? {} : { failure: { code: failure.code, message: failure.message } }),
      });
    }
  }
}

async function open(source: PushSource, options: Omit<Parameters<typeof PushListener.open>[0], 'source'>) {
  try {
    return await PushListener.open({ source, ...options });
  } catch (error) {
    const failure = asSessionError(error);
    if (failure === undefined) throw error;
    const code = { 'port-busy': 'portInUse', 'not-permitted': 'notPermitted' } as const;
    const known = failure.code === 'port-busy' || failure.code === 'not-permitted' ? code[failure.code] : undefined;
    throw engineError(known ?? 'connectionFailed', failure.message);
  }
}

function sourceOf(source: ListenSource): PushSource {
  if (source.kind !== 'serial') return source;
  const { path, speed = DEFAULT_SPEED, format } = source;
  const characters = format === undefined ? DEFAULT_FORMAT : parseFormat(format);
  if (characters !== undefined) return { kind: 'serial', path, settings: { speed, ...characters } };
  throw engineError('badInput', `"${format}" is no character format.`, { next: 'Write for example 8N1 or 8E1.' });
}

function describeSource(source: ListenSource, port: number | undefined): string {
  if (source.kind === 'serial') return `serial ${source.path}`;
  const where = address(source.host, port ?? source.port);
  return source.kind === 'connect' ? `serial server ${where}` : `${source.kind} ${where}`;
}

function address(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function originText({ host, port }: PushOrigin): string {
  return port === undefined ? host : address(host, port);
}

/** The APDU, and a note for each value it carries. */
function draftsOf(push: Push): Draft[] {
  const { apdu, plain, octets, time, error, from, framing, protection } = push;
  const values = apdu === undefined ? [] : pushValues(apdu);
  const trust = protection === undefined ? [] : [protection.verified ? 'verified' : 'not verified'];
  const title = protection?.systemTitle === undefined ? [] : [`system title ${protection.systemTitle}`];
  const about = [apdu?.kind ?? 'not readable', `from ${originText(from)}`, framing, ...title, ...trust].join(', ');
  const row: Draft = {
    time,
    direction: 'rx',
    layer: 'apdu',
    octets,
    summary: about,
    ...(plain === undefined ? {} : { plain }),
    ...(error === undefined ? {} : { error }),
  };
  const notes = values.slice(0, MAX_VALUES).map(({ position, obis, name, text }) => {
    return note(time, `${obis ?? position} ${name} = ${text}`);
  });
  return [row, ...notes];
}

function note(time: number, summary: string): Draft {
  return { time, direction: 'note', layer: 'apdu', octets: new Uint8Array(), summary };
}
