import { PROVIDER_DIAGNOSTICS, RESULTS, USER_DIAGNOSTICS } from '../acse/aare.ts';
import { applicationContextFromOid, applicationContextOid, mechanismFromOid, mechanismOid } from '../acse/names.ts';
import { REQUEST_REASONS, RESPONSE_REASONS } from '../acse/release.ts';
import type { Aare, Aarq, AuthenticationValue, Rlre, Rlrq, Undecodable } from '../acse/types.ts';
import type { RequestInformation, ResponseInformation } from '../acse/user-information.ts';
import { fromHex, toHex } from '../hex.ts';
import type { ElementReader } from './element-reader.ts';
import { readConfirmedServiceErrorXml, writeConfirmedServiceErrorXml } from './error-xml.ts';
import {
  readInitiateRequestXml,
  readInitiateResponseXml,
  writeInitiateRequestXml,
  writeInitiateResponseXml,
} from './initiate-xml.ts';
import { readProtectedXml, writeProtectedXml } from './protected-xml.ts';
import { hexOf, nameFromXml, nameToXml } from './xml-names.ts';
import type { XmlWriter } from './xml-writer.ts';

const CONTEXT_NAMES: Readonly<Record<string, string>> = {
  ln: 'LN',
  sn: 'SN',
  'ln-ciphered': 'LN_WITH_CIPHERING',
  'sn-ciphered': 'SN_WITH_CIPHERING',
};
const MECHANISM_NAMES: Readonly<Record<string, string>> = {
  lowest: 'LOWEST_SECURITY',
  lls: 'LOW_SECURITY',
  'hls-manufacturer': 'HIGH_SECURITY',
  'hls-md5': 'HIGH_SECURITY_MD5',
  'hls-sha1': 'HIGH_SECURITY_SHA1',
  'hls-gmac': 'HIGH_SECURITY_GMAC',
  'hls-sha256': 'HIGH_SECURITY_SHA256',
  'hls-ecdsa': 'HIGH_SECURITY_ECDSA',
};
/** Mechanisms by the names of other translators. */
const OTHER_MECHANISMS: Readonly<Record<string, string>> = {
  none: 'lowest',
  low: 'lls',
  high: 'hls-manufacturer',
  highmd5: 'hls-md5',
  highsha1: 'hls-sha1',
  highgmac: 'hls-gmac',
  highsha256: 'hls-sha256',
  highecdsa: 'hls-ecdsa',
};
/** Content of the BIT STRING with one bit, and without. */
const REQUIREMENTS: Readonly<Record<string, string>> = { '0780': '1', '0700': '0' };

/** Optional components of AARQ and AARE, by what they hold; the first name is written. */
const REQUEST_OCTETS = [
  ['calledApTitle', 'CalledAPTitle'],
  ['calledAeQualifier', 'CalledAEQualifier'],
  ['callingApTitle', 'CallingAPTitle'],
  ['callingAeQualifier', 'CallingAEQualifier'],
] as const;
const REQUEST_NUMBERS = [
  ['calledApInvocationId', 'CalledAPInvocationId'],
  ['calledAeInvocationId', 'CalledAEInvocationId'],
  ['callingApInvocationId', 'CallingAPInvocationId'],
  ['callingAeInvocationId', 'CallingAEInvocationId'],
] as const;
const RESPONSE_OCTETS = [
  ['respondingApTitle', 'RespondingAPTitle'],
  ['respondingAeQualifier', 'RespondingAEQualifier'],
] as const;
const RESPONSE_NUMBERS = [
  ['respondingApInvocationId', 'RespondingAPInvocationId'],
  ['respondingAeInvocationId', 'RespondingAEInvocationId'],
] as const;

export function writeAarqXml(w: XmlWriter, apdu: Aarq): void {
  w.element('AssociationRequest', () => {
    if (apdu.protocolVersion !== undefined) w.octets('ProtocolVersion', apdu.protocolVersion);
    writeNamed(w, 'ApplicationContextName', apdu.applicationContext, CONTEXT_NAMES, applicationContextOid);
    for (const [member, name] of REQUEST_OCTETS) writeOctets(w, name, apdu[member]);
    for (const [member, name] of REQUEST_NUMBERS) writeNumber(w, name, apdu[member]);
    writeRequirements(w, 'SenderACSERequirements', apdu.acseRequirements);
    if (apdu.mechanism !== undefined) writeNamed(w, 'MechanismName', apdu.mechanism, MECHANISM_NAMES, mechanismOid);
    writeAuthentication(w, 'CallingAuthenticationValue', apdu.authValue);
    writeOctets(w, 'ImplementationInformation', apdu.implementationInformation);
    if (apdu.userInformation !== undefined) writeUserInformation(w, apdu.userInformation);
  });
}

export function readAarqXml(x: ElementReader): Aarq {
  return {
    kind: 'aarq',
    ...optionalOctets(x, [['protocolVersion', 'ProtocolVersion']]),
    applicationContext: x.child('ApplicationContextName', readContext),
    ...optionalOctets(x, REQUEST_OCTETS),
    ...optionalNumbers(x, REQUEST_NUMBERS),
    ...readRequirements(x, ['SenderACSERequirements', 'SenderAcseRequirements']),
    ...readMechanism(x),
    ...readAuthentication(x, ['CallingAuthenticationValue', 'CallingAuthentication']),
    ...optionalOctets(x, [['implementationInformation', 'ImplementationInformation']]),
    ...readInformation(x, readRequestInformation),
  };
}

export function writeAareXml(w: XmlWriter, apdu: Aare): void {
  w.element('AssociationResponse', () => {
    if (apdu.protocolVersion !== undefined) w.octets('ProtocolVersion', apdu.protocolVersion);
    writeNamed(w, 'ApplicationContextName', apdu.applicationContext, CONTEXT_NAMES, applicationContextOid);
    w.number('AssociationResult', RESULTS.indexOf(apdu.result), 1);
    w.element('ResultSourceDiagnostic', () => writeDiagnostic(w, apdu.diagnostic));
    for (const [member, name] of RESPONSE_OCTETS) writeOctets(w, name, apdu[member]);
    for (const [member, name] of RESPONSE_NUMBERS) writeNumber(w, name, apdu[member]);
    writeRequirements(w, 'ResponderACSERequirement', apdu.acseRequirements);
    if (apdu.mechanism !== undefined) writeNamed(w, 'MechanismName', apdu.mechanism, MECHANISM_NAMES, mechanismOid);
    writeAuthentication(w, 'RespondingAuthenticationValue', apdu.authValue);
    writeOctets(w, 'ImplementationInformation', apdu.implementationInformation);
    if (apdu.userInformation !== undefined) writeUserInformation(w, apdu.userInformation);
  });
}

function writeDiagnostic(w: XmlWriter, { source, value }: Aare['diagnostic']): void {
  const user = source === 'acse-service-user';
  const number = (user ? USER_DIAGNOSTICS : PROVIDER_DIAGNOSTICS).numberOf(value);
  if (number === undefined) throw new TypeError(`'${value}' is not a diagnostic of ${source}`);
  w.number(user ? 'ACSEServiceUser' : 'ACSEServiceProvider', number, 1);
}

export function readAareXml(x: ElementReader): Aare {
  return {
    kind: 'aare',
    ...optionalOctets(x, [['protocolVersion', 'ProtocolVersion']]),
    applicationContext: x.child('ApplicationContextName', readContext),
    result: x.child('AssociationResult', (value) => {
      const result = RESULTS[value.number(1)];
      return result ?? value.fail('bad-value', `'${value.attribute('Value')}'`, '00, 01 or 02');
    }),
    diagnostic: x.child('ResultSourceDiagnostic', (diagnostic) => diagnostic.only('a diagnostic', readDiagnostic)),
    ...optionalOctets(x, RESPONSE_OCTETS),
    ...optionalNumbers(x, RESPONSE_NUMBERS),
    ...readRequirements(x, ['ResponderACSERequirement', 'ResponderACSERequirements']),
    ...readMechanism(x),
    ...readAuthentication(x, ['RespondingAuthenticationValue', 'RespondingAuthentication']),
    ...optionalOctets(x, [['implementationInformation', 'ImplementationInformation']]),
    ...readInformation(x, readResponseInformation),
  };
}

function readDiagnostic(x: ElementReader): Aare['diagnostic'] {
  const user = x.is('ACSEServiceUser');
  if (!user && !x.is('ACSEServiceProvider')) {
    x.fail('unknown-element', x.name, 'ACSEServiceUser or ACSEServiceProvider');
  }
  const names = user ? USER_DIAGNOSTICS : PROVIDER_DIAGNOSTICS;
  return { source: user ? 'acse-service-user' : 'acse-service-provider', value: names.nameOf(x.number(1)) };
}

export function writeRlrqXml(w: XmlWriter, apdu: Rlrq): void {
  w.element('ReleaseRequest', () => {
    if (apdu.reason !== undefined) w.value('Reason', nameToXml(REQUEST_REASONS, apdu.reason));
    if (apdu.userInformation !== undefined) writeUserInformation(w, apdu.userInformation);
  });
}

export function readRlrqXml(x: ElementReader): Rlrq {
  const reason = x.optional('Reason', (value) => readReason(value, REQUEST_REASONS));
  const information = readInformation(x, readRequestInformation);
  return { kind: 'rlrq', ...(reason === undefined ? {} : { reason }), ...information };
}

export function writeRlreXml(w: XmlWriter, apdu: Rlre): void {
  w.element('ReleaseResponse', () => {
    if (apdu.reason !== undefined) w.value('Reason', nameToXml(RESPONSE_REASONS, apdu.reason));
    if (apdu.userInformation !== undefined) writeUserInformation(w, apdu.userInformation);
  });
}

export function readRlreXml(x: ElementReader): Rlre {
  const reason = x.optional('Reason', (value) => readReason(value, RESPONSE_REASONS));
  const information = readInformation(x, readResponseInformation);
  return { kind: 'rlre', ...(reason === undefined ? {} : { reason }), ...information };
}

function readReason(x: ElementReader, reasons: typeof REQUEST_REASONS): string {
  const value = x.attribute('Value') ?? '';
  return nameFromXml(reasons, value) ?? x.fail('bad-value', `'${value}'`, `a ${reasons.describe()}`);
}

function writeNamed(
  w: XmlWriter,
  element: string,
  value: string,
  names: Readonly<Record<string, string>>,
  oid: (name: string) => string | undefined,
): void {
  const text = names[value] ?? oid(value)?.toUpperCase();
  if (text === undefined) throw new TypeError(`'${value}' has no object identifier`);
  w.value(element, text);
}

function readContext(x: ElementReader): Aarq['applicationContext'] {
  return applicationContextFromOid(readNamed(x, CONTEXT_NAMES, applicationContextOid));
}

/** The content of the object identifier, from a name or in hex. */
function readNamed(
  x: ElementReader,
  names: Readonly<Record<string, string>>,
  oidOf: (name: string) => string | undefined,
  others: Readonly<Record<string, string>> = {},
): Uint8Array {
  const value = (x.attribute('Value') ?? '').toUpperCase();
  const own =
    Object.keys(names).find((name) => names[name] === value) ?? others[value.replace(/[-_ ]/g, '').toLowerCase()];
  const oid = own === undefined ? value : oidOf(own);
  return x.checked(() => fromHex(oid ?? value));
}

function readMechanism(x: ElementReader): Pick<Aarq, 'mechanism'> {
  const oid = x.optional('MechanismName', (value) => readNamed(value, MECHANISM_NAMES, mechanismOid, OTHER_MECHANISMS));
  return oid === undefined ? {} : { mechanism: mechanismFromOid(oid) };
}

function writeOctets(w: XmlWriter, name: string, octets: Uint8Array | undefined): void {
  if (octets !== undefined) w.octets(name, octets);
}

function writeNumber(w: XmlWriter, name: string, value: number | undefined): void {
  if (value !== undefined) w.value(name, hexOf(value, value > 0xffff ? 4 : value > 0xff ? 2 : 1));
}

/** The members that are there: absent components have no member. */
function optionalOctets<Member extends string>(
  x: ElementReader,
  elements: readonly (readonly [Member, string])[],
): Partial<Record<Member, Uint8Array>> {
  const found: Partial<Record<Member, Uint8Array>> = {};
  for (const [member, name] of elements) {
    const octets = x.optional(name, (value) => value.octets());
    if (octets !== undefined) found[member] = octets;
  }
  return found;
}

function optionalNumbers<Member extends string>(
  x: ElementReader,
  elements: readonly (readonly [Member, string])[],
): Partial<Record<Member, number>> {
  const found: Partial<Record<Member, number>> = {};
  for (const [member, name] of elements) {
    const number = x.optional(name, (value) => value.number(4));
    if (number !== undefined) found[member] = number;
  }
  return found;
}

function writeRequirements(w: XmlWriter, name: string, octets: Uint8Array | undefined): void {
  if (octets === undefined) return;
  const hex = toHex(octets);
  w.value(name, REQUIREMENTS[hex] ?? hex.toUpperCase());
}

function readRequirements(x: ElementReader, names: readonly string[]): Pick<Aarq, 'acseRequirements'> {
  const octets = x.optional(names, (element) => {
    const value = element.attribute('Value') ?? '';
    const hex = Object.keys(REQUIREMENTS).find((content) => REQUIREMENTS[content] === value) ?? value;
    return element.checked(() => fromHex(hex));
  });
  return octets === undefined ? {} : { acseRequirements: octets };
}

function writeAuthentication(w: XmlWriter, name: string, value: AuthenticationValue | undefined): void {
  if (value === undefined) return;
  w.octets(name, value.octets, value.form === 'charstring' ? '' : ` Form="${value.form}"`);
}

function readAuthentication(x: ElementReader, names: readonly string[]): Pick<Aarq, 'authValue'> {
  const value = x.optional(names, (element): AuthenticationValue => {
    const form = element.attribute('Form') ?? 'charstring';
    if (form !== 'charstring' && form !== 'bitstring' && form !== 'external' && form !== 'other') {
      return element.fail('bad-value', `Form '${form}'`, 'charstring, bitstring, external or other');
    }
    return { form, octets: element.octets() };
  });
  return value === undefined ? {} : { authValue: value };
}

function writeUserInformation(w: XmlWriter, information: RequestInformation | ResponseInformation): void {
  switch (information.kind) {
    case 'undecodable':
      w.octets('UserInformation', information.octets);
      break;
    case 'initiate-request':
      writeInitiateRequestXml(w, information);
      break;
    case 'initiate-response':
      writeInitiateResponseXml(w, information);
      break;
    case 'confirmed-service-error':
      writeConfirmedServiceErrorXml(w, information);
      break;
    default:
      writeProtectedXml(w, information);
  }
}

/** User-information is what is left when all other components have been read. */
function readInformation<T>(x: ElementReader, read: (x: ElementReader) => T): { userInformation?: T } {
  const [information, ...more] = x.list(read);
  if (more.length > 0) x.fail('unknown-element', 'two elements of user-information', 'one at most');
  return information === undefined ? {} : { userInformation: information };
}

function readRequestInformation(x: ElementReader): RequestInformation {
  if (x.is('InitiateRequest')) return readInitiateRequestXml(x);
  return readProtectedXml(x) ?? readUndecodable(x);
}

function readResponseInformation(x: ElementReader): ResponseInformation {
  if (x.is('InitiateResponse')) return readInitiateResponseXml(x);
  if (x.is('ConfirmedServiceError')) return readConfirmedServiceErrorXml(x);
  return readProtectedXml(x) ?? readUndecodable(x);
}

function readUndecodable(x: ElementReader): Undecodable {
  if (!x.is('UserInformation')) x.fail('unknown-element', x.name, 'a component of the association');
  return { kind: 'undecodable', octets: x.octets(), why: 'given as octets' };
}
