import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { cipheredKindOf, cipheredTagOf } from './ciphered-services.ts';
import { readSecured, SECURITY_CLAUSE, writeSecured } from './security-header.ts';
import type { ServiceCiphering } from './types.ts';

/** A glo- or ded- APDU (service-specific ciphering). The tag must be one of those. */
export function readServiceCiphering(r: Reader): ServiceCiphering {
  r.layer = 'security';
  const kind = cipheredKindOf(r.peek());
  if (kind === undefined) return r.fail('bad-tag', String(r.peek()), 'the tag of a glo- or ded- APDU');
  r.begin(kind, SECURITY_CLAUSE);
  r.tag('tag', kind);
  const security = readSecured(r);
  r.close();
  return { kind, security };
}

export function writeServiceCiphering(w: Writer, apdu: ServiceCiphering): void {
  const tag = cipheredTagOf(apdu.kind);
  if (tag === undefined) w.typeError('kind', `'${apdu.kind}' is not the kind of an APDU`);
  w.octet(tag);
  writeSecured(w, apdu.security);
}
