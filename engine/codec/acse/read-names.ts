import type { Reader } from '../reader.ts';
import { describeSystemTitle } from '../security/system-title-text.ts';
import { readContent, readExplicitOctets, readExplicitOid } from './ber.ts';
import { applicationContextFromOid, dottedOid, mechanismFromOid } from './names.ts';
import type { ApplicationContext, Mechanism, OrOid } from './types.ts';

/** application-context-name (A1h): which objects the association sees and whether its APDUs are ciphered. */
export function readApplicationContext(r: Reader): OrOid<ApplicationContext> {
  const oid = readExplicitOid(r, 'application-context-name');
  const context = applicationContextFromOid(oid);
  describeOid(r, context, oid);
  return context;
}

/** mechanism-name (8Bh in AARQ, 89h in AARE): how the client proves who it is. */
export function readMechanism(r: Reader): OrOid<Mechanism> {
  const oid = readContent(r, 'mechanism-name');
  const mechanism = mechanismFromOid(oid);
  describeOid(r, mechanism, oid);
  return mechanism;
}

/** An AP-title: in DLMS/COSEM the system title of that side. */
export function readApTitle(r: Reader, name: string): Uint8Array {
  const title = readExplicitOctets(r, name);
  if (r.sink !== null) describeSystemTitle(r.sink, title);
  return title;
}

function describeOid(r: Reader, name: string, oid: Uint8Array): void {
  if (r.sink === null) return;
  const dotted = dottedOid(oid);
  if (dotted === undefined) return;
  r.sink.describe(name.startsWith('oid:') ? dotted : `${name} (${dotted})`);
}
