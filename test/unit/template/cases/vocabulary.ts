import { meterWith } from '../support.ts';
import type { FindingCase } from './case.ts';

/** 2xx: words of the vocabulary and where they stand. */
export const vocabularyCases: readonly FindingCase[] = [
  {
    code: 'DLMS-201',
    bad: meterWith('«objekt» a 1-0:1.8.0.255 data { rights: open   value: unsigned = 0 }'),
    good: meterWith('object a 1-0:1.8.0.255 data { rights: open   value: unsigned = 0 }'),
    says: "Did you mean 'object'",
    suggests: 'object',
  },
  {
    code: 'DLMS-202',
    bad: `${meterWith('')}«association» a { client: 1 }`,
    good: meterWith('association a { client: 1   authentication: none   conformance: get }'),
    says: "belongs into 'meter'",
  },
  {
    code: 'DLMS-203',
    bad: meterWith('«titel»: "x"'),
    good: meterWith('title: "x"'),
    says: "Did you mean 'title'",
    suggests: 'title',
  },
  { code: 'DLMS-204', bad: meterWith('title: "x"\n«title»: "y"'), good: meterWith('title: "x"'), says: 'stands twice' },
  {
    code: 'DLMS-205',
    bad: meterWith('hdlc { address_bytes: 1 }\n«hdlc» { address_bytes: 1 }'),
    good: meterWith('hdlc { address_bytes: 1 }'),
    says: 'stands twice',
  },
  {
    code: 'DLMS-206',
    about: 'label missing',
    bad: meterWith('«security» keys { }'),
    good: meterWith('security keys suite 0 { }'),
    says: "lacks its word 'suite'",
  },
  {
    code: 'DLMS-206',
    about: 'word unknown',
    bad: meterWith('transport b «tpc» { port: 1 }'),
    good: meterWith('transport b tcp { port: 1 }'),
    says: "Did you mean 'tcp'",
    suggests: 'tcp',
  },
  {
    code: 'DLMS-206',
    about: 'too much',
    bad: meterWith('rights a «b» { public: get }'),
    good: meterWith('rights a { public: get }'),
    says: 'too much',
  },
  {
    code: 'DLMS-206',
    about: 'abstract object',
    bad: meterWith('«abstract» object a 1-0:1.8.0.255 data { rights: open   value: unsigned = 0 }'),
    says: 'Only meters can be abstract',
  },
  {
    code: 'DLMS-207',
    bad: meterWith('«hdlc»: 1'),
    good: meterWith('hdlc { address_bytes: 1 }'),
    says: 'is a block',
  },
  {
    code: 'DLMS-207',
    about: 'property as block',
    bad: meterWith('«title» { }'),
    good: meterWith('title: "x"'),
    says: 'is a property',
  },
  {
    code: 'DLMS-208',
    bad: meterWith('association «a» { client: 3   conformance: get }'),
    good: meterWith('association a { client: 3   authentication: none   conformance: get }'),
    says: "has no 'authentication'",
  },
  {
    code: 'DLMS-208',
    about: 'identity',
    bad: meterWith('').replace('vendor: "Vendor"', '').replace('meter m', 'meter «m»'),
    good: meterWith(''),
    says: "has no 'vendor'",
  },
];
