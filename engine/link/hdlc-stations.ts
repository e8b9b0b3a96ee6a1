import {
  ALL_STATION,
  CALLING_DEVICE,
  type HdlcAddress,
  lowerOf,
  NO_STATION,
  serverAddress,
  upperOf,
} from '../codec/hdlc/address.ts';

/** How a secondary takes server addresses of other widths than its own. */
export interface AddressWidthPolicy {
  /** Width the meter is configured for (class 23). Without it every width is taken. */
  readonly bytes?: 1 | 2 | 4;
  /**
   * `standard`: the conversions of IEC 62056-46 (narrow to wide where the values fit). `exact`: only the configured
   * width, as some meters do (Q17). `any`: compare values only. Default `any`.
   */
  readonly rule?: 'standard' | 'exact' | 'any';
  /** Real lower address of a server that opened the call itself: it answers to the CALLING device address. */
  readonly callingDevice?: number;
  /** Treat the all-station values as ordinary addresses, as a meter at physical address 127 does (Q23). */
  readonly allStationIsOrdinary?: boolean;
}

/** Whom a frame is for. */
export interface CalledStation {
  readonly upper: number;
  readonly lower?: number;
  /** Upper or lower part is all-station: nobody answers. */
  readonly broadcast: boolean;
  /** Source address of an answer: the width it was called with, and the real lower part. */
  readonly answerAs: HdlcAddress;
}

/** The station called by a received address, or undefined when the frame is to be discarded (IEC 62056-46, 6.4.2). */
export function calledStation(received: HdlcAddress, policy: AddressWidthPolicy): CalledStation | undefined {
  const upper = upperOf(received);
  const lower = lowerOf(received);
  const all = received.bytes === 4 ? ALL_STATION.wide : ALL_STATION.narrow;
  const broadcastUpper = upper === all && !policy.allStationIsOrdinary;
  const broadcastLower = lower === all && !policy.allStationIsOrdinary;
  if (upper === NO_STATION && (lower ?? NO_STATION) === NO_STATION) return undefined;
  if (!widthAccepted(received, policy, broadcastUpper, broadcastLower)) return undefined;
  const broadcast = broadcastUpper || broadcastLower;
  if (received.bytes === 1) return { upper, broadcast, answerAs: received };
  const calling = received.bytes === 4 ? CALLING_DEVICE.wide : CALLING_DEVICE.narrow;
  if (lower !== calling || policy.allStationIsOrdinary) {
    return { upper, lower: received.lower, broadcast, answerAs: received };
  }
  if (policy.callingDevice === undefined) return undefined;
  const width = Math.max(upper, policy.callingDevice) > ALL_STATION.narrow ? 4 : received.bytes;
  const answerAs = serverAddress(upper, policy.callingDevice, width);
  return { upper, lower: policy.callingDevice, broadcast, answerAs };
}

function widthAccepted(
  received: HdlcAddress,
  policy: AddressWidthPolicy,
  broadcastUpper: boolean,
  broadcastLower: boolean,
): boolean {
  const { bytes, rule = 'any' } = policy;
  if (bytes === undefined || rule === 'any' || received.bytes === bytes) return true;
  if (rule === 'exact') return false;
  if (bytes === 1) return received.bytes === 2 ? broadcastLower : broadcastUpper && broadcastLower;
  if (received.bytes === 1) return broadcastUpper;
  const fits = (value: number, isBroadcast: boolean): boolean => isBroadcast || value <= ALL_STATION.narrow;
  return fits(upperOf(received), broadcastUpper) && fits(lowerOf(received) ?? 0, broadcastLower);
}

/**
 * Whether a frame from `answering` can be the answer to a call of `called`: the same station whatever the widths, or,
 * where a collective address was called, one of those meant.
 */
export function answersCall(called: HdlcAddress, answering: HdlcAddress): boolean {
  if (!matches(upperOf(called), upperOf(answering), COLLECTIVE_UPPER)) return false;
  const [lower, from] = [lowerOf(called), lowerOf(answering)];
  return lower === undefined || from === undefined || matches(lower, from, COLLECTIVE_LOWER);
}

const COLLECTIVE_UPPER: readonly number[] = [ALL_STATION.narrow, ALL_STATION.wide];
const COLLECTIVE_LOWER: readonly number[] = [...COLLECTIVE_UPPER, CALLING_DEVICE.narrow, CALLING_DEVICE.wide];

function matches(called: number, answering: number, collective: readonly number[]): boolean {
  return called === answering || collective.includes(called);
}
