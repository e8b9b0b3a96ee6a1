import { type HdlcAddress, lowerOf, NO_STATION, serverAddress, upperOf } from '../../codec/hdlc/address.ts';
import {
  decodeHdlcFrame,
  encodeHdlcFrame,
  FLAG,
  type HdlcFrame,
  MAX_INFORMATION_LENGTH,
} from '../../codec/hdlc/frame.ts';
import type { hdlcQuirks } from '../../template/vocabulary/quirks/hdlc-quirks.ts';
import type { VirtualMeter } from '../meter.ts';
import { physicalAddress } from '../physical-address.ts';
import { joined } from './octets.ts';
import type { Quirk, QuirkContext } from './quirk.ts';

/** Lower part of a client address in two octets, as Landis+Gyr writes it: all-station. */
const LOWER = 0x7f;

/** Lets a quirk of pushes see UI frames only, and whole. Other octets pass as they are. */
function ofPushes(
  change: (frame: HdlcFrame, context: QuirkContext) => readonly HdlcFrame[],
): NonNullable<Quirk['frame']> {
  return (octets, context) => {
    const decoded = decodeHdlcFrame(octets);
    if (!decoded.ok || decoded.value.frame.kind !== 'UI') return [octets];
    return change(decoded.value.frame, context).map((frame) => encodeHdlcFrame(frame));
  };
}

function segments(frame: HdlcFrame, size: number): HdlcFrame[] {
  const { information } = frame;
  const pieces: HdlcFrame[] = [];
  for (let at = 0; at < information.length; at += size) {
    const segmented = frame.segmented || at + size < information.length;
    pieces.push({ ...frame, segmented, information: information.subarray(at, at + size) });
  }
  return pieces.length === 0 ? [frame] : pieces;
}

/** The same LLC header and APDU several times, as often as a frame has room for it. */
function concatenated(frame: HdlcFrame, times: number): HdlcFrame {
  const { information, segmented } = frame;
  const most = Math.floor(MAX_INFORMATION_LENGTH / Math.max(1, information.length));
  if (segmented || most < 2) return frame;
  return { ...frame, information: joined(...Array.from({ length: Math.min(times, most) }, () => information)) };
}

/** LLC header of a response, then general-block-transfer: control at 4, block number at 5 and 6. */
const BLOCK_HEAD = [0xe6, 0xe7, 0x00, 0xe0];
const STREAMING = 0x40;

function streaming(frame: HdlcFrame): HdlcFrame {
  const information = new Uint8Array(frame.information);
  if (!BLOCK_HEAD.every((octet, index) => information[index] === octet)) return frame;
  information[4] = (information[4] ?? 0) | STREAMING;
  const isFirst = information[5] === 0 && information[6] === 1;
  return { ...frame, information: isFirst ? information : information.subarray(3) };
}

function wide(address: HdlcAddress, meter: VirtualMeter): HdlcAddress {
  return serverAddress(upperOf(address), lowerOf(address) ?? physicalAddress(meter), 4);
}

function serverWidth(value: number): 1 | 2 | 4 {
  return value <= 1 ? 1 : value === 2 ? 2 : 4;
}

/** Deviations of HDLC. Those of pushes change UI frames, whoever made them. */
export const frameQuirks: Readonly<Record<keyof typeof hdlcQuirks, Quirk>> = {
  'double-flags': {
    frame: (octets) => (octets[0] === FLAG ? [joined(Uint8Array.of(FLAG), octets)] : [octets]),
  },
  'segments-pushes': { frame: ofPushes((frame, { value }) => segments(frame, value)) },
  'pushes-before-ua': { habits: () => ({ pushesBeforeUa: true }) },
  'wide-client-address-in-pushes': {
    frame: ofPushes((frame) => [
      { ...frame, destination: { bytes: 2, upper: upperOf(frame.destination), lower: LOWER } },
    ]),
  },
  'llc-concatenated': { frame: ofPushes((frame, { value }) => [concatenated(frame, value)]) },
  'pushes-in-streaming-blocks': { frame: ofPushes((frame) => [streaming(frame)]) },
  'pushes-as-i-frames': {
    frame: ofPushes(({ segmented, source, pollFinal, information }) => [
      {
        kind: 'I',
        ns: 0,
        nr: 0,
        segmented,
        source,
        pollFinal,
        information,
        destination: { bytes: 1, value: NO_STATION },
      },
    ]),
  },
  'wide-server-address-in-pushes': {
    frame: ofPushes((frame, { meter }) => [{ ...frame, source: wide(frame.source, meter) }]),
  },
  'answers-with-wide-address': { habits: () => ({ answerBytes: 4 }) },
  'one-address-width': { habits: (value) => ({ serverBytes: serverWidth(value) }) },
  'wants-hdlc-parameters': { habits: () => ({ refusesEmptySnrm: true }) },
  'keeps-association': { habits: () => ({ keepsAssociation: true }) },
  'all-station-is-own-address': { habits: () => ({ answersAllStation: true }) },
};
