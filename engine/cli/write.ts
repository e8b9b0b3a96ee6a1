import type { Data } from '../codec/axdr/data.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';
import { nearestClass } from '../cosem/classes.ts';
import { describeData } from '../cosem/describe-data.ts';
import { describeAttributeValue } from '../cosem/describe-value.ts';
import { nameObis } from '../cosem/obis/name.ts';
import type { Association, AttributeAddress } from '../session/association.ts';
import type { Connection } from '../session/connection.ts';
import { asSessionError, costsOneRequest } from '../session/errors.ts';
import { holdsSecret } from '../session/secret-attributes.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { connectionOf, itemOf, type ReadOptions } from './read.ts';
import { printable } from './table.ts';
import { dataOf, dataTypeNamed } from './value-text.ts';
import { withAssociation } from './with-association.ts';

/** Options of `dlms write` and `dlms execute`: text, not yet checked. */
export interface WriteOptions extends Omit<ReadOptions, 'items'> {
  /** `OBIS:ATTRIBUTE` or `OBIS:METHOD`. */
  readonly item: string;
  /** The value to write, or the parameter of the method; see `dataOf`. */
  readonly value?: string;
  /** Data type of the value; default that of the value the meter has. */
  readonly type?: string;
  /** Do it. Without, what would be done is shown. */
  readonly yes?: boolean;
}

/** Parameter of methods that need none (BB 4): most classes define it as integer(0). */
const NO_PARAMETER: Data = { t: 'integer', v: 0 };
const DATA_CLASS = 1;

/** `dlms write`: writes one attribute, once `--yes` confirms what is shown. Exit code 0 written, 1 refused, 2 usage. */
export function write(options: WriteOptions, io: CliIo): Promise<ExitCode> {
  return change('write', options, io, async (association, address) => {
    const shown = (data: Data) =>
      holdsSecret(address) ? '(secret, not shown)' : describeAttributeValue(address.class, address.index, data);
    const now = await association.get(address).catch((error: unknown) => {
      if (costsOneRequest(error)) return { result: error.code };
      throw error;
    });
    const type = options.type === undefined ? ('data' in now ? now.data.t : undefined) : dataTypeNamed(options.type);
    if (type === undefined && options.value?.startsWith('{') !== true)
      throw new Error(
        `the type of ${options.item} is not known, reading it gives ${'result' in now ? now.result : ''}: give --type`,
      );
    const data = checked(options.value ?? '', type);
    const before = 'data' in now ? shown(now.data) : `(${now.result})`;
    return {
      what: `${before} -> ${shown(data)}`,
      perform: async () => ({ result: await association.set(address, data) }),
    };
  });
}

/** `dlms execute`: invokes one method, once `--yes` confirms it. Exit code 0 done, 1 refused, 2 usage. */
export function execute(options: WriteOptions, io: CliIo): Promise<ExitCode> {
  return change('execute', options, io, async (association, address, version) => {
    const type = options.type === undefined ? 'integer' : dataTypeNamed(options.type);
    const params = options.value === undefined ? NO_PARAMETER : checked(options.value, type);
    const method = nearestClass(address.class, version)?.methods.find((one) => one.index === address.index);
    return {
      what: `${method?.name ?? `method ${address.index}`}(${describeData(params)})`,
      perform: async () => {
        const { result, return: returned } = await association.action(address, params);
        return {
          result,
          ...(returned !== undefined && 'data' in returned ? { text: describeData(returned.data) } : {}),
        };
      },
    };
  });
}

/** The value, known to fit its type before anything is sent. */
function checked(text: string, type: Parameters<typeof dataOf>[1] | undefined): Data {
  const data = dataOf(text, type ?? 'null-data');
  encodeData(data);
  return data;
}

interface Change {
  readonly what: string;
  readonly perform: () => Promise<{ readonly result: string; readonly text?: string }>;
}

type Plan = (association: Association, address: AttributeAddress, version: number) => Promise<Change>;

async function change(command: string, options: WriteOptions, io: CliIo, plan: Plan): Promise<ExitCode> {
  let connection: Connection;
  let obis: string;
  let index: number;
  try {
    connection = await connectionOf({ ...options, items: [] });
    const item = itemOf(options.item);
    if (item.attribute === undefined)
      throw new Error(`'${options.item}' has no number behind the OBIS code, e.g. ${item.obis}:2`);
    obis = item.obis;
    index = item.attribute;
  } catch (error) {
    io.err(`dlms ${command}: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  try {
    return await withAssociation(connection, options.counters, io, async (association) => {
      const object = await objectOf(association, obis);
      const { what, perform } = await plan(association, { ...object, obis, index }, object.version);
      const about = `${obis}:${index} ${nameObis(obis, { classId: object.class }).name}: ${printable(what)}`;
      if (options.yes !== true) {
        io.out(`${about}\n`);
        io.err(`dlms ${command}: nothing was done; --yes does it\n`);
        return exitCodes.usage;
      }
      const outcome = await perform();
      if (options.json === true) io.out(`${JSON.stringify({ obis, index, ...outcome })}\n`);
      else io.out(`${about}: ${outcome.result}${outcome.text === undefined ? '' : ` ${printable(outcome.text)}`}\n`);
      return outcome.result === 'success' ? exitCodes.ok : exitCodes.failed;
    });
  } catch (error) {
    const failure = asSessionError(error);
    const message = error instanceof Error ? error.message : String(error);
    io.err(`dlms ${command}: ${printable(message)}${failure === undefined ? '' : ` [${failure.code}]`}\n`);
    return failure === undefined ? exitCodes.usage : exitCodes.failed;
  }
}

/** Class, version and base name from the object list; for an object it does not have, the class its code usually has. */
async function objectOf(association: Association, obis: string) {
  const objects = await association.objectList().catch((error: unknown) => {
    if (costsOneRequest(error)) return [];
    throw error;
  });
  const listed = objects.find((object) => object.logicalName === obis);
  if (listed === undefined) return { class: nameObis(obis).expectedClasses?.[0] ?? DATA_CLASS, version: 0 };
  const { classId, version, baseName } = listed;
  return { class: classId, version, ...(baseName === undefined ? {} : { baseName }) };
}
