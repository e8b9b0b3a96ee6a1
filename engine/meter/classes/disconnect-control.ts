import type { Data } from '../../codec/axdr/data.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { react, undo } from './reactions.ts';
import { isGiven } from './register.ts';

const OUTPUT_STATE = 2;
const CONTROL_STATE = 3;
const CONTROL_MODE = 4;
const REMOTE_DISCONNECT = 1;
const REMOTE_RECONNECT = 2;
const DISCONNECTED = 0;
const CONNECTED = 1;
const READY_FOR_RECONNECTION = 2;
const DENIED: ActionOutcome = { result: 'read-write-denied' };

/** What moves the switch, by whom (Blue Book 4.5.8): b and c, g; a and d, h; f; e. */
export type SwitchEvent =
  | 'remote-disconnect'
  | 'local-disconnect'
  | 'remote-reconnect'
  | 'local-reconnect'
  | 'manual-disconnect'
  | 'manual-reconnect';

/** What differs between the control modes; remote and local disconnection and manual reconnection are in all of them. */
interface ControlMode {
  /** remote_reconnect switches on at once (a) instead of making ready for a person to do it (d). */
  readonly direct: boolean;
  /** A person may switch off (f). */
  readonly manual: boolean;
  /** The meter may switch on again by itself (h). */
  readonly local: boolean;
}

const MODES: Readonly<Record<number, ControlMode>> = {
  1: { direct: false, manual: true, local: false },
  2: { direct: true, manual: true, local: false },
  3: { direct: false, manual: false, local: false },
  4: { direct: true, manual: false, local: false },
  5: { direct: false, manual: true, local: true },
  6: { direct: false, manual: false, local: true },
};
/** Mode 0: the switch is always connected. */
const ALWAYS_CONNECTED = 0;

/** The state an event leads to; undefined if the mode does not allow it. An event with nothing to do leaves it. */
function next(mode: ControlMode, state: number, event: SwitchEvent): number | undefined {
  switch (event) {
    case 'remote-disconnect':
      return DISCONNECTED;
    case 'local-disconnect':
      return state === CONNECTED ? READY_FOR_RECONNECTION : state;
    case 'manual-disconnect':
      if (!mode.manual) return undefined;
      return state === CONNECTED ? READY_FOR_RECONNECTION : state;
    case 'remote-reconnect':
      if (state === CONNECTED) return state;
      return mode.direct ? CONNECTED : READY_FOR_RECONNECTION;
    case 'local-reconnect':
      if (!mode.local) return undefined;
      return state === READY_FOR_RECONNECTION ? CONNECTED : state;
    case 'manual-reconnect':
      return state === READY_FOR_RECONNECTION ? CONNECTED : state;
  }
}

function stateOf(target: Target): number {
  return dataToNumber(readAttributeData(target, CONTROL_STATE));
}

function set(target: Target, state: number): void {
  const { meter, object } = target;
  meter.write(object.index, OUTPUT_STATE, { t: 'boolean', v: state === CONNECTED });
  meter.write(object.index, CONTROL_STATE, { t: 'enum', v: state });
}

/** Moves the switch; what the template says about remote_disconnect is taken back when it is on again. */
function move(target: Target, event: SwitchEvent): ActionOutcome {
  const number = dataToNumber(readAttributeData(target, CONTROL_MODE));
  const reconnects = event.endsWith('reconnect');
  if (number === ALWAYS_CONNECTED) return reconnects ? SUCCESS : DENIED;
  const mode = MODES[number];
  const state = stateOf(target);
  const to = mode === undefined ? undefined : next(mode, state, event);
  if (to === undefined) return DENIED;
  if (to === state) return SUCCESS;
  set(target, to);
  if (to === CONNECTED) undo(target, 'remote_disconnect');
  return SUCCESS;
}

/** A person at the meter presses its button. Yields whether the control mode allows it. */
export function pressButton(target: Target, event: 'manual-disconnect' | 'manual-reconnect'): boolean {
  const done = move(target, event).result === 'success';
  const off = stateOf(target) !== CONNECTED;
  if (done && off === (event === 'manual-disconnect')) react(target, off ? REMOTE_DISCONNECT : REMOTE_RECONNECT);
  return done;
}

const CONNECTED_BY_DEFAULT: Readonly<Record<number, Data>> = {
  [OUTPUT_STATE]: { t: 'boolean', v: true },
  [CONTROL_STATE]: { t: 'enum', v: CONNECTED },
};

/** Disconnect control (class 70, Blue Book 4.5.8): relay of the supply. */
export const disconnectControl: ClassLogic = {
  read(target, attribute, selection) {
    const data = CONNECTED_BY_DEFAULT[attribute];
    return selection !== null || data === undefined || isGiven(target, attribute) ? undefined : { data };
  },
  write(target, attribute, data) {
    if (attribute === OUTPUT_STATE || attribute === CONTROL_STATE) return 'read-write-denied';
    if (attribute !== CONTROL_MODE) return undefined;
    if (data.t !== 'enum' || (data.v !== ALWAYS_CONNECTED && MODES[data.v] === undefined)) return 'type-unmatched';
    if (data.v === ALWAYS_CONNECTED && stateOf(target) !== CONNECTED) {
      set(target, CONNECTED);
      undo(target, 'remote_disconnect');
    }
    return undefined;
  },
  invoke(target, method) {
    const by = target.local === true ? 'local' : 'remote';
    if (method === REMOTE_DISCONNECT) return move(target, `${by}-disconnect`);
    return method === REMOTE_RECONNECT ? move(target, `${by}-reconnect`) : undefined;
  },
};
