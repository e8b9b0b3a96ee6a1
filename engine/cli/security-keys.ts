import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { KEY_IDS, KEY_RING_NAMES, type KeyId } from '../codec/security/key-id.ts';
import type { SecurityKey } from '../codec/security/key-transfer.ts';
import { securitySuite } from '../codec/security/suites.ts';
import { asSessionError } from '../session/errors.ts';
import { agreeOnKeys, transferKeys } from '../session/key-exchange.ts';
import { changedKeyFile } from './changed-key-file.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { keysFromText } from './key-file.ts';
import { keyRingFromJson } from './key-ring.ts';
import { NewFile, SECRET_MODE, writeNewFile } from './new-file.ts';
import { oneOf } from './option-values.ts';
import { type ChangeOptions, failed, notDone, withSetup } from './with-setup.ts';

/** Options of commands that change keys. Keys are in files only: they are never printed. */
export interface KeyOptions extends ChangeOptions {
  /** Names of keys as in key files: guek, gbek, gak, kek. */
  readonly names: readonly string[];
  /** New key file. */
  readonly to?: string;
  /** Key file with the new keys, in place of drawn ones. */
  readonly from?: string;
}

const IDS = Object.fromEntries(KEY_IDS.map((id) => [KEY_RING_NAMES[id], id]));
const NAMES = KEY_IDS.map((id) => KEY_RING_NAMES[id]);
const USUAL = ['guek', 'gak'] as const;

/** `dlms security transfer-keys`: new keys, wrapped under the master key. */
export async function transfer(options: KeyOptions, io: CliIo): Promise<ExitCode> {
  const command = 'security transfer-keys';
  const { to, from } = options;
  let ids: readonly KeyId[];
  let given: readonly SecurityKey[] | undefined;
  try {
    if ((to === undefined) === (from === undefined))
      throw new Error('give --to with a new key file for keys to be drawn, or --from with a file of keys');
    given = from === undefined ? undefined : keysIn(from, options.names);
    ids = given?.map(({ id }) => id) ?? idsOf(options.names);
  } catch (error) {
    return failed(command, error, io);
  }
  const what = `new ${namesOf(ids)} for ${options.meter}`;
  if (options.yes !== true) return notDone(command, what, io);
  return withSetup(command, options, io, async ({ association, connection, setups: [setup] }) => {
    const length = securitySuite(connection.suite)?.keyLength ?? 16;
    const keys = given ?? ids.map((id) => ({ id, key: new Uint8Array(randomBytes(length)) }));
    // Before the meter has them: keys that only it knows would lock everybody out.
    if (to !== undefined) writeNewFile(to, changedKeyFile(keys, to, options.keys), SECRET_MODE);
    try {
      await association.perform((session) => transferKeys(session, keys, setup));
    } catch (error) {
      if (to !== undefined) settle(to, error, io);
      throw error;
    }
    return done(options, ids, what, io);
  });
}

/** `dlms security agree-keys`: new keys agreed on by C(2e, 0s). */
export async function agree(options: KeyOptions, io: CliIo): Promise<ExitCode> {
  const command = 'security agree-keys';
  let ids: readonly KeyId[];
  const { to } = options;
  try {
    if (to === undefined) throw new Error('give --to with the name of a new key file');
    ids = idsOf(options.names);
  } catch (error) {
    return failed(command, error, io);
  }
  const what = `new ${namesOf(ids)} for ${options.meter}`;
  if (options.yes !== true) return notDone(command, what, io);
  return withSetup(command, options, io, async ({ association, setups: [setup] }) => {
    const file = new NewFile(to, SECRET_MODE);
    let keys: readonly SecurityKey[];
    try {
      changedKeyFile([], to, options.keys);
      keys = await association.perform((session) => agreeOnKeys(session, ids, setup));
    } catch (error) {
      file.finish('');
      rmSync(to);
      throw error;
    }
    file.finish(changedKeyFile(keys, to, options.keys));
    return done(options, ids, what, io);
  });
}

function done({ to, json }: KeyOptions, ids: readonly KeyId[], what: string, io: CliIo): ExitCode {
  if (json === true)
    io.out(
      `${JSON.stringify({ keys: ids.map((id) => KEY_RING_NAMES[id]), ...(to === undefined ? {} : { file: to }) })}\n`,
    );
  else io.out(`${what}: in force${to === undefined ? '' : `; they are in ${to}`}\n`);
  return exitCodes.ok;
}

/** Keys a meter refused are worth nothing; those of a broken session may be in force. */
function settle(to: string, error: unknown, io: CliIo): void {
  const code = asSessionError(error)?.code;
  if (code === 'service-error' || code === 'secret-missing') rmSync(to);
  else io.err(`dlms security transfer-keys: the meter may hold the keys of ${to}: try them before the old ones\n`);
}

function idsOf(names: readonly string[]): readonly KeyId[] {
  const wanted = names.length === 0 ? USUAL : names.map((name) => oneOf('keys', name, NAMES));
  return [...new Set(wanted)].flatMap((name) => IDS[name] ?? []);
}

function keysIn(file: string, names: readonly string[]): readonly SecurityKey[] {
  const values = keysFromText(readFileSync(file, 'utf8'), file);
  const present = NAMES.filter((name) => values[name] !== undefined);
  const wanted = names.length === 0 ? present : names.map((name) => oneOf('keys', name, NAMES));
  const missing = wanted.find((name) => !present.includes(name));
  if (missing !== undefined) throw new Error(`key file ${file} has no ${missing}`);
  const ring = keyRingFromJson(Object.fromEntries(wanted.map((name) => [name, values[name]])));
  const keys = wanted.flatMap((name) => {
    const id = IDS[name];
    const key = ring[name];
    return id === undefined || key === undefined ? [] : [{ id, key }];
  });
  if (keys.length === 0) throw new Error(`key file ${file} has none of ${NAMES.join(', ')}`);
  return keys;
}

function namesOf(ids: readonly KeyId[]): string {
  return ids.map((id) => KEY_RING_NAMES[id]).join(', ');
}
