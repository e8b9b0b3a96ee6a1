import { fromHex } from '../codec/hex.ts';
import type { TracedOctets } from '../codec/pcap/synthetic-tcp.ts';
import { parseHexInput } from '../codec/translate/parse-hex-input.ts';

/** Milliseconds between the pieces of a log that says no times. */
const STEP = 1;

/**
 * The octets of a trace: JSON lines or an array of `{time, direction | kind: "tx" | "rx", hex}`, as evidence and traces
 * are kept, or a log of hex with TX and RX. Entries of other kinds are left out. Throws Error with the line.
 */
export function tracedOctets(text: string): TracedOctets[] {
  const trimmed = text.trimStart();
  if (trimmed.startsWith('[')) return fromJsonArray(trimmed);
  if (trimmed.startsWith('{'))
    return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : fromLine(line, i + 1)));
  const log = parseHexInput(text);
  if (!log.ok) throw new Error(`neither JSON lines nor hex with TX and RX: ${log.message}`);
  return log.messages.map(({ octets, direction, line }, i) => {
    if (direction === undefined) throw new Error(`line ${line}: no direction; expected TX or RX before the octets`);
    return { time: i * STEP, direction: direction === 'TX' ? 'tx' : 'rx', octets };
  });
}

function fromJsonArray(text: string): TracedOctets[] {
  const json: unknown = JSON.parse(text);
  return Array.isArray(json) ? json.flatMap((entry, i) => entryOf(entry, `[${i}]`)) : [];
}

function fromLine(line: string, number: number): TracedOctets[] {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`line ${number}: not JSON`);
  }
  return entryOf(json, `line ${number}`);
}

function entryOf(json: unknown, where: string): TracedOctets[] {
  if (typeof json !== 'object' || json === null) throw new Error(`${where}: not an object`);
  const { time = 0, direction, kind, layer, hex } = json as Readonly<Record<string, unknown>>;
  const way = direction ?? kind;
  if ((way !== 'tx' && way !== 'rx') || layer === 'apdu') return [];
  if (typeof time !== 'number' || typeof hex !== 'string') {
    throw new Error(`${where}: expected "time" in milliseconds and "hex"`);
  }
  try {
    return [{ time, direction: way, octets: fromHex(hex) }];
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
