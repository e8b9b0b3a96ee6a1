import { fromHex } from '../../engine/codec/hex.ts';
import type { SecretResolver } from '../../engine/meter/secrets.ts';
import { compileText } from '../../engine/template/index.ts';
import type { CompiledTemplates } from '../../engine/template/model.ts';

/** Client of the association without authentication. */
export const PUBLIC_CLIENT = 16;
/** Client of the association with HLS GMAC, suite 0, authenticated and encrypted. */
export const GUARDED_CLIENT = 1;
/** Keys of the bench, of nobody else. */
export const GUEK = '000102030405060708090a0b0c0d0e0f';
export const GAK = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';

/** Objects a meter has beside its registers. */
const FRAME_OBJECTS = 6;
const REGISTERS_PER_GROUP = 250;

/** Logical name of a register by its number, from 0: groups of 250 in different channels. */
export function registerObis(index: number): string {
  return `1-${1 + Math.floor(index / REGISTERS_PER_GROUP)}:${1 + (index % REGISTERS_PER_GROUP)}.8.0.255`;
}

export function registerCount(objects: number): number {
  return objects - FRAME_OBJECTS;
}

/** A meter of so many objects: registers that follow a simulated load, a clock, a profile, what an association needs. */
function templateText(objects: number, meters: number): string {
  const registers = Array.from(
    { length: registerCount(objects) },
    (_, index) => `
  object r${index} ${registerObis(index)} register {
    rights: all
    value: double-long-unsigned = ${1000 + index} + integrate(simulate.load)
    scaler_unit: 10^0 Wh
  }`,
  );
  return `
meter bench_meter {
  identity { vendor: "Bench" flag: "ZZZ" model: "B1" firmware: "1.0" serial: "{n:08}" logical_device_name: "ZZZ{n:013}" }
  transport lan tcp { port: 4059 framing: wrapper sessions: 0 idle_timeout: 0s }
  security guard suite 0 {
    global_unicast_key: secret("bench/guek")
    authentication_key: secret("bench/gak")
    policy: authenticated-request, encrypted-request, authenticated-response, encrypted-response
  }
  association public {
    client: ${PUBLIC_CLIENT} authentication: none context: LN, no-ciphering
    conformance: get, selective-access, block-transfer-with-get-or-read
    max_pdu: 1224
  }
  association guarded {
    client: ${GUARDED_CLIENT} authentication: hls-gmac context: LN, ciphering security: guard
    conformance: get, action, selective-access, block-transfer-with-get-or-read
    max_pdu: 1224
  }
  rights all { public: get guarded: get, action }
  simulate { load: household(base: 200 W, peak: 4000 W, people: 3) }
  object ldn 0-0:42.0.0.255 data { rights: all value: octet-string = identity.logical_device_name }
  object clock 0-0:1.0.0.255 clock { rights: all }
  object load_profile 1-0:99.1.0.255 profile-generic {
    rights: all
    capture_objects: clock.time, r0.value, r1.value
    capture_period: 15min
    profile_entries: 2880
    prefill: 30d
    selective_access: by-range, by-entry
  }
  object current_association 0-0:40.0.0.255 association-ln { rights: all }
  object sap_assignment 0-0:41.0.0.255 sap-assignment { rights: all }
  object security_setup 0-0:43.0.0.255 security-setup { rights: all of: guard }
${registers.join('\n')}
}
fleet bench of bench_meter { count: ${meters} serial: from(1) address: spread("127.1.0.0/16") seed: 7 }
`;
}

/** The compiled fleet. Throws with the findings if the text has any: the bench is wrong then, not the user. */
export function benchTemplates(objects: number, meters: number): CompiledTemplates {
  const { model, findings } = compileText(templateText(objects, meters));
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (model === undefined || errors.length > 0) throw new Error(`the bench's template: ${JSON.stringify(errors[0])}`);
  return model;
}

const SECRETS: ReadonlyMap<string, Uint8Array> = new Map([
  ['bench/guek', fromHex(GUEK)],
  ['bench/gak', fromHex(GAK)],
]);

export const benchSecrets: SecretResolver = (reference) =>
  'secret' in reference ? SECRETS.get(reference.secret) : undefined;
