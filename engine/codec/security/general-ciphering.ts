import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { readGeneralHeader, writeGeneralHeader } from './general-header.ts';
import { readKeyInfo, writeKeyInfo } from './key-info.ts';
import { readSecured, SECURITY_CLAUSE, writeSecured } from './security-header.ts';
import type { GeneralCiphering } from './types.ts';

/** general-ciphering (tag DDh). */
export function readGeneralCiphering(r: Reader): GeneralCiphering {
  r.layer = 'security';
  r.begin('general-ciphering', SECURITY_CLAUSE);
  r.tag('tag', 'general-ciphering');
  const header = readGeneralHeader(r);
  const keyInfo = readKeyInfo(r);
  const security = readSecured(r);
  r.close();
  return { kind: 'general-ciphering', ...header, keyInfo, security };
}

export function writeGeneralCiphering(w: Writer, apdu: GeneralCiphering): void {
  w.octet(0xdd);
  writeGeneralHeader(w, apdu);
  writeKeyInfo(w, apdu.keyInfo);
  writeSecured(w, apdu.security);
}
