import { expectHover, type Files } from './kit.ts';

const BASE: Files = {
  'base.dlmsmeter':
    'abstract meter base {\n  rights open { reader: get }\n  object clock 0-0:1.0.0.255 clock { rights: open }\n}\n',
};

const cases: readonly (readonly [what: string, text: string, expected: RegExp | undefined])[] = [
  [
    'an OBIS code by groups',
    'meter m { object v <|1-0:5<|>2.7.0.255|> register { } }',
    /Voltage L2[\s\S]*\| A \| 1 \| Electricity \|[\s\S]*\| F \| 255 \|[\s\S]*Usual unit: V/,
  ],
  ['behind the end of a code', 'meter m { object v 1-0:52.7.0.255<|> register { } }', /Voltage L2/],
  [
    'first and last code of a for',
    'meter m { for T in 1..4 { object a{T} 1-0:1.8.<|>{T}.255 register { } } }',
    /rate 1[\s\S]*rate 4/,
  ],
  [
    'computed codes of a for',
    'meter m { for P in 1..3 { object v{P} 1-0:<|>{P*20+12}.7.0.255 register { } } }',
    /Voltage L1[\s\S]*Voltage L3/,
  ],
  [
    'a class with its attributes',
    'meter m { object c 0-0:1.0.0.255 <|clo<|>ck|> { } }',
    /\*\*Clock\*\* \(class 8[\s\S]*`time_zone`[\s\S]*Method/,
  ],
  ['a class by number', 'meter m { object c 0-0:1.0.0.255 <|>8 { } }', /\*\*Clock\*\* \(class 8/],
  [
    'a class of the template',
    'class pump 8200 { attributes: speed long-unsigned }\nmeter m { object c 0-0:1.0.0.255 pu<|>mp { } }',
    /pump[\s\S]*`speed`/,
  ],
  ['a kind of block', 'me<|>ter m { }', /A type of meter/],
  ['a modifier', 'abs<|>tract meter m { }', /Cannot be started/],
  ['a property', 'meter m { association a { <|cli<|>ent|>: 16 } }', /Address \(SAP\) of the client[\s\S]*Required/],
  ['a property with its default', 'meter m { association a { max_<|>pdu: 16 } }', /Default: 1224/],
  [
    'an attribute',
    'meter m { object a 1-0:1.8.0.255 register { sca<|>ler_unit: 10^0 Wh } }',
    /attribute 3 of Register/,
  ],
  [
    'an attribute of an overridden object',
    'use: "base.dlmsmeter"\nmeter m extends base { override object clock { time_<|>zone: 60 } }',
    /attribute 3 of Clock/,
  ],
  ['a setting of a class', 'meter m { object p 1-0:99.1.0.255 profile-generic { pre<|>fill: 30d } }', /history/],
  [
    'a method',
    'meter m { object d 0-0:96.3.10.255 disconnect-control { on remote_<|>disconnect { } } }',
    /method 1 of Disconnect control/,
  ],
  ['a client address', 'meter m { association a { client: <|0x<|>10|> } }', /`0x10` = 16 \(public\)/],
  ['a decimal client address', 'meter m { association a { client: 1<|> } }', /= 0x1 \(management\)/],
  ['a short name', 'meter m { object a 1-0:1.8.0.255 register { base_name: 0x<|>0160 } }', /= 352/],
  ['a duration', 'meter m { object p 1-0:99.1.0.255 profile-generic { capture_period: 15<|>min } }', /= 900 s/],
  ['nothing for a small number', 'meter m { association a { server: 5<|> } }', undefined],
  ['a mechanism', 'meter m { association a { authentication: hls-g<|>mac } }', /GMAC/],
  [
    'a conformance bit',
    'meter m { association a { conformance: get, block-<|>transfer-with-get-or-read } }',
    /Conformance bit 11/,
  ],
  ['a right', 'meter m { association r { client: 1 } rights x { r: ge<|>t } }', /Read attributes/],
  [
    'a protection',
    'meter m { association r { client: 1 } rights x { r: set(authen<|>ticated) } }',
    /must be authenticated/,
  ],
  [
    'a word of an enumeration',
    'meter m { object p 1-0:99.1.0.255 profile-generic { sort_method: li<|>fo } }',
    /\(2\) Last in, first out/,
  ],
  ['a scaler', 'meter m { object a 1-0:1.8.0.255 register { scaler_unit: 10^<|>-1 Wh } }', /= 0.1: scaler -1/],
  [
    'a unit',
    'meter m { object a 1-0:1.8.0.255 register { scaler_unit: 10^-1 W<|>h } }',
    /active energy[\s\S]*Unit `30`/,
  ],
  ['a function', 'meter m { simulate { load: house<|>hold(base: 1, peak: 2) } }', /household\(base, peak, people: 2\)/],
  ['an argument', 'meter m { simulate { load: household(base: 1, pe<|>ak: 2) } }', /W in the highest hour/],
  [
    'a reference to an object',
    'meter m { object e 1-0:1.8.0.255 register { title: "Energy" } object x 1-0:2.8.0.255 register { value: unsigned = <|>e } }',
    /\*\*e\*\* object[\s\S]*1-0:1.8.0.255` Energy[\s\S]*object e 1-0:1.8.0.255 register/,
  ],
  [
    'an attribute behind a dot',
    'meter m { object c 0-0:1.0.0.255 clock { } object p 1-0:99.1.0.255 profile-generic { capture_objects: c.ti<|>me } }',
    /attribute 2 of Clock/,
  ],
  [
    'a simulated value',
    'meter m { simulate { load: 5 } object e 1-0:1.8.0.255 register { value: unsigned = simulate.lo<|>ad } }',
    /simulated value[\s\S]*load: 5/,
  ],
  [
    'a set of rights of a base',
    'use: "base.dlmsmeter"\nmeter m extends base { object a 1-0:1.8.0.255 register { rights: op<|>en } }',
    /\*\*open\*\* rights of `base`/,
  ],
  ['a base', 'use: "base.dlmsmeter"\nmeter m extends ba<|>se { }', /abstract meter base/],
  ['FLAG letters', 'meter m { identity { flag: "IS<|>K" } }', /Iskra/i],
  ['a context', 'meter m { association a { context: LN, no-<|>ciphering } }', /never ciphered/],
  ['a secret', 'meter m { security s suite 0 { master_key: en<|>v("KEK") } }', /environment variable/],
  ['an action', 'meter m { quirk q { ign<|>ore: snrm } }', /hdlc layer/],
  ['a quirk of the catalogue', 'meter m { quirk "no-<|>release" }', /RLRQ is not answered[\s\S]*PR 80/],
  ['a quirk of deviates', 'meter m { quirk q { deviates: "first-<|>block-0" } }', /counted from 0/],
  ['a quirk with a setting', 'meter m { quirk "holds-<|>old-connection" }', /Default: `30s`/],
  ['nothing between words', 'meter m { <|> }', undefined],
  ['nothing in a comment', 'meter m { // cli<|>ent\n }', undefined],
];

describe('hover in templates', () => {
  for (const [what, text, expected] of cases) it(what, () => expectHover(text, expected, undefined, BASE));
});
