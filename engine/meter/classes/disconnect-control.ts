import type { Data } from '../../codec/axdr/data.ts';
import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { undo } from './reactions.ts';
import { isGiven } from './register.ts';

const OUTPUT_STATE = 2;
const CONTROL_STATE = 3;
const CONTROL_MODE = 4;
const DISCONNECTED = 0;
const CONNECTED = 1;
const READY_FOR_RECONNECTION = 2;

/** Control modes in which remote_reconnect switches on at once; in the others a person has to press a button. */
const DIRECT_RECONNECTION: ReadonlySet<number> = new Set([2, 4]);
/** Mode 0: the switch is always connected. */
const ALWAYS_CONNECTED = 0;

function set(target: Target, output: boolean, state: number): void {
  const { meter, object } = target;
  meter.write(object.index, OUTPUT_STATE, { t: 'boolean', v: output });
  meter.write(object.index, CONTROL_STATE, { t: 'enum', v: state });
}

function mode(target: Target): number {
  return dataToNumber(readAttributeData(target, CONTROL_MODE));
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
  invoke(target, method) {
    if (method === 1) {
      if (mode(target) === ALWAYS_CONNECTED) return { result: 'read-write-denied' };
      set(target, false, DISCONNECTED);
      return SUCCESS;
    }
    if (method !== 2) return undefined;
    const state = dataToNumber(readAttributeData(target, CONTROL_STATE));
    if (state === CONNECTED) return SUCCESS;
    const direct = DIRECT_RECONNECTION.has(mode(target));
    set(target, direct, direct ? CONNECTED : READY_FOR_RECONNECTION);
    if (direct) undo(target, 'remote_disconnect');
    return SUCCESS;
  },
};
