import type { WordTable } from '../../engine/template/vocabulary/types.ts';

/** Words of values with a form of their own, which no table of the vocabulary lists. */

export const contextWords: WordTable = [
  { word: 'LN', doc: 'Logical name referencing.' },
  { word: 'SN', doc: 'Short name referencing.' },
  { word: 'ciphering', doc: 'APDUs may be ciphered.' },
  { word: 'no-ciphering', doc: 'APDUs are never ciphered.' },
];

export const counterWords: WordTable = [
  { word: 'persistent', doc: 'Kept when the meter restarts.' },
  { word: 'reject', doc: '`reject replay`: a counter that is not higher than the last one is refused.' },
];

/** Stand before the password of an association. */
export const passwordWords: WordTable = [
  { word: 'password', doc: 'The password both sides know.' },
  { word: 'secret', doc: 'The secret both sides know.' },
];

/** Ways to name a key or password without writing it down. */
export const secretWords: WordTable = [
  { word: 'secret', doc: 'Kept where secrets are kept: by the editor, or in the key file of the engine.' },
  { word: 'env', doc: 'From an environment variable. Not in untrusted folders.' },
  { word: 'file', doc: 'From a file. Not in untrusted folders.' },
];
