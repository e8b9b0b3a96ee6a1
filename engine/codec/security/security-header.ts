import { octetToHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { SecurityHeader } from './types.ts';

/** Clause of security header and protected APDUs. */
export const SECURITY_CLAUSE = 'GB 9.2.7.2.4';

/** Bits of the security control octet. */
const SC_SUITE = 0x0f;
const SC_AUTHENTICATED = 0x10;
const SC_ENCRYPTED = 0x20;
const SC_BROADCAST = 0x40;
const SC_COMPRESSED = 0x80;

/** Octets kept of the 16-octet GCM tag. */
export const TAG_LENGTH = 12;

export interface SecurityControl {
  readonly suite: number;
  readonly authenticated: boolean;
  readonly encrypted: boolean;
  readonly keySet: 'unicast' | 'broadcast';
  readonly compressed: boolean;
}

export function securityControlFromOctet(sc: number): SecurityControl {
  return {
    suite: sc & SC_SUITE,
    authenticated: (sc & SC_AUTHENTICATED) !== 0,
    encrypted: (sc & SC_ENCRYPTED) !== 0,
    keySet: (sc & SC_BROADCAST) !== 0 ? 'broadcast' : 'unicast',
    compressed: (sc & SC_COMPRESSED) !== 0,
  };
}

export function securityControlOctet(control: SecurityControl): number {
  return (
    (control.suite & SC_SUITE) |
    (control.authenticated ? SC_AUTHENTICATED : 0) |
    (control.encrypted ? SC_ENCRYPTED : 0) |
    (control.keySet === 'broadcast' ? SC_BROADCAST : 0) |
    (control.compressed ? SC_COMPRESSED : 0)
  );
}

/** `30: suite 0, authenticated, encrypted, unicast key`. */
function describeSecurityControl(sc: number): string {
  const { suite, authenticated, encrypted, keySet, compressed } = securityControlFromOctet(sc);
  const parts = [`suite ${suite}`];
  if (authenticated) parts.push('authenticated');
  if (encrypted) parts.push('encrypted');
  if (!authenticated && !encrypted) parts.push('not protected');
  parts.push(`${keySet} key`);
  if (compressed) parts.push('compressed');
  return `${octetToHex(sc)}: ${parts.join(', ')}`;
}

/** Length, then SC, IC, body and, when authenticated, the tag of 12 octets. */
export function readSecured(r: Reader): SecurityHeader {
  const length = r.length('length');
  const outer = r.enter(length, 'security header and body');
  r.begin('security');
  const sc = r.u8('security-control');
  const control = securityControlFromOctet(sc);
  if (r.sink !== null) r.sink.describe(describeSecurityControl(sc));
  const ic = r.u32('invocation-counter');
  const tagLength = control.authenticated ? TAG_LENGTH : 0;
  if (r.remaining < tagLength) {
    r.fail('bad-length', `${r.remaining} octets of body`, `${TAG_LENGTH} octets of authentication tag or more`);
  }
  const payload = r.take(r.remaining - tagLength, control.encrypted ? 'ciphertext' : 'plaintext');
  const header = { sc, ...control, ic, payload };
  const secured = control.authenticated ? { ...header, tag: r.take(TAG_LENGTH, 'authentication-tag') } : header;
  r.close();
  r.leave(outer, 'security header and body');
  return secured;
}

export function writeSecured(w: Writer, security: SecurityHeader): void {
  w.object(security, 'security');
  w.enter('security');
  const { tag } = security;
  if (tag === undefined && securityControlFromOctet(security.sc).authenticated) {
    w.typeError('tag', 'missing although sc says authenticated');
  }
  w.lengthOf(5 + security.payload.length + (tag?.length ?? 0));
  w.u8(security.sc, 'sc');
  w.u32(security.ic, 'ic');
  w.octets(security.payload, 'payload');
  if (tag !== undefined) w.fixed(tag, TAG_LENGTH, 'tag');
  w.leave();
}
