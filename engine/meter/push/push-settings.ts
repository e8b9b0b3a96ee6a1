import { textFromOctets } from '../../codec/axdr/text.ts';
import type { SecurityModel } from '../../template/model.ts';
import { readAttributeData } from '../attribute-access.ts';
import type { CosemObject } from '../blueprint.ts';
import type { Target } from '../classes/class-logic.ts';
import type { VirtualMeter } from '../meter.ts';
import { elementsOf, numberIn, octetsIn } from '../schedule/schedule-data.ts';
import { nameOf } from '../values/arguments.ts';
import { toNumber } from '../values/value.ts';
import { type CommunicationWindow, windowsIn } from './communication-window.ts';
import { type PushWay, pushWay } from './destination.ts';
import type { PushRefusal } from './push-order.ts';

const DESTINATION = 3;
const WINDOW = 4;
const START_INTERVAL = 5;
const RETRIES = 6;
const REPETITION_DELAY = 7;
const CLIENT_SAP = 9;
const OPERATION_METHOD = 11;
/** push_operation_method: confirmed, retry on missing confirmation. */
const CONFIRMED = 2;
/** Client of consumer and push information (wire.md 10), where neither setup nor template names one. */
const DEFAULT_CLIENT = 103;
const DEFAULT_SERVER = 1;

/** What a push setup says, worked out for one push. */
export interface PushSettings {
  readonly way: PushWay;
  readonly windows: readonly CommunicationWindow[];
  /** Milliseconds; the push starts at a random moment of this interval. */
  readonly startInterval: number;
  readonly retries: number;
  /** Milliseconds before the retry of a number, the first being 0. */
  readonly delayBefore: (retry: number) => number;
  /** The receiver is to confirm with a data-notification-confirm. */
  readonly confirmed: boolean;
  readonly client: number;
  readonly server: number;
  /** Security block whose policy for responses protects the push; undefined for a plain one. */
  readonly security: SecurityModel | undefined;
  /** Longer APDUs are cut into general blocks; 0 = never. */
  readonly maxPdu: number;
}

/** Whether a meter has a push setup that says where to. */
export function hasDestination(meter: VirtualMeter, time: number): boolean {
  return meter.blueprint.pushSetups.some(
    (object) => elementsOf(readAttributeData({ meter, object, time }, DESTINATION)).length > 0,
  );
}

/** The settings of a push setup, or why it cannot push. */
export function pushSettings(target: Target): PushSettings | PushRefusal {
  const { meter, object } = target;
  const data = (attribute: number) => readAttributeData(target, attribute);
  const [service, destination, message] = elementsOf(data(DESTINATION));
  if (service === undefined) {
    return { code: 'no-destination', message: `${object.model.name} does not say where to push` };
  }
  const way = pushWay(numberIn(service), textFromOctets(octetsIn(destination) ?? new Uint8Array(0)), numberIn(message));
  if ('code' in way) return { ...way, message: `${object.model.name}: ${way.message}` };
  const version = object.model.version;
  const security = nameOf(object.model.settings.security);
  const sap = version >= 1 ? numberIn(data(CLIENT_SAP)) : Number.NaN;
  return {
    way,
    windows: windowsIn(data(WINDOW)),
    startInterval: 1000 * atLeastZero(numberIn(data(START_INTERVAL))),
    retries: atLeastZero(numberIn(data(RETRIES))),
    delayBefore: delays(target, version),
    confirmed: version >= 2 && numberIn(data(OPERATION_METHOD)) === CONFIRMED,
    client: setting(meter, object, 'client') ?? (sap > 0 ? sap : DEFAULT_CLIENT),
    server: setting(meter, object, 'server') ?? DEFAULT_SERVER,
    security: meter.inForce(meter.model.securities.find(({ name }) => name === security)),
    maxPdu: setting(meter, object, 'max_pdu') ?? 0,
  };
}

/** A number among the settings of the template. */
function setting(meter: VirtualMeter, object: CosemObject, name: string): number | undefined {
  const expression = object.model.settings[name];
  if (expression === undefined) return undefined;
  const value = toNumber(meter.blueprint.compiler.value(expression, `${object.model.name}.${name}`)(meter, 0));
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** repetition_delay in seconds; from version 2 on min, exponent in hundredths and max: it grows with every retry. */
function delays(target: Target, version: number): PushSettings['delayBefore'] {
  const data = readAttributeData(target, REPETITION_DELAY);
  if (version < 2) {
    const delay = 1000 * atLeastZero(numberIn(data));
    return () => delay;
  }
  const [min = 0, exponent = 0, max = 0] = elementsOf(data).map((part) => atLeastZero(numberIn(part)));
  const growth = exponent / 100 || 1;
  return (retry) => 1000 * Math.min(min * growth ** retry, max || Number.POSITIVE_INFINITY);
}

/** What is no number counts as 0. */
function atLeastZero(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(value, 0);
}
