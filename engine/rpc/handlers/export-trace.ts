import { writeFile } from 'node:fs/promises';
import type { Apdu } from '../../codec/apdu.ts';
import { withoutSecrets } from '../../codec/pcap/mask-secrets.ts';
import { type SyntheticPacket, syntheticTcp, type TracedOctets } from '../../codec/pcap/synthetic-tcp.ts';
import { writePcapng } from '../../codec/pcap/write-pcapng.ts';
import { type Revealed, revealApdu } from '../../codec/reveal.ts';
import { encodeWrapper, MAX_WRAPPER_APDU } from '../../codec/wrapper/wrapper.ts';
import { apduToXml } from '../../codec/xml/apdu-xml.ts';
import { holdsSecret } from '../../session/secret-attributes.ts';
import { engineError, traceGone } from '../errors.ts';
import type { ExportTraceParams, ExportTraceResult } from '../protocol.ts';
import type { KeptEntry, TraceStore } from '../trace-store.ts';

const APPLICATION = 'DLMS Workbench';
/** Characters of an APDU's XML in a comment; larger ones are cut. */
const MAX_XML = 4000;
/** In the wrapper headers of bare APDUs. */
const SAPS = { source: 1, destination: 1 };

/**
 * Writes a trace as pcapng: its link octets as the TCP connection they might have been, with what was decoded as
 * comments. A trace of bare APDUs gets wrapper headers, so that network analysers know them. Throws `notFound`, and
 * `badInput` when there is nothing to write or the file cannot be written.
 */
export async function exportTrace(
  { traceId, path }: ExportTraceParams,
  traces: TraceStore,
): Promise<ExportTraceResult> {
  const entries = traces.entries(traceId) ?? traceGone(traceId);
  const packets = packetsOf(entries);
  if (packets.length === 0) throw engineError('badInput', 'The trace has no octets to export.');
  try {
    await writeFile(path, writePcapng(packets, APPLICATION));
  } catch (error) {
    throw engineError(
      'badInput',
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return { packets: packets.length, comments: packets.filter(({ comment }) => comment !== undefined).length };
}

/** Pieces of the connection, each with the comments of the APDUs it carries. */
interface Piece {
  readonly traced: TracedOctets;
  readonly comments: string[];
}

function packetsOf(entries: readonly KeptEntry[]): SyntheticPacket[] {
  const pieces = piecesOf(entries);
  return syntheticTcp(pieces.map(({ traced }) => traced)).map((packet) => {
    const comments = packet.entry === undefined ? [] : (pieces[packet.entry]?.comments ?? []);
    return comments.length === 0 ? packet : { ...packet, comment: comments.join('\n') };
  });
}

function piecesOf(entries: readonly KeptEntry[]): Piece[] {
  const hasLink = entries.some(({ layer, octets }) => layer === 'link' && octets.length > 0);
  const commenter = new Commenter();
  const pieces: Piece[] = [];
  // What is sent is an APDU first and goes out then; what is received comes in and is an APDU then.
  let outgoing: string[] = [];
  for (const entry of entries) {
    const { layer, direction, octets, time } = entry;
    if (direction === 'note') {
      // What an exchange says stands behind the APDU that completed it.
      if (layer === 'apdu') pieces.at(-1)?.comments.push(entry.summary);
    } else if (layer === 'link') {
      pieces.push({ traced: { time, direction, octets }, comments: direction === 'tx' ? outgoing : [] });
      if (direction === 'tx') outgoing = [];
    } else if (!hasLink) {
      const wrapped = octets.length > MAX_WRAPPER_APDU ? octets : encodeWrapper({ ...SAPS, apdu: octets });
      pieces.push({ traced: { time, direction, octets: wrapped }, comments: [commenter.commentOf(entry)] });
    } else {
      const last = pieces.at(-1);
      const comment = commenter.commentOf(entry);
      // In captures the octets come first in both directions.
      if (last?.traced.direction === direction && isOf(last, entry)) last.comments.push(comment);
      else if (direction === 'tx') outgoing.push(comment);
      else last?.comments.push(comment);
    }
  }
  return pieces;
}

/** Whether the piece ends with octets of this APDU. */
function isOf({ traced }: Piece, { octets }: KeptEntry): boolean {
  const tail = Buffer.from(octets.subarray(-4));
  return tail.length > 0 && Buffer.from(traced.octets).includes(tail);
}

/** Puts APDUs into words and XML; the values of passwords are left out. */
class Commenter {
  #secret = false;

  commentOf({ octets, plain, summary, error }: KeptEntry): string {
    if (error !== undefined) return summary;
    const revealed = revealApdu(plain ?? octets, { allowTrailing: true });
    if (!revealed.ok) return summary;
    const { apdu } = innermost(withoutSecrets(revealed.value));
    this.#secret = isAboutSecret(apdu) ?? this.#secret;
    return this.#secret ? summary : `${summary}\n${cut(apduToXml(apdu).trimEnd())}`;
  }
}

function innermost(revealed: Revealed): Revealed {
  return revealed.inner === undefined ? revealed : innermost(revealed.inner);
}

/** Whether a request reads or writes a password; undefined for APDUs that name no attribute. */
function isAboutSecret(apdu: Apdu): boolean | undefined {
  if (apdu.kind !== 'get-request' && apdu.kind !== 'set-request') return undefined;
  if ('attr' in apdu) return holdsSecret(apdu.attr);
  return 'list' in apdu ? apdu.list.some(holdsSecret) : undefined;
}

function cut(text: string): string {
  return text.length <= MAX_XML ? text : `${text.slice(0, MAX_XML)}\n... (${text.length} characters)`;
}
