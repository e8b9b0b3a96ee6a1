import { meterWith } from '../support.ts';
import type { FindingCase } from './case.ts';

const register = (value: string, unit = '10^0 Wh'): string =>
  meterWith(`object a 1-0:1.8.0.255 register { rights: open   value: ${value}   scaler_unit: ${unit} }`);
const data = (value: string): string => meterWith(`object a 0-0:96.1.0.255 data { rights: open   value: ${value} }`);

/** 4xx: values. */
export const valueCases: readonly FindingCase[] = [
  {
    code: 'DLMS-401',
    bad: meterWith('transport b tcp { port: «"4060"» }'),
    good: meterWith('transport b tcp { port: 4060 }'),
    says: 'takes a whole number',
  },
  {
    code: 'DLMS-401',
    about: 'duration',
    bad: meterWith('transport b tcp { port: 1   idle_timeout: «15 minutes» }'),
    good: meterWith('transport b tcp { port: 1   idle_timeout: 15min }'),
    suggests: '15min',
  },
  { code: 'DLMS-401', about: 'two values', bad: meterWith('transport b tcp { port: 1, «2» }'), says: 'one value' },
  { code: 'DLMS-401', about: 'missing =', bad: data('«unsigned 0»'), good: data('unsigned = 0'), says: "stands '='" },
  {
    code: 'DLMS-401',
    about: 'scaler_unit',
    bad: register('unsigned = 0', '«5»'),
    good: register('unsigned = 0'),
    says: 'power of ten',
  },
  {
    code: 'DLMS-402',
    bad: meterWith('transport b tcp { port: «70000» }'),
    good: meterWith('transport b tcp { port: 7000 }'),
    says: '1 to 65535',
  },
  {
    code: 'DLMS-402',
    about: 'probability',
    bad: meterWith('fault f { probability: «5»   drop: response }'),
    good: meterWith('fault f { probability: 5%   drop: response }'),
    suggests: '5%',
  },
  {
    code: 'DLMS-402',
    about: 'address bytes',
    bad: meterWith('hdlc { address_bytes: «3» }'),
    good: meterWith('hdlc { address_bytes: 2 }'),
    suggests: '2',
  },
  {
    code: 'DLMS-403',
    bad: meterWith('transport b tcp { port: 1   framing: «wraper» }'),
    good: meterWith('transport b tcp { port: 1   framing: wrapper }'),
    suggests: 'wrapper',
  },
  {
    code: 'DLMS-403',
    about: 'conformance',
    bad: meterWith('association a { client: 3   authentication: none   conformance: get, «selectiv-access» }'),
    suggests: 'selective-access',
  },
  {
    code: 'DLMS-403',
    about: 'mechanism',
    bad: meterWith('association a { client: 3   authentication: «hls-gamc»   conformance: get }'),
    suggests: 'hls-gmac',
  },
  {
    code: 'DLMS-403',
    about: 'right',
    bad: meterWith('rights a { public: «read» }'),
    good: meterWith('rights a { public: get }'),
    says: 'no right',
  },
  {
    code: 'DLMS-403',
    about: 'action',
    bad: meterWith('quirk q { drop: «respons» }'),
    good: meterWith('quirk q { drop: response }'),
    suggests: 'response',
  },
  {
    code: 'DLMS-404',
    bad: register('unsigned = 0', '10^0 «wh»'),
    good: register('unsigned = 0'),
    says: "'wh' is no unit",
    suggests: 'Wh',
  },
  { code: 'DLMS-404', about: 'prefix', bad: register('unsigned = 0', '10^0 «kWh»'), says: 'write 10^3 Wh' },
  {
    code: 'DLMS-405',
    bad: meterWith('simulate { load: «houshold»(base: 1, peak: 2) }'),
    good: meterWith('simulate { load: household(base: 1, peak: 2) }'),
    suggests: 'household',
  },
  {
    code: 'DLMS-406',
    bad: meterWith('simulate { load: household(«bas»: 1, peak: 2) }'),
    good: meterWith('simulate { load: household(base: 1, peak: 2) }'),
    suggests: 'base',
  },
  {
    code: 'DLMS-406',
    about: 'missing',
    bad: meterWith('simulate { load: «household»(peak: 2) }'),
    says: "lacks its argument 'base'",
  },
  { code: 'DLMS-406', about: 'too many', bad: meterWith('simulate { load: noise(1, «2») }'), says: 'too much' },
  { code: 'DLMS-407', bad: data('«unsinged» = 0'), good: data('unsigned = 0'), suggests: 'unsigned' },
  {
    code: 'DLMS-408',
    bad: meterWith('object c 0-0:1.0.0.255 clock { rights: open   time_zone: «unsigned» = 0 }'),
    good: meterWith('object c 0-0:1.0.0.255 clock { rights: open   time_zone: long = 0 }'),
    suggests: 'long',
  },
  { code: 'DLMS-409', bad: data('«5»'), good: data('unsigned = 5'), says: 'of any type' },
  { code: 'DLMS-410', bad: data('unsigned = «300»'), good: data('unsigned = 30'), says: '0 to 255' },
  {
    code: 'DLMS-410',
    about: 'fraction',
    bad: data('unsigned = «2.5»'),
    good: data('float32 = 2.5'),
    says: 'whole numbers',
  },
  {
    code: 'DLMS-411',
    bad: register('double-long-unsigned = «household(base: 1, peak: 2)»'),
    good: register('double-long-unsigned = integrate(household(base: 1, peak: 2))'),
    says: 'comes out in W',
  },
  {
    code: 'DLMS-412',
    bad: meterWith('').replace('"ZZV"', '«"zzv"»'),
    good: meterWith(''),
    says: 'three capital letters',
  },
  ...[
    ['mode_e: «9600»', 'mode_e: yes', "'yes' or 'no'"],
    ['mode_e: yes, «identification "ZZA5"»', 'mode_e: yes, identification "/ZZA5"', 'an identification is "/"'],
    ['mode_e: yes, «address "4711!"»', 'mode_e: yes, address "4711"', 'digits, letters and spaces'],
    ['mode_e: yes, «password "x"»', 'mode_e: yes', "'identification' and 'address'"],
    ['gateway: «network 300», address h"01"', 'gateway: network 3, address h"01"', 'network of 0 to 255'],
    ['gateway: «network 3»', 'gateway: network 3, address h""', 'address in octets'],
  ].map(([bad, good, says]) => ({
    code: 'DLMS-412' as const,
    bad: meterWith(`transport eye serial { ${bad} }`),
    good: meterWith(`transport eye serial { ${good} }`),
    says: says ?? '',
  })),
  {
    code: 'DLMS-413',
    bad: meterWith('object a «1-0:1.8.0.256» data { rights: open   value: unsigned = 0 }'),
    good: meterWith('object a 1-0:1.8.0.255 data { rights: open   value: unsigned = 0 }'),
    says: 'Group F',
  },
  {
    code: 'DLMS-413',
    about: 'wildcard',
    bad: meterWith('object a «1-0:x.8.0.255» data { rights: open   value: unsigned = 0 }'),
    says: "'x' is for patterns",
  },
  {
    code: 'DLMS-414',
    bad: meterWith('').replace('"{flag}{serial}"', '"«{falg}»{serial}"'),
    good: meterWith(''),
    suggests: '{flag}',
  },
  {
    code: 'DLMS-415',
    bad: data('octet-string = «h"0"»'),
    good: data('octet-string = h"00"'),
    says: 'pairs of hex digits',
  },
];
