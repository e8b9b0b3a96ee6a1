import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Aare, Aarq, Mechanism } from '../../../../engine/codec/acse/types.ts';
import type { Data } from '../../../../engine/codec/axdr/data.ts';
import { toHex } from '../../../../engine/codec/hex.ts';
import { drawPrivateKey, P256, publicKeyOf } from '../../../../engine/codec/security/curves.ts';
import type { GetDataResult } from '../../../../engine/codec/xdlms/types.ts';
import { nearestClass } from '../../../../engine/cosem/classes.ts';
import { type ObjectListEntry, readObjectList, readShortNameObjectList } from '../../../../engine/cosem/object-list.ts';
import type {
  AccessModel,
  AttributeModel,
  Expression,
  MeterModel,
  ObjectModel,
} from '../../../../engine/template/model.ts';
import type { Dialogue } from '../../codec/peer-sessions-dialogue.ts';
import { readsOf } from '../../codec/peer-sessions-reads.ts';
import { compiled } from './matrix-meter.ts';
import { CLIENT_SIGNING_KEY } from './peer-replay.ts';

/** Secrets the sessions were recorded with, as the README of the recordings states them. */
const PASSWORD = 'Gurux';
const GUEK = '000102030405060708090a0b0c0d0e0f';
const GAK = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';
const SERVER_TITLE = '4752580000000001';
const CLIENT = 'client';

/** A value the template cannot write down in one expression; it is put into the meter as if it had been written. */
export interface StructuredValue {
  readonly object: string;
  readonly attribute: number;
  readonly data: Data;
}

/** A recorded server as a template, and what of its values goes into the meter's state. */
export interface Mirror {
  readonly model: MeterModel;
  readonly structured: readonly StructuredValue[];
  readonly objects: readonly ObjectListEntry[];
}

function apduOf<K extends 'aarq' | 'aare'>(dialogue: Dialogue, kind: K): K extends 'aarq' ? Aarq : Aare;
function apduOf(dialogue: Dialogue, kind: string): unknown {
  return dialogue.apdus.find(({ apdu }) => apdu.kind === kind)?.apdu ?? assert.fail(`${dialogue.name} has no ${kind}`);
}

const SIGNATURES = '   signing_key: secret("peer/sign")   client_signing_key: secret("peer/client_sign")';

const AUTHENTICATION: Readonly<Record<Mechanism, string>> = {
  lowest: 'none',
  lls: 'lls, password secret("peer/password")',
  'hls-manufacturer': 'hls, secret secret("peer/password")',
  'hls-md5': 'hls-md5, secret secret("peer/password")',
  'hls-sha1': 'hls-sha1, secret secret("peer/password")',
  'hls-gmac': 'hls-gmac',
  'hls-sha256': 'hls-sha256, secret secret("peer/password")',
  'hls-ecdsa': 'hls-ecdsa',
};

/** Secrets of the template, with keys of the client and the meter for signatures where they are needed. */
export function peerSecrets(suite: number): Readonly<Record<string, string>> {
  const long = suite === 2;
  return {
    'peer/password': `text:${PASSWORD}`,
    'peer/guek': `hex:${long ? `${GUEK}101112131415161718191a1b1c1d1e1f` : GUEK}`,
    'peer/gak': `hex:${long ? GAK + GAK : GAK}`,
    'peer/sign': `hex:${toHex(drawPrivateKey(P256, (length) => randomBytes(length)))}`,
    'peer/client_sign': `hex:${toHex(publicKeyOf(P256, CLIENT_SIGNING_KEY))}`,
  };
}

/** The server of a recording as a template: association, services, keys, objects, rights, and the values it gave. */
export function mirrorOf(dialogue: Dialogue, suite: number, clientSap: number): Mirror {
  const aarq = apduOf(dialogue, 'aarq');
  const aare = apduOf(dialogue, 'aare');
  const ciphering = aarq.applicationContext.endsWith('-ciphered');
  const context = aarq.applicationContext.startsWith('sn') ? 'SN' : 'LN';
  const mechanism = (aarq.mechanism as Mechanism | undefined) ?? 'lowest';
  const base = compiled(`meter mirror {
  identity { vendor: "Peer"   flag: "GRX"   model: "P"   firmware: "1"   serial: "{n:08}"   logical_device_name: "GRX{serial}"   system_title: "${SERVER_TITLE}"   referencing: ${context} }
  transport wrapper tcp { framing: wrapper   port: 4059 }
  transport hdlc tcp { framing: hdlc   port: 4060 }
  security guard suite ${suite} { global_unicast_key: secret("peer/guek")   authentication_key: secret("peer/gak")${mechanism === 'hls-ecdsa' ? SIGNATURES : ''} }
  association ${CLIENT} {
    client: ${clientSap}   server: 1   authentication: ${AUTHENTICATION[mechanism]}
    context: ${context}, ${ciphering ? 'ciphering' : 'no-ciphering'}   security: guard
    conformance: ${conformanceOf(aare, context).join(', ')}
    max_pdu: 1024
  }
}
`);
  const reads = readsOf(dialogue).attributes;
  const read = new Map<string, GetDataResult>(reads.map(({ key, result }) => [key, result]));
  const objects = listedObjects(read.get('0-0:40.0.0.255#2'), context);
  const structured: StructuredValue[] = [];
  const denied = deniedMethods(dialogue);
  const models = objects.map((entry, index) => objectModel(entry, index, read, structured, denied));
  return { model: { ...base, objects: models.map((model) => withColumns(model, models, read)) }, structured, objects };
}

function conformanceOf(aare: Aare, context: 'LN' | 'SN'): readonly string[] {
  const initiate = aare.userInformation;
  if (initiate !== undefined && 'conformance' in initiate) return initiate.conformance;
  // Ciphered: what the summaries of these sessions say.
  return context === 'SN'
    ? ['read', 'write', 'multiple-references', 'parameterized-access']
    : [
        'general-protection',
        'general-block-transfer',
        'block-transfer-with-get-or-read',
        'block-transfer-with-set-or-write',
        'block-transfer-with-action',
        'multiple-references',
        'access',
        'get',
        'set',
        'selective-access',
        'action',
      ];
}

function listedObjects(list: GetDataResult | undefined, context: 'LN' | 'SN'): readonly ObjectListEntry[] {
  assert.ok(list !== undefined && 'data' in list, 'the recording has no object list');
  const probe = readObjectList(list.data, 3);
  if (context === 'SN') return readShortNameObjectList(list.data)?.entries ?? [];
  const own = probe?.entries.find(({ classId, logicalName }) => classId === 15 && logicalName === '0-0:40.0.0.255');
  return readObjectList(list.data, own?.version ?? 3)?.entries ?? [];
}

/** Methods the recorded server denied although its object list grants them, as `70 0-0:96.3.10.255 #1`. */
function deniedMethods({ apdus }: Dialogue): ReadonlySet<string> {
  const denied = new Set<string>();
  apdus.forEach(({ apdu }, index) => {
    const answer = apdus[index + 1]?.apdu;
    if (apdu.kind !== 'action-request' || apdu.type !== 'normal' || answer?.kind !== 'action-response') return;
    const { class: classId, obis, index: method } = apdu.method;
    if (answer.type === 'normal' && answer.result === 'read-write-denied') denied.add(`${classId} ${obis} #${method}`);
  });
  return denied;
}

/** Rights as the object list has them; with short names it has none, and everything is tried. */
function accessOf(entry: ObjectListEntry, denied: ReadonlySet<string>): ObjectModel['access'] {
  if (entry.attributes === undefined) return { [CLIENT]: { get: [], set: [], action: [] } };
  const attributes: Record<string, AccessModel> = {};
  for (const { index, access } of entry.attributes)
    attributes[index] = { ...(access.read ? { get: [] } : {}), ...(access.write ? { set: [] } : {}) };
  const methods: Record<string, AccessModel> = {};
  for (const { index, access } of entry.methods ?? []) {
    if (access.invoke && !denied.has(`${entry.classId} ${entry.logicalName} #${index}`))
      methods[index] = { action: [] };
  }
  return { [CLIENT]: { attributes, methods } };
}

function objectModel(
  entry: ObjectListEntry,
  index: number,
  read: ReadonlyMap<string, GetDataResult>,
  structured: StructuredValue[],
  denied: ReadonlySet<string>,
): ObjectModel {
  const name = `object_${index}`;
  const attributes: Record<string, AttributeModel> = {};
  const known = nearestClass(entry.classId, entry.version)?.attributes.length ?? 2;
  const listed = entry.attributes?.map((attribute) => attribute.index) ?? [];
  for (let attribute = 2; attribute <= Math.max(known, ...listed); attribute += 1) {
    const result = read.get(`${entry.logicalName}#${attribute}`);
    if (result === undefined || !('data' in result)) continue;
    const value = expressionOf(result.data);
    if (value === undefined) structured.push({ object: name, attribute, data: result.data });
    else attributes[attribute] = { type: result.data.t, value };
  }
  return {
    name,
    obis: entry.logicalName,
    class: entry.classId,
    version: entry.version,
    ...(entry.baseName === undefined ? {} : { baseName: entry.baseName }),
    attributes,
    access: accessOf(entry, denied),
    settings: hasRows(read.get(`${entry.logicalName}#2`), entry) ? { prefill: { k: 'duration', ms: DAY } } : {},
  };
}

function hasRows(buffer: GetDataResult | undefined, { classId }: ObjectListEntry): boolean {
  if (classId !== PROFILE_GENERIC || buffer === undefined || !('data' in buffer)) return false;
  return buffer.data.t === 'array' && buffer.data.v.length > 0;
}

const PROFILE_GENERIC = 7;
const CAPTURE_OBJECTS = 3;
const DAY = 86_400_000;

/** A value as a template writes it; undefined for structures, arrays and the like. */
function expressionOf(data: Data): Expression | undefined {
  switch (data.t) {
    case 'octet-string':
      return { k: 'octets', hex: toHex(data.v) };
    case 'visible-string':
      return { k: 'text', value: String(data.v) };
    case 'boolean':
      return { k: 'boolean', value: data.v };
    case 'enum':
    case 'integer':
    case 'unsigned':
    case 'long':
    case 'long-unsigned':
    case 'double-long':
    case 'double-long-unsigned':
      return { k: 'number', value: data.v };
    default:
      return undefined;
  }
}

/** A profile captures the objects of the mirror. */
function withColumns(
  model: ObjectModel,
  models: readonly ObjectModel[],
  read: ReadonlyMap<string, GetDataResult>,
): ObjectModel {
  const captured = read.get(`${model.obis}#${CAPTURE_OBJECTS}`);
  if (model.class !== PROFILE_GENERIC || captured === undefined || !('data' in captured)) return model;
  if (captured.data.t !== 'array') return model;
  const items = captured.data.v.flatMap((column): Expression[] => {
    if (column.t !== 'structure') return [];
    const [classId, logicalName, attribute] = column.v;
    if (classId?.t !== 'long-unsigned' || logicalName?.t !== 'octet-string' || attribute?.t !== 'integer') return [];
    const target = models.find(({ class: id, obis }) => id === classId.v && nameOctets(obis) === toHex(logicalName.v));
    const known = target && nearestClass(target.class, target.version)?.attributes[attribute.v - 1]?.name;
    return target === undefined || known === undefined ? [] : [{ k: 'ref', path: `${target.name}.${known}` }];
  });
  return { ...model, attributes: { ...model.attributes, [CAPTURE_OBJECTS]: { value: { k: 'list', items } } } };
}

function nameOctets(obis: string): string {
  return toHex(Uint8Array.from(obis.split(/[-:.*]/), Number));
}
