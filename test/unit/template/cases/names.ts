import { meterWith } from '../support.ts';
import type { FindingCase } from './case.ts';

const base = 'abstract meter base { object a 1-0:1.8.0.255 data { value: unsigned = 0 } }\n';
const derived = (body: string): string => base + meterWith(body).replace('meter m', 'meter m extends base');

/** 3xx: names, files, inheritance. */
export const nameCases: readonly FindingCase[] = [
  {
    code: 'DLMS-301',
    bad: `use: «"missing.dlmsmeter"»\n${meterWith('')}`,
    good: `use: "there.dlmsmeter"\n${meterWith('')}`,
    files: { 'there.dlmsmeter': '' },
  },
  { code: 'DLMS-301', about: 'profile', bad: `use: «"missing.obis.yaml"»\n${meterWith('')}` },
  {
    code: 'DLMS-303',
    about: 'rights',
    bad: meterWith('object a 1-0:1.8.0.255 data { rights: «opne»   value: unsigned = 0 }'),
    good: meterWith('object a 1-0:1.8.0.255 data { rights: open   value: unsigned = 0 }'),
    says: "Did you mean 'open'",
    suggests: 'open',
    also: ['DLMS-511'],
  },
  {
    code: 'DLMS-303',
    about: 'base',
    bad: meterWith('').replace('meter m', 'meter m extends «basis»'),
    says: "no meter 'basis'",
  },
  {
    code: 'DLMS-303',
    about: 'association in rights',
    bad: meterWith('rights a { «pubic»: get }'),
    good: meterWith('rights a { public: get }'),
    suggests: 'public',
  },
  {
    code: 'DLMS-303',
    about: 'fleet',
    bad: `${meterWith('')}fleet f of «n» { count: 1 }`,
    good: `${meterWith('')}fleet f of m { count: 1 }`,
  },
  { code: 'DLMS-303', about: 'profile', bad: meterWith('profile: «nothing»'), says: 'No OBIS profile' },
  {
    code: 'DLMS-304',
    bad: meterWith('rights a { public: get }\nrights «a» { public: get }'),
    good: meterWith('rights a { public: get }\nrights b { public: get }'),
    says: 'two definitions',
  },
  {
    code: 'DLMS-304',
    about: 'meters',
    bad: `${meterWith('')}abstract meter «m» { }`,
    good: `${meterWith('')}abstract meter n { }`,
  },
  {
    code: 'DLMS-304',
    about: 'for inside for',
    bad: meterWith(
      'for T in 1..2 { for «T» in 1..1 { object a{T} 1-0:1.8.{T}.255 data { rights: open   value: unsigned = 0 } } }',
    ),
    also: ['DLMS-304', 'DLMS-505'],
  },
  {
    code: 'DLMS-305',
    bad: 'abstract meter a extends «b» { }\nabstract meter b extends a { }',
    good: 'abstract meter a { }\nabstract meter b extends a { }',
    says: 'b extends a extends b',
    also: ['DLMS-305'],
  },
  {
    code: 'DLMS-306',
    bad: derived('object «a» 1-0:1.8.0.255 data { rights: open   value: unsigned = 1 }'),
    good: derived('override object a { rights: open   value: unsigned = 1 }'),
    says: "Write 'override object a'",
    also: ['DLMS-511'],
  },
  {
    code: 'DLMS-307',
    bad: derived('override object «b» { rights: open }\noverride object a { rights: open }'),
    good: derived('override object a { rights: open }'),
    suggests: 'a',
  },
  {
    code: 'DLMS-308',
    bad: derived('remove: «amber»\noverride object a { rights: open }'),
    good: derived('remove: a'),
  },
  {
    code: 'DLMS-309',
    bad: meterWith('simulate { load: 5   other: 2 * «laod» }'),
    good: meterWith('simulate { load: 5   other: 2 * load }'),
    says: "'laod' means nothing here",
  },
  {
    code: 'DLMS-310',
    bad: `abstract meter base { simulate { other: 2 * load } }\n${meterWith('').replace('meter m', 'meter «m» extends base')}`,
    good: `abstract meter base { simulate { other: 2 * load } }\n${meterWith('simulate { load: 5 }').replace('meter m', 'meter m extends base')}`,
    says: "needs 'load'",
  },
  {
    code: 'DLMS-311',
    bad: meterWith('for T in 1..2 { object a{T} «1-0:1.8.{U}.255» data { rights: open   value: unsigned = 0 } }'),
    good: meterWith('for T in 1..2 { object a{T} 1-0:1.8.{T}.255 data { rights: open   value: unsigned = 0 } }'),
    says: "no 'for' variable",
    suggests: 'T',
  },
  {
    code: 'DLMS-312',
    bad: meterWith('for T in «4..1» { object a{T} 1-0:1.8.{T}.255 data { rights: open   value: unsigned = 0 } }'),
    good: meterWith('for T in 1..4 { object a{T} 1-0:1.8.{T}.255 data { rights: open   value: unsigned = 0 } }'),
    suggests: '1..4',
  },
  {
    code: 'DLMS-312',
    about: 'too many',
    bad: meterWith('for T in «1..90000» { object a{T} 1-0:1.8.{T}.255 data { rights: open } }'),
    says: 'at most',
  },
  {
    code: 'DLMS-313',
    bad: meterWith('simulate { a: «b + 1»   b: a }'),
    good: meterWith('simulate { a: b + 1   b: 2 }'),
    says: 'simulate.a needs simulate.b needs simulate.a',
  },
];
