import type { Association } from '../session/association.ts';
import type { Connection } from '../session/connection.ts';
import { asSessionError, costsOneRequest } from '../session/errors.ts';
import { MANAGEMENT_SETUP, SECURITY_SETUP_CLASS, type SecuritySetup } from '../session/security-setup.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { connectionOf, itemOf, type ReadOptions } from './read.ts';
import { printable } from './table.ts';
import { withAssociation } from './with-association.ts';

/** Options of every `dlms security` command: text, not yet checked. */
export interface SecurityOptions extends Omit<ReadOptions, 'items'> {
  /** OBIS code of the security setup. */
  readonly setup?: string;
}

/** Options of those that change what cannot be changed back. */
export interface ChangeOptions extends SecurityOptions {
  /** Do it. Without, what would be done is shown. */
  readonly yes?: boolean;
}

/** What a `dlms security` command works with. */
export interface SetupContext {
  readonly association: Association;
  readonly connection: Connection;
  /** The setup that was named, or all the meter lists; at least one. */
  readonly setups: readonly [SecuritySetup, ...SecuritySetup[]];
}

/**
 * Opens an association, finds the security setup and runs `use`. What goes wrong is told with its code and what to do.
 * Exit code of `use`, 1 when the session failed, 2 for wrong usage.
 */
export async function withSetup(
  command: string,
  options: SecurityOptions,
  io: CliIo,
  use: (context: SetupContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    const connection = await connectionOf({ ...options, items: [] });
    const obis = options.setup === undefined ? undefined : itemOf(options.setup).obis;
    return await withAssociation(connection, options.counters, io, async (association) =>
      use({ association, connection, setups: await setupsOf(association, obis) }),
    );
  } catch (error) {
    return failed(command, error, io);
  }
}

/** Tells an error and gives the exit code for it: 1 for what a meter did, 2 for what the caller did. */
export function failed(command: string, error: unknown, io: CliIo): ExitCode {
  const failure = asSessionError(error);
  const message = error instanceof Error ? error.message : String(error);
  io.err(`dlms ${command}: ${printable(message)}${failure === undefined ? '' : ` [${failure.code}]`}\n`);
  const usage = failure === undefined || failure.code === 'bad-secret' || failure.code === 'secret-missing';
  return usage ? exitCodes.usage : exitCodes.failed;
}

/** Says that nothing was done and how it would be. */
export function notDone(command: string, what: string, io: CliIo): ExitCode {
  io.out(`${printable(what)}\n`);
  io.err(`dlms ${command}: nothing was done; --yes does it\n`);
  return exitCodes.usage;
}

/** A meter may keep its object list to itself and still have the setup where all have it. */
async function setupsOf(association: Association, obis: string | undefined): Promise<SetupContext['setups']> {
  const objects = await association.objectList().catch((error: unknown) => {
    if (costsOneRequest(error)) return [];
    throw error;
  });
  const listed = objects
    .filter(({ classId, logicalName }) => classId === SECURITY_SETUP_CLASS && (obis ?? logicalName) === logicalName)
    .map(({ logicalName, version, baseName }) => ({
      obis: logicalName,
      version,
      ...(baseName === undefined ? {} : { baseName }),
    }));
  // The management association's first: it is the one meant when none is named.
  const [first, ...others] = listed.sort(
    (a, b) => Number(b.obis === MANAGEMENT_SETUP.obis) - Number(a.obis === MANAGEMENT_SETUP.obis),
  );
  return first === undefined ? [{ ...MANAGEMENT_SETUP, obis: obis ?? MANAGEMENT_SETUP.obis }] : [first, ...others];
}
