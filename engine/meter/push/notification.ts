import { encodeApdu } from '../../codec/apdu-codec.ts';
import { protectAnswer } from '../association/protect-answer.ts';
import { readAttributeData } from '../attribute-access.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import type { Target } from '../classes/class-logic.ts';
import { momentOctets, shownTime } from '../classes/clock.ts';
import type { VirtualMeter } from '../meter.ts';
import type { Habits } from '../quirks/quirk.ts';
import { behaviourOf } from '../session.ts';
import type { PushSettings } from './push-settings.ts';
import { pushedValues } from './pushed-objects.ts';

const CLOCK = 8;
const PUSH_OBJECT_LIST = 2;
/** Long-invoke-id: 24 bits of number, and the bit of the service class. */
const INVOKE_ID = 0xffffff;
const CONFIRMED = 0x40000000;
/** Tag, control, block number, block number acknowledged: what a general block adds besides the length of its data. */
const BLOCK_HEAD = 6;

/** A notification, made for one push and sent once or several times. */
export interface Notification {
  readonly longInvokeId: number;
  /** The data-notification, not protected. */
  readonly apdu: Uint8Array;
}

/** The data-notification of a push setup: its number, the meter's time, and a structure of what the list names. */
export function notificationOf(target: Target, { confirmed }: PushSettings): Notification {
  const { meter } = target;
  meter.state.push ??= { sent: 0 };
  meter.state.push.sent += 1;
  const longInvokeId = (meter.state.push.sent & INVOKE_ID) + (confirmed ? CONFIRMED : 0);
  const apdu = encodeApdu({
    kind: 'data-notification',
    longInvokeId,
    dateTime: momentOctets(meter, clockOf(target)),
    data: { t: 'structure', v: pushedValues(target, readAttributeData(target, PUSH_OBJECT_LIST)) },
  });
  return { longInvokeId, apdu };
}

/** What the clock shows, drift and all: meters put into a push what they believe (Q86). */
function clockOf({ meter, time }: Target): number {
  const object = meter.blueprint.firstOfClass(CLOCK);
  return object === undefined ? time : shownTime({ meter, object, time });
}

/** How one try goes out. */
export interface TryOptions {
  /** Simulated time, milliseconds since the epoch. */
  readonly now: number;
  /** Unpredictable octets, for signatures. */
  readonly random: (length: number) => Uint8Array;
  /** Largest APDU the transport carries, octets. */
  readonly most: number;
}

/**
 * The APDUs of one try: the notification as the policy of its security block protects it (general-glo-ciphering, with a
 * fresh invocation counter), in general blocks where it is too long. Undefined when it cannot be protected: keys are
 * missing, and nothing is sent in the clear instead.
 */
export function apdusOfTry(
  meter: VirtualMeter,
  settings: PushSettings,
  { apdu }: Notification,
  options: TryOptions,
): readonly Uint8Array[] | undefined {
  const quirks = behaviourOf(meter, options.now)?.quirks;
  const plain = quirks?.whole(apdu) ?? apdu;
  const whole = protectedBy(meter, settings, plain, options, quirks?.habits);
  if (whole === undefined) return undefined;
  const limit = Math.min(settings.maxPdu || options.most, options.most);
  return inBlocks(quirks?.sealed(whole) ?? whole, limit);
}

function protectedBy(
  meter: VirtualMeter,
  { security, client, server }: PushSettings,
  apdu: Uint8Array,
  { now, random }: TryOptions,
  habits: Habits | undefined,
): Uint8Array | undefined {
  if (security === undefined) return apdu;
  const definition: BlueprintAssociation = {
    index: -1,
    model: {
      name: 'push',
      clientSap: client,
      serverSap: server,
      mechanism: 'lowest',
      context: 'LN',
      ciphering: true,
      security: security.name,
      conformance: [],
      maxPdu: 0,
    },
    security,
    conformance: 0,
  };
  try {
    const octets = protectAnswer(
      { meter, definition, clientTitle: undefined, now, random, habits },
      { protections: [], form: { form: 'general-glo' }, signed: undefined },
      apdu,
    );
    return octets[0] === EXCEPTION ? undefined : octets;
  } catch (error) {
    // A key that is not at hand, or of the wrong length.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const EXCEPTION = 0xd8;

/**
 * An APDU in general blocks of at most `limit` octets. Nobody acknowledges them: window 0, not streaming, all in one go
 * (GB 9.4.6.13, unconfirmed).
 */
export function inBlocks(apdu: Uint8Array, limit: number): readonly Uint8Array[] {
  if (apdu.length <= limit) return [apdu];
  const size = Math.max(1, limit - BLOCK_HEAD - lengthOctets(limit));
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < apdu.length; at += size) {
    blocks.push(
      encodeApdu({
        kind: 'general-block-transfer',
        last: at + size >= apdu.length,
        streaming: false,
        window: 0,
        block: blocks.length + 1,
        blockAck: 0,
        raw: apdu.subarray(at, at + size),
      }),
    );
  }
  return blocks;
}

/** Octets the length of so much data takes. */
function lengthOctets(length: number): number {
  return length < 0x80 ? 1 : length < 0x100 ? 2 : 3;
}
