import { upperOf } from '../hdlc/address.ts';
import { HdlcDeframer, type HdlcDeframerEvent } from '../hdlc/deframer.ts';
import { describeHdlcFrame, type HdlcFrame } from '../hdlc/frame.ts';
import { decodeLpdu } from '../llc/llc.ts';
import { concatOctets, sameOctets } from '../octets.ts';
import { type CodecError, describeCodecError } from '../result.ts';
import { WrapperDeframer } from '../wrapper/deframer.ts';
import { isWrapperAt } from './detect-framing.ts';
import { MAX_JOINED_OCTETS } from './dialogue-types.ts';

/** What comes out of one direction of a connection. */
export type LinkItem =
  | {
      readonly type: 'apdu';
      readonly octets: Uint8Array;
      /** SAPs of who sent it and who it is for. */
      readonly source: number;
      readonly destination: number;
    }
  | { readonly type: 'note'; readonly text: string; readonly error?: CodecError }
  /** HDLC was connected or disconnected: counters of the other direction start anew as well. */
  | { readonly type: 'reset'; readonly text: string };

/** One direction of a connection: octets in, APDUs out. */
export interface LinkStream {
  push(octets: Uint8Array): LinkItem[];
  /** Octets are missing before those that come next. */
  gap(): void;
  /** Counters start anew. */
  reset(): void;
}

/** Wrapper over TCP. After a gap or rubbish it goes on where a piece begins with a header. */
export class WrapperStream implements LinkStream {
  readonly #deframer = new WrapperDeframer();
  #lost = false;

  push(octets: Uint8Array): LinkItem[] {
    if (this.#lost && !isWrapperAt(octets, 0)) return [];
    if (this.#lost) this.gap();
    return this.#deframer.push(octets).map((event): LinkItem => {
      if (event.type === 'message') {
        const { source, destination, apdu } = event.message;
        return { type: 'apdu', octets: apdu, source, destination };
      }
      this.#lost = true;
      return { type: 'note', text: `no wrapper: ${event.octets.length} octets`, error: event.error };
    });
  }

  gap(): void {
    this.#deframer.reset();
    this.#lost = false;
  }

  reset(): void {}
}

/** Wrapper over UDP: a datagram holds whole messages. */
export class WrapperDatagrams implements LinkStream {
  push(octets: Uint8Array): LinkItem[] {
    const stream = new WrapperStream();
    const items = stream.push(octets);
    if (items.length > 0) return items;
    return [{ type: 'note', text: `a datagram of ${octets.length} octets that ends inside of its message` }];
  }

  gap(): void {}

  reset(): void {}
}

/** Frames of one sender to one receiver: what was sent last under each number, and the segments of an LPDU. */
interface HdlcRoute {
  readonly sent: (Uint8Array | undefined)[];
  last: number | undefined;
  segments: Uint8Array[];
  length: number;
}

/** HDLC: information fields of I and UI frames put together; frames sent again are told by number and content. */
export class HdlcStream implements LinkStream {
  readonly #deframer = new HdlcDeframer();
  readonly #routes = new Map<string, HdlcRoute>();

  push(octets: Uint8Array): LinkItem[] {
    return this.#deframer.push(octets).flatMap((event) => this.#event(event));
  }

  gap(): void {
    this.#deframer.reset();
    for (const route of this.#routes.values()) forgetSegments(route);
  }

  reset(): void {
    this.#routes.clear();
  }

  #event(event: HdlcDeframerEvent): LinkItem[] {
    if (event.type === 'frame') return this.#frame(event.frame);
    if (event.type === 'noise') return [{ type: 'note', text: `${event.octets.length} octets that are no frame` }];
    return [{ type: 'note', text: `broken frame: ${describeCodecError(event.error)}`, error: event.error }];
  }

  #frame(frame: HdlcFrame): LinkItem[] {
    if (frame.kind === 'SNRM' || frame.kind === 'DISC') {
      this.reset();
      return [{ type: 'reset', text: describeHdlcFrame(frame) }];
    }
    if (frame.kind !== 'I' && frame.kind !== 'UI') return [{ type: 'note', text: describeHdlcFrame(frame) }];
    const route = this.#route(frame);
    if (frame.kind === 'I' && isRepeated(route, frame.ns, frame.information)) {
      return [{ type: 'note', text: `${describeHdlcFrame(frame)}, sent again` }];
    }
    return this.#information(route, frame);
  }

  #information(route: HdlcRoute, frame: HdlcFrame): LinkItem[] {
    route.segments.push(frame.information);
    route.length += frame.information.length;
    if (route.length > MAX_JOINED_OCTETS) {
      forgetSegments(route);
      return [{ type: 'note', text: `segments of more than ${MAX_JOINED_OCTETS} octets` }];
    }
    if (frame.segmented) return [];
    const whole = concatOctets(route.segments);
    forgetSegments(route);
    if (whole.length === 0) return [{ type: 'note', text: describeHdlcFrame(frame) }];
    const octets = decodeLpdu(whole)?.payload ?? whole;
    return [{ type: 'apdu', octets, source: upperOf(frame.source), destination: upperOf(frame.destination) }];
  }

  #route(frame: HdlcFrame): HdlcRoute {
    const key = `${frame.kind} ${upperOf(frame.source)} ${upperOf(frame.destination)}`;
    const known = this.#routes.get(key);
    if (known) return known;
    const route: HdlcRoute = { sent: [], last: undefined, segments: [], length: 0 };
    this.#routes.set(key, route);
    return route;
  }
}

function forgetSegments(route: HdlcRoute): void {
  route.segments = [];
  route.length = 0;
}

/** A frame is a repetition when its number is not the next one, and what it carries went out under it before. */
function isRepeated(route: HdlcRoute, ns: number, information: Uint8Array): boolean {
  const before = route.sent[ns];
  const isNext = route.last === undefined || ns === (route.last + 1) % 8;
  if (!isNext && before !== undefined && sameOctets(before, information)) return true;
  // Frames are missing: what was waiting for its last segment cannot be completed.
  if (!isNext) forgetSegments(route);
  route.sent[ns] = information;
  route.last = ns;
  return false;
}
