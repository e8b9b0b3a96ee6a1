import { readAttributeData } from '../meter/attribute-access.ts';
import { pressButton } from '../meter/classes/disconnect-control.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import type { PushRefusal } from '../meter/push/push-order.ts';
import { dataToNumber } from '../meter/values/value.ts';
import type { Emulator } from './emulator.ts';
import { EmulatorError } from './errors.ts';
import type { PressedButton } from './types.ts';

/** Class id of disconnect control (Blue Book 4.5.8), and its attribute control_state. */
const DISCONNECT_CONTROL = 70;
const CONTROL_STATE = 3;
const STATES = ['disconnected', 'connected', 'ready-for-reconnection'] as const;

const PUSH_HELP: Readonly<Record<PushRefusal['code'], string>> = {
  'no-destination': 'Give the template a push setup with send_destination_and_method.',
  unsupported: 'Choose a destination that is reached over TCP, UDP or HDLC.',
  'not-permitted': 'Push to an address of this machine, or allow others when the emulator is started.',
  'bad-destination': 'Write the destination as HOST:PORT.',
  'queue-full': 'Wait until those before it have arrived or were given up.',
};

/**
 * Makes a meter push now, as `Emulator.push` does. Whether it arrives shows in the figures.
 * @throws EmulatorError `unknown-name` for a meter that is not there, `meter-refuses` for a push that cannot be done.
 */
export function pushNow(emulator: Emulator, serial: string, setup?: string): void {
  if (!emulator.meters.some((meter) => meter.serial === serial)) throw unknownMeter(emulator, serial);
  const refusal = emulator.push(serial, setup);
  if (refusal !== undefined) throw new EmulatorError('meter-refuses', refusal.message, PUSH_HELP[refusal.code]);
}

/**
 * A person presses the button of a meter's breaker, the one of this name or OBIS code, else its first: off if it is on,
 * else on.
 * @throws EmulatorError `unknown-name` if there is no such breaker, `meter-refuses` if its control mode leaves the
 * button without effect.
 */
export function pressMeterButton(meter: VirtualMeter, time: number, name?: string): PressedButton {
  const object = meter.blueprint.objects.find(
    ({ model, obis }) =>
      model.class === DISCONNECT_CONTROL && (name === undefined || model.name === name || obis === name),
  );
  if (object === undefined) {
    throw new EmulatorError(
      'unknown-name',
      `${meter.model.name} does not have ${name === undefined ? 'a breaker' : `the breaker "${name}"`}`,
      'Only objects of the class disconnect-control have a button.',
    );
  }
  const target = { meter, object, time };
  const stateOf = () => STATES[dataToNumber(readAttributeData(target, CONTROL_STATE))] ?? 'disconnected';
  const before = stateOf();
  const allowed = pressButton(target, before === 'connected' ? 'manual-disconnect' : 'manual-reconnect');
  const controlState = stateOf();
  if (allowed && controlState !== before) return { object: object.model.name, controlState };
  throw new EmulatorError(
    'meter-refuses',
    `the button of ${object.model.name} does nothing while it is ${before}`,
    before === 'disconnected'
      ? 'A client has to make it ready for reconnection first.'
      : 'Choose a control_mode with manual disconnection: 1, 2 or 5.',
  );
}

export function unknownMeter({ name }: Emulator, serial: string): EmulatorError {
  return new EmulatorError(
    'unknown-name',
    `${name} has no meter with the serial ${serial}`,
    'Choose one of the serial numbers its endpoints are listed with.',
  );
}
