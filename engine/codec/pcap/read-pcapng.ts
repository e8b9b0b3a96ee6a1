import type { OctetView } from './octet-view.ts';
import type { ProblemList } from './problems.ts';
import type { CapturedPacket } from './types.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;
/** Milliseconds either side of 1970 that a Date can hold (ECMA-262). */
const LATEST_TIME = 8.64e15;
/** Block type, total length, total length again. */
const BLOCK_OVERHEAD = 12;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Timestamp units in a second. */
  readonly resolution: number;
  readonly offsetSeconds: number;
}

/** True for a pcapng section header. */
export function isPcapng(view: OctetView): boolean {
  return view.u32(0) === SECTION_HEADER;
}

/** Packets of a pcapng file: any number of sections, interfaces with their own link types and time resolutions. */
export function readPcapng(view: OctetView, problems: ProblemList): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  let interfaces: Interface[] = [];
  let little = true;
  for (let at = 0; at < view.length; ) {
    if (view.u32(at) === SECTION_HEADER) {
      little = view.u32(at + 8, true) === BYTE_ORDER_MAGIC;
      interfaces = [];
    }
    const type = view.u32(at, little);
    const total = view.u32(at + 4, little);
    if (type === undefined || total === undefined || total < BLOCK_OVERHEAD || at + total > view.length) {
      const message = `a block of ${total ?? 'unknown'} octets does not fit the ${view.length - at} left`;
      problems.add({ code: 'bad-file', message, offset: at });
      break;
    }
    const body = at + 8;
    const end = at + total - 4;
    if (type === INTERFACE_DESCRIPTION) interfaces.push(readInterface(view, body, end, little));
    else {
      const packet = readPacket(view, type, body, end, little, interfaces);
      if (packet === 'bad') problems.add({ code: 'bad-file', message: 'a packet block that does not fit', offset: at });
      else if (packet && Math.abs(packet.time) <= LATEST_TIME) packets.push(packet);
      else if (packet) {
        problems.add({ code: 'bad-packet', message: 'a time beyond every calendar, taken as 1970', offset: at });
        packets.push({ ...packet, time: 0 });
      }
    }
    at += total + ((4 - (total % 4)) % 4);
  }
  return packets;
}

function readInterface(view: OctetView, body: number, end: number, little: boolean): Interface {
  let resolution = 1e6;
  let offsetSeconds = 0;
  for (let at = body + 8; at + 4 <= end; ) {
    const option = view.u16(at, little) ?? 0;
    const length = view.u16(at + 2, little) ?? 0;
    if (option === 0 || at + 4 + length > end) break;
    if (option === OPTION_TSRESOL && length >= 1) {
      const value = view.u8(at + 4) ?? 6;
      resolution = value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value;
    }
    if (option === OPTION_TSOFFSET && length >= 8) offsetSeconds = Number(view.i64(at + 4, little) ?? 0n);
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return {
    linkType: view.u16(body, little) ?? 0,
    snapLength: view.u32(body + 4, little) ?? 0,
    resolution,
    offsetSeconds,
  };
}

function readPacket(
  view: OctetView,
  type: number,
  body: number,
  end: number,
  little: boolean,
  interfaces: readonly Interface[],
): CapturedPacket | 'bad' | undefined {
  const word = (at: number): number => (at + 4 <= end ? (view.u32(at, little) ?? 0) : 0);
  if (type === SIMPLE_PACKET) {
    const source = interfaces[0];
    if (!source) return 'bad';
    const length = word(body);
    const limit = source.snapLength || length;
    return place(view, source, 0, body + 4, Math.min(length, limit, end - body - 4), length, end);
  }
  if (type !== ENHANCED_PACKET && type !== OBSOLETE_PACKET) return undefined;
  const index = type === ENHANCED_PACKET ? word(body) : (view.u16(body, little) ?? 0);
  const source = interfaces[index];
  if (!source) return 'bad';
  const units = word(body + 4) * 2 ** 32 + word(body + 8);
  const time = (units / source.resolution + source.offsetSeconds) * 1000;
  return place(view, source, time, body + 20, word(body + 12), word(body + 16), end);
}

function place(
  view: OctetView,
  source: Interface,
  time: number,
  from: number,
  captured: number,
  length: number,
  end: number,
): CapturedPacket | 'bad' {
  if (captured < 0 || from + captured > end) return 'bad';
  const { linkType } = source;
  return { time, linkType, octets: view.octets.subarray(from, from + captured), length, offset: from };
}
