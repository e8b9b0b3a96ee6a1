import { parseObis } from '../cosem/obis/obis.ts';
import type { IdentificationText, MeterFinding } from '../discovery/types.ts';
import { manufacturerNamed } from './name-match.ts';

/**
 * What an identification text is about. Device ids (0-b:96.1.x) have no fixed meaning from the second on: companion
 * specifications put maker, type and versions in different places, so the form of the text has its say.
 */
export type TextRole = 'maker' | 'type' | 'other';

const SHORTEST_NAME = 3;
const LONGEST_TEXT = 64;

/** Device ids but the first, which is the serial number. */
function isDeviceId(obis: string): boolean {
  const code = parseObis(obis);
  return code !== undefined && code.c === 96 && code.d === 1 && code.e >= 1 && code.e <= 9;
}

/** Maker: a name of letters. Type: letters with digits. Versions, dates and serial numbers are neither. */
export function roleOf(item: IdentificationText, finding: MeterFinding): TextRole {
  const { text, obis } = item;
  if (!isDeviceId(obis) || text.length > LONGEST_TEXT || isTold(text, finding)) return 'other';
  if (manufacturerNamed(text) !== undefined) return 'maker';
  const letters = text.replace(/[^\p{L}]/gu, '').length;
  const digits = text.replace(/[^0-9]/g, '').length;
  if (digits === 0) return letters >= SHORTEST_NAME && letters >= text.length / 2 ? 'maker' : 'other';
  return letters > 0 && !looksLikeHex(text) && !looksLikeVersion(text) ? 'type' : 'other';
}

/** Texts of a role in the order of the object list. */
export function textsOf(finding: MeterFinding, role: TextRole): IdentificationText[] {
  return (finding.texts ?? []).filter((item) => roleOf(item, finding) === role);
}

/** Serial number, firmware and device name are told under other codes as well. */
function isTold(text: string, finding: MeterFinding): boolean {
  return (
    text === finding.serial?.value || text === finding.firmware?.value || text === finding.logicalDeviceName?.value
  );
}

/** Octets that were no text stand as hex. */
function looksLikeHex(text: string): boolean {
  return text.length >= 8 && text.length % 2 === 0 && /^[0-9A-F]+$/.test(text);
}

function looksLikeVersion(text: string): boolean {
  return /^[vVrR]?\d+(?:\.\d+)+$/.test(text);
}
