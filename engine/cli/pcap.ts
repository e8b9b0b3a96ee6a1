import { readFile } from 'node:fs/promises';
import type { JsonObject } from '../codec/apdu-json.ts';
import { readCapture } from '../codec/pcap/capture.ts';
import { connectionFraming, dialogueOf } from '../codec/pcap/dialogue.ts';
import { dialogueEventToJson, exchangeItemToJson } from '../codec/pcap/dialogue-json.ts';
import type { DialogueEvent } from '../codec/pcap/dialogue-types.ts';
import type { Capture, CaptureConnection, CaptureProblem } from '../codec/pcap/types.ts';
import type { KeyRing } from '../codec/security/types.ts';
import { DialogueObjects } from '../session/dialogue-objects.ts';
import { dialogueLines } from '../session/dialogue-text.ts';
import { holdsSecret } from '../session/secret-attributes.ts';
import { type ConnectionFilter, connectionFilter } from './connection-filter.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { keyRingsOfFile } from './key-rings.ts';
import { printable } from './table.ts';

/** Options of `dlms pcap` as the command line gives them. */
export interface PcapCommand {
  readonly file: string;
  readonly keys?: string;
  readonly filter?: string;
  /** Every APDU, not only what was asked and answered. */
  readonly messages?: boolean;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

/** `dlms pcap`: exit code 0 decoded, 1 something in the capture could not be, 2 usage. */
export async function pcap(options: PcapCommand, io: CliIo): Promise<ExitCode> {
  let keys: readonly KeyRing[];
  let wanted: ConnectionFilter;
  let capture: Capture;
  try {
    keys = options.keys === undefined ? [] : await keyRingsOfFile(options.keys);
    wanted = options.filter === undefined ? () => true : connectionFilter(options.filter);
    capture = readCapture(await readFile(options.file));
  } catch (error) {
    io.err(`dlms pcap: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  const isNoCapture = capture.packets === 0 && capture.problems.some(({ code }) => code === 'bad-file');
  if (isNoCapture) {
    io.err(`dlms pcap: ${options.file}: ${capture.problems[0]?.message ?? 'no capture'}\n`);
    return exitCodes.usage;
  }
  const connections = capture.connections.filter(wanted);
  const ok =
    options.json === true
      ? printJson(capture, connections, keys, options, io)
      : options.jsonl === true
        ? printLines(capture.problems, connections, keys, options, io)
        : printText(capture, connections, keys, options, io);
  return ok && capture.problems.length === 0 ? exitCodes.ok : exitCodes.failed;
}

/** Events of a connection that are shown; the others are counted for the exit code all the same. */
function isShown(event: DialogueEvent, { messages = false }: PcapCommand): boolean {
  return event.type !== 'message' || messages || event.error !== undefined;
}

/** A protected APDU none of the keys fits. */
function isLocked(event: DialogueEvent): boolean {
  return event.type === 'message' && event.apdu === undefined && event.error === undefined;
}

function isFailure(event: DialogueEvent): boolean {
  return event.type !== 'exchange' && event.error !== undefined;
}

function headOf(connection: CaptureConnection): JsonObject {
  const { id, transport, client, server } = connection;
  return { id, transport, client, server, framing: connectionFraming(connection) ?? null };
}

/** An exchange with names and texts, and without the values of secrets; other events as they are. */
function eventJson(event: DialogueEvent, objects: DialogueObjects): JsonObject {
  if (event.type !== 'exchange') return dialogueEventToJson(event);
  const items = event.items.map((item): JsonObject => {
    objects.learn(item);
    const attribute = objects.attributeOf(item);
    const { sent, data, ...rest } = exchangeItemToJson(item);
    const isSecret = attribute !== undefined && holdsSecret(attribute);
    return { ...rest, ...(isSecret ? {} : { sent, data }), ...objects.describe(item) };
  });
  return { ...dialogueEventToJson({ ...event, items: [] }), items };
}

function printJson(
  { packets, problems }: Capture,
  connections: readonly CaptureConnection[],
  keys: readonly KeyRing[],
  options: PcapCommand,
  io: CliIo,
): boolean {
  let ok = true;
  const documents = connections.map((connection) => {
    const objects = new DialogueObjects();
    const events: JsonObject[] = [];
    for (const event of dialogueOf(connection, { keys })) {
      if (isFailure(event)) ok = false;
      if (isShown(event, options)) events.push(eventJson(event, objects));
    }
    return { ...headOf(connection), events };
  });
  io.out(`${JSON.stringify({ packets, problems, connections: documents }, null, 2)}\n`);
  return ok;
}

function printLines(
  problems: readonly CaptureProblem[],
  connections: readonly CaptureConnection[],
  keys: readonly KeyRing[],
  options: PcapCommand,
  io: CliIo,
): boolean {
  let ok = true;
  for (const problem of problems) io.out(`${JSON.stringify({ type: 'problem', ...problem })}\n`);
  for (const connection of connections) {
    const objects = new DialogueObjects();
    io.out(`${JSON.stringify({ type: 'connection', ...headOf(connection) })}\n`);
    for (const event of dialogueOf(connection, { keys })) {
      if (isFailure(event)) ok = false;
      if (isShown(event, options)) {
        io.out(`${JSON.stringify({ connection: connection.id, ...eventJson(event, objects) })}\n`);
      }
    }
  }
  return ok;
}

function printText(
  { packets, problems }: Capture,
  connections: readonly CaptureConnection[],
  keys: readonly KeyRing[],
  options: PcapCommand,
  io: CliIo,
): boolean {
  let ok = true;
  let locked = 0;
  for (const connection of connections) {
    const objects = new DialogueObjects();
    io.out(`${connection.id}, ${connectionFraming(connection) ?? 'not DLMS/COSEM'}\n`);
    for (const event of dialogueOf(connection, { keys })) {
      if (isFailure(event)) ok = false;
      if (isLocked(event)) locked += 1;
      if (!isShown(event, options)) continue;
      for (const line of dialogueLines(event, objects)) io.out(`  ${printable(line)}\n`);
    }
    io.out('\n');
  }
  io.out(`${packets} packets, ${connections.length} connections\n`);
  if (locked > 0) io.err(`dlms pcap: ${locked} protected APDUs stay closed: ${keyAdvice(options)}\n`);
  for (const { code, message, offset } of problems) io.err(`dlms pcap: ${code} at octet ${offset}: ${message}\n`);
  return ok;
}

function keyAdvice({ keys }: PcapCommand): string {
  return keys === undefined
    ? 'give their keys with --keys FILE'
    : 'the file lacks a key they need; --messages shows which they are';
}
