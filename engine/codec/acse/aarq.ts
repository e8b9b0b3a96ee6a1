import { fromHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { readAuthenticationValue, writeAuthenticationValue } from './authentication-value.ts';
import {
  ACSE_CLAUSE,
  readContent,
  readExplicitInteger,
  readExplicitOctets,
  writeContent,
  writeExplicitInteger,
  writeExplicitOctets,
  writeExplicitOid,
} from './ber.ts';
import { ComponentOrder, skipComponent } from './components.ts';
import { applicationContextOid, mechanismOid } from './names.ts';
import { readApplicationContext, readApTitle, readMechanism } from './read-names.ts';
import type { Aarq } from './types.ts';
import { readRequestInformation, writeUserInformation } from './user-information.ts';

type Parts = { -readonly [K in keyof Aarq]?: Aarq[K] };

/** AARQ (tag 60h). */
export function readAarq(r: Reader): Aarq {
  r.layer = 'acse';
  r.begin('aarq', ACSE_CLAUSE);
  r.tag('tag', 'aarq');
  const from = r.pos;
  const outer = r.enter(r.length('length'), 'AARQ');
  const parts: Parts = {};
  const order = new ComponentOrder();
  while (r.remaining > 0) readComponent(r, order.next(r), parts);
  r.leave(outer, 'AARQ');
  r.close();
  const { applicationContext, ...rest } = parts;
  if (applicationContext === undefined) {
    return r.fail('bad-value', 'no application-context-name', 'component A1', from);
  }
  return { kind: 'aarq', applicationContext, ...rest };
}

function readComponent(r: Reader, tag: number, parts: Parts): void {
  switch (tag) {
    case 0x80:
      parts.protocolVersion = readContent(r, 'protocol-version');
      break;
    case 0xa1:
      parts.applicationContext = readApplicationContext(r);
      break;
    case 0xa2:
      parts.calledApTitle = readApTitle(r, 'called-AP-title');
      break;
    case 0xa3:
      parts.calledAeQualifier = readExplicitOctets(r, 'called-AE-qualifier');
      break;
    case 0xa4:
      parts.calledApInvocationId = readExplicitInteger(r, 'called-AP-invocation-id');
      break;
    case 0xa5:
      parts.calledAeInvocationId = readExplicitInteger(r, 'called-AE-invocation-id');
      break;
    case 0xa6:
      parts.callingApTitle = readApTitle(r, 'calling-AP-title');
      break;
    case 0xa7:
      parts.callingAeQualifier = readExplicitOctets(r, 'calling-AE-qualifier');
      break;
    case 0xa8:
      parts.callingApInvocationId = readExplicitInteger(r, 'calling-AP-invocation-id');
      break;
    case 0xa9:
      parts.callingAeInvocationId = readExplicitInteger(r, 'calling-AE-invocation-id');
      break;
    case 0x8a:
      parts.acseRequirements = readContent(r, 'sender-acse-requirements');
      break;
    case 0x8b:
      parts.mechanism = readMechanism(r);
      break;
    case 0xac:
      parts.authValue = readAuthenticationValue(r, 'calling-authentication-value');
      break;
    case 0xbd:
      parts.implementationInformation = readContent(r, 'implementation-information');
      break;
    case 0xbe:
      parts.userInformation = readRequestInformation(r);
      break;
    default:
      skipComponent(r);
  }
}

export function writeAarq(w: Writer, apdu: Aarq): void {
  const body = new Writer();
  const { protocolVersion: version, calledApTitle, calledAeQualifier, callingApTitle, callingAeQualifier } = apdu;
  if (version !== undefined) writeContent(body, 0x80, version, 'protocolVersion');
  writeExplicitOid(body, 0xa1, oid(body, apdu.applicationContext), 'applicationContext');
  if (calledApTitle !== undefined) writeExplicitOctets(body, 0xa2, calledApTitle, 'calledApTitle');
  if (calledAeQualifier !== undefined) writeExplicitOctets(body, 0xa3, calledAeQualifier, 'calledAeQualifier');
  writeInvocationId(body, 0xa4, apdu.calledApInvocationId, 'calledApInvocationId');
  writeInvocationId(body, 0xa5, apdu.calledAeInvocationId, 'calledAeInvocationId');
  if (callingApTitle !== undefined) writeExplicitOctets(body, 0xa6, callingApTitle, 'callingApTitle');
  if (callingAeQualifier !== undefined) writeExplicitOctets(body, 0xa7, callingAeQualifier, 'callingAeQualifier');
  writeInvocationId(body, 0xa8, apdu.callingApInvocationId, 'callingApInvocationId');
  writeInvocationId(body, 0xa9, apdu.callingAeInvocationId, 'callingAeInvocationId');
  if (apdu.acseRequirements !== undefined) writeContent(body, 0x8a, apdu.acseRequirements, 'acseRequirements');
  if (apdu.mechanism !== undefined) writeContent(body, 0x8b, mechanism(body, apdu.mechanism), 'mechanism');
  if (apdu.authValue !== undefined) writeAuthenticationValue(body, 0xac, apdu.authValue);
  if (apdu.implementationInformation !== undefined) {
    writeContent(body, 0xbd, apdu.implementationInformation, 'implementationInformation');
  }
  if (apdu.userInformation !== undefined) writeUserInformation(body, apdu.userInformation);
  w.octet(0x60);
  w.octetString(body.result(), 'aarq');
}

export function writeInvocationId(w: Writer, tag: number, id: number | undefined, name: string): void {
  if (id !== undefined) writeExplicitInteger(w, tag, id, name);
}

/** Content octets of an application context name. */
export function oid(w: Writer, name: string): Uint8Array {
  const hex = applicationContextOid(name);
  if (hex === undefined) w.typeError('applicationContext', `'${name}' is not an application context`);
  return fromHex(hex);
}

/** Content octets of a mechanism name. */
export function mechanism(w: Writer, name: string): Uint8Array {
  const hex = mechanismOid(name);
  if (hex === undefined) w.typeError('mechanism', `'${name}' is not an authentication mechanism`);
  return fromHex(hex);
}
