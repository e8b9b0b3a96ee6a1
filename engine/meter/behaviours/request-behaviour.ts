import { encodeApdu } from '../../codec/apdu-codec.ts';
import type { Data, DataType } from '../../codec/axdr/data.ts';
import { DATA_TAGS } from '../../codec/axdr/data-types.ts';
import { fromHex } from '../../codec/hex.ts';
import { DATA_ACCESS_RESULTS } from '../../codec/xdlms/results.ts';
import { unitBySymbol } from '../../cosem/units.ts';
import type { Expression } from '../../template/model.ts';
import type { CosemObject } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import { nameOf } from '../values/arguments.ts';
import { fromData, scalerUnit, toData } from '../values/to-data.ts';
import { toNumber } from '../values/value.ts';
import { type Action, keywordOf, literalNumber, wordOf } from './action-arguments.ts';
import { type Behaviour, draw, takeTurn } from './behaviour-set.ts';

const AARQ = 0x60;
const RLRQ = 0x62;
const SCALER_UNIT = 3;
/** No answer waits longer, ms: what a template may ask of the emulator's timers is bounded. */
const MAX_DELAY = 600_000;
const NO_LIMIT = Number.POSITIVE_INFINITY;

/** How a meter departs from the standard in one exchange. Made per request; without quirks and faults there is none. */
export class RequestBehaviour {
  readonly #meter: VirtualMeter;
  readonly #active: readonly Behaviour[];
  readonly #time: number;
  #delay = 0;

  constructor(meter: VirtualMeter, active: readonly Behaviour[], time: number) {
    this.#meter = meter;
    this.#active = active;
    this.#time = time;
    this.#each('delay', undefined, (action, behaviour) => this.#addDelay(action, behaviour));
  }

  /** Milliseconds before the answer goes out. */
  get delayMs(): number {
    return Math.min(this.#delay, MAX_DELAY);
  }

  /** Whether an APDU is not heard at all. */
  ignores(apdu: Uint8Array): boolean {
    const heard = new Set(['request', ...(apdu[0] === AARQ ? ['aarq'] : []), ...(apdu[0] === RLRQ ? ['rlrq'] : [])]);
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
    if (this.#happens('corrupt', new Set(['response']))) octets = this.corrupted(octets, 1);
    return this.#happens('duplicate', new Set(['response'])) ? [octets, octets] : [octets];
  }

  /** What becomes of one frame of the link on its way out. */
  frames(frame: Uint8Array): Uint8Array[] {
    if (this.#happens('drop', new Set(['frame']))) return [];
    let octets = frame;
    this.#each('corrupt', undefined, (action, behaviour) => {
      const what = wordOf(action);
      if (what !== 'frame' && what !== 'fcs') return;
      if (!takeTurn(this.#meter, behaviour, action)) return;
      octets =
        what === 'fcs' ? flipLast(octets) : this.corrupted(octets, literalNumber(keywordOf(action, 'bits')) ?? 1);
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

/** A frame whose check sequence is wrong: the octet before the closing flag, or the last one. */
function flipLast(octets: Uint8Array): Uint8Array {
  const changed = new Uint8Array(octets);
  const at = Math.max(0, changed.length - 2);
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  return changed;
}
