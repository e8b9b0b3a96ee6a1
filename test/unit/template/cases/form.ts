import { meterWith } from '../support.ts';
import type { FindingCase } from './case.ts';

/** 1xx: the form of the text. */
export const formCases: readonly FindingCase[] = [
  { code: 'DLMS-101', bad: meterWith('title: "x"«;»'), good: meterWith('title: "x"'), says: "no ';'", suggests: '' },
  {
    code: 'DLMS-101',
    about: 'hash comment',
    bad: meterWith('«#» rights'),
    also: ['DLMS-111'],
    says: "begins with '//'",
  },
  { code: 'DLMS-102', bad: meterWith('title: «"x»'), good: meterWith('title: "x"'), says: 'no end' },
  { code: 'DLMS-103', bad: `${meterWith('')}«/*» never closed`, good: `${meterWith('')}/* closed */` },
  {
    code: 'DLMS-104',
    bad: meterWith('object a «1-0:1.8» data { rights: open   value: unsigned = 0 }'),
    good: meterWith('object a 1-0:1.8.0.255 data { rights: open   value: unsigned = 0 }'),
    says: 'A-B:C.D.E.F',
  },
  {
    code: 'DLMS-105',
    bad: `${meterWith('').trimEnd().slice(0, -1)}  «object» a 1-0:1.8.0.255 data {\n    rights: open\n    value: unsigned = 0\n\n  object b 1-0:2.8.0.255 data { rights: open   value: unsigned = 0 }\n}\n`,
    good: meterWith('object a 1-0:1.8.0.255 data { rights: open   value: unsigned = 0 }'),
    says: "'object' further down",
  },
  { code: 'DLMS-106', bad: `${meterWith('')}«}»`, good: meterWith(''), says: 'closes nothing', suggests: '' },
  { code: 'DLMS-107', bad: meterWith('title: "x" «)»'), good: meterWith('title: "x"'), says: "')' cannot stand here" },
  {
    code: 'DLMS-108',
    bad: meterWith('simulate { load: 5 «+» }'),
    good: meterWith('simulate { load: 5 + 1 }'),
    says: 'a value is missing',
  },
  { code: 'DLMS-108', about: 'list', bad: meterWith('remove: a«,»'), also: ['DLMS-308'], says: 'the next part' },
  { code: 'DLMS-109', bad: meterWith('«title:»'), good: meterWith('title: "x"'), says: "'title' has no value" },
  {
    code: 'DLMS-110',
    bad: meterWith('rights all «=» { public: get }'),
    good: meterWith('rights all { public: get }'),
    says: "cannot stand before '{'",
  },
  { code: 'DLMS-111', bad: meterWith('«object»'), good: meterWith(''), says: 'not finished' },
  { code: 'DLMS-112', bad: `«{» }\n${meterWith('')}`, good: meterWith(''), says: 'needs the kind' },
  {
    code: 'DLMS-113',
    bad: meterWith('simulate { load: noise«(»3 }'),
    good: meterWith('simulate { load: noise(3) }'),
    says: "no ')'",
  },
  {
    code: 'DLMS-114',
    bad: `a: ${'('.repeat(64)}«(»`,
    good: meterWith('simulate { load: ((((5)))) }'),
    also: ['DLMS-113', 'DLMS-108', 'DLMS-203'],
    says: 'inside each other',
  },
];
