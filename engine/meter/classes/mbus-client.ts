import type { Data } from '../../codec/axdr/data.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';

const PRIMARY_ADDRESS = 5;
const IDENTIFICATION_NUMBER = 6;
const MANUFACTURER_ID = 7;
const VERSION = 8;
const DEVICE_TYPE = 9;
const ACCESS_NUMBER = 10;
const ALARM = 12;
const KEY_STATUS = 14;
/** Primary addresses of configured devices (EN 13757-3); 0 is one that is not installed. */
const MAX_ADDRESS = 250;
const MAX_KEY = 64;
/** Captures by method that are remembered. */
const MAX_CAPTURES = 64;

/** encryption_key_status (classes.md, 72). */
const KEY = { none: 0, set: 1, transferred: 2, both: 3, inUse: 4 } as const;

const WRONG_TYPE: ActionOutcome = { result: 'type-unmatched' };
const FAILED: ActionOutcome = { result: 'other-reason' };

function numberAt(target: Target, attribute: number): number {
  return dataToNumber(readAttributeData(target, attribute)) || 0;
}

function put(target: Target, attribute: number, data: Data): void {
  target.meter.write(target.object.index, attribute, data);
}

/** Telegrams are counted by their device. */
function exchange(target: Target): void {
  put(target, ACCESS_NUMBER, { t: 'unsigned', v: (numberAt(target, ACCESS_NUMBER) + 1) & 0xff });
  // The key both sides have got protects what is sent from now on.
  if (hasKeyStatus(target) && numberAt(target, KEY_STATUS) === KEY.both) putKeyStatus(target, KEY.inUse);
}

function hasKeyStatus({ object }: Target): boolean {
  return object.attributeCount >= KEY_STATUS;
}

function putKeyStatus(target: Target, status: number): void {
  if (hasKeyStatus(target)) put(target, KEY_STATUS, { t: 'enum', v: status });
}

/** A device that has no address yet gets one. */
function install(target: Target, params: Data | null): ActionOutcome {
  const address = params === null ? Number.NaN : dataToNumber(params);
  if (!(address >= 0 && address <= MAX_ADDRESS)) return WRONG_TYPE;
  if (numberAt(target, PRIMARY_ADDRESS) !== 0) return FAILED;
  put(target, PRIMARY_ADDRESS, { t: 'unsigned', v: address === 0 ? 1 : address });
  return SUCCESS;
}

/** The device is forgotten with all that was known of it. */
function deinstall(target: Target): ActionOutcome {
  if (numberAt(target, PRIMARY_ADDRESS) === 0) return FAILED;
  put(target, PRIMARY_ADDRESS, { t: 'unsigned', v: 0 });
  put(target, IDENTIFICATION_NUMBER, { t: 'double-long-unsigned', v: 0 });
  put(target, MANUFACTURER_ID, { t: 'long-unsigned', v: 0 });
  put(target, VERSION, { t: 'unsigned', v: 0 });
  put(target, DEVICE_TYPE, { t: 'unsigned', v: 0 });
  put(target, ACCESS_NUMBER, { t: 'unsigned', v: 0 });
  putKeyStatus(target, KEY.none);
  return SUCCESS;
}

function capture(target: Target): ActionOutcome {
  const { meter, object, time } = target;
  exchange(target);
  const captures = meter.remembered(object.index)?.captures ?? [];
  meter.remember(object.index, { captures: [...captures, time].slice(-MAX_CAPTURES) });
  return SUCCESS;
}

/** The key of the client side; none at all takes it away. */
function setKey(target: Target, params: Data | null): ActionOutcome {
  if (params?.t !== 'octet-string' || params.v.length > MAX_KEY) return WRONG_TYPE;
  const transferred = [KEY.transferred, KEY.both, KEY.inUse].some((status) => status === numberAt(target, KEY_STATUS));
  putKeyStatus(target, params.v.length === 0 ? KEY.none : transferred ? KEY.both : KEY.set);
  return SUCCESS;
}

/** The key of the device, encrypted under its default key. */
function transferKey(target: Target, params: Data | null): ActionOutcome {
  if (params?.t !== 'octet-string' || params.v.length === 0 || params.v.length > MAX_KEY) return WRONG_TYPE;
  const set = [KEY.set, KEY.both, KEY.inUse].some((status) => status === numberAt(target, KEY_STATUS));
  putKeyStatus(target, set ? KEY.both : KEY.transferred);
  return SUCCESS;
}

/** Methods that talk to the device, which has to be installed. */
function talk(target: Target, method: number, params: Data | null): ActionOutcome | undefined {
  switch (method) {
    case 3:
      return capture(target);
    case 4:
      put(target, ALARM, { t: 'unsigned', v: 0 });
      exchange(target);
      return SUCCESS;
    case 5:
      exchange(target);
      return SUCCESS;
    case 6: {
      const parts = params?.t === 'array' ? params.v : undefined;
      if (parts === undefined || !parts.every((part) => part.t === 'structure' && part.v.length === 3))
        return WRONG_TYPE;
      exchange(target);
      return SUCCESS;
    }
    case 8:
      return transferKey(target, params);
    default:
      return undefined;
  }
}

/** M-Bus client (class 72, Blue Book 4.8.3): the device on one channel of the meter's M-Bus. */
export const mBusClient: ClassLogic = {
  write: (_target, attribute) =>
    attribute === ACCESS_NUMBER || attribute === KEY_STATUS ? 'read-write-denied' : undefined,
  invoke(target, method, params) {
    switch (method) {
      case 1:
        return install(target, params);
      case 2:
        return deinstall(target);
      case 7:
        return setKey(target, params);
      default:
        return numberAt(target, PRIMARY_ADDRESS) === 0 && method <= 8 ? FAILED : talk(target, method, params);
    }
  },
};
