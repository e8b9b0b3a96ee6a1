import { clientAddress, type HdlcAddress, lowerOf, NO_STATION, serverAddress, upperOf } from '../codec/hdlc/address.ts';
import { HdlcDeframer, type HdlcDeframerEvent } from '../codec/hdlc/deframer.ts';
import { describeHdlcFrame, encodeHdlcFrame, type HdlcFrame, MAX_INFORMATION_LENGTH } from '../codec/hdlc/frame.ts';
import {
  decodeHdlcParameters,
  encodeHdlcParameters,
  type HdlcLinkParameters,
  type HdlcParameters,
  negotiateHdlcParameters,
  stationParameters,
} from '../codec/hdlc/parameters.ts';
import { readUndefinedControl } from '../codec/hdlc/undefined-control.ts';
import { decodeLpdu, encodeLpdu } from '../codec/llc/llc.ts';
import { brokenFrame, linkError } from './errors.ts';
import { HdlcServerConnection } from './hdlc-server-connection.ts';
import { type AddressWidthPolicy, type CalledStation, calledStation } from './hdlc-stations.ts';
import { SegmentBuffer } from './segment-buffer.ts';
import {
  type CloseReason,
  type LinkError,
  type LinkEvent,
  type LinkPeer,
  MAX_APDU_LENGTH,
  type ServerLink,
} from './types.ts';

export interface HdlcServerOptions {
  /**
   * Whether a device of this line has the logical device `server` (and the physical address `physical`), for this
   * client. `ignore` keeps silent, as for other meters on the same line; `refuse` answers SNRM with DM.
   */
  readonly accepts: (peer: LinkPeer) => 'accept' | 'refuse' | 'ignore';
  /** What this station can do; absent ones have the defaults 128 octets and window 1. */
  readonly parameters?: HdlcParameters;
  readonly addressing?: AddressWidthPolicy;
  /** Width of the answers' source address when it is not the one called with (Q16). */
  readonly answerBytes?: 1 | 2 | 4 | undefined;
  /** Lower (physical) address of this station, for answers wider than a call that did not name it. */
  readonly lower?: number | undefined;
  /** False for a frame the station is to be deaf to. Default: all are heard. */
  readonly hears?: (frame: HdlcFrame, peer: LinkPeer) => boolean;
  /** Connection without any frame of the client for so long is closed, ms; 0 never. Default 120 s (class 23). */
  readonly inactivityTimeout?: number;
  /** Pause after which the rest of a frame is no longer waited for, ms. Default 2000. */
  readonly interOctetTimeout?: number;
  /** What an SNRM without parameters gets (Q18). Default `accept`. */
  readonly emptySnrm?: 'accept' | 'refuse' | 'ignore' | undefined;
  /** FRMR for information fields longer than negotiated, or in RR and RNR. Default false: accepted. */
  readonly strict?: boolean;
  /** Largest information field of pushed UI frames, octets; longer APDUs are segmented (Q07). Default 2030. */
  readonly pushInfo?: number;
  /** Width of server and client address of pushes. Default: the narrowest, and 1. */
  readonly pushBytes?: { readonly server?: 1 | 2 | 4; readonly client?: 1 | 2 };
  readonly maxApdu?: number;
}

/** Largest part of an address in one octet. */
const MAX_NARROW = 0x7f;
/** Default of class 23 attribute 8, ms. */
export const INACTIVITY_TIMEOUT = 120_000;
const INTER_OCTET_TIMEOUT = 2000;
/** Connections of one line; the next SNRM is answered with DM. */
export const MAX_CONNECTIONS = 64;

/**
 * Secondary stations of one line: all physical and logical devices behind one transport connection (GB 8.4.5,
 * IEC 62056-46). A connection belongs to a client and a called address. Without connections the link holds no state.
 */
export class HdlcServerLink implements ServerLink {
  readonly #options: HdlcServerOptions;
  readonly #parameters: HdlcLinkParameters;
  readonly #deframer = new HdlcDeframer();
  #connections: Map<string, HdlcServerConnection> | undefined;
  /** UI segments by sender, while one is incomplete. */
  #unnumbered: Map<string, SegmentBuffer> | undefined;
  #flushAt: number | undefined;

  constructor(options: HdlcServerOptions) {
    this.#options = options;
    this.#parameters = stationParameters(options.parameters ?? {});
  }

  /** Peers connected at the moment. */
  get connected(): LinkPeer[] {
    return [...(this.#connections?.values() ?? [])].map((connection) => connection.peer);
  }

  nextDeadline(): number | undefined {
    let next = this.#flushAt;
    if (this.#inactivityTimeout === 0) return next;
    for (const connection of this.#connections?.values() ?? []) {
      const at = connection.lastActivity + this.#inactivityTimeout;
      if (next === undefined || at < next) next = at;
    }
    return next;
  }

  receive(octets: Uint8Array, now: number): LinkEvent[] {
    const events = this.#handle(this.#deframer.push(octets), now);
    const wait = this.#options.interOctetTimeout ?? INTER_OCTET_TIMEOUT;
    this.#flushAt = this.#deframer.pendingOctets > 0 ? now + wait : undefined;
    return events;
  }

  tick(now: number): LinkEvent[] {
    const events: LinkEvent[] = [];
    if (this.#flushAt !== undefined && now >= this.#flushAt) {
      this.#flushAt = undefined;
      events.push(...this.#handle(this.#deframer.flush(), now));
    }
    if (this.#inactivityTimeout === 0) return events;
    for (const [key, connection] of this.#connections ?? []) {
      if (now < connection.lastActivity + this.#inactivityTimeout) continue;
      const message = `no frame from client ${connection.peer.client} for ${this.#inactivityTimeout} ms`;
      events.push(this.#forget(key, connection, 'inactivity', linkError('inactivity', message).error));
    }
    return events;
  }

  send(apdu: Uint8Array, peer: LinkPeer, _now: number): LinkEvent[] {
    const connection = this.#connections?.get(keyOf(peer));
    if (connection) return connection.send(apdu);
    return [linkError('not-open', `client ${peer.client} is not connected to logical device ${peer.server}`)];
  }

  /** RR with F, unless the poll was answered already. */
  noAnswer(peer: LinkPeer, _now: number): LinkEvent[] {
    return this.#connections?.get(keyOf(peer))?.noAnswer() ?? [];
  }

  push(apdu: Uint8Array, peer: LinkPeer, _now: number): LinkEvent[] {
    const { pushInfo = MAX_INFORMATION_LENGTH, pushBytes = {} } = this.#options;
    const source = serverAddress(peer.server, peer.physical, pushBytes.server);
    const destination: HdlcAddress =
      pushBytes.client === 2 ? { bytes: 2, upper: peer.client, lower: 0x7f } : clientAddress(peer.client);
    const lpdu = encodeLpdu('response', apdu);
    const events: LinkEvent[] = [];
    for (let at = 0; at < lpdu.length; at += pushInfo) {
      const information = lpdu.subarray(at, at + pushInfo);
      const segmented = at + pushInfo < lpdu.length;
      const frame = { kind: 'UI', destination, source, pollFinal: true, segmented, information } as const;
      events.push({ type: 'send', octets: encodeHdlcFrame(frame) });
    }
    return events;
  }

  close(_now: number): LinkEvent[] {
    this.#deframer.reset();
    this.#flushAt = undefined;
    this.#unnumbered = undefined;
    return [...(this.#connections ?? [])].map(([key, connection]) => this.#forget(key, connection, 'transport'));
  }

  get #inactivityTimeout(): number {
    return this.#options.inactivityTimeout ?? INACTIVITY_TIMEOUT;
  }

  get #maxLpdu(): number {
    return this.#options.maxApdu ?? MAX_APDU_LENGTH;
  }

  #handle(deframed: readonly HdlcDeframerEvent[], now: number): LinkEvent[] {
    return deframed.flatMap((event) => {
      if (event.type === 'frame') return this.#frame(event.frame, now);
      return [brokenFrame(event), ...(event.type === 'error' ? this.#undefinedControl(event.octets) : [])];
    });
  }

  /** FRMR for a frame of no kind the profile has, where its sender is connected. */
  #undefinedControl(octets: Uint8Array): LinkEvent[] {
    const read = readUndefinedControl(octets);
    const station = read && calledStation(read.destination, this.#options.addressing ?? {});
    if (!read || !station || station.broadcast) return [];
    const peer = { client: upperOf(read.source), server: station.upper };
    const key = keyOf(station.lower === undefined ? peer : { ...peer, physical: station.lower });
    return this.#connections?.get(key)?.receiveUndefined(read.control, read.pollFinal) ?? [];
  }

  #frame(frame: HdlcFrame, now: number): LinkEvent[] {
    const station = calledStation(frame.destination, this.#options.addressing ?? {});
    const client = upperOf(frame.source);
    if (!station || client === NO_STATION) return [];
    const peer: LinkPeer = { client, server: station.upper };
    const named = station.lower === undefined ? peer : { ...peer, physical: station.lower };
    if (this.#options.hears?.(frame, named) === false) return [];
    if (frame.kind === 'UI') return this.#unnumberedInformation(frame, named, station);
    if (station.broadcast) return [];
    const key = keyOf(named);
    const connection = this.#connections?.get(key);
    if (connection) connection.lastActivity = now;
    switch (frame.kind) {
      case 'SNRM':
        return this.#setMode(frame, named, station, now);
      case 'DISC':
        return this.#disconnect(frame, named, station, key, connection);
      case 'I':
      case 'RR':
      case 'RNR':
      case 'REJ':
        if (connection) return connection.receive(frame);
        return this.#options.accepts(named) === 'ignore' || !frame.pollFinal
          ? []
          : [this.#answer(frame, station, 'DM')];
      default:
        return [linkError('unexpected-frame', `${describeHdlcFrame(frame)} is not for a secondary station`)];
    }
  }

  #setMode(frame: HdlcFrame, peer: LinkPeer, station: CalledStation, now: number): LinkEvent[] {
    const key = keyOf(peer);
    const verdict = this.#verdict(frame, peer, this.#connections?.has(key) ?? false);
    if (verdict === 'ignore') return [];
    const proposal = decodeHdlcParameters(frame.information);
    if (verdict === 'refuse') return [this.#answer(frame, station, 'DM')];
    if (!proposal.ok) {
      const error = linkError('broken-frame', 'SNRM with unreadable parameters, answered with DM', proposal.error);
      return [error, this.#answer(frame, station, 'DM')];
    }
    const events: LinkEvent[] = [];
    const before = this.#connections?.get(key);
    if (before) events.push(this.#forget(key, before, 'reset'));
    const parameters = negotiateHdlcParameters(proposal.value, this.#parameters);
    const route = { client: frame.source, own: this.#sourceOf(station) };
    const settings = { maxLpdu: this.#maxLpdu, strict: this.#options.strict ?? false };
    this.#connections ??= new Map();
    this.#connections.set(key, new HdlcServerConnection(peer, route, parameters, settings, now));
    events.push(this.#answer(frame, station, 'UA', encodeHdlcParameters(parameters)));
    events.push({ type: 'opened', peer, parameters });
    return events;
  }

  #verdict(frame: HdlcFrame, peer: LinkPeer, connected: boolean): 'accept' | 'refuse' | 'ignore' {
    const verdict = this.#options.accepts(peer);
    if (verdict !== 'accept') return verdict;
    if (frame.information.length === 0 && this.#options.emptySnrm) return this.#options.emptySnrm;
    return !connected && (this.#connections?.size ?? 0) >= MAX_CONNECTIONS ? 'refuse' : 'accept';
  }

  #disconnect(
    frame: HdlcFrame,
    peer: LinkPeer,
    station: CalledStation,
    key: string,
    connection: HdlcServerConnection | undefined,
  ): LinkEvent[] {
    if (connection) return [this.#answer(frame, station, 'UA'), this.#forget(key, connection, 'disconnected')];
    return this.#options.accepts(peer) === 'ignore' ? [] : [this.#answer(frame, station, 'DM')];
  }

  #unnumberedInformation(frame: HdlcFrame, peer: LinkPeer, station: CalledStation): LinkEvent[] {
    if (!station.broadcast && this.#options.accepts(peer) !== 'accept') return [];
    const key = keyOf(peer);
    const buffer = this.#unnumbered?.get(key) ?? new SegmentBuffer(this.#maxLpdu);
    const added = buffer.add(frame.information, frame.segmented);
    if (buffer.started) {
      this.#unnumbered ??= new Map();
      if (this.#unnumbered.size >= MAX_CONNECTIONS) this.#unnumbered.clear();
      this.#unnumbered.set(key, buffer);
    } else this.#unnumbered?.delete(key);
    if (added.result === 'segment') return [];
    if (added.result === 'limit') return [linkError('limit', `APDU of more than ${this.#maxLpdu} octets dropped`)];
    const apdu = decodeLpdu(added.lpdu)?.payload ?? added.lpdu;
    return [{ type: 'apdu', apdu, peer, unsolicited: true, broadcast: station.broadcast }];
  }

  #answer(frame: HdlcFrame, station: CalledStation, kind: 'UA' | 'DM', information?: Uint8Array): LinkEvent {
    const octets = encodeHdlcFrame({
      kind,
      destination: frame.source,
      source: this.#sourceOf(station),
      pollFinal: true,
      segmented: false,
      information: information ?? new Uint8Array(0),
    });
    return { type: 'send', octets };
  }

  #sourceOf(station: CalledStation): HdlcAddress {
    const { answerBytes } = this.#options;
    const { answerAs } = station;
    if (answerBytes === undefined || answerBytes === answerAs.bytes) return answerAs;
    const [upper, lower] = [upperOf(answerAs), lowerOf(answerAs)];
    // Values that do not fit keep their width.
    if (answerBytes < 4 && Math.max(upper, lower ?? 0) > MAX_NARROW) return answerAs;
    return serverAddress(upper, answerBytes === 1 ? undefined : (lower ?? this.#options.lower), answerBytes);
  }

  #forget(key: string, connection: HdlcServerConnection, reason: CloseReason, error?: LinkError): LinkEvent {
    this.#connections?.delete(key);
    if (this.#connections?.size === 0) this.#connections = undefined;
    const { peer } = connection;
    return error ? { type: 'closed', peer, reason, error } : { type: 'closed', peer, reason };
  }
}

function keyOf(peer: LinkPeer): string {
  return `${peer.client}/${peer.server}/${peer.physical ?? ''}`;
}
