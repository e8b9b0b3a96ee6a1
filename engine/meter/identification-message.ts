import { digitUpTo } from '../codec/iec62056-21/baud.ts';
import {
  HDLC_CAPABILITY,
  type Identification,
  MAX_IDENTIFICATION_TEXT,
  parseIdentification,
} from '../codec/iec62056-21/identification.ts';
import type { TransportModel } from '../template/model.ts';
import type { VirtualMeter } from './meter.ts';

const DEFAULT_SPEED = 9600;

/**
 * What a meter says of itself in the IEC 62056-21 opening: the transport's identification, or one made of FLAG letters,
 * speed of the line and model.
 */
export function identificationOf(meter: VirtualMeter, transport: TransportModel): Identification {
  const stated = transport.modeE?.identification;
  const parsed = stated === undefined ? undefined : parseIdentification(stated);
  if (parsed !== undefined) return parsed;
  const { flag, model } = meter.model.identity;
  const text = model.replace(/[^ "-.0-~]/g, '').slice(0, MAX_IDENTIFICATION_TEXT);
  const digit = digitUpTo(transport.baud ?? DEFAULT_SPEED);
  const made = parseIdentification(`/${flag}${digit}\\${HDLC_CAPABILITY}${text}`);
  return made ?? { flag, baudDigit: digit, enhanced: HDLC_CAPABILITY, text: '' };
}
