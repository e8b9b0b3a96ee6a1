import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduFromJson } from '../../../engine/codec/apdu-json.ts';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { encodeHdlcFrame, type HdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { dialogueOf } from '../../../engine/codec/pcap/dialogue.ts';
import type {
  DialogueDirection,
  DialogueEvent,
  DialogueExchange,
  DialogueOptions,
} from '../../../engine/codec/pcap/dialogue-types.ts';
import type { CaptureChunk, CaptureConnection } from '../../../engine/codec/pcap/types.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';

/** A piece of a connection: who sent it, the octets, octets missing before it. */
export type Piece = readonly [direction: DialogueDirection, octets: Uint8Array | string, missing?: number];

const CLIENT = '192.0.2.1:50000';
const SERVER = '192.0.2.2:4059';

/** A connection of these pieces, one a packet, a second apart. */
export function connectionOf(pieces: readonly Piece[], transport: 'tcp' | 'udp' = 'tcp'): CaptureConnection {
  const chunks = pieces.map(([direction, octets, missing], packet): CaptureChunk => {
    const [from, to] = direction === 'tx' ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const chunk = {
      time: packet * 1000,
      from,
      to,
      octets: typeof octets === 'string' ? fromHex(octets) : octets,
      packet,
    };
    return missing === undefined ? chunk : { ...chunk, missing };
  });
  return { id: `${transport} test`, transport, client: CLIENT, server: SERVER, chunks };
}

/** An APDU in a wrapper, from client 16 to server 1 or back. */
export function wrapped(direction: DialogueDirection, apdu: Uint8Array | string, client = 16): Uint8Array {
  const [source, destination] = direction === 'tx' ? [client, 1] : [1, client];
  return encodeWrapper({ source, destination, apdu: typeof apdu === 'string' ? fromHex(apdu) : apdu });
}

/** Pieces of APDUs in wrappers. */
export function wrapperPieces(...apdus: readonly (readonly [DialogueDirection, Uint8Array | string])[]): Piece[] {
  return apdus.map(([direction, apdu]) => [direction, wrapped(direction, apdu)]);
}

/** An I frame from client 16 to server 1/17 or back. */
export function iFrame(
  direction: DialogueDirection,
  ns: number,
  information: string,
  more: Partial<HdlcFrame> = {},
): Uint8Array {
  const [client, server] = [clientAddress(16), serverAddress(1, 17)];
  const route = direction === 'tx' ? { destination: server, source: client } : { destination: client, source: server };
  const frame = {
    kind: 'I',
    ns,
    nr: 0,
    ...route,
    pollFinal: true,
    segmented: false,
    information: fromHex(information),
  };
  return encodeHdlcFrame({ ...frame, ...more } as HdlcFrame);
}

export function apduOf(json: object): Uint8Array {
  return encodeApdu(apduFromJson(json));
}

/** A general block with this content. */
export function generalBlock(block: number, raw: Uint8Array, last: boolean, blockAck = 0): Uint8Array {
  return encodeApdu({ kind: 'general-block-transfer', last, streaming: false, window: 1, block, blockAck, raw });
}

export function eventsOf(
  pieces: readonly Piece[],
  options: DialogueOptions & { readonly transport?: 'tcp' | 'udp' } = {},
): DialogueEvent[] {
  return [...dialogueOf(connectionOf(pieces, options.transport), options)];
}

/** An exchange in one line: service, items, failure. */
export function exchangeText({ service, items, failure, blocks }: DialogueExchange): string {
  const shown = items.map(({ op, object, variable, sent, data, result }) => {
    const about = object === undefined ? variableText(variable) : `${object.obis}#${object.index}`;
    const values = [sent, data].map((value) => {
      if (value === undefined) return '-';
      const v: unknown = 'v' in value ? value.v : null;
      return v instanceof Uint8Array ? toHex(v) : Array.isArray(v) ? `${value.t}(${v.length})` : String(v);
    });
    return `${op} ${about} ${values.join('/')}${result === undefined ? '' : ` ${result}`}`;
  });
  const notes = [...(blocks > 0 ? [`${blocks} blocks`] : []), ...(failure === undefined ? [] : [failure])];
  return [`${service}:`, ...shown, ...notes.map((note) => `(${note})`)].join(' | ');
}

function variableText(variable: object | undefined): string {
  const [entry] = Object.entries(variable ?? {});
  return entry === undefined ? '' : `${entry[0]} ${typeof entry[1] === 'number' ? entry[1].toString(16) : '...'}`;
}

/** All exchanges of a dialogue in lines, failures of messages and notes with an error among them. */
export function dialogueText(
  pieces: readonly Piece[],
  options: DialogueOptions & { readonly transport?: 'tcp' | 'udp' } = {},
): string[] {
  return eventsOf(pieces, options).flatMap((event) => {
    if (event.type === 'exchange') return [exchangeText(event)];
    if (event.type === 'message') return event.error === undefined ? [] : [`error ${event.error.code}`];
    return event.error === undefined ? [] : [`note ${event.error.code}`];
  });
}
