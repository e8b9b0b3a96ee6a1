import { digitUpTo, OPENING_SPEED, speedOfDigit } from '../codec/iec62056-21/baud.ts';
import {
  decodeIdentification,
  describeIdentification,
  HDLC_CAPABILITY,
  type Identification,
  REACTION_MS,
  reactionTime,
} from '../codec/iec62056-21/identification.ts';
import { LineSplitter } from '../codec/iec62056-21/line-splitter.ts';
import {
  decodeOptionSelect,
  encodeOptionSelect,
  hdlcOption,
  isHdlcOption,
} from '../codec/iec62056-21/option-select.ts';
import { addEvenParity } from '../codec/iec62056-21/parity.ts';
import {
  decodeRequestMessage,
  encodeRequestMessage,
  MAX_DEVICE_ADDRESS,
} from '../codec/iec62056-21/request-message.ts';
import { concatOctets } from '../codec/octets.ts';
import { linkError } from './errors.ts';
import type { CloseReason, LinkError, LinkEvent } from './types.ts';

/** How a meter is opened by IEC 62056-21 mode E. Times in milliseconds, of the meter; the line's own are added. */
export interface ModeEOptions {
  /** Device address of the request message (Q05). Default none: whoever is on the line. */
  readonly address?: string;
  /** Highest speed to choose, bit/s; the meter's own limit holds too. Default 19200. */
  readonly maxSpeed?: number;
  /** Send NULs first, for meters that sleep. Default false. */
  readonly wakeUp?: boolean;
  /**
   * Even parity in the top bit of what is sent: the line stays at 8 data bits all the time. False where the line or a
   * converter makes the parity. What is received is read in both ways (Q03). Default true.
   */
  readonly softwareParity?: boolean;
  /** How long to wait for an answer before the request is repeated, ms. Default 2000; the standard allows 1500. */
  readonly responseTimeout?: number;
  /** Repetitions of the request. Default 2. */
  readonly retries?: number;
}

export type ModeEEvent =
  | Extract<LinkEvent, { type: 'send' | 'speed' | 'error' | 'identified' }>
  /** HDLC begins; `rest` came behind the meter's confirmation. */
  | { readonly type: 'done'; readonly speed: number; readonly rest: Uint8Array }
  | { readonly type: 'failed'; readonly reason: CloseReason; readonly error: LinkError };

/**
 * - `waking`: the NULs are on their way, or the meter is waking up
 * - `identifying`: for the identification
 * - `reacting`: for the reaction time, before the option select may be sent
 * - `confirming`: for the repeated option select
 * - `settling`: for the reaction time, before HDLC may begin
 */
type Waiting = 'waking' | 'identifying' | 'reacting' | 'confirming' | 'settling';

const DEFAULTS = { maxSpeed: 19_200, softwareParity: true, wakeUp: false, responseTimeout: 2000, retries: 2 };
/** NULs for 2.1 to 2.3 s at 300 bit/s, then 1.5 to 1.7 s of silence (IEC 62056-21, annex B). */
const WAKE_UP_OCTETS = 66;
const WAKE_UP_PAUSE = 1600;
/** Start, seven data bits, parity, stop - or start, eight data bits, stop. */
const BITS_PER_CHARACTER = 10;
/** Characters of the longest usual identification, whose arrival is waited for. */
const IDENTIFICATION_LENGTH = 26;
const OPTION_LENGTH = 6;

/** Milliseconds `characters` take on a line, at a speed in bit/s. */
export function timeOnLine(characters: number, speed: number): number {
  return (characters * BITS_PER_CHARACTER * 1000) / speed;
}

/** The most an opening can take that succeeds, ms. */
export function longestOpening(options: ModeEOptions): number {
  const { wakeUp, retries, responseTimeout } = { ...DEFAULTS, ...options };
  const wakingUp = wakeUp ? timeOnLine(WAKE_UP_OCTETS, OPENING_SPEED) + WAKE_UP_PAUSE : 0;
  const request = MAX_DEVICE_ADDRESS + IDENTIFICATION_LENGTH + 5;
  const identifying = (retries + 1) * (responseTimeout + timeOnLine(request, OPENING_SPEED));
  const choosing = responseTimeout + timeOnLine(2 * OPTION_LENGTH, OPENING_SPEED) + 2 * REACTION_MS.normal;
  return Math.ceil(wakingUp + identifying + choosing);
}

/**
 * Client side of the opening that comes before HDLC on an optical head or a serial line: request message,
 * identification, option select for HDLC, confirmation at the new speed (IEC 62056-21 mode E; GB 6.4, IEC 62056-46
 * annex). Echoes of an optical head (Q01) are told by the request that comes back. A meter that does not confirm is
 * taken to have changed over all the same: the SNRM will show.
 */
export class ModeEOpening {
  readonly #options: ModeEOptions & typeof DEFAULTS;
  readonly #lines = new LineSplitter();
  readonly #request: Uint8Array;
  #waiting: Waiting | undefined;
  #deadline: number | undefined;
  #attempts = 0;
  /** The head hands back what is sent. */
  #echoing = false;
  /** The option select is still to come back. */
  #echoDue = false;
  #identification: Identification | undefined;
  #speed = OPENING_SPEED;
  /** Octets that came while settling. */
  #early: Uint8Array = new Uint8Array(0);

  /** Throws RangeError for an address that a request message cannot carry. */
  constructor(options: ModeEOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#request = encodeRequestMessage(options.address);
  }

  /** False before `start` and after `done` or `failed`. */
  get running(): boolean {
    return this.#waiting !== undefined;
  }

  get identification(): Identification | undefined {
    return this.#identification;
  }

  nextDeadline(): number | undefined {
    return this.#deadline;
  }

  start(now: number): ModeEEvent[] {
    this.#attempts = 0;
    this.#echoing = false;
    this.#identification = undefined;
    this.#early = new Uint8Array(0);
    const speed: ModeEEvent = { type: 'speed', speed: OPENING_SPEED };
    if (!this.#options.wakeUp) return [speed, ...this.#ask(now)];
    this.#wait('waking', now + timeOnLine(WAKE_UP_OCTETS, OPENING_SPEED) + WAKE_UP_PAUSE);
    return [speed, { type: 'send', octets: new Uint8Array(WAKE_UP_OCTETS) }];
  }

  /** Gives up without a word. */
  stop(): void {
    this.#waiting = undefined;
    this.#deadline = undefined;
  }

  receive(octets: Uint8Array, now: number): ModeEEvent[] {
    const events: ModeEEvent[] = [];
    let rest = octets;
    while (rest.length > 0 && this.#waiting !== undefined && this.#waiting !== 'settling') {
      const { lines, used } = this.#lines.push(rest, 1);
      rest = rest.subarray(used);
      for (const line of lines) events.push(...this.#line(line, now));
    }
    if (this.#waiting === 'settling') this.#early = concatOctets([this.#early, rest]);
    return events;
  }

  tick(now: number): ModeEEvent[] {
    if (this.#deadline === undefined || now < this.#deadline) return [];
    switch (this.#waiting) {
      case 'waking':
        return this.#ask(now);
      case 'reacting':
        return this.#choose(now);
      case 'confirming':
        return [linkError('no-answer', 'the meter does not confirm HDLC; it is called all the same'), ...this.#done()];
      case 'settling':
        return this.#done();
      default:
        return this.#silence(now);
    }
  }

  #silence(now: number): ModeEEvent[] {
    if (this.#attempts <= this.#options.retries) return this.#ask(now);
    const message = `no identification after ${this.#attempts} requests${this.#echoing ? ', only their echo' : ''}`;
    return this.#failed('no-answer', linkError('no-identification', message).error);
  }

  #ask(now: number): ModeEEvent[] {
    this.#attempts++;
    this.#lines.reset();
    const onLine = timeOnLine(this.#request.length + IDENTIFICATION_LENGTH, OPENING_SPEED);
    this.#wait('identifying', now + this.#options.responseTimeout + onLine);
    return [this.#send(this.#request)];
  }

  #line(line: Uint8Array, now: number): ModeEEvent[] {
    if (decodeRequestMessage(line).ok) {
      this.#echoing = true;
      return [];
    }
    if (this.#waiting === 'identifying') return this.#identified(line, now);
    if (this.#waiting === 'confirming') return this.#confirmed(line, now);
    return [];
  }

  #identified(line: Uint8Array, now: number): ModeEEvent[] {
    const decoded = decodeIdentification(line);
    if (!decoded.ok) return [linkError('unexpected-frame', 'something else than an identification', decoded.error)];
    const identification = decoded.value;
    const text = describeIdentification(identification);
    if (identification.speed === undefined) {
      const message = `the meter ${text} has no mode E: its baud rate digit is "${identification.baudDigit}", not 0 to 6`;
      return this.#failed('protocol', linkError('refused', message).error);
    }
    this.#identification = identification;
    this.#speed = Math.min(identification.speed, speedOfDigit(digitUpTo(this.#options.maxSpeed)) ?? OPENING_SPEED);
    this.#wait('reacting', now + reactionTime(identification));
    const identified: ModeEEvent = { type: 'identified', identification: text, speed: this.#speed };
    if (identification.enhanced === HDLC_CAPABILITY) return [identified];
    const message = `the meter ${text} does not announce HDLC (\\2); it is asked for all the same`;
    return [identified, linkError('unexpected-frame', message)];
  }

  #choose(now: number): ModeEEvent[] {
    const onLine = timeOnLine(OPTION_LENGTH, OPENING_SPEED) + timeOnLine(OPTION_LENGTH, this.#speed);
    this.#wait('confirming', now + this.#options.responseTimeout + onLine);
    this.#echoDue = this.#echoing;
    const option = encodeOptionSelect(hdlcOption(digitUpTo(this.#speed)));
    return [this.#send(option), { type: 'speed', speed: this.#speed }];
  }

  #confirmed(line: Uint8Array, now: number): ModeEEvent[] {
    const decoded = decodeOptionSelect(line);
    if (!decoded.ok) return [linkError('unexpected-frame', 'something else than a confirmation', decoded.error)];
    // The echo of the option select is the same message as the meter's confirmation, and comes first.
    if (this.#echoDue) {
      this.#echoDue = false;
      return [];
    }
    const { protocol, baudDigit, mode } = decoded.value;
    if (!isHdlcOption(decoded.value)) {
      const message = `the meter goes on with protocol ${protocol} and mode ${mode} of IEC 62056-21, not with HDLC`;
      return this.#failed('protocol', linkError('refused', message).error);
    }
    this.#wait('settling', now + (this.#identification === undefined ? 0 : reactionTime(this.#identification)));
    if (baudDigit === digitUpTo(this.#speed)) return [];
    return [linkError('unexpected-frame', `the meter confirms baud rate digit ${baudDigit}, not the one asked for`)];
  }

  #done(): ModeEEvent[] {
    this.stop();
    return [{ type: 'done', speed: this.#speed, rest: this.#early }];
  }

  #failed(reason: CloseReason, error: LinkError): ModeEEvent[] {
    this.stop();
    return [{ type: 'failed', reason, error }];
  }

  #wait(waiting: Waiting, deadline: number): void {
    this.#waiting = waiting;
    this.#deadline = deadline;
  }

  #send(message: Uint8Array): ModeEEvent {
    return { type: 'send', octets: this.#options.softwareParity ? addEvenParity(message) : message };
  }
}
