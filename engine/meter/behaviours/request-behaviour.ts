import { encodeApdu } from '../../codec/apdu-codec.ts';
import type { Data, DataType } from '../../codec/axdr/data.ts';
import { DATA_TAGS } from '../../codec/axdr/data-types.ts';
import { decodeHdlcFrame, encodeHdlcFrame, type HdlcFrame } from '../../codec/hdlc/frame.ts';
import { fromHex } from '../../codec/hex.ts';
import { DATA_ACCESS_RESULTS } from '../../codec/xdlms/results.ts';
import type { GetDataResult, SelectiveAccess } from '../../codec/xdlms/types.ts';
import { unitBySymbol } from '../../cosem/units.ts';
import type { Expression } from '../../template/model.ts';
import { isQuirkId, quirkSpec } from '../../template/vocabulary/quirks.ts';
import type { CosemObject } from '../blueprint.ts';
import type { Target } from '../classes/class-logic.ts';
import type { VirtualMeter } from '../meter.ts';
import { ActiveQuirks, type NamedQuirk } from '../quirks/active-quirks.ts';
import type { Habits } from '../quirks/quirk.ts';
import { nameOf } from '../values/arguments.ts';
import { fromData, scalerUnit, toData } from '../values/to-data.ts';
import { toNumber } from '../values/value.ts';
import { type Action, keywordOf, literalNumber, namedQuirk, wordOf } from './action-arguments.ts';
import { type Behaviour, draw, takeTurn } from './behaviour-set.ts';

const AARQ = 0x60;
const RLRQ = 0x62;
const RLRE = 0x63;
const SCALER_UNIT = 3;
/** No answer waits longer, ms: what a template may ask of the emulator's timers is bounded. */
const MAX_DELAY = 600_000;
const NO_LIMIT = Number.POSITIVE_INFINITY;
/** How long `lock` locks if it does not say, ms. */
const DEFAULT_LOCK = 900_000;
const PROFILE_GENERIC = 7;
const BUFFER = 2;

/** How a meter departs from the standard in one exchange. Made per request; without quirks and faults there is none. */
export class RequestBehaviour {
  readonly #meter: VirtualMeter;
  readonly #active: readonly Behaviour[];
  readonly #time: number;
  #delay = 0;
  #quirks: ActiveQuirks | undefined;

  constructor(meter: VirtualMeter, active: readonly Behaviour[], time: number) {
    this.#meter = meter;
    this.#active = active;
    this.#time = time;
    this.#each('delay', undefined, (action, behaviour) => this.#addDelay(action, behaviour));
  }

  /** The quirks of the catalogue among them. */
  get quirks(): ActiveQuirks {
    this.#quirks ??= new ActiveQuirks(this.#named(), this.#meter, this.#time);
    return this.#quirks;
  }

  get habits(): Habits {
    return this.quirks.habits;
  }

  get meter(): VirtualMeter {
    return this.#meter;
  }

  /** Milliseconds before the answer goes out. */
  get delayMs(): number {
    return Math.min(this.#delay, MAX_DELAY);
  }

  /** Whether an APDU is not heard at all. */
  ignores(apdu: Uint8Array): boolean {
    const heard = new Set(['request', ...(apdu[0] === AARQ ? ['aarq'] : []), ...(apdu[0] === RLRQ ? ['rlrq'] : [])]);
    if (this.habits.silent === true || (this.habits.ignoresRelease === true && apdu[0] === RLRQ)) return true;
    return this.#happens('ignore', heard) || this.#happens('drop', new Set(['request']));
  }

  /** Whether an HDLC frame of this kind is not heard. */
  ignoresFrame(kind: 'snrm' | 'disc'): boolean {
    return this.#happens('ignore', new Set([kind]));
  }

  /** Whether no connections are taken. */
  get refusesConnections(): boolean {
    return this.#happens('refuse', new Set(['connection']));
  }

  /** Octets to answer instead of what would be right; undefined for the right answer. Associations are left alone. */
  insteadOf(apdu: Uint8Array): Uint8Array | undefined {
    if (apdu[0] === AARQ || apdu[0] === RLRQ) return undefined;
    let instead: Uint8Array | undefined;
    this.#each('answer', undefined, (action, behaviour) => {
      // An exception behind a limit is what happens above the limit.
      if (behaviour.actions.some((other) => other.action === 'limit')) return;
      const answer = wholeAnswer(action);
      if (answer !== undefined && takeTurn(this.#meter, behaviour, action)) instead ??= answer;
    });
    return instead;
  }

  /** Diagnostic with which an AARQ is rejected, whatever it says. */
  get rejection(): string | undefined {
    let diagnostic: string | undefined;
    this.#each('reject', undefined, (action, behaviour) => {
      if (takeTurn(this.#meter, behaviour, action)) diagnostic ??= nameOf(action.args[1]) ?? 'no-reason-given';
    });
    return diagnostic;
  }

  /** Lock-out after failed logins in place of what the association has. */
  get lock(): { readonly failures: number; readonly durationMs: number } | undefined {
    let lock: { readonly failures: number; readonly durationMs: number } | undefined;
    this.#each('lock', undefined, (action) => {
      const [failures, duration] = action.args;
      const count = literalNumber(failures);
      if (count === undefined) return;
      lock ??= { failures: count, durationMs: duration?.k === 'duration' ? duration.ms : DEFAULT_LOCK };
    });
    return lock;
  }

  /** Octets of the server address in answers. */
  get answerBytes(): 1 | 2 | 4 | undefined {
    let bytes: 1 | 2 | 4 | undefined = this.habits.answerBytes;
    this.#each('answer_address', undefined, (action) => {
      const wanted = literalNumber(action.args[0]);
      if (wanted === 1 || wanted === 2 || wanted === 4) bytes ??= wanted;
    });
    return bytes;
  }

  /** PDU size to announce in place of the true one. */
  get announcedPdu(): number | undefined {
    let size: number | undefined;
    this.#each('max_pdu', undefined, (action) => {
      size ??= literalNumber(action.args[0]);
    });
    return size;
  }

  /** `limit: block_size, 1024` and its like; infinite without one. */
  limit(name: 'block_size' | 'read_list' | 'entries' | 'pdu'): number {
    let limit = NO_LIMIT;
    this.#each('limit', undefined, (action) => {
      const value = literalNumber(action.args[1]);
      if (wordOf(action) === name && value !== undefined) limit = Math.min(limit, value);
    });
    return limit;
  }

  /** What happens above a limit: the `answer` beside it, else service-not-allowed, other-reason. */
  get beyondLimit(): Uint8Array {
    for (const behaviour of this.#active) {
      if (!behaviour.actions.some(({ action }) => action === 'limit')) continue;
      const answer = behaviour.actions.find(({ action }) => action === 'answer');
      const octets = answer === undefined ? undefined : wholeAnswer(answer);
      if (octets !== undefined) return octets;
    }
    return exception('other-reason');
  }

  /** data-access-result with which an object is refused, and delays that are its own. */
  refusal(object: CosemObject): string | undefined {
    let result: string | undefined;
    this.#each('delay', object, (action, behaviour) => this.#addDelay(action, behaviour));
    this.#each('answer', object, (action, behaviour) => {
      const word = nameOf(action.args[1]);
      if (wordOf(action) !== 'error' || word === undefined || !isResult(word)) return;
      if (takeTurn(this.#meter, behaviour, action)) result ??= word;
    });
    return result;
  }

  /** data-access-result that stands in place of a buffer longer than `limit: entries` allows; undefined to cut it. */
  #beyondEntries(object: CosemObject): string | undefined {
    let result: string | undefined;
    for (const about of [undefined, object]) {
      this.#each('limit', about, (action, behaviour) => {
        if (wordOf(action) !== 'entries') return;
        const answer = behaviour.actions.find((other) => other.action === 'answer' && wordOf(other) === 'error');
        result ??= nameOf(answer?.args[1]);
      });
    }
    return result !== undefined && isResult(result) ? result : undefined;
  }

  /** Rows a client gets of a buffer; infinite without a limit. */
  #entriesOf(object: CosemObject): number {
    let most = NO_LIMIT;
    for (const about of [undefined, object]) {
      this.#each('limit', about, (action) => {
        const value = literalNumber(action.args[1]);
        if (wordOf(action) === 'entries' && value !== undefined) most = Math.min(most, value);
      });
    }
    return most;
  }

  /** What a client is told in place of what was read. */
  read(read: GetDataResult, target: Target, attribute: number, selection: SelectiveAccess | null): GetDataResult {
    const { object } = target;
    let result: GetDataResult = 'data' in read ? { data: this.told(object, attribute, read.data) } : read;
    if (object.model.class === PROFILE_GENERIC && attribute === BUFFER && 'data' in result) {
      const most = this.#entriesOf(object);
      const { data } = result;
      if (data.t === 'array' && data.v.length > most) {
        const refused = this.#beyondEntries(object);
        result = refused === undefined ? { data: { t: 'array', v: data.v.slice(0, most) } } : { result: refused };
      }
    }
    return this.quirks.told(result, target, attribute, selection);
  }

  /** The value a client is told in place of the true one. */
  told(object: CosemObject, attribute: number, data: Data): Data {
    let told = data;
    this.#each('wrong_unit', object, (action) => {
      const unit = action.args[0];
      if (attribute === SCALER_UNIT && unit?.k === 'scaler-unit') told = scalerUnitOf(unit);
    });
    this.#each('answer', object, (action) => {
      const value = action.args[1];
      if (value !== undefined && this.#isAttribute(action, object, attribute)) told = this.#valueOf(value, told.t);
    });
    this.#each('encode', undefined, (action) => {
      const type = nameOf(action.args[1]);
      if (type !== undefined && isDataType(type) && this.#isAttribute(action, object, attribute)) {
        told = toData(told.t === 'octet-string' || told.t === 'date-time' ? told.v : fromData(told), type);
      }
    });
    return told;
  }

  /** What goes out in place of one answer: nothing, the answer cut short, or several times. */
  outgoing(answer: Uint8Array): Uint8Array[] {
    if (this.#happens('drop', new Set(['response']))) return [];
    let octets = answer;
    this.#each('truncate', undefined, (action, behaviour) => {
      const missing = literalNumber(keywordOf(action, 'octets')) ?? 1;
      if (wordOf(action) === 'response' && takeTurn(this.#meter, behaviour, action)) {
        octets = octets.subarray(0, Math.max(1, octets.length - missing));
      }
    });
    this.#each('corrupt', undefined, (action, behaviour) => {
      if (wordOf(action) === 'response' && takeTurn(this.#meter, behaviour, action)) {
        octets = this.corrupted(octets, bitsOf(action));
      }
    });
    const junk = answer[0] === RLRE ? (this.habits.junkAfterRelease ?? 0) : 0;
    const further = junk > 0 ? [new Uint8Array(junk).fill(0xff)] : [];
    return this.#happens('duplicate', new Set(['response'])) ? [octets, octets, ...further] : [octets, ...further];
  }

  /** What becomes of one frame of the link on its way out. */
  frames(frame: Uint8Array): Uint8Array[] {
    if (this.#happens('drop', new Set(['frame']))) return [];
    return this.quirks.frames(frame).flatMap((octets) => this.#faultyFrame(octets));
  }

  #faultyFrame(frame: Uint8Array): Uint8Array[] {
    let octets = frame;
    this.#each('sequence', undefined, (action, behaviour) => {
      const step = wordOf(action) === 'repeat' ? -1 : 1;
      const renumbered = renumber(octets, step);
      if (renumbered !== undefined && takeTurn(this.#meter, behaviour, action)) octets = renumbered;
    });
    this.#each('corrupt', undefined, (action, behaviour) => {
      const what = wordOf(action);
      const at = what === 'hcs' ? headerCheckAt(octets) : what === 'fcs' ? Math.max(0, octets.length - 2) : undefined;
      if (what !== 'frame' && at === undefined) return;
      if (!takeTurn(this.#meter, behaviour, action)) return;
      octets = at === undefined ? this.corrupted(octets, bitsOf(action)) : flipBit(octets, at);
    });
    this.#each('truncate', undefined, (action, behaviour) => {
      const missing = literalNumber(keywordOf(action, 'octets')) ?? 1;
      if (wordOf(action) === 'frame' && takeTurn(this.#meter, behaviour, action)) {
        octets = octets.subarray(0, Math.max(1, octets.length - missing));
      }
    });
    return this.#happens('duplicate', new Set(['frame'])) ? [octets, octets] : [octets];
  }

  /** Octets with some bits turned over, drawn from the meter's key. */
  corrupted(octets: Uint8Array, bits: number): Uint8Array {
    const changed = new Uint8Array(octets);
    for (let i = 0; i < Math.min(bits, 64); i += 1) {
      const bit = Math.floor(draw(this.#meter, 7) * changed.length * 8);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    }
    return changed;
  }

  /** Actions of this name: those that speak of an object for that object only, the others for `undefined`. */
  #each(name: string, object: CosemObject | undefined, act: (action: Action, behaviour: Behaviour) => void): void {
    for (const behaviour of this.#active) {
      const { object: about } = behaviour.model;
      const concerned = object === undefined ? about === undefined || name === 'encode' : about === object.model.name;
      if (!concerned) continue;
      for (const action of behaviour.actions) if (action.action === name) act(action, behaviour);
    }
  }

  /** `deviates: "name", with 30s` of all behaviours that hold. */
  #named(): NamedQuirk[] {
    return this.#active.flatMap(({ model, actions }) =>
      actions.flatMap((action): NamedQuirk[] => {
        const id = namedQuirk(action);
        if (id === undefined || !isQuirkId(id)) return [];
        const given = keywordOf(action, 'with');
        const value = given?.k === 'duration' ? given.ms : literalNumber(given);
        return [{ id, value: value ?? quirkSpec(id).value?.otherwise ?? 0, object: model.object }];
      }),
    );
  }

  #happens(name: string, words: ReadonlySet<string>): boolean {
    let happens = false;
    this.#each(name, undefined, (action, behaviour) => {
      if (words.has(wordOf(action) ?? '') && takeTurn(this.#meter, behaviour, action)) happens = true;
    });
    return happens;
  }

  #isAttribute(action: Action, object: CosemObject, attribute: number): boolean {
    const reference = this.#meter.blueprint.compiler.reference(action.args[0]);
    return reference?.object === object.index && reference.attribute === attribute;
  }

  #valueOf(expression: Expression, type: DataType): Data {
    if (expression.k === 'scaler-unit') return scalerUnitOf(expression);
    const value = this.#meter.blueprint.compiler.value(expression, 'behaviour')(this.#meter, this.#time);
    return toData(value, type);
  }

  #addDelay(action: Action, behaviour: Behaviour): void {
    this.#delay += milliseconds(this.#meter, action.args[0], behaviour);
  }
}

/** A duration, or `uniform(300ms, 4s)` drawn anew each time. */
function milliseconds(meter: VirtualMeter, expression: Expression | undefined, behaviour: Behaviour): number {
  if (expression?.k === 'call' && expression.name === 'uniform') {
    const from = milliseconds(meter, expression.named.from ?? expression.args[0], behaviour);
    const to = milliseconds(meter, expression.named.to ?? expression.args[1], behaviour);
    return from + (to - from) * draw(meter, behaviour.key);
  }
  if (expression?.k === 'duration') return expression.ms;
  if (expression === undefined) return 0;
  const seconds = toNumber(meter.blueprint.compiler.value(expression, behaviour.model.name)(meter, 0));
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}

function exception(serviceError: string): Uint8Array {
  return encodeApdu({ kind: 'exception-response', stateError: 'service-not-allowed', serviceError });
}

/** Octets of `answer: raw h"…"` and `answer: exception, NAME`; undefined for answers about an attribute. */
function wholeAnswer(action: Action): Uint8Array | undefined {
  const raw = keywordOf(action, 'raw');
  if (raw?.k === 'octets') return fromHex(raw.hex);
  if (wordOf(action) !== 'exception') return undefined;
  const name = nameOf(action.args[1]) ?? 'other-reason';
  const known = [
    'operation-not-possible',
    'service-not-supported',
    'other-reason',
    'pdu-too-long',
    'deciphering-error',
  ];
  // `service-not-allowed` and `service-unknown` name the state error.
  if (name === 'service-unknown') return Uint8Array.of(0xd8, 2, 2);
  return exception(known.includes(name) ? name : 'operation-not-possible');
}

function scalerUnitOf(expression: Extract<Expression, { k: 'scaler-unit' }>): Data {
  return scalerUnit(expression.scaler, unitBySymbol(expression.unit)?.id ?? 255);
}

function isResult(name: string): boolean {
  return DATA_ACCESS_RESULTS.numberOf(name) !== undefined;
}

function isDataType(name: string): name is DataType {
  return Object.hasOwn(DATA_TAGS, name);
}

/** Octets with the lowest bit of one of them turned over: a check sequence that is wrong. */
function flipBit(octets: Uint8Array, at: number): Uint8Array {
  const changed = new Uint8Array(octets);
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  return changed;
}

/** Bits an action turns over: `bits 3`, or those of `octets 2`. */
function bitsOf(action: Action): number {
  const octets = literalNumber(keywordOf(action, 'octets'));
  return literalNumber(keywordOf(action, 'bits')) ?? (octets === undefined ? 1 : octets * 8);
}

function frameOf(octets: Uint8Array): HdlcFrame | undefined {
  const decoded = decodeHdlcFrame(octets);
  return decoded.ok ? decoded.value.frame : undefined;
}

/** Where the header check sequence stands; undefined for frames without information, which have none. */
function headerCheckAt(octets: Uint8Array): number | undefined {
  const frame = frameOf(octets);
  if (frame === undefined || frame.information.length === 0) return undefined;
  // HCS, information, FCS, flag from behind.
  return octets.length - 1 - 2 - frame.information.length - 2;
}

/** An I frame with the N(S) after or before its own; undefined for other frames. */
function renumber(octets: Uint8Array, step: 1 | -1): Uint8Array | undefined {
  const frame = frameOf(octets);
  return frame?.kind === 'I' ? encodeHdlcFrame({ ...frame, ns: (frame.ns + step) & 7 }) : undefined;
}
