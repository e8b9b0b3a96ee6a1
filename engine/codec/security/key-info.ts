import { Enumeration } from '../enumeration.ts';
import type { FieldSink } from '../field-sink.ts';
import { toHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { AGREEMENT_SCHEMES } from './agreed-key.ts';
import type { KeyInfo } from './types.ts';

const CHOICES = new Enumeration('key-info', { 0: 'identified-key', 1: 'wrapped-key', 2: 'agreed-key' });
const SCHEMES: ReadonlyMap<number, string> = new Map(
  Object.entries(AGREEMENT_SCHEMES).map(([id, scheme]) => [Number(id), scheme]),
);
const KEY_SETS = new Enumeration('key-id', { 0: 'unicast', 1: 'broadcast' });

/** Key-Info OPTIONAL of general-ciphering: which key protects the content, and how the receiver gets it. */
export function readKeyInfo(r: Reader): KeyInfo | null {
  if (!r.present('key-info')) return null;
  r.begin('key-info');
  const choice = r.choice(CHOICES, 'choice');
  const keyInfo = readChoice(r, choice);
  r.close(choice);
  return keyInfo;
}

function readChoice(r: Reader, choice: 'identified-key' | 'wrapped-key' | 'agreed-key'): KeyInfo {
  switch (choice) {
    case 'identified-key':
      return { identifiedKey: r.choice(KEY_SETS, 'key-id') };
    case 'wrapped-key': {
      const kekId = r.u8('kek-id');
      return { wrappedKey: { kekId, keyCipheredData: r.octetString('key-ciphered-data') } };
    }
    case 'agreed-key': {
      const keyParameters = r.octetString('key-parameters');
      if (r.sink !== null) describeScheme(r.sink, keyParameters);
      return { agreedKey: { keyParameters, keyCipheredData: r.octetString('key-ciphered-data') } };
    }
  }
}

/** `one-pass (01)`; parameters of no known scheme stay hex. */
function describeScheme(sink: FieldSink, keyParameters: Uint8Array): void {
  const scheme = keyParameters.length === 1 ? SCHEMES.get(keyParameters[0]!) : undefined;
  if (scheme !== undefined) sink.describe(`${scheme} (${toHex(keyParameters)})`);
}

export function writeKeyInfo(w: Writer, keyInfo: KeyInfo | null): void {
  if (keyInfo === null || keyInfo === undefined) {
    w.octet(0);
    return;
  }
  w.octet(1);
  w.enter('keyInfo');
  if (keyInfo.identifiedKey !== undefined) {
    w.octet(0);
    w.enumerated(KEY_SETS, keyInfo.identifiedKey, 'identifiedKey');
  } else if (keyInfo.wrappedKey !== undefined) {
    w.octet(1);
    w.u8(keyInfo.wrappedKey.kekId, 'wrappedKey.kekId');
    w.octetString(keyInfo.wrappedKey.keyCipheredData, 'wrappedKey.keyCipheredData');
  } else if (keyInfo.agreedKey !== undefined) {
    w.octet(2);
    w.octetString(keyInfo.agreedKey.keyParameters, 'agreedKey.keyParameters');
    w.octetString(keyInfo.agreedKey.keyCipheredData, 'agreedKey.keyCipheredData');
  } else w.typeError('', 'none of identifiedKey, wrappedKey, agreedKey');
  w.leave();
}
