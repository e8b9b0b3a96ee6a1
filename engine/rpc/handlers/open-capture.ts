import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { toHex } from '../../codec/hex.ts';
import { readCapture } from '../../codec/pcap/capture.ts';
import { connectionFraming, dialogueOf } from '../../codec/pcap/dialogue.ts';
import type { DialogueEvent, DialogueMessage } from '../../codec/pcap/dialogue-types.ts';
import { maskedOctets, withoutSecrets as withoutOwnSecrets } from '../../codec/pcap/mask-secrets.ts';
import type { CaptureConnection } from '../../codec/pcap/types.ts';
import { type Revealed, revealedToJson } from '../../codec/reveal.ts';
import { DialogueObjects } from '../../session/dialogue-objects.ts';
import { dialogueLines, messageText } from '../../session/dialogue-text.ts';
import { engineError } from '../errors.ts';
import { keyRings } from '../keys/key-rings.ts';
import { type SortedSecrets, sortSecrets } from '../keys/named-secrets.ts';
import { KeyTrials } from '../keys/open-with-keys.ts';
import { figuresOf, isLocked, titlesIn } from '../keys/protection.ts';
import type { CapturedTrace, OpenCaptureParams, OpenCaptureResult } from '../protocol.ts';
import type { KeptEntry, TraceStore } from '../trace-store.ts';
import { type CapturedSecret, capturedSecrets, chunksWithoutSecrets, withoutSecrets } from './mask-captured.ts';

/** Larger files are refused: they are read as a whole. */
export const MAX_CAPTURE_BYTES = 256 * 1024 * 1024;
/** Connections shown of one capture; each is a trace. */
export const MAX_CAPTURE_TRACES = 50;
/** Characters of what an exchange says in its row. */
const MAX_NOTE = 300;
/** APDUs of a connection whose keys are named. */
const NAMED_MESSAGES = 200;

type Draft = Omit<KeptEntry, 'index'>;

/**
 * Reads a pcap or pcapng file: a trace for each connection that speaks DLMS/COSEM, with link octets, APDUs and what was
 * asked and answered. Throws `notFound`, and `badInput` for what is no capture.
 */
export async function openCapture(
  { path: file, secrets = {} }: OpenCaptureParams,
  traces: TraceStore,
): Promise<OpenCaptureResult> {
  const { connections, packets, problems } = readCapture(await octetsOf(file));
  const [problem] = problems;
  if (packets === 0 && problem?.code === 'bad-file') {
    const next = 'Choose a .pcap or .pcapng file, as tcpdump and Wireshark write them.';
    throw engineError('badInput', `${path.basename(file)} is no capture: ${problem.message}.`, { next });
  }
  const spoken = connections.filter((connection) => connectionFraming(connection) !== undefined);
  const sorted = sortSecrets(secrets);
  const shown = spoken.slice(0, MAX_CAPTURE_TRACES).map((connection) => {
    return traceOf(connection, `${path.basename(file)}: ${connection.id}`, sorted, traces);
  });
  return {
    traces: shown,
    omitted: spoken.length - shown.length,
    packets,
    otherConnections: connections.length - spoken.length,
    problems: problems.map(({ code, message, offset }) => `${code} at octet ${offset}: ${message}`),
  };
}

async function octetsOf(file: string): Promise<Uint8Array> {
  let size: number;
  try {
    ({ size } = await stat(file));
    if (size <= MAX_CAPTURE_BYTES) return await readFile(file);
  } catch (error) {
    throw engineError('notFound', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw engineError('badInput', `${path.basename(file)} has ${size} octets, at most ${MAX_CAPTURE_BYTES} are read.`, {
    next: 'Cut it, for example with editcap, or filter it for the port of the meter.',
  });
}

function traceOf(
  connection: CaptureConnection,
  title: string,
  secrets: SortedSecrets,
  traces: TraceStore,
): CapturedTrace {
  const events = [...dialogueOf(connection, { keys: keyRings(secrets) })];
  const messages = events.filter((event) => event.type === 'message');
  const { traceId, sink } = traces.begin(title, connection.chunks[0]?.time ?? 0);
  const objects = new DialogueObjects();
  let index = 0;
  const add = (draft: Draft): void => sink({ index: index++, ...draft });
  let next = 0;
  const addEvents = (until: number): void => {
    for (let event = events[next]; event !== undefined && event.packet <= until; event = events[++next]) {
      const draft = draftOf(event, objects, hidden);
      if (draft !== undefined) add(draft);
    }
  };
  const hidden = capturedSecrets(events);
  const shown = chunksWithoutSecrets(connection.chunks, hidden);
  for (const [at, { time, from, octets, packet }] of connection.chunks.entries()) {
    add({
      time,
      direction: from === connection.client ? 'tx' : 'rx',
      layer: 'link',
      octets: shown[at] ?? octets,
      summary: `${octets.length} octets`,
    });
    addEvents(packet);
  }
  addEvents(Number.POSITIVE_INFINITY);
  return {
    traceId,
    title,
    apdus: messages.length,
    locked: messages.filter(({ revealed }) => revealed !== undefined && isLocked(revealedToJson(revealed))).length,
    keyNames: namesOfKeys(messages, secrets),
  };
}

function draftOf(event: DialogueEvent, objects: DialogueObjects, hidden: readonly CapturedSecret[]): Draft | undefined {
  if (event.type === 'message') return draftOfMessage(event, hidden);
  const { time } = event;
  // The link's own octets say what happened on it; only what is wrong needs words.
  if (event.type === 'note') {
    const { text, error } = event;
    return error === undefined ? undefined : note(time, text);
  }
  // An association or its release says nothing beyond its APDUs.
  if (event.items.length === 0 && event.failure === undefined) return undefined;
  const words = dialogueLines(event, objects).map((line) => line.replace(/^\S+\s+/, ''));
  return words.length === 0 ? undefined : note(time, words.join('; '));
}

function note(time: number, text: string): Draft {
  const summary = text.length <= MAX_NOTE ? text : `${text.slice(0, MAX_NOTE)}…`;
  return { time, direction: 'note', layer: 'apdu', octets: new Uint8Array(), summary };
}

function draftOfMessage(event: DialogueMessage, hidden: readonly CapturedSecret[]): Draft {
  const { time, direction, octets, revealed, deviations, error } = event;
  const plain = revealed === undefined ? undefined : plainOf(withoutOwnSecrets(revealed));
  return {
    time,
    direction,
    layer: 'apdu',
    octets: withoutSecrets(maskedOctets(octets, revealed), hidden),
    summary: messageText(event),
    deviations,
    ...(plain === undefined ? {} : { plain: withoutSecrets(plain, hidden) }),
    ...(error === undefined ? {} : { error }),
  };
}

/** The innermost APDU that was deciphered. */
function plainOf({ plain, inner, userInformation }: Revealed): Uint8Array | undefined {
  if (userInformation !== undefined) return plainOf(userInformation);
  return (inner === undefined ? undefined : plainOf(inner)) ?? plain;
}

/** A dialogue does not say which keys it took, so they are found once more. */
function namesOfKeys(messages: readonly DialogueMessage[], secrets: SortedSecrets): readonly string[] {
  const values = messages.flatMap(({ revealed }) => (revealed === undefined ? [] : [revealedToJson(revealed)]));
  const titles = new Map(values.flatMap(titlesIn).map((title) => [toHex(title), title]));
  const trials = new KeyTrials(secrets, [...titles.values()]);
  const opened = messages.filter(({ revealed }) => {
    return revealed !== undefined && figuresOf(revealedToJson(revealed)).opened > 0;
  });
  const names = opened.slice(0, NAMED_MESSAGES).flatMap(({ octets }) => trials.open(octets, 'apdu').keyNames);
  return [...new Set(names)];
}
