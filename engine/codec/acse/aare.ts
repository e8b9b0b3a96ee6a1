import { Enumeration } from '../enumeration.ts';
import { octetToHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { mechanism, oid, writeInvocationId } from './aarq.ts';
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
import { readApplicationContext, readApTitle, readMechanism } from './read-names.ts';
import type { Aare, AssociateSourceDiagnostic, AssociationResult } from './types.ts';
import { readResponseInformation, writeUserInformation } from './user-information.ts';

export const RESULTS: readonly AssociationResult[] = ['accepted', 'rejected-permanent', 'rejected-transient'];

export const USER_DIAGNOSTICS = new Enumeration('acse-service-user diagnostic', {
  0: 'null',
  1: 'no-reason-given',
  2: 'application-context-name-not-supported',
  3: 'calling-AP-title-not-recognized',
  4: 'calling-AP-invocation-identifier-not-recognized',
  5: 'calling-AE-qualifier-not-recognized',
  6: 'calling-AE-invocation-identifier-not-recognized',
  7: 'called-AP-title-not-recognized',
  8: 'called-AP-invocation-identifier-not-recognized',
  9: 'called-AE-qualifier-not-recognized',
  10: 'called-AE-invocation-identifier-not-recognized',
  11: 'authentication-mechanism-name-not-recognised',
  12: 'authentication-mechanism-name-required',
  13: 'authentication-failure',
  14: 'authentication-required',
});

export const PROVIDER_DIAGNOSTICS = new Enumeration('acse-service-provider diagnostic', {
  0: 'null',
  1: 'no-reason-given',
  2: 'no-common-acse-version',
});

type Parts = { -readonly [K in keyof Aare]?: Aare[K] };

/** AARE (tag 61h). */
export function readAare(r: Reader): Aare {
  r.layer = 'acse';
  r.begin('aare', ACSE_CLAUSE);
  r.tag('tag', 'aare');
  const from = r.pos;
  const outer = r.enter(r.length('length'), 'AARE');
  const parts: Parts = {};
  const order = new ComponentOrder();
  while (r.remaining > 0) readComponent(r, order.next(r), parts);
  r.leave(outer, 'AARE');
  r.close();
  const { applicationContext, result, diagnostic, ...rest } = parts;
  if (applicationContext === undefined) {
    return r.fail('bad-value', 'no application-context-name', 'component A1', from);
  }
  if (result === undefined) return r.fail('bad-value', 'no result', 'component A2', from);
  if (diagnostic === undefined) return r.fail('bad-value', 'no result-source-diagnostic', 'component A3', from);
  return { kind: 'aare', applicationContext, result, diagnostic, ...rest };
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
      parts.result = readResult(r);
      break;
    case 0xa3:
      parts.diagnostic = readDiagnostic(r);
      break;
    case 0xa4:
      parts.respondingApTitle = readApTitle(r, 'responding-AP-title');
      break;
    case 0xa5:
      parts.respondingAeQualifier = readExplicitOctets(r, 'responding-AE-qualifier');
      break;
    case 0xa6:
      parts.respondingApInvocationId = readExplicitInteger(r, 'responding-AP-invocation-id');
      break;
    case 0xa7:
      parts.respondingAeInvocationId = readExplicitInteger(r, 'responding-AE-invocation-id');
      break;
    case 0x88:
      parts.acseRequirements = readContent(r, 'responder-acse-requirements');
      break;
    case 0x89:
      parts.mechanism = readMechanism(r);
      break;
    case 0xaa:
      parts.authValue = readAuthenticationValue(r, 'responding-authentication-value');
      break;
    case 0xbd:
      parts.implementationInformation = readContent(r, 'implementation-information');
      break;
    case 0xbe:
      parts.userInformation = readResponseInformation(r, false, parts.result !== 'accepted');
      break;
    default:
      skipComponent(r);
  }
}

function readResult(r: Reader): AssociationResult {
  const from = r.pos;
  const value = readExplicitInteger(r, 'result');
  const result = RESULTS[value];
  if (result === undefined) return r.fail('bad-value', `result ${value}`, '0, 1 or 2', from);
  if (r.sink !== null) r.sink.describe(`${result} (${value})`);
  return result;
}

/** Associate-source-diagnostic: A3, around A1 (service user) or A2 (service provider), around an INTEGER. */
function readDiagnostic(r: Reader): AssociateSourceDiagnostic {
  r.begin('result-source-diagnostic');
  r.tag('tag', 'result-source-diagnostic');
  const outer = r.enter(r.length('result-source-diagnostic length'), 'result-source-diagnostic');
  const tag = r.peek();
  if (tag !== 0xa1 && tag !== 0xa2) {
    r.fail('bad-tag', tag < 0 ? 'nothing' : octetToHex(tag), 'A1 (acse-service-user) or A2 (acse-service-provider)');
  }
  const source = tag === 0xa1 ? 'acse-service-user' : 'acse-service-provider';
  const names: Enumeration<string> = tag === 0xa1 ? USER_DIAGNOSTICS : PROVIDER_DIAGNOSTICS;
  const number = readExplicitInteger(r, source);
  const value = names.nameOf(number);
  r.leave(outer, 'result-source-diagnostic');
  if (r.sink !== null) r.close(`${source}: ${value} (${number})`);
  return { source, value };
}

export function writeAare(w: Writer, apdu: Aare): void {
  const body = new Writer();
  const { protocolVersion: version, respondingApTitle, respondingAeQualifier } = apdu;
  if (version !== undefined) writeContent(body, 0x80, version, 'protocolVersion');
  writeExplicitOid(body, 0xa1, oid(body, apdu.applicationContext), 'applicationContext');
  const result = RESULTS.indexOf(apdu.result);
  if (result < 0) body.typeError('result', `'${apdu.result}' is not one of ${RESULTS.join(', ')}`);
  writeExplicitInteger(body, 0xa2, result, 'result');
  writeDiagnostic(body, apdu.diagnostic);
  if (respondingApTitle !== undefined) writeExplicitOctets(body, 0xa4, respondingApTitle, 'respondingApTitle');
  if (respondingAeQualifier !== undefined) {
    writeExplicitOctets(body, 0xa5, respondingAeQualifier, 'respondingAeQualifier');
  }
  writeInvocationId(body, 0xa6, apdu.respondingApInvocationId, 'respondingApInvocationId');
  writeInvocationId(body, 0xa7, apdu.respondingAeInvocationId, 'respondingAeInvocationId');
  if (apdu.acseRequirements !== undefined) writeContent(body, 0x88, apdu.acseRequirements, 'acseRequirements');
  if (apdu.mechanism !== undefined) writeContent(body, 0x89, mechanism(body, apdu.mechanism), 'mechanism');
  if (apdu.authValue !== undefined) writeAuthenticationValue(body, 0xaa, apdu.authValue);
  if (apdu.implementationInformation !== undefined) {
    writeContent(body, 0xbd, apdu.implementationInformation, 'implementationInformation');
  }
  if (apdu.userInformation !== undefined) writeUserInformation(body, apdu.userInformation);
  w.octet(0x61);
  w.octetString(body.result(), 'aare');
}

function writeDiagnostic(w: Writer, diagnostic: AssociateSourceDiagnostic): void {
  w.object(diagnostic, 'diagnostic');
  const user = diagnostic.source === 'acse-service-user';
  const names: Enumeration<string> = user ? USER_DIAGNOSTICS : PROVIDER_DIAGNOSTICS;
  const value = names.numberOf(diagnostic.value);
  if (value === undefined) w.typeError('diagnostic.value', `'${diagnostic.value}' is not a ${names.describe()}`);
  const inner = new Writer(8);
  writeExplicitInteger(inner, user ? 0xa1 : 0xa2, value, 'diagnostic.value');
  writeContent(w, 0xa3, inner.result(), 'diagnostic');
}
