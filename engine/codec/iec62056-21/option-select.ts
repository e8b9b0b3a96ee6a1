import type { Decoded } from '../result.ts';
import { asciiOctets, asciiText, failed, shown } from './text.ts';

/**
 * Acknowledgement and option select message: ACK V Z Y CR LF (IEC 62056-21, 6.3.3). A meter that goes on with HDLC
 * answers with the same message.
 */
export interface OptionSelect {
  /** V, protocol control: `0` normal, `1` secondary, `2` HDLC. */
  readonly protocol: string;
  /** Z, the speed to go on with. */
  readonly baudDigit: string;
  /** Y, mode control: `0` readout, `1` programming, `2` binary mode (HDLC). */
  readonly mode: string;
}

const ACK = '\x06';

/** Option select for HDLC: V and Y are `2`. */
export function hdlcOption(baudDigit: string): OptionSelect {
  return { protocol: '2', baudDigit, mode: '2' };
}

export function isHdlcOption({ protocol, mode }: OptionSelect): boolean {
  return protocol === '2' && mode === '2';
}

export function encodeOptionSelect({ protocol, baudDigit, mode }: OptionSelect): Uint8Array {
  return asciiOctets(`${ACK}${protocol}${baudDigit}${mode}\r\n`);
}

/** Errors: `bad-frame`. */
export function decodeOptionSelect(line: Uint8Array): Decoded<OptionSelect> {
  const text = asciiText(line);
  const match = text[0] === ACK ? /^([0-9])([0-9A-I])([0-9A-Z])\r\n$/.exec(text.slice(1)) : null;
  const [, protocol, baudDigit, mode] = match ?? [];
  if (protocol === undefined || baudDigit === undefined || mode === undefined) {
    return failed('bad-frame', 0, shown(line), 'an option select ACK V Z Y and CR LF');
  }
  return { ok: true, value: { protocol, baudDigit, mode }, deviations: [] };
}
