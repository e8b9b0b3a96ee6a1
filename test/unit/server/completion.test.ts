import assert from 'node:assert/strict';
import { documentationOf, type ExpectedCompletion, expectCompletion, type Files } from './kit.ts';

const METER =
  'meter m {\n  association reader { client: 2 }\n  association public { client: 16 }\n  rights open { reader: get }\n';

const BASE: Files = {
  'base.dlmsmeter':
    'abstract meter base {\n  rights open { reader: get }\n  object clock 0-0:1.0.0.255 clock { rights: open }\n  object energy 1-0:1.8.0.255 register { rights: open }\n}\n',
  'plan.obis.yaml': 'format: 1\nprofile: plan\nobjects: []\n',
  'notes.txt': '',
  'lib/more.dlmsmeter': '',
};

const cases: readonly (readonly [what: string, text: string, expected: ExpectedCompletion])[] = [
  // Entries
  ['kinds at the top level', '<|>', { exactly: ['meter', 'fleet', 'check', 'class', 'use', 'abstract'] }],
  ['kinds at the top level while typing', 'me<|>', { includes: ['meter', 'fleet'] }],
  [
    'kinds and properties of a meter',
    'meter m {\n  <|>\n}',
    { includes: ['object', 'identity', 'title'], excludes: ['fleet', 'client', 'override'] },
  ],
  ['single blocks once', 'meter m {\n  identity { }\n  <|>\n}', { includes: ['object'], excludes: ['identity'] }],
  [
    'override in a derived meter',
    'use: "base.dlmsmeter"\nmeter m extends base {\n  ov<|>\n}',
    { includes: ['override'] },
  ],
  [
    'properties of an association',
    `${METER}  association x { <|> }\n}`,
    { begins: ['client', 'authentication', 'conformance'], includes: ['security', 'max_pdu'] },
  ],
  [
    'properties that are there no more',
    `${METER}  association x {\n client: 1\n <|> }\n}`,
    { excludes: ['client'], includes: ['server'] },
  ],
  [
    'properties behind others on the line',
    `${METER}  transport lan tcp { port: 4059   fra<|> }\n}`,
    { includes: ['framing'], excludes: ['port'] },
  ],
  [
    'attributes of the class',
    `${METER}  object a 1-0:1.8.0.255 register {\n    <|>\n  }\n}`,
    { includes: ['value', 'scaler_unit', 'rights', 'title'], excludes: ['logical_name', 'capture_objects'] },
  ],
  [
    'attributes of a class by number',
    `${METER}  object a 0-0:98.1.0.255 7 { <|> }\n}`,
    { includes: ['capture_objects', 'prefill'] },
  ],
  [
    'attributes of an overridden object',
    'use: "base.dlmsmeter"\nmeter m extends base { override object energy { <|> } }',
    { includes: ['value', 'scaler_unit'] },
  ],
  [
    'attributes inside of for',
    `${METER}  for T in 1..2 { object a{T} 1-0:1.8.{T}.255 register { <|> } }\n}`,
    { includes: ['value'] },
  ],
  ['associations in a set of rights', `${METER}  rights more { <|> }\n}`, { includes: ['reader', 'public'] }],
  [
    'only the missing associations',
    `${METER}  rights more { reader: get\n <|> }\n}`,
    { begins: ['public'], excludes: ['reader'] },
  ],
  ['an unclosed block', 'meter m {\n  association a {\n    cli<|>', { includes: ['client'] }],
  ['a block between others', `${METER}  ob<|>\n  object a 1-0:1.8.0.255 register { }\n}`, { includes: ['object'] }],
  ['actions of a quirk', 'meter m { quirk q { <|> } }', { includes: ['describes', 'delay', 'ignore', 'answer'] }],
  ['quirks of the catalogue', 'meter m { quirk <|> }', { taking: ['no-release', 'meter m { quirk "no-release" }'] }],
  [
    'quirks in quotes',
    'meter m {\n  quirk "no-<|>\n}',
    { taking: ['no-release', 'meter m {\n  quirk "no-release\n}'] },
  ],
  [
    'quirks of deviates',
    'meter m { quirk q { deviates: <|> } }',
    { taking: ['first-block-0', 'meter m { quirk q { deviates: "first-block-0" } }'] },
  ],
  [
    'quirks of deviates in quotes',
    'meter m { quirk q { deviates: "fi<|>" } }',
    { taking: ['first-block-0', 'meter m { quirk q { deviates: "first-block-0" } }'] },
  ],
  ['identity in vary', 'meter m { }\nfleet f of m { vary { <|> } }', { includes: ['firmware', 'serial'] }],
  ['nothing in a comment', 'meter m { // <|>\n}', { exactly: [] }],
  ['nothing in a block comment', 'meter m { /* <|> */ }', { exactly: [] }],
  ['a snippet of a block', 'fl<|>', { taking: ['fleet', 'fleet name of meter {\n\t\n}'] }],
  ['a property with its quotes', 'meter m { ti<|> }', { taking: ['title', 'meter m { title: "" }'] }],
  // Heads
  ['words of a head', 'meter m { transport lan <|> }', { exactly: ['tcp', 'udp', 'serial'] }],
  ['keywords of a head', 'meter m { security s <|> }', { exactly: ['suite'] }],
  ['numbers of a head', 'meter m { security s suite <|> }', { exactly: ['0', '1', '2'] }],
  ['meters to extend', 'use: "base.dlmsmeter"\nmeter m extends <|> { }', { includes: ['base'] }],
  ['meters of a fleet', 'meter m { }\nfleet f of <|> { }', { exactly: ['m'] }],
  [
    'kinds behind override',
    'use: "base.dlmsmeter"\nmeter m extends base { override <|> }',
    { includes: ['object', 'rights'] },
  ],
  [
    'inherited names behind override',
    'use: "base.dlmsmeter"\nmeter m extends base { override object <|> }',
    { exactly: ['clock', 'energy'] },
  ],
  [
    'methods behind on',
    'meter m { object d 0-0:96.3.10.255 disconnect-control { on <|> { } } }',
    { exactly: ['remote_disconnect', 'remote_reconnect'] },
  ],
  [
    'attributes and methods behind access',
    'meter m { object d 0-0:96.3.10.255 disconnect-control { access <|> { } } }',
    { includes: ['output_state', 'remote_disconnect'] },
  ],
  [
    'classes, the usual ones first',
    'meter m { object c 0-0:1.0.0.255 <|> { } }',
    { begins: ['clock'], includes: ['register', 'profile-generic'] },
  ],
  // OBIS by meaning
  ['objects by meaning', 'meter m { object vol<|> }', { begins: ['Voltage L1', 'Voltage L2', 'Voltage L3'] }],
  ['objects by several words', 'meter m {\n  object voltage l2<|>\n}', { includes: ['Voltage L2'] }],
  [
    'an object with code, class and body',
    'meter m {\nobject voltage l2<|>\n}',
    {
      taking: [
        'Voltage L2',
        'meter m {\nobject voltage 1-0:52.7.0.255 register {\n\tvalue: double-long-unsigned = 0\n\tscaler_unit: 10^0 V\n\t\n}\n}',
      ],
    },
  ],
  [
    'an object with name, code, class and body',
    'meter m {\nobject clock<|>\n}',
    { taking: ['Clock', 'meter m {\nobject clock 0-0:1.0.0.255 clock {\n\t\n}\n}'] },
  ],
  [
    'codes behind a name',
    'meter m { object u voltage l2<|> { } }',
    { taking: ['Voltage L2', 'meter m { object u 1-0:52.7.0.255 register { } }'] },
  ],
  ['codes by their digits', 'meter m { object u 1-0:32<|> { } }', { includes: ['Voltage L1'] }],
  [
    'the rights of the meter in the body',
    `${METER}object clock<|>\n}`,
    { taking: ['Clock', `${METER}object clock 0-0:1.0.0.255 clock {\n\trights: open\n\t\n}\n}`] },
  ],
  // Values
  [
    'mechanisms',
    `${METER}  association x { authentication: <|> }\n}`,
    { exactly: ['none', 'lls', 'hls', 'hls-md5', 'hls-sha1', 'hls-gmac', 'hls-sha256', 'hls-ecdsa'] },
  ],
  [
    'the password behind a mechanism',
    `${METER}  association x { authentication: lls, <|> }\n}`,
    { includes: ['password secret'] },
  ],
  [
    'bits that exist with LN',
    `${METER}  association x { conformance: <|> }\n}`,
    { includes: ['get', 'action'], excludes: ['read', 'write'] },
  ],
  [
    'bits that exist with SN',
    `${METER}  association x { context: SN\n conformance: <|> }\n}`,
    { includes: ['read', 'parameterized-access'], excludes: ['get'] },
  ],
  [
    'bits of an SN meter',
    'meter m { identity { referencing: SN } association x { conformance: <|> } }',
    { includes: ['read'], excludes: ['get'] },
  ],
  [
    'bits that are not there yet',
    `${METER}  association x { conformance: get, <|> }\n}`,
    { includes: ['set'], excludes: ['get'] },
  ],
  [
    'bits in the next line',
    `${METER}  association x {\n conformance: get,\n   <|>\n }\n}`,
    { includes: ['set'], excludes: ['get', 'client'] },
  ],
  ['sets of rights', `${METER}  object a 1-0:1.8.0.255 register { rights: <|> }\n}`, { exactly: ['open'] }],
  [
    'inherited sets of rights',
    'use: "base.dlmsmeter"\nmeter m extends base { object a 1-0:2.8.0.255 register { rights: <|> } }',
    { exactly: ['open'] },
  ],
  [
    'rights of an association',
    `${METER}  rights more { reader: <|> }\n}`,
    { exactly: ['none', 'get', 'set', 'action'] },
  ],
  [
    'protection of a right',
    `${METER}  rights more { reader: set(<|>) }\n}`,
    { exactly: ['authenticated', 'encrypted', 'signed'] },
  ],
  [
    'associations of an object',
    `${METER}  object a 1-0:1.8.0.255 register { access: <|> }\n}`,
    { begins: ['reader', 'public'] },
  ],
  [
    'what an association may do with an object',
    `${METER}  object a 1-0:1.8.0.255 register { access: reader <|> }\n}`,
    { begins: ['none', 'get', 'set', 'action'] },
  ],
  ['words of a closed set', 'meter m { identity { referencing: <|> } }', { exactly: ['LN', 'SN', 'both'] }],
  ['securities', 'meter m { security guard suite 0 { }  association x { security: <|> } }', { exactly: ['guard'] }],
  ['secrets', 'meter m { security s suite 0 { master_key: <|> } }', { exactly: ['secret', 'env', 'file'] }],
  [
    'names of secrets',
    'meter m { security s suite 0 { master_key: secret("a/kek")\n authentication_key: secret("<|>") } }',
    { exactly: ['a/kek'] },
  ],
  [
    'data types of a value',
    `${METER}  object a 1-0:1.8.0.255 register { value: <|> }\n}`,
    { includes: ['double-long-unsigned =', 'integrate'] },
  ],
  [
    'a type with its equals sign',
    `${METER}  object a 1-0:1.8.0.255 register { value: lo<|> }\n}`,
    { taking: ['long-unsigned =', `${METER}  object a 1-0:1.8.0.255 register { value: long-unsigned =  }\n}`] },
  ],
  [
    'functions and names in a value',
    'meter m { simulate { load: 1 }  object a 1-0:1.8.0.255 register { value: unsigned = <|> } }',
    { includes: ['simulate.load', 'noise', 'a', 'identity'], excludes: ['unsigned ='] },
  ],
  [
    'for variables',
    'meter m { for T in 1..2 { object a{T} 1-0:1.8.{T}.255 register { value: unsigned = <|> } } }',
    { begins: ['T'] },
  ],
  [
    'arguments of a function',
    'meter m { simulate { load: household(<|>) } }',
    { begins: ['base:', 'peak:', 'people:'] },
  ],
  [
    'words of an argument',
    'meter m { simulate { load: maximum(1, since: <|>) } }',
    { exactly: ['billing_reset', 'day', 'month', 'year', 'start'] },
  ],
  [
    'simulated values',
    'meter m { simulate { load: 1 }  object a 1-0:1.8.0.255 register { value: unsigned = simulate.<|> } }',
    { exactly: ['load'] },
  ],
  [
    'identity',
    'meter m { object a 0-0:42.0.0.255 data { value: octet-string = identity.<|> } }',
    { includes: ['serial', 'logical_device_name'] },
  ],
  [
    'words of an enumeration',
    'meter m { object p 1-0:99.1.0.255 profile-generic { sort_method: <|> } }',
    { begins: ['fifo', 'lifo', 'largest', 'smallest'] },
  ],
  [
    'objects to capture',
    'meter m { object c 0-0:1.0.0.255 clock { }  object p 1-0:99.1.0.255 profile-generic { capture_objects: <|> } }',
    { includes: ['c', 'p'], excludes: ['noise'] },
  ],
  [
    'attributes to capture',
    'meter m { object c 0-0:1.0.0.255 clock { }  object p 1-0:99.1.0.255 profile-generic { capture_objects: c.<|> } }',
    { includes: ['time', 'status'], excludes: ['logical_name'] },
  ],
  [
    'scalers with the usual unit',
    'meter m { object a 1-0:1.8.0.255 register { scaler_unit: <|> } }',
    { begins: ['10^0 Wh', '10^-1 Wh'] },
  ],
  [
    'units, the usual one first',
    'meter m { object a 1-0:32.7.0.255 register { scaler_unit: 10^-1 <|> } }',
    { begins: ['V'], includes: ['Wh', 'A', 'm³'] },
  ],
  ['files beside this one', 'use: "<|>"', { exactly: ['base.dlmsmeter', 'plan.obis.yaml', 'lib/'] }],
  ['files of a folder', 'use: "lib/<|>"', { exactly: ['more.dlmsmeter'] }],
  ['profiles in use', 'use: "plan.obis.yaml"\nmeter m { profile: <|> }', { exactly: ['plan'] }],
  ['FLAG letters', 'meter m { identity { flag: "<|>" } }', { includes: ['LGZ', 'ISK'] }],
  ['placeholders of a text', 'meter m { identity { serial: "{<|>" } }', { includes: ['n:08', 'flag'] }],
  ['addresses of a fleet', 'meter m { }\nfleet f of m { address: <|> }', { exactly: ['spread', 'one'] }],
  [
    'ports behind an address',
    'meter m { }\nfleet f of m { address: one("127.0.0.1"), <|> }',
    { exactly: ['ports from', 'saps from'] },
  ],
  [
    'words of an action',
    'meter m { quirk q { ignore: <|> } }',
    { begins: ['snrm', 'disc', 'aarq', 'rlrq', 'request'] },
  ],
  [
    'what to remove',
    'use: "base.dlmsmeter"\nmeter m extends base { remove: <|> }',
    { includes: ['open', 'clock', 'energy'] },
  ],
  [
    'attributes of a check',
    'meter m { object c 0-0:1.0.0.255 clock { } }\ncheck k on m { get: c.<|> }',
    { includes: ['time'] },
  ],
];

describe('completion in templates', () => {
  for (const [what, text, expected] of cases) it(what, () => expectCompletion(text, expected, undefined, BASE));

  it('resolves the documentation of a kind', () =>
    assert.match(documentationOf('<|>', 'fleet'), /each with its own serial/));
  it('resolves the documentation of a class', () =>
    assert.match(documentationOf('meter m { object c 0-0:1.0.0.255 <|> { } }', 'clock'), /`time_zone`/));
  it('resolves the documentation of a code', () =>
    assert.match(documentationOf('meter m { object vol<|> }', 'Voltage L2'), /\| C \| 52 \|/));
  it('resolves the documentation of a function', () =>
    assert.match(documentationOf('meter m { simulate { a: <|> } }', 'household'), /`peak` W in the highest hour/));
});
