import { meterWith } from '../support.ts';
import type { FindingCase } from './case.ts';

const keys = 'global_unicast_key: secret("k")   authentication_key: secret("a")';
const gmac = (more: string, security = 's'): string =>
  `${more}\nassociation boss { client: 1   authentication: hls-gmac   context: LN, ciphering   security: ${security}   conformance: get, set }`;

/** 6xx: associations and security. */
export const securityCases: readonly FindingCase[] = [
  {
    code: 'DLMS-601',
    bad: meterWith('association b { client: «16»   authentication: none   conformance: get }'),
    good: meterWith('association b { client: 17   authentication: none   conformance: get }'),
    says: 'same client address 16',
  },
  {
    code: 'DLMS-602',
    bad: meterWith('association «b» { client: 1   authentication: hls-gmac   conformance: get }'),
    good: meterWith(gmac(`security s suite 0 { ${keys} }`)),
    says: "'hls-gmac' needs its keys",
  },
  {
    code: 'DLMS-602',
    about: 'ciphering',
    bad: meterWith('association «b» { client: 1   authentication: none   context: LN, ciphering   conformance: get }'),
    says: 'ciphering needs',
  },
  {
    code: 'DLMS-603',
    bad: meterWith(gmac('security s suite 0 { authentication_key: secret("a") }', '«s»')),
    good: meterWith(gmac(`security s suite 0 { ${keys} }`)),
    says: "'global_unicast_key'",
  },
  {
    code: 'DLMS-603',
    about: 'ecdsa in suite 0',
    bad: meterWith(gmac(`security s suite 0 { ${keys} }`, '«s»').replace('hls-gmac', 'hls-ecdsa')),
    says: 'suite 1 or 2',
  },
  {
    code: 'DLMS-604',
    bad: meterWith('association b { client: 2   authentication: «lls»   conformance: get }'),
    good: meterWith('association b { client: 2   authentication: lls, password secret("p")   conformance: get }'),
    says: 'needs a password',
  },
  {
    code: 'DLMS-605',
    bad: meterWith('association b { client: 2   authentication: lls, password «"12345678"»   conformance: get }'),
    good: meterWith('association b { client: 2   authentication: lls, password secret("p")   conformance: get }'),
  },
  {
    code: 'DLMS-606',
    bad: meterWith('association b { client: 2   authentication: none   conformance: get, «read» }'),
    good: meterWith('association b { client: 2   authentication: none   conformance: get }'),
    says: 'LN referencing',
  },
  {
    code: 'DLMS-607',
    bad: meterWith('rights a { public: get, «set» }'),
    good: meterWith('rights a { public: get }'),
    says: "no 'set'",
  },
  {
    code: 'DLMS-607',
    about: 'protection',
    bad: meterWith('rights a { public: «get(authenticated)» }'),
    good: meterWith('rights a { public: get }'),
    says: 'no ciphering',
  },
  {
    code: 'DLMS-608',
    bad: meterWith('association b { client: 2   authentication: none   context: «SN»   conformance: read }'),
    also: ['DLMS-512'],
    good: meterWith('association b { client: 2   authentication: none   context: LN   conformance: get }'),
    suggests: 'LN',
  },
  {
    code: 'DLMS-609',
    bad: meterWith(
      'transport h tcp { port: 4060   framing: hdlc }\nassociation b { client: «300»   authentication: none   conformance: get }',
    ),
    good: meterWith('association b { client: 300   authentication: none   conformance: get }'),
  },
  {
    code: 'DLMS-610',
    bad: meterWith('')
      .replace('meter m', 'meter «m»')
      .replace(/ {2}association.*\n/, '')
      .replace('rights open { public: get }', '')
      .replace(/ {2}object.*\n/, ''),
    good: meterWith(''),
  },
];
