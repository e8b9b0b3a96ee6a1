import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { readSystemTitle } from './general-header.ts';
import { readSecured, SECURITY_CLAUSE, writeSecured } from './security-header.ts';
import type { GeneralGloCiphering } from './types.ts';

/** general-glo-ciphering (tag DBh) and general-ded-ciphering (tag DCh). Some meters send an empty system title. */
export function readGeneralGloCiphering(r: Reader): GeneralGloCiphering {
  r.layer = 'security';
  const kind = r.peek() === 0xdb ? 'general-glo-ciphering' : 'general-ded-ciphering';
  r.begin(kind, SECURITY_CLAUSE);
  r.tag('tag', kind);
  const systemTitle = readSystemTitle(r, 'system-title');
  const security = readSecured(r);
  r.close();
  return { kind, systemTitle, security };
}

export function writeGeneralGloCiphering(w: Writer, apdu: GeneralGloCiphering): void {
  w.octet(apdu.kind === 'general-glo-ciphering' ? 0xdb : 0xdc);
  w.octetString(apdu.systemTitle, 'systemTitle');
  writeSecured(w, apdu.security);
}
