import type { Apdu } from '../apdu.ts';
import { concatOctets } from '../octets.ts';
import { DETECTION_OCTETS, detectFraming, type StreamFraming } from './detect-framing.ts';
import {
  type DialogueDirection,
  type DialogueEvent,
  type DialogueMessage,
  type DialogueOptions,
  type DialoguePeers,
  MAX_PEERS,
} from './dialogue-types.ts';
import { ExchangePairing } from './exchange-pairing.ts';
import { HdlcStream, type LinkItem, type LinkStream, WrapperDatagrams, WrapperStream } from './link-stream.ts';
import { PeerContext, serviceIn } from './peer-context.ts';
import type { CaptureChunk, CaptureConnection } from './types.ts';

/** APDUs put together from blocks that are put together from blocks: deeper ones are left as they are. */
const MAX_REASSEMBLY = 4;

/**
 * What a connection of a capture says: APDUs put together and deciphered, requests with their answers, and what
 * happened on the link, in order. Gives one event after the other, so that the memory it takes does not grow with the
 * capture. Nothing is thrown, whatever the octets.
 */
export function* dialogueOf(
  connection: CaptureConnection,
  options: DialogueOptions = {},
): Generator<DialogueEvent, void, undefined> {
  const framing = connectionFraming(connection);
  const [first] = connection.chunks;
  if (framing === undefined) {
    if (first === undefined) return;
    const { time, packet } = first;
    yield {
      type: 'note',
      time,
      packet,
      direction: 'tx',
      text: 'neither HDLC nor wrapper: not DLMS/COSEM, or ciphered',
    };
    return;
  }
  const reader = new DialogueReader(framing, connection, options);
  for (const chunk of connection.chunks) yield* reader.chunk(chunk);
  yield* reader.finish();
}

/** The framing of a connection: what the octets of either direction begin with, or have in them. */
export function connectionFraming({ chunks, client, transport }: CaptureConnection): StreamFraming | undefined {
  if (transport === 'udp') {
    for (const { octets } of chunks) {
      const framing = detectFraming(octets);
      if (framing !== undefined) return framing;
    }
    return undefined;
  }
  return detectFraming(beginning(chunks, client, true)) ?? detectFraming(beginning(chunks, client, false));
}

function beginning(chunks: readonly CaptureChunk[], client: string, fromClient: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const { from, octets } of chunks) {
    if ((from === client) !== fromClient) continue;
    parts.push(octets);
    length += octets.length;
    if (length >= DETECTION_OCTETS) break;
  }
  return concatOctets(parts);
}

interface Peer {
  readonly peers: DialoguePeers;
  readonly context: PeerContext;
  readonly pairing: ExchangePairing;
  last?: DialogueMessage;
}

type Moment = Pick<CaptureChunk, 'time' | 'packet'>;

class DialogueReader {
  readonly #connection: CaptureConnection;
  readonly #options: DialogueOptions;
  readonly #streams: Readonly<Record<DialogueDirection, LinkStream>>;
  readonly #peers = new Map<string, Peer>();
  #index = 0;
  #tooMany = false;

  constructor(framing: StreamFraming, connection: CaptureConnection, options: DialogueOptions) {
    const stream = (): LinkStream => {
      if (framing === 'hdlc') return new HdlcStream();
      return connection.transport === 'udp' ? new WrapperDatagrams() : new WrapperStream();
    };
    this.#connection = connection;
    this.#options = options;
    this.#streams = { tx: stream(), rx: stream() };
  }

  *chunk(chunk: CaptureChunk): Generator<DialogueEvent> {
    const direction = chunk.from === this.#connection.client ? 'tx' : 'rx';
    const moment = { time: chunk.time, packet: chunk.packet };
    const stream = this.#streams[direction];
    if (chunk.missing !== undefined) {
      stream.gap();
      yield { type: 'note', ...moment, direction, text: `${chunk.missing} octets are missing from the capture` };
    }
    for (const item of stream.push(chunk.octets)) yield* this.#item(item, direction, moment);
  }

  *finish(): Generator<DialogueEvent> {
    for (const { pairing, last } of this.#peers.values()) yield* pairing.finish(last);
  }

  *#item(item: LinkItem, direction: DialogueDirection, moment: Moment): Generator<DialogueEvent> {
    if (item.type === 'reset') this.#streams[direction === 'tx' ? 'rx' : 'tx'].reset();
    if (item.type !== 'apdu') {
      const { text } = item;
      const error = item.type === 'note' && item.error !== undefined ? { error: item.error } : {};
      yield { type: 'note', ...moment, direction, text, ...error };
      return;
    }
    const { source, destination } = item;
    const peers = direction === 'tx' ? { near: source, far: destination } : { near: destination, far: source };
    const peer = this.#peer(peers);
    if (peer !== undefined) yield* this.#apdu(peer, item.octets, direction, moment, 0, undefined);
    else if (!this.#tooMany) {
      this.#tooMany = true;
      yield { type: 'note', ...moment, direction, text: `APDUs of more than ${MAX_PEERS} pairs of SAPs are left out` };
    }
  }

  *#apdu(
    peer: Peer,
    octets: Uint8Array,
    direction: DialogueDirection,
    moment: Moment,
    depth: number,
    blocks: number | undefined,
  ): Generator<DialogueEvent> {
    const { revealed, deviations, error } = peer.context.reveal(octets, direction);
    const apdu = revealed === undefined ? undefined : serviceIn(revealed);
    const message: DialogueMessage = {
      type: 'message',
      ...moment,
      index: this.#index++,
      direction,
      peers: peer.peers,
      octets,
      deviations,
      ...(revealed === undefined ? {} : { revealed }),
      ...(apdu === undefined ? {} : { apdu }),
      ...(blocks === undefined ? {} : { blocks }),
      ...(error === undefined ? {} : { error }),
    };
    peer.last = message;
    yield message;
    if (apdu?.kind === 'general-block-transfer') yield* this.#block(peer, apdu, direction, moment, depth);
    else yield* peer.pairing.add(message);
  }

  *#block(
    peer: Peer,
    apdu: Extract<Apdu, { kind: 'general-block-transfer' }>,
    direction: DialogueDirection,
    moment: Moment,
    depth: number,
  ): Generator<DialogueEvent> {
    const joined = peer.context.blocks[direction].add(apdu);
    if (joined.type === 'limit') {
      yield { type: 'note', ...moment, direction, text: 'general blocks of more octets than are put together' };
    } else if (joined.type === 'apdu' && depth < MAX_REASSEMBLY) {
      yield* this.#apdu(peer, joined.octets, direction, moment, depth + 1, joined.parts.length);
    }
  }

  #peer(peers: DialoguePeers): Peer | undefined {
    const key = `${peers.near} ${peers.far}`;
    const known = this.#peers.get(key);
    if (known !== undefined || this.#peers.size >= MAX_PEERS) return known;
    const peer: Peer = { peers, context: new PeerContext(this.#options.keys ?? []), pairing: new ExchangePairing() };
    this.#peers.set(key, peer);
    return peer;
  }
}
