import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import type { AuthenticationValue } from './types.ts';

const FORMS = new Enumeration('authentication-value form', {
  128: 'charstring',
  129: 'bitstring',
  162: 'external',
  163: 'other',
});

/** calling- and responding-authentication-value: an EXPLICIT tag around a CHOICE; password or challenge. */
export function readAuthenticationValue(r: Reader, name: string): AuthenticationValue {
  r.begin(name);
  r.tag('tag', name);
  const outer = r.enter(r.length(`${name} length`), name);
  const form = r.choice(FORMS, 'form');
  const octets = r.octetString('value');
  r.leave(outer, name);
  r.close();
  return { form, octets };
}

export function writeAuthenticationValue(w: Writer, tag: number, value: AuthenticationValue): void {
  const inner = new Writer();
  inner.enter('authValue');
  inner.object(value, '');
  inner.enumerated(FORMS, value.form, 'form');
  inner.octetString(value.octets, 'octets');
  w.octet(tag);
  w.octetString(inner.result(), 'authValue');
}
