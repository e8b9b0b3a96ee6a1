import type { Apdu } from './apdu.ts';
import type { Data } from './axdr/data.ts';
import { dataFromJson, dataToJson, octetsFromJson } from './axdr/data-json.ts';
import { octetToHex, toHex } from './hex.ts';
import { shownJson } from './json-shape.ts';

/** A tree of plain JSON values. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Members that are called differently in JSON. */
const JSON_NAMES = new Map([
  ['octets', 'hex'],
  ['identifiedKey', 'identified-key'],
  ['wrappedKey', 'wrapped-key'],
  ['agreedKey', 'agreed-key'],
]);
const OWN_NAMES = new Map([...JSON_NAMES].map(([own, json]) => [json, own]));

/** Mechanism 2 has the name of its class in JSON. */
const JSON_HLS = 'hls';
const OWN_HLS = 'hls-manufacturer';

/** Members that hold octets, by their name in JSON. */
const OCTET_MEMBERS = new Set([
  'hex',
  'raw',
  'dedicatedKey',
  'dateTime',
  'payload',
  'tag',
  'systemTitle',
  'transactionId',
  'originatorSystemTitle',
  'recipientSystemTitle',
  'otherInformation',
  'keyParameters',
  'keyCipheredData',
  'content',
  'signature',
  'address',
  'apdu',
  'protocolVersion',
  'calledApTitle',
  'calledAeQualifier',
  'callingApTitle',
  'callingAeQualifier',
  'respondingApTitle',
  'respondingAeQualifier',
  'acseRequirements',
  'implementationInformation',
]);

/**
 * An APDU in JSON: the same members as in memory, with octets as lower-case hex, Data as in `dataToJson`, `sc` as two
 * hex digits, and `{form, hex}` for an authentication value.
 */
export function apduToJson(apdu: Apdu): JsonObject {
  return membersToJson(apdu);
}

function membersToJson(value: object): JsonObject {
  const json: { [name: string]: Json } = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) json[JSON_NAMES.get(name) ?? name] = memberToJson(name, member);
  }
  return json;
}

function memberToJson(name: string, value: unknown): Json {
  if (name === 'sc' && typeof value === 'number') return octetToHex(value);
  if (name === 'mechanism' && value === OWN_HLS) return JSON_HLS;
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map((element) => memberToJson('', element));
  if (typeof value === 'object' && value !== null) {
    return 't' in value ? dataToJson(value as Data) : membersToJson(value);
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

/**
 * The inverse of `apduToJson`. Members that the encoder does not use (`plain`, `inner`) are let through; what is
 * missing or out of range, the encoder reports.
 * @throws {TypeError} with the path to octets or Data that are not in this notation.
 */
export function apduFromJson(json: unknown): Apdu {
  if (typeof json !== 'object' || json === null || typeof (json as { kind?: unknown }).kind !== 'string') {
    throw new TypeError(`apdu: ${shownJson(json)} is not an object with a kind`);
  }
  return membersFromJson(json, 'apdu') as Apdu;
}

function membersFromJson(json: object, path: string): object {
  const value: { [name: string]: unknown } = {};
  // `raw` of an invoke-id is a number, `time` of an information report GeneralizedTime characters.
  const isInvoke = 'highPriority' in json;
  const isReport = (json as { kind?: unknown }).kind === 'information-report';
  for (const [name, member] of Object.entries(json)) {
    const isOctets = (OCTET_MEMBERS.has(name) && !isInvoke) || (name === 'time' && !isReport);
    value[OWN_NAMES.get(name) ?? name] =
      isOctets && member !== null
        ? octetsFromJson(member, `${path}.${name}`)
        : memberFromJson(name, member, `${path}.${name}`);
  }
  return value;
}

function memberFromJson(name: string, json: unknown, path: string): unknown {
  if (name === 'sc') return octetsFromJson(json, path)[0];
  if (name === 'mechanism' && json === JSON_HLS) return OWN_HLS;
  if (Array.isArray(json)) return json.map((element, i) => memberFromJson('', element, `${path}[${i}]`));
  if (typeof json === 'object' && json !== null) {
    return 't' in json ? dataFromJson(json, path) : membersFromJson(json, path);
  }
  return json;
}
