import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { encodeApdu } from '../codec/apdu-codec.ts';
import { apduFromJson } from '../codec/apdu-json.ts';
import { dataFromJson } from '../codec/axdr/data-json.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';
import { toHex } from '../codec/hex.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';

export interface EncodeCommand {
  /** JSON, the name of a file with JSON, or `-` for standard input. */
  readonly input?: string;
}

/**
 * `dlms encode`: JSON as `dlms decode --json` writes it (the whole result or its `value`) to hex. Takes APDUs and Data.
 * Exit code 0 encoded, 1 the JSON does not describe an APDU or Data, 2 not JSON.
 */
export async function encode({ input }: EncodeCommand, stdin: Readable, io: CliIo): Promise<ExitCode> {
  let json: unknown;
  try {
    json = JSON.parse(await inputText(input, stdin));
  } catch (error) {
    io.err(`dlms encode: the input is not JSON: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  try {
    io.out(`${toHex(encodeJson(json))}\n`);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    io.err(`dlms encode: ${error.message}\n`);
    return exitCodes.failed;
  }
}

/** Octets of an APDU or Data in JSON. Throws TypeError or RangeError with the path of what is wrong. */
export function encodeJson(json: unknown): Uint8Array {
  if (typeof json !== 'object' || json === null)
    throw new TypeError('expected an object with "kind" (APDU) or "t" (Data)');
  if ('value' in json && 'ok' in json) return encodeJson(json.value);
  if ('apdu' in json && !('kind' in json)) {
    throw new TypeError('this is a frame with an APDU inside: encode takes the "apdu" member alone');
  }
  if ('t' in json) return encodeData(dataFromJson(json));
  return encodeApdu(apduFromJson(json));
}

async function inputText(argument: string | undefined, stdin: Readable): Promise<string> {
  if (argument?.trimStart().startsWith('{')) return argument;
  if (argument !== undefined && argument !== '-') return readFile(argument, 'utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
