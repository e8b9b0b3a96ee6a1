import { toHex } from '../../../engine/codec/hex.ts';
import type { Expression, MeterModel } from '../../../engine/template/model.ts';
import { association, meterModel, number, object, ref, text } from '../meter/support/models.ts';
import { ALL_LN, ALL_SN } from '../meter/support/test-client.ts';
import { KEYS } from './loop.ts';

const FREE = { management: { get: [], set: [], action: [] } };
const QUARTER = 900_000;
const DAY = 86_400_000;

/** Objects of the meters in these tests: short and long values to read and write, a relay, a load profile. */
export const ATTRIBUTE = {
  short: { class: 1, obis: '0-0:96.50.0.255', index: 2 },
  long: { class: 1, obis: '0-0:96.51.0.255', index: 2 },
  other: { class: 1, obis: '0-0:96.52.0.255', index: 2 },
  relay: { class: 70, obis: '0-0:96.3.10.255', index: 4 },
  missing: { class: 1, obis: '0-0:96.99.0.255', index: 2 },
} as const;
export const PROFILE = '1-0:99.1.0.255';

const profileAttributes: Record<string, Expression> = {
  3: { k: 'list', items: [ref('clock.time'), ref('active_import.value'), ref('active_power.value')] },
  4: { k: 'duration', ms: QUARTER },
  8: number(960),
};

const objects: MeterModel['objects'] = [
  ...meterModel().objects,
  object({
    name: 'short',
    obis: ATTRIBUTE.short.obis,
    baseName: 0x2000,
    attributes: { 2: { type: 'long-unsigned', value: number(7) } },
    access: FREE,
  }),
  object({
    name: 'long',
    obis: ATTRIBUTE.long.obis,
    baseName: 0x2100,
    attributes: { 2: { type: 'octet-string', value: text('x'.repeat(2000)) } },
    access: FREE,
  }),
  object({
    name: 'other',
    obis: ATTRIBUTE.other.obis,
    baseName: 0x2200,
    attributes: { 2: { type: 'octet-string', value: text('y'.repeat(300)) } },
    access: FREE,
  }),
  object({
    name: 'relay',
    obis: ATTRIBUTE.relay.obis,
    class: 70,
    baseName: 0x2300,
    attributes: { 4: { value: number(4) } },
    access: FREE,
  }),
  object({
    name: 'profile',
    obis: PROFILE,
    class: 7,
    version: 1,
    baseName: 0x2400,
    attributes: Object.fromEntries(Object.entries(profileAttributes).map(([index, value]) => [index, { value }])),
    settings: { prefill: { k: 'duration', ms: 2 * DAY } },
    access: FREE,
  }),
];

export interface LoopModel {
  readonly maxPdu?: number;
  readonly ciphered?: boolean;
  readonly conformance?: readonly string[];
  readonly referencing?: 'LN' | 'SN';
}

/** A meter with the objects above and one association for client 1. */
export function loopModel(options: LoopModel = {}): MeterModel {
  const { referencing = 'LN', ciphered = false } = options;
  const sn = referencing === 'SN';
  return meterModel({
    referencing,
    securities: [
      {
        name: 'guard',
        suite: 0,
        globalUnicastKey: { literal: toHex(KEYS.guek), encoding: 'hex' },
        authenticationKey: { literal: toHex(KEYS.gak), encoding: 'hex' },
        policy: ciphered ? ['authenticated-request', 'encrypted-request'] : [],
      },
    ],
    associations: [
      association({
        name: 'management',
        clientSap: 1,
        context: referencing,
        ciphering: ciphered,
        ...(ciphered ? { security: 'guard' } : {}),
        conformance: options.conformance ?? [...(sn ? ALL_SN : ALL_LN.filter((name) => name !== 'general-protection'))],
        maxPdu: options.maxPdu ?? 1024,
      }),
    ],
    objects: sn
      ? [
          object({
            name: 'association',
            obis: '0-0:40.0.0.255',
            class: 12,
            version: 2,
            baseName: 0xfa00,
            access: FREE,
          }),
          ...objects.map((item, index) => ({ ...item, baseName: item.baseName ?? 0x1000 + index * 0x100 })),
        ]
      : [object({ name: 'association', obis: '0-0:40.0.0.255', class: 15, version: 2, access: FREE }), ...objects],
  });
}
