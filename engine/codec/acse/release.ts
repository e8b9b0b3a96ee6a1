import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { ACSE_CLAUSE, writeContent } from './ber.ts';
import { ComponentOrder, skipComponent } from './components.ts';
import type { Rlre, Rlrq } from './types.ts';
import {
  type ResponseInformation,
  readRequestInformation,
  readResponseInformation,
  writeUserInformation,
} from './user-information.ts';

export const REQUEST_REASONS = new Enumeration<string>('release request reason', {
  0: 'normal',
  1: 'urgent',
  30: 'user-defined',
});
export const RESPONSE_REASONS = new Enumeration<string>('release response reason', {
  0: 'normal',
  1: 'not-finished',
  30: 'user-defined',
});

const USER_INFORMATION = 0xbe;
const OCTET_STRING = 0x04;

/** RLRQ (tag 62h). An empty body is legal. */
export function readRlrq(r: Reader): Rlrq {
  return { kind: 'rlrq', ...readRelease(r, 'rlrq', REQUEST_REASONS, readRequestInformation) };
}

/** RLRE (tag 63h). An empty body is legal. */
export function readRlre(r: Reader): Rlre {
  return { kind: 'rlre', ...readRelease(r, 'rlre', RESPONSE_REASONS, readRlreInformation) };
}

function readRlreInformation(r: Reader, ignoreLength: boolean): ResponseInformation {
  return readResponseInformation(r, ignoreLength, false);
}

/**
 * Servers built on Gurux libraries send RLRE with user-information whose lengths are too short: that of the RLRE leaves
 * out the 3 octets of the reason and one more, that of user-information one, e.g. `63 11 80 01 00 BE 0F 04 0E ...` for
 * 21, 16 and 14 octets. The OCTET STRING inside is right and ends where the octets end, which tells this apart from an
 * RLRE that is cut or followed by something else. The reader stands behind the tag.
 */
function hasShortLengths(r: Reader): boolean {
  const length = r.peek();
  if (length >= 0x80 || length >= r.remaining - 1) return false;
  const reason = r.peek(1) === 0x80 && r.peek(2) === 1 ? 3 : 0;
  const tag = 1 + reason;
  if (r.peek(tag) !== USER_INFORMATION || r.peek(tag + 2) !== OCTET_STRING) return false;
  const stringLength = r.peek(tag + 3);
  if (stringLength >= 0x80 || tag + 4 + stringLength !== r.remaining) return false;
  if (r.peek(tag + 1) !== stringLength + 1 || length !== r.remaining - 5) return false;
  r.deviate('release-lengths-short', `RLRE and user-information lengths ${length}, ${stringLength + 1}`, 'bad-length');
  return true;
}

function readRelease<T>(
  r: Reader,
  kind: 'rlrq' | 'rlre',
  reasons: Enumeration<string>,
  readInformation: (r: Reader, ignoreLength: boolean) => T,
): { reason?: string; userInformation?: T } {
  r.layer = 'acse';
  r.begin(kind, ACSE_CLAUSE);
  r.tag('tag', kind);
  const parts: { reason?: string; userInformation?: T } = {};
  const short = kind === 'rlre' && hasShortLengths(r);
  const length = r.length('length');
  const outer = r.enter(short ? r.remaining : length, kind);
  const order = new ComponentOrder();
  while (r.remaining > 0) {
    const tag = order.next(r);
    if (tag === 0x80) {
      r.begin('reason');
      r.tag('tag', 'reason');
      r.expect(1, 'length');
      parts.reason = r.enumerated(reasons, 'reason');
      if (r.sink !== null) r.close(r.sink.lastLeaf);
    } else if (tag === 0xbe) parts.userInformation = readInformation(r, short);
    else skipComponent(r);
  }
  r.leave(outer, kind);
  r.close();
  return parts;
}

export function writeRlrq(w: Writer, apdu: Rlrq): void {
  writeRelease(w, 0x62, apdu, REQUEST_REASONS);
}

export function writeRlre(w: Writer, apdu: Rlre): void {
  writeRelease(w, 0x63, apdu, RESPONSE_REASONS);
}

function writeRelease(w: Writer, tag: number, apdu: Rlrq | Rlre, reasons: Enumeration<string>): void {
  const body: Writer = new Writer();
  if (apdu.reason !== undefined) {
    const reason = reasons.numberOf(apdu.reason);
    if (reason === undefined) body.typeError('reason', `'${apdu.reason}' is not a ${reasons.describe()}`);
    writeContent(body, 0x80, Uint8Array.of(reason), 'reason');
  }
  if (apdu.userInformation !== undefined) writeUserInformation(body, apdu.userInformation);
  w.octet(tag);
  w.octetString(body.result(), apdu.kind);
}
