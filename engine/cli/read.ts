import { readFile } from 'node:fs/promises';
import { describeAttributeAccess } from '../cosem/access-rights.ts';
import { nearestClass } from '../cosem/classes.ts';
import { canonicalConformanceName } from '../cosem/conformance.ts';
import { nameObis } from '../cosem/obis/name.ts';
import { formatObis, parseObis } from '../cosem/obis/obis.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import type { Association } from '../session/association.ts';
import type { AuthenticationName } from '../session/authentication.ts';
import { connect } from '../session/connect.ts';
import type { Connection } from '../session/connection.ts';
import { CounterFile } from '../session/counter-file.ts';
import { asSessionError } from '../session/errors.ts';
import { InvocationCounters } from '../session/invocation-counters.ts';
import type { ProfileRow } from '../session/profile-rows.ts';
import { type ReadItem, type ReadValue, readEverything, readItems } from '../session/reader.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { keysFromText } from './key-file.ts';
import { integer, oneOf } from './option-values.ts';
import { type RowsToRead, rowsToRead, type SelectionOptions } from './profile-selection.ts';
import { type ProfileRead, profileJson, profileTable } from './profile-table.ts';
import { printable, table } from './table.ts';
import { hdlcProposal, type WayOptions, wayToMeter } from './way-to-meter.ts';

/** Options of `dlms read` as the command line gives them: text, not yet checked. */
export interface ReadOptions extends SelectionOptions, WayOptions {
  /** `A-B:C.D.E.F` or `A-B:C.D.E.F:ATTRIBUTE`. Empty without `all`: the object list. */
  readonly items: readonly string[];
  readonly all?: boolean;
  /** `1/17` = upper and lower HDLC address. */
  readonly server?: string;
  readonly addressBytes?: string;
  readonly client?: string;
  readonly auth?: string;
  readonly suite?: string;
  readonly security?: string;
  /** General-ciphering: how its key comes about. */
  readonly contentKey?: string;
  /** System title of the meter, hex. */
  readonly meterTitle?: string;
  /** Sign services. */
  readonly sign?: boolean;
  readonly referencing?: string;
  readonly keys?: string;
  /** File that keeps invocation counters over runs. */
  readonly counters?: string;
  /** OBIS code of the meter's counter object. */
  readonly counterObject?: string;
  /** Conformance bits beside the usual ones, separated by commas. */
  readonly propose?: string;
  readonly timeout?: string;
  readonly json?: boolean;
}

const DEFAULT_PUBLIC_CLIENT = 16;

/** `dlms read`: opens an association, reads, prints. Exit code 0 all read, 1 failed or something refused, 2 usage. */
export async function read(options: ReadOptions, io: CliIo): Promise<ExitCode> {
  let connection: Connection;
  let items: readonly ReadItem[];
  let rows: RowsToRead | undefined;
  try {
    connection = await connectionOf(options);
    items = options.items.map(itemOf);
    rows = rowsToRead(options);
    if (rows !== undefined) requireProfiles(items);
  } catch (error) {
    io.err(`dlms read: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  const values: ReadValue[] = [];
  const profiles: { obis: string; rows: ProfileRow[] }[] = [];
  let objects: readonly ObjectListEntry[] | undefined;
  let association: Association | undefined;
  let counters: CounterFile | undefined;
  try {
    counters = options.counters === undefined ? undefined : new CounterFile(options.counters);
  } catch (error) {
    io.err(`dlms read: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  try {
    association = await connect(connection, {
      signal: io.signal,
      ...(counters === undefined ? {} : { counters: new InvocationCounters(counters) }),
    });
    if (rows !== undefined) await readProfiles(association, items, rows, profiles);
    else if (options.all === true) for await (const value of readEverything(association)) values.push(value);
    else if (items.length > 0) for await (const value of readItems(association, items)) values.push(value);
    else objects = await association.objectList();
    print(options, io, { values, objects, profiles });
  } catch (error) {
    const failure = asSessionError(error);
    if (failure === undefined) throw error;
    const told = { code: failure.code, message: failure.message };
    print(options, io, { values, objects, profiles, failure: told });
    return failure.code === 'bad-secret' || failure.code === 'secret-missing' ? exitCodes.usage : exitCodes.failed;
  } finally {
    await association?.release();
    counters?.close();
  }
  return values.some((value) => value.error !== undefined) ? exitCodes.failed : exitCodes.ok;
}

/** Rows are those of a buffer, attribute 2 of a profile. */
function requireProfiles(items: readonly ReadItem[]): void {
  if (items.length === 0)
    throw new Error('--from, --to and --entries need the OBIS code of a profile, e.g. 1-0:99.1.0.255');
  const other = items.find((item) => item.attribute !== undefined && item.attribute !== 2);
  if (other !== undefined)
    throw new Error(`--from, --to and --entries pick rows of attribute 2, not of ${other.obis}:${other.attribute}`);
}

/** Each row goes into `profiles` as it comes, so that a failure leaves those before it. */
async function readProfiles(
  association: Association,
  items: readonly ReadItem[],
  { selection, options }: RowsToRead,
  profiles: { obis: string; rows: ProfileRow[] }[],
): Promise<void> {
  for (const { obis } of items) {
    const rows: ProfileRow[] = [];
    profiles.push({ obis, rows });
    for await (const row of association.profile(obis, selection, options)) rows.push(row);
  }
}

/** Checks the options and reads the key file. Throws Error with what to do. */
export async function connectionOf(options: ReadOptions): Promise<Connection> {
  const way = wayToMeter(options);
  const proposal = hdlcProposal(options);
  const authentication = authenticationOf(options.auth ?? 'none');
  const [upper = '1', lower] = (options.server ?? '1').split('/');
  const client =
    options.client === undefined ? defaultClient(authentication) : integer('client', options.client, 0, 0xffff);
  const secrets = options.keys === undefined ? {} : keysFromText(await keyText(options.keys), options.keys);
  const addressBytes = oneOf('address-bytes', options.addressBytes ?? (lower === undefined ? '1' : '2'), [
    '1',
    '2',
    '4',
  ]);
  return {
    ...way,
    referencing: oneOf('referencing', (options.referencing ?? 'ln').toUpperCase(), ['LN', 'SN']),
    client,
    server: integer('server', upper, 0, 0xffff),
    ...(way.framing === 'hdlc'
      ? {
          hdlc: {
            addressBytes: HDLC_WIDTHS[addressBytes],
            lower: lower === undefined ? 0 : integer('server', lower, 0, 0x3fff),
            ...(proposal === undefined ? {} : { parameters: proposal }),
          },
        }
      : {}),
    authentication,
    security: oneOf('security', options.security ?? 'none', ['none', 'auth', 'enc', 'authenc']),
    suite: SUITES[oneOf('suite', options.suite ?? defaultSuite(authentication, options), ['0', '1', '2'])],
    secrets,
    ...generalProtection(options),
    ...(options.counterObject === undefined ? {} : { counterObject: obisOf('counter-object', options.counterObject) }),
    ...(options.propose === undefined ? {} : { propose: proposalOf(options.propose) }),
    ...(options.timeout === undefined ? {} : { timeoutMs: integer('timeout', options.timeout, 1, 3_600_000) }),
  };
}

const HDLC_WIDTHS = { '1': 1, '2': 2, '4': 4 } as const;
const SUITES = { '0': 0, '1': 1, '2': 2 } as const;

function authenticationOf(name: string): AuthenticationName {
  // `hls` is what people call the common one.
  if (name === 'hls') return 'gmac';
  return oneOf('auth', name, ['none', 'lls', 'md5', 'sha1', 'gmac', 'sha256', 'ecdsa']);
}

/** General-ciphering and general-signing go with ciphering only. */
function generalProtection(options: ReadOptions): Partial<Connection> {
  const { contentKey, meterTitle, sign } = options;
  if ((contentKey !== undefined || sign === true) && (options.security ?? 'none') === 'none')
    throw new Error('--content-key and --sign need --security auth, enc or authenc');
  if (meterTitle !== undefined && !/^[0-9a-fA-F]{16}$/.test(meterTitle))
    throw new Error(`--meter-title ${meterTitle}: expected 16 hex digits`);
  return {
    ...(contentKey === undefined
      ? {}
      : { contentKey: oneOf('content-key', contentKey, ['identified', 'wrapped', 'one-pass', 'static']) }),
    ...(meterTitle === undefined ? {} : { serverTitle: meterTitle }),
    ...(sign === true ? { signed: true } : {}),
  };
}

function obisOf(option: string, text: string): string {
  const code = parseObis(text);
  if (code === undefined) throw new Error(`--${option} ${text}: expected an OBIS code such as 0-0:43.1.0.255`);
  return formatObis(code);
}

/** Canonical names of conformance bits. */
function proposalOf(text: string): readonly string[] {
  return text.split(',').map((name) => {
    const bit = canonicalConformanceName(name);
    if (bit === undefined)
      throw new Error(`--propose ${name}: expected conformance bits such as general-block-transfer`);
    return bit;
  });
}

/** Public without authentication, management otherwise, unless the caller knows better. */
function defaultClient(authentication: AuthenticationName): number {
  return authentication === 'none' ? DEFAULT_PUBLIC_CLIENT : 1;
}

/** Suite 0 has no signatures and no key agreement. */
function defaultSuite(authentication: AuthenticationName, { contentKey, sign }: ReadOptions): '0' | '1' {
  const agreed = contentKey === 'one-pass' || contentKey === 'static';
  return authentication === 'ecdsa' || sign === true || agreed ? '1' : '0';
}

/** `1-0:1.8.0.255` or `1.0.1.8.0.255`, with `:2` or `#2` for the attribute. */
export function itemOf(text: string): ReadItem {
  const match = /^(.+?[.:]\d+\.\d+\.\d+\.\d+)(?:[:#](-?\d+))?$/.exec(text);
  const code = match?.[1] === undefined ? undefined : parseObis(match[1]);
  if (match === null || code === undefined)
    throw new Error(`'${text}' is not OBIS or OBIS:ATTRIBUTE, e.g. 1-0:1.8.0.255 or 1-0:1.8.0.255:3`);
  const attribute = match[2] === undefined ? undefined : Number(match[2]);
  if (attribute !== undefined && (attribute < -128 || attribute > 127))
    throw new Error(`attribute ${attribute} of '${text}' is not in -128..127`);
  return { obis: formatObis(code), ...(attribute === undefined ? {} : { attribute }) };
}

async function keyText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`key file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What was read until the end, or until the failure. */
interface Findings {
  readonly values: readonly ReadValue[];
  readonly objects: readonly ObjectListEntry[] | undefined;
  readonly profiles: readonly ProfileRead[];
  readonly failure?: Failure;
}

function print(options: ReadOptions, io: CliIo, { values, objects, profiles, failure }: Findings): void {
  if (options.json === true) {
    const shown = {
      values,
      ...(objects === undefined ? {} : { objects: objects.map(objectJson) }),
      ...(profiles.length === 0 ? {} : { profiles: profiles.map(profileJson) }),
      ...(failure === undefined ? {} : { failure }),
    };
    io.out(`${JSON.stringify(shown)}\n`);
    return;
  }
  for (const profile of profiles) io.out(profileTable(profile));
  if (values.length > 0) io.out(table(['object', 'name', 'attribute', 'value'], values.map(valueRow)));
  if (objects !== undefined) io.out(table(['object', 'class', 'name', 'access'], objects.map(objectRow)));
  if (failure !== undefined) io.err(`dlms read: ${printable(failure.message)} [${failure.code}]\n`);
}

function valueRow(value: ReadValue): string[] {
  const shown =
    value.error === undefined
      ? value.text
      : value.error === value.text
        ? `refused: ${value.error}`
        : `${value.text} [${value.error}]`;
  return [value.obis, value.name, `${value.attribute} ${value.attributeName}`.trim(), shown];
}

function objectRow(object: ObjectListEntry): string[] {
  const known = nearestClass(object.classId, object.version);
  const access = (object.attributes ?? [])
    .filter((right) => right.access.read || right.access.write)
    .map((right) => `${right.index} ${describeAttributeAccess(right.access)}`);
  const base =
    object.baseName === undefined ? '' : `base ${object.baseName.toString(16).toUpperCase().padStart(4, '0')}`;
  return [
    object.logicalName,
    `${object.classId} v${object.version} ${known?.name ?? ''}`.trim(),
    nameObis(object.logicalName, { classId: object.classId }).name,
    base === '' ? access.join('; ') : base,
  ];
}

function objectJson(object: ObjectListEntry): object {
  return {
    obis: object.logicalName,
    class: object.classId,
    version: object.version,
    name: nameObis(object.logicalName, { classId: object.classId }).name,
    ...(object.baseName === undefined ? {} : { baseName: object.baseName }),
    ...(object.attributes === undefined
      ? {}
      : {
          access: Object.fromEntries(
            object.attributes.map((right) => [right.index, describeAttributeAccess(right.access)]),
          ),
        }),
  };
}
