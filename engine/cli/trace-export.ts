import { readFile, writeFile } from 'node:fs/promises';
import { readCapture } from '../codec/pcap/capture.ts';
import { ProblemList } from '../codec/pcap/problems.ts';
import { isCapture, readPackets } from '../codec/pcap/read-capture.ts';
import { syntheticTcp, type TracedOctets } from '../codec/pcap/synthetic-tcp.ts';
import type { CaptureConnection } from '../codec/pcap/types.ts';
import { type PcapngPacket, writePcapng } from '../codec/pcap/write-pcapng.ts';
import type { KeyRing } from '../codec/security/types.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { keyRingsOfFile } from './key-rings.ts';
import { packetComments } from './packet-comments.ts';
import { tracedOctets } from './trace-file.ts';

export interface TraceExportCommand {
  /** A trace, a log, or a capture. */
  readonly file: string;
  /** File to write. */
  readonly pcapng: string;
  readonly keys?: string;
}

const APPLICATION = 'DLMS Workbench';

/** `dlms trace export`: exit code 0 written, 2 usage or nothing to write. */
export async function traceExport({ file, pcapng, keys }: TraceExportCommand, io: CliIo): Promise<ExitCode> {
  try {
    const rings = keys === undefined ? [] : await keyRingsOfFile(keys);
    const octets = await readFile(file);
    const packets = isCapture(octets) ? capturePackets(octets, rings) : tracePackets(octets.toString('utf8'), rings);
    await writeFile(pcapng, writePcapng(packets, APPLICATION));
    const commented = packets.filter(({ comment }) => comment !== undefined).length;
    io.err(`${pcapng}: ${packets.length} packets, ${commented} with comments\n`);
    return exitCodes.ok;
  } catch (error) {
    io.err(`dlms trace export: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
}

/** The packets of a capture as they are, with comments. */
function capturePackets(octets: Uint8Array, keys: readonly KeyRing[]): PcapngPacket[] {
  const comments = packetComments(readCapture(octets).connections, keys);
  return readPackets(octets, new ProblemList()).map(({ time, linkType, octets: packet, length }, number) => {
    const comment = comments.get(number);
    return { time, linkType, octets: packet, length, ...(comment === undefined ? {} : { comment }) };
  });
}

/** Packets made for the octets of a trace. */
function tracePackets(text: string, keys: readonly KeyRing[]): PcapngPacket[] {
  const entries = tracedOctets(text);
  if (entries.length === 0) throw new Error('no octets with a direction (tx or rx) in the file');
  const comments = packetComments([connectionOf(entries)], keys);
  return syntheticTcp(entries).map(({ entry, ...packet }) => {
    const comment = entry === undefined ? undefined : comments.get(entry);
    return comment === undefined ? packet : { ...packet, comment };
  });
}

function connectionOf(entries: readonly TracedOctets[]): CaptureConnection {
  const [client, server] = ['192.0.2.1:49152', '192.0.2.2:4059'];
  const chunks = entries.map(({ time, direction, octets }, packet) => {
    const [from, to] = direction === 'tx' ? [client, server] : [server, client];
    return { time, from, to, octets, packet };
  });
  return { id: 'trace', transport: 'tcp', client, server, chunks };
}
