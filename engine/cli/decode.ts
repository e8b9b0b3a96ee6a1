import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { DEVIATIONS } from '../codec/deviations.ts';
import { explainFields } from '../codec/explain/explain-fields.ts';
import { fromHex, toHex } from '../codec/hex.ts';
import { describeCodecError } from '../codec/result.ts';
import type { KeyRing } from '../codec/security/types.ts';
import { type HexInput, parseHexInput } from '../codec/translate/parse-hex-input.ts';
import { translate } from '../codec/translate/translate.ts';
import { translationToXml } from '../codec/translate/translation-xml.ts';
import type { TranslateLayer, Translation } from '../codec/translate/types.ts';
import { decodeLayers } from './decode-layers.ts';
import { fieldTree } from './field-tree.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { keyRingFromJson } from './key-ring.ts';

type LayerOption = TranslateLayer | 'auto';

/** Options of `dlms decode` as the command line gives them. */
export interface DecodeCommand {
  /** Hex, the name of a file with hex, or `-` for standard input. */
  readonly input?: string;
  readonly layer: LayerOption;
  readonly keys?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly xml?: boolean;
  readonly jsonl?: boolean;
  /** Say behind each field what it is for. */
  readonly explain?: boolean;
}

/** `dlms decode`: exit code 0 decoded, 1 not decodable (or a line of --jsonl was not), 2 usage. */
export async function decode(options: DecodeCommand, input: Readable, io: CliIo): Promise<ExitCode> {
  let keys: KeyRing;
  let text: string;
  try {
    keys = options.keys === undefined ? {} : keyRingFromJson(JSON.parse(await readFile(options.keys, 'utf8')));
    if (options.jsonl === true) return await decodeLines(options, keys, input, io);
    text = await inputText(options.input, input);
  } catch (error) {
    io.err(`dlms decode: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  const hex = parseHexInput(text);
  if (!hex.ok) {
    io.err(`dlms decode: ${hex.message}\n`);
    return exitCodes.usage;
  }
  const { layer, strict = false, json = false, xml = false, explain = false } = options;
  const results = messagesOf(hex).map((octets) => ({
    octets,
    result: translate(octets, { layer, keys, strict, fields: !json && !xml }),
  }));
  if (xml) {
    for (const { octets, result } of results) {
      if (result.ok) io.out(translationToXml(result.value).join('\n'));
      else io.err(`dlms decode: ${toHex(octets)}: ${describeCodecError(result.error)}\n`);
    }
  } else if (json) {
    const documents = results.map(({ result }) => jsonResult(result));
    io.out(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
  } else {
    io.out(results.map(({ octets, result }) => readable(octets, result, explain)).join('\n'));
  }
  return results.every(({ result }) => result.ok) ? exitCodes.ok : exitCodes.failed;
}

/** The messages of a log with directions one by one; anything else is one run of octets, which may be several frames. */
function messagesOf({ octets, messages }: Extract<HexInput, { ok: true }>): readonly Uint8Array[] {
  return messages.some(({ direction }) => direction !== undefined) ? messages.map((m) => m.octets) : [octets];
}

/** Hex as it is, or what a file or standard input holds. A text of hex digits is never taken for a file. */
async function inputText(argument: string | undefined, input: Readable): Promise<string> {
  if (argument === undefined || argument === '-') return readAll(input);
  if (parseHexInput(argument).ok) return argument;
  try {
    return await readFile(argument, 'utf8');
  } catch {
    return argument;
  }
}

async function readAll(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** One JSON object a line in, one out, in order. `id` comes back as it was. */
async function decodeLines(
  { layer, strict = false }: DecodeCommand,
  keys: KeyRing,
  input: Readable,
  io: CliIo,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const answer = decodeLine(line, { layer, strict, keys });
    if (!answer.ok) code = exitCodes.failed;
    io.out(`${JSON.stringify(answer)}\n`);
  }
  return code;
}

interface LineDefaults {
  readonly layer: LayerOption;
  readonly strict: boolean;
  readonly keys: KeyRing;
}

/** A line that is no request is answered with code `bad-request`, so that the others still are. */
export function decodeLine(line: string, defaults: LineDefaults) {
  let id: unknown = null;
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request !== 'object' || request === null) throw new TypeError('the line is not a JSON object');
    const { hex, layer, keys } = request as Readonly<Record<string, unknown>>;
    id = 'id' in request ? request.id : null;
    if (typeof hex !== 'string') throw new TypeError('"hex" is missing or not a text');
    const wanted = layer === undefined ? defaults.layer : decodeLayers.find((known) => known === layer);
    if (wanted === undefined)
      throw new TypeError(`"layer" is ${JSON.stringify(layer)}, not ${decodeLayers.join(', ')}`);
    const ring = keys === undefined || keys === null ? defaults.keys : { ...defaults.keys, ...keyRingFromJson(keys) };
    return { id, ...jsonResult(translate(fromHex(hex), { layer: wanted, strict: defaults.strict, keys: ring })) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      id,
      ok: false as const,
      kind: 'error',
      value: null,
      deviations: [],
      error: { code: 'bad-request', message },
    };
  }
}

function jsonResult(result: Translation) {
  const { ok, layer, kind, value, deviations } = result;
  return { ok, layer, kind, value, deviations, ...(result.ok ? {} : { error: result.error }) };
}

function readable(octets: Uint8Array, result: Translation, explain: boolean): string {
  const lines = [`${result.ok ? result.kind : 'not decodable'} (${result.layer}, ${octets.length} octets)`, ''];
  const fields = explain ? explainFields(result.fields ?? []) : (result.fields ?? []);
  if (fields.length > 0) lines.push(fieldTree(octets, fields), '');
  for (const { id, offset, description } of result.deviations) {
    lines.push(`deviation at octet ${offset}: ${id}: ${description}`);
    if (explain) lines.push(`  ${DEVIATIONS[id]}`);
  }
  if (!result.ok) lines.push(`error: ${describeCodecError(result.error)}`);
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}
