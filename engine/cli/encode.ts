import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { encodeApdu } from '../codec/apdu-codec.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';
import { toHex } from '../codec/hex.ts';
import { octetsFromTranslation } from '../codec/translate/octets-from-json.ts';
import { translate } from '../codec/translate/translate.ts';
import { translationToXml } from '../codec/translate/translation-xml.ts';
import { pduFromXml } from '../codec/xml/apdu-xml.ts';
import { describeXmlError } from '../codec/xml/xml-failure.ts';
import type { EncodeForm } from './encode-forms.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';

export interface EncodeCommand {
  /** JSON or XML, the name of a file with it, or `-` for standard input. */
  readonly input?: string;
  /** What to write; default `hex`. */
  readonly to?: EncodeForm;
}

/** What the input describes cannot be encoded; the message says where. */
class NotEncodable extends Error {}

/**
 * `dlms encode`: what `dlms decode --json` (the whole result or its `value`) or `--xml` writes to hex, or to each other.
 * JSON may be an APDU, Data or frames; XML an APDU or Data.
 * Exit code 0 encoded, 1 the input does not describe an APDU, Data or frame, 2 neither JSON nor XML.
 */
export async function encode({ input, to = 'hex' }: EncodeCommand, stdin: Readable, io: CliIo): Promise<ExitCode> {
  try {
    const text = await inputText(input, stdin);
    const octets = text.trimStart().startsWith('<') ? octetsFromXml(text) : octetsFromTranslation(parseJson(text));
    io.out(`${render(octets, to)}\n`);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    io.err(`dlms encode: ${error.message}\n`);
    const describesNothing = error instanceof NotEncodable || error instanceof TypeError || error instanceof RangeError;
    return describesNothing ? exitCodes.failed : exitCodes.usage;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`the input is neither JSON nor XML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function octetsFromXml(text: string): Uint8Array {
  const result = pduFromXml(text);
  if (!result.ok) throw new NotEncodable(describeXmlError(result.error));
  return 'apdu' in result.value ? encodeApdu(result.value.apdu) : encodeData(result.value.data);
}

function render(octets: Uint8Array, to: EncodeForm): string {
  if (to === 'hex') return toHex(octets);
  const result = translate(octets);
  if (!result.ok) throw new NotEncodable('the octets encoded are no APDU, Data or frame');
  return to === 'json' ? JSON.stringify(result.value, null, 2) : translationToXml(result.value).join('\n').trimEnd();
}

async function inputText(argument: string | undefined, stdin: Readable): Promise<string> {
  if (argument !== undefined && /^\s*[{<]/.test(argument)) return argument;
  if (argument !== undefined && argument !== '-') return readFile(argument, 'utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
