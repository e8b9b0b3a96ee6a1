import type { DeviationId } from '../deviations.ts';
import type { Decoded, Deviation } from '../result.ts';
import { speedOfDigit } from './baud.ts';
import { asciiOctets, asciiText, failed, shown } from './text.ts';

/** Identification message of a meter: `/` XXX Z [`\` W] identification CR LF (IEC 62056-21, 6.3.2). */
export interface Identification {
  /** FLAG identification, as sent: a lower-case third letter announces the short reaction time. */
  readonly flag: string;
  /** Baud rate identification Z. */
  readonly baudDigit: string;
  /** Highest speed the meter offers, bit/s; undefined when Z is not of modes C and E. */
  readonly speed?: number;
  /** W of the sequence `\W`: `2` is binary mode (HDLC). Absent when the meter does not announce more than mode C. */
  readonly enhanced?: string;
  /** What follows: manufacturer specific, without CR LF. */
  readonly text: string;
}

/** W of a meter that can go on with HDLC. */
export const HDLC_CAPABILITY = '2';
/** Longest identification behind `\W` (IEC 62056-21, 6.3.2, item 14). */
export const MAX_IDENTIFICATION_TEXT = 16;
/** Reaction time a meter keeps at least and expects, ms; `short` is announced by a lower-case third FLAG letter. */
export const REACTION_MS = { normal: 200, short: 20 } as const;

/** Reaction time of this meter, ms. */
export function reactionTime({ flag }: Pick<Identification, 'flag'>): number {
  return /[a-z]$/.test(flag) ? REACTION_MS.short : REACTION_MS.normal;
}

/** Throws RangeError when a part has characters or lengths that the message cannot carry. */
export function encodeIdentification(identification: Omit<Identification, 'speed'>): Uint8Array {
  const { flag, baudDigit, enhanced, text } = identification;
  if (!/^[A-Z]{2}[A-Za-z]$/.test(flag)) throw new RangeError(`"${flag}" is not a FLAG identification of three letters`);
  if (!/^[ -.0-~]$/.test(baudDigit)) throw new RangeError(`"${baudDigit}" is not a baud rate identification`);
  if (!/^[ "-.0-~]*$/.test(text)) throw new RangeError(`identification "${text}" has characters it must not have`);
  return asciiOctets(`/${flag}${baudDigit}${enhanced === undefined ? '' : `\\${enhanced}`}${text}\r\n`);
}

/**
 * Decodes an identification message with its CR LF. Deviations: `identification-too-long`, `flag-letters` (digits or
 * lower case in the first letters). Errors: `bad-frame`.
 */
export function decodeIdentification(line: Uint8Array): Decoded<Identification> {
  const match = /^\/([^\r\n/!]{3})([^\r\n/!\\])(?:\\([^\r\n/!]))?([^\r\n/!]*)\r\n$/.exec(asciiText(line));
  const [, flag, baudDigit, enhanced, text] = match ?? [];
  if (flag === undefined || baudDigit === undefined || text === undefined) {
    return failed('bad-frame', 0, shown(line), 'an identification message /XXXZ\\Wident and CR LF');
  }
  const deviations: Deviation[] = [];
  const deviate = (id: DeviationId, offset: number, description: string): void => {
    deviations.push({ id, layer: 'iec62056-21', offset, description });
  };
  if (!/^[A-Z]{2}[A-Za-z]$/.test(flag)) deviate('flag-letters', 1, `"${flag}" is not a FLAG identification`);
  if (text.length > MAX_IDENTIFICATION_TEXT) {
    deviate(
      'identification-too-long',
      line.length - 2,
      `${text.length} characters, at most ${MAX_IDENTIFICATION_TEXT}`,
    );
  }
  const speed = speedOfDigit(baudDigit);
  const value: Identification = {
    flag,
    baudDigit,
    ...(speed === undefined ? {} : { speed }),
    ...(enhanced === undefined ? {} : { enhanced }),
    text,
  };
  return { ok: true, value, deviations };
}

/** Reads an identification as templates write it, `/ZZA5\2A1000`; undefined when it is none. */
export function parseIdentification(text: string): Identification | undefined {
  const decoded = decodeIdentification(asciiOctets(`${text}\r\n`));
  return decoded.ok ? decoded.value : undefined;
}

/** The message without CR LF, as templates write it. */
export function describeIdentification({ flag, baudDigit, enhanced, text }: Omit<Identification, 'speed'>): string {
  return `/${flag}${baudDigit}${enhanced === undefined ? '' : `\\${enhanced}`}${text}`;
}
