import { randomBytes } from 'node:crypto';
import { toHex } from '../../../../engine/codec/hex.ts';
import { drawPrivateKey, P256, P384, publicKeyOf } from '../../../../engine/codec/security/curves.ts';
import type { Suite } from '../../../../engine/session/params.ts';
import { isLegal, MECHANISMS, REFERENCINGS, type Referencing, SUITES } from './matrix-combinations.ts';

/** System titles of the meter and of the client. */
export const METER_TITLE = '4D4D4D0000BC614E';
export const CLIENT_TITLE = '4457420000000001';
export const PASSWORD = '12345678';

/** What stands in the meter and is read again by the clients. */
export const FACTS = {
  name: 'MTX00000001',
  text: 'Long enough for blocks. '.repeat(60),
  energy: 123_456,
  tariff: 3,
} as const;

/** Client SAPs fit the one octet HDLC has for them. */
const FIRST_CLIENT = 32;
const CONFORMANCE = {
  LN: 'general-protection, general-block-transfer, get, set, action, access, selective-access, multiple-references, block-transfer-with-get-or-read, block-transfer-with-set-or-write, block-transfer-with-action',
  SN: 'general-protection, general-block-transfer, read, write, unconfirmed-write, parameterized-access, multiple-references, block-transfer-with-get-or-read, block-transfer-with-set-or-write',
} as const;

/** Client SAP of a mechanism. */
export function clientOf(mechanism: (typeof MECHANISMS)[number]): number {
  return FIRST_CLIENT + MECHANISMS.indexOf(mechanism);
}

/** The logical device that stands for a suite, a referencing and a kind of context: a client has one association there. */
export function serverOf(suite: Suite, referencing: Referencing, ciphered: boolean): number {
  return 1 + suite * 4 + (referencing === 'SN' ? 2 : 0) + (ciphered ? 1 : 0);
}

/** Keys of one suite by their names in the template; private keys of both sides are drawn anew for every run. */
interface SuiteKeys {
  readonly guek: string;
  readonly gak: string;
  readonly kek: string;
  readonly meterSigning: string;
  readonly meterAgreement: string;
  readonly clientSigning: string;
  readonly clientAgreement: string;
}

function keysOf(suite: Suite): SuiteKeys {
  const length = suite === 2 ? 32 : 16;
  const curve = suite === 2 ? P384 : P256;
  const key = () => toHex(randomBytes(length));
  const pair = () => toHex(drawPrivateKey(curve, (octets) => randomBytes(octets)));
  return {
    guek: key(),
    gak: key(),
    kek: key(),
    meterSigning: pair(),
    meterAgreement: pair(),
    clientSigning: pair(),
    clientAgreement: pair(),
  };
}

const KEYS: Readonly<Record<Suite, SuiteKeys>> = { 0: keysOf(0), 1: keysOf(1), 2: keysOf(2) };

function publicOf(suite: Suite, privateKey: string): string {
  return toHex(publicKeyOf(suite === 2 ? P384 : P256, Buffer.from(privateKey, 'hex')));
}

/** Secrets of the template by name. */
export function meterSecrets(): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = { 'matrix/password': `text:${PASSWORD}` };
  for (const suite of SUITES) {
    const keys = KEYS[suite];
    const own = { guek: keys.guek, gak: keys.gak, kek: keys.kek, sign: keys.meterSigning, agree: keys.meterAgreement };
    const theirs = {
      client_sign: publicOf(suite, keys.clientSigning),
      client_agree: publicOf(suite, keys.clientAgreement),
    };
    for (const [name, value] of Object.entries({ ...own, ...theirs }))
      secrets[`matrix/${suite}/${name}`] = `hex:${value}`;
  }
  return secrets;
}

/** Secrets of a client for one suite, by the names of a connection. */
export function clientSecrets(suite: Suite): Readonly<Record<string, string>> {
  const { guek, gak, kek, meterSigning, meterAgreement, clientSigning, clientAgreement } = KEYS[suite];
  const symmetric = { password: `text:${PASSWORD}`, systemTitle: CLIENT_TITLE, guek, gak, kek };
  if (suite === 0) return symmetric;
  return {
    ...symmetric,
    signingKey: clientSigning,
    agreementKey: clientAgreement,
    peerSigningKey: publicOf(suite, meterSigning),
    peerAgreementKey: publicOf(suite, meterAgreement),
  };
}

const AUTHENTICATION: Readonly<Record<(typeof MECHANISMS)[number], string>> = {
  none: 'none',
  lls: 'lls, password secret("matrix/password")',
  manufacturer: 'hls, secret secret("matrix/password")',
  md5: 'hls-md5, secret secret("matrix/password")',
  sha1: 'hls-sha1, secret secret("matrix/password")',
  gmac: 'hls-gmac',
  sha256: 'hls-sha256, secret secret("matrix/password")',
  ecdsa: 'hls-ecdsa',
};

function securities(): string[] {
  return SUITES.map((suite) => {
    const key = (name: string) => `secret("matrix/${suite}/${name}")`;
    const pairs =
      suite === 0
        ? []
        : [
            `signing_key: ${key('sign')}`,
            `agreement_key: ${key('agree')}`,
            `client_signing_key: ${key('client_sign')}`,
            `client_agreement_key: ${key('client_agree')}`,
          ];
    return [
      `  security suite_${suite} suite ${suite} {`,
      `    global_unicast_key: ${key('guek')}`,
      `    authentication_key: ${key('gak')}`,
      `    master_key: ${key('kek')}`,
      ...pairs.map((line) => `    ${line}`),
      '  }',
    ].join('\n');
  });
}

/** Names of all associations: one for each mechanism, suite, referencing and kind of context. */
function associations(): { readonly names: readonly string[]; readonly text: readonly string[] } {
  const cells = MECHANISMS.flatMap((mechanism) =>
    SUITES.filter((suite) => isLegal(mechanism, suite)).flatMap((suite) =>
      REFERENCINGS.flatMap((referencing) =>
        ['no-ciphering', 'ciphering'].map((ciphering) => ({ mechanism, suite, referencing, ciphering })),
      ),
    ),
  );
  const nameOf = (cell: (typeof cells)[number]): string =>
    `${cell.mechanism}_${cell.suite}_${cell.referencing}_${cell.ciphering === 'ciphering' ? 'ciphered' : 'plain'}`.toLowerCase();
  const text = cells.map((cell) => {
    const { mechanism, suite, referencing, ciphering } = cell;
    return `  association ${nameOf(cell)} { client: ${clientOf(mechanism)}   server: ${serverOf(suite, referencing, ciphering === 'ciphering')}   authentication: ${AUTHENTICATION[mechanism]}   context: ${referencing}, ${ciphering}   security: suite_${suite}   conformance: ${CONFORMANCE[referencing]}   max_pdu: 600 }`;
  });
  return { names: cells.map(nameOf), text };
}

/** One meter with an association for each cell, written as a person would write it and compiled like any template. */
export function matrixTemplate(): string {
  const { names, text } = associations();
  return `meter matrix {
  identity { vendor: "Test"   flag: "MTX"   model: "M1"   firmware: "1"   serial: "{n:08}"   logical_device_name: "MTX{serial}"   system_title: "${METER_TITLE}"   referencing: both }
  transport wrapper tcp { framing: wrapper   port: 4059 }
  transport datagrams udp { framing: wrapper }
  transport hdlc tcp { framing: hdlc   port: 4060 }
  transport opened tcp { framing: hdlc   port: 4061   mode_e: yes, identification "/MTx5\\\\2M1" }
  transport line serial { framing: hdlc   mode_e: yes, identification "/MTx5\\\\2M1" }
  hdlc { address_bytes: 4   server_upper: 1   server_lower: 17   max_info_transmit: 1024   max_info_receive: 1024   window_transmit: 3   window_receive: 3 }

${securities().join('\n')}

${text.join('\n')}

  rights open {
${names.map((name) => `    ${name}: get, set, action`).join('\n')}
  }

  object association_ln 0-0:40.0.0.255 association-ln { rights: open   version: 3 }
  object association_sn 0-0:40.0.0.255 association-sn { rights: open   version: 4   base_name: 0xFA00 }
  object ldn 0-0:42.0.0.255 data { rights: open   value: octet-string = identity.logical_device_name }
  object clock 0-0:1.0.0.255 clock { rights: open   time: simulated()   time_zone: -60 }
  object energy 1-0:1.8.0.255 register { rights: open   value: double-long-unsigned = ${FACTS.energy}   scaler_unit: 10^0 Wh }
  object power 1-0:1.7.0.255 register { rights: open   value: double-long-unsigned = household(base: 200, peak: 5000, people: 3)   scaler_unit: 10^0 W }
  object tariff 0-0:96.14.0.255 data { rights: open   value: long-unsigned = ${FACTS.tariff} }
  object text 0-0:96.13.0.255 data { rights: open   value: octet-string = "${FACTS.text}" }
  object note 0-0:96.13.1.255 data { rights: open   value: octet-string = "" }
  object relay 0-0:96.3.10.255 disconnect-control { rights: open   output_state: true   control_state: connected   control_mode: 4 }
  object profile 1-0:99.1.0.255 profile-generic {
    rights: open
    capture_objects: clock.time, energy.value, power.value
    capture_period: 15min
    profile_entries: 200
    prefill: 2d
  }
}
`;
}
