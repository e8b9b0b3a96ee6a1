import { encodeApdu } from '../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../engine/codec/hex.ts';
import { encodeWrapper } from '../../engine/codec/wrapper/wrapper.ts';
import { invokeIdAndPriority } from '../../engine/codec/xdlms/invoke.ts';
import { obisToOctets } from '../../engine/cosem/obis/obis.ts';
import { readAttribute } from '../../engine/meter/attribute-access.ts';
import { createMeter, type VirtualMeter } from '../../engine/meter/meter.ts';
import { benchSecrets, benchTemplates, PUBLIC_CLIENT, registerCount, registerObis } from './template.ts';

const SERVER = 1;
const REGISTER_CLASS = 3;
const VALUE = 2;
const INVOKE = invokeIdAndPriority(1);

/** A wrapper message to the meter. */
export function toMeter(client: number, apdu: Uint8Array): Uint8Array {
  return encodeWrapper({ source: client, destination: SERVER, apdu });
}

/** AARQ without authentication, GET and block transfer proposed. */
export const AARQ = toMeter(PUBLIC_CLIENT, fromHex('601da109060760857405080101be10040e01000000065f1f0400007e1f04b0'));
export const RLRQ = toMeter(PUBLIC_CLIENT, fromHex('6203800100'));

export function getApdu(register: number): Uint8Array {
  const attr = { class: REGISTER_CLASS, obis: registerObis(register), index: VALUE };
  return encodeApdu({ kind: 'get-request', type: 'normal', invoke: INVOKE, attr, selective: null });
}

/** GET.request of every register, as wrapper messages of the public client. */
export function getRequests(objects: number): Uint8Array[] {
  return Array.from({ length: registerCount(objects) }, (_, register) => toMeter(PUBLIC_CLIENT, getApdu(register)));
}

/** What the model says a meter answers at a moment that stands still: the judge of the answers on the wire. */
export class ExpectedAnswers {
  readonly #meters: VirtualMeter[] = [];
  readonly #frozenAt: number;

  constructor(meters: number, objects: number, frozenAt: number) {
    const { meters: models, fleets } = benchTemplates(objects, meters);
    const [model] = models;
    const [fleet] = fleets;
    if (model === undefined || fleet === undefined) throw new Error('the bench has no meter');
    this.#frozenAt = frozenAt;
    for (let index = 0; index < meters; index += 1) {
      const number = fleet.serialFrom + index;
      this.#meters.push(createMeter(model, { number, seed: fleet.seed, secrets: benchSecrets, startedAt: frozenAt }));
    }
  }

  /** GET.response to the GET.request of a register, hex. */
  of(meterIndex: number, register: number): string {
    const meter = this.#meters[meterIndex];
    const object = meter?.blueprint.findByOctets(REGISTER_CLASS, obisToOctets(registerObis(register)));
    if (meter === undefined || object === undefined) throw new Error(`the bench has no meter ${meterIndex}`);
    const read = readAttribute({ meter, object, time: this.#frozenAt }, VALUE, null);
    return toHex(encodeApdu({ kind: 'get-response', type: 'normal', invoke: INVOKE, ...read }));
  }
}
