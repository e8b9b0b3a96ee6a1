import { meterWith } from '../support.ts';
import type { FindingCase } from './case.ts';

/** 7xx: identity and transports; 8xx: fleets and behaviour. */
export const reachCases: readonly FindingCase[] = [
  {
    code: 'DLMS-701',
    bad: meterWith('').replace('"{flag}{serial}"', '«"{flag}-M1000-{serial}"»'),
    good: meterWith(''),
    says: '18 octets',
  },
  {
    code: 'DLMS-701',
    about: 'last of a fleet',
    bad: `${meterWith('').replace('"{flag}{serial}"', '"{flag}-{n}"')}fleet f of m { count: 2   serial: «from(9999999999999)» }`,
    good: `${meterWith('')}fleet f of m { count: 2   serial: from(1) }`,
    says: '18 octets',
  },
  {
    code: 'DLMS-702',
    bad: meterWith('').replace('"{flag}{serial}"', '«"{serial}"»'),
    good: meterWith(''),
    says: "'ZZV'",
  },
  { code: 'DLMS-703', bad: meterWith('').replace('"ZZV"', '«"ABB"»'), good: meterWith(''), says: 'registered for' },
  {
    code: 'DLMS-704',
    bad: meterWith('', 'system_title: «"ZZV1"»'),
    good: meterWith('', 'system_title: "5A5A560000000001"'),
    says: '16 hex digits',
  },
  {
    code: 'DLMS-705',
    bad: meterWith('').replace('meter m', 'meter «m»').replace('transport lan tcp { port: 4059 }', ''),
    good: meterWith(''),
  },
  {
    code: 'DLMS-706',
    bad: meterWith('transport «b» tcp { port: 4059 }'),
    good: meterWith('transport b tcp { port: 4060 }'),
    says: 'both listen',
  },
  {
    code: 'DLMS-707',
    bad: meterWith('hdlc { address_bytes: 2   server_lower: «serial.last(3) + 16» }'),
    good: meterWith('hdlc { address_bytes: 4   server_lower: serial.last(3) + 16 }'),
    says: '1015',
  },
  {
    code: 'DLMS-801',
    bad: 'abstract meter b { }\nfleet f of «b» { count: 1 }',
    good: `${meterWith('')}fleet f of m { count: 1 }`,
    says: 'abstract',
  },
  {
    code: 'DLMS-802',
    bad: `${meterWith('')}fleet f of m { count: 300   address: «spread("127.1.0.0/24")» }`,
    good: `${meterWith('')}fleet f of m { count: 200   address: spread("127.1.0.0/24") }`,
    says: '256 addresses',
  },
  {
    code: 'DLMS-802',
    about: 'ports',
    bad: `${meterWith('')}fleet f of m { count: 300   address: one("127.0.0.1"), «ports from 65500» }`,
    good: `${meterWith('')}fleet f of m { count: 300   address: one("127.0.0.1"), ports from 40000 }`,
  },
  {
    code: 'DLMS-802',
    about: 'SAPs',
    bad: `${meterWith('')}fleet f of m { count: 300   address: one("127.0.0.1:4059"), «saps from 65500» }`,
    good: `${meterWith('')}fleet f of m { count: 300   address: one("127.0.0.1:4059"), saps from 1 }`,
  },
  {
    code: 'DLMS-803',
    bad: `${meterWith('')}fleet f of m { address: «spread("127.1.0.0")» }`,
    good: `${meterWith('')}fleet f of m { address: spread("127.1.0.0/24") }`,
    says: 'no network',
  },
  {
    code: 'DLMS-804',
    bad: meterWith('quirk «q» { describes: "x" }'),
    good: meterWith('quirk q { describes: "x"   drop: response }'),
  },
  {
    code: 'DLMS-805',
    bad: meterWith('fault «f» { drop: response }'),
    good: meterWith('fault f { probability: 1%   drop: response }'),
  },
  {
    code: 'DLMS-806',
    about: 'a name',
    bad: meterWith('quirk «"first-blok-0"»'),
    good: meterWith('quirk "first-block-0"'),
    says: "Did you mean 'first-block-0'?",
  },
  {
    code: 'DLMS-806',
    about: 'deviates',
    bad: meterWith('quirk q { deviates: "no-release", «"no-relase"» }'),
    good: meterWith('quirk q { deviates: "no-release", "first-block-0" }'),
  },
  {
    code: 'DLMS-807',
    about: 'a range',
    bad: meterWith('quirk "holds-old-connection" { «with: 5» }'),
    good: meterWith('quirk "holds-old-connection" { with: 5s }'),
    says: 'a time from 0s to 600s',
  },
  {
    code: 'DLMS-807',
    about: 'nothing to set',
    bad: meterWith('quirk q { deviates: "no-release", «with 3» }'),
    good: meterWith('quirk q { deviates: "writes-octet-by-octet", with 3 }'),
  },
];
