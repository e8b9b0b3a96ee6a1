import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { readGeneralHeader, writeGeneralHeader } from './general-header.ts';
import { SECURITY_CLAUSE } from './security-header.ts';
import type { GeneralSigning } from './types.ts';

/** general-signing (tag DFh): content is the signed APDU. The signature is not verified here. */
export function readGeneralSigning(r: Reader): GeneralSigning {
  r.layer = 'security';
  r.begin('general-signing', SECURITY_CLAUSE);
  r.tag('tag', 'general-signing');
  const header = readGeneralHeader(r);
  const content = r.octetString('content');
  const signature = r.octetString('signature');
  r.close();
  return { kind: 'general-signing', ...header, content, signature };
}

export function writeGeneralSigning(w: Writer, apdu: GeneralSigning): void {
  w.octet(0xdf);
  writeGeneralHeader(w, apdu);
  w.octetString(apdu.content, 'content');
  w.octetString(apdu.signature, 'signature');
}
