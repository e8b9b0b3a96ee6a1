import type { OctetView } from './octet-view.ts';
import type { ProblemList } from './problems.ts';
import type { CapturedPacket } from './types.ts';

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** True for the magic number of classic pcap, in both byte orders and both resolutions. */
export function isClassicPcap(view: OctetView): boolean {
  return [true, false].some((little) => isMagic(view.u32(0, little)));
}

function isMagic(magic: number | undefined): boolean {
  return magic === MICROSECONDS || magic === NANOSECONDS;
}

/** Packets of a classic pcap file (libpcap savefile format, version 2.4). */
export function readClassicPcap(view: OctetView, problems: ProblemList): CapturedPacket[] {
  const little = isMagic(view.u32(0, true));
  const perMillisecond = view.u32(0, little) === NANOSECONDS ? 1e6 : 1e3;
  const linkType = (view.u32(20, little) ?? 0) & 0xffff;
  const packets: CapturedPacket[] = [];
  for (let at = FILE_HEADER; at < view.length; ) {
    const seconds = view.u32(at, little);
    const fraction = view.u32(at + 4, little);
    const captured = view.u32(at + 8, little);
    const length = view.u32(at + 12, little);
    const from = at + RECORD_HEADER;
    if (seconds === undefined || fraction === undefined || captured === undefined || length === undefined) {
      problems.add({ code: 'bad-file', message: 'the file ends inside a record header', offset: at });
      break;
    }
    if (from + captured > view.length) {
      const message = `a record states ${captured} octets, the file has ${view.length - from} more`;
      problems.add({ code: 'bad-file', message, offset: at });
      break;
    }
    const octets = view.octets.subarray(from, from + captured);
    packets.push({ time: seconds * 1000 + fraction / perMillisecond, linkType, octets, length, offset: from });
    at = from + captured;
  }
  return packets;
}
