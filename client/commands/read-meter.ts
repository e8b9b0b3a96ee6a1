import * as vscode from 'vscode';
import { type ConnectionParams, ReadMeter, type ReadMeterParams } from '../../engine/rpc/protocol.ts';
import { addressOfConnection, formatAddress } from '../inputs/addresses.ts';
import { rolesOf } from '../model/connection-defaults.ts';
import { settings } from '../settings.ts';
import { requireTrust } from '../trust.ts';
import type { Workbench } from '../workbench.ts';
import { addressOf } from './arguments.ts';
import { rememberConnection } from './last-connection.ts';
import { askReadPlan, type ReadPlan } from './read-questions.ts';
import { showProblem } from './show-problem.ts';

/** `DLMS: Read Meter...`: asks for meter, association and objects, reads, and shows the values. */
export async function readMeter(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  try {
    const plan = await askReadPlan(workbench, addressOf(argument));
    if (plan === undefined) return;
    const connection = await connectionOf(workbench, plan);
    if (connection === undefined || plan.address === undefined) return;
    await rememberConnection(workbench.memory, plan.address, plan);
    await read(workbench, { connection, items: plan.items });
  } catch (error) {
    await showProblem(workbench.log, error);
  }
}

/** Reads the same again, as the same client. */
export async function readAgain(workbench: Workbench, traceId: string): Promise<void> {
  const held = workbench.readings.get(traceId);
  if (held !== undefined && (await requireTrust())) await read(workbench, held.params);
}

async function connectionOf({ vault }: Workbench, plan: ReadPlan): Promise<ConnectionParams | undefined> {
  const { address, framing, referencing, client, server, hdlc, authentication, security, suite, secretNames } = plan;
  if (address === undefined) return undefined;
  const { clientTitle, ...more } = plan.more;
  const roles = rolesOf({ ...more, authentication, security });
  const found = await vault.find(roles.map((role) => secretNames[role] ?? ''));
  const secrets: Record<string, string> = clientTitle === undefined ? {} : { systemTitle: `hex:${clientTitle}` };
  for (const role of roles) secrets[role] = found[secretNames[role] ?? ''] ?? '';
  return {
    host: address.host,
    port: address.port,
    framing,
    referencing,
    client,
    server,
    authentication,
    security,
    suite,
    secrets,
    timeoutMs: settings.readTimeoutMs(),
    ...(address.over === undefined ? {} : { transport: address.over }),
    ...(plan.serial === undefined || more.modeE !== undefined ? {} : { serial: plan.serial }),
    ...(hdlc === undefined ? {} : { hdlc }),
    ...more,
  };
}

async function read({ engine, readings, panels, log }: Workbench, params: ReadMeterParams): Promise<void> {
  const address = formatAddress(addressOfConnection(params.connection));
  try {
    const result = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Reading {0}', address),
        cancellable: true,
      },
      (_, token) => engine.request(ReadMeter, params, token),
    );
    readings.add({ params, result, time: Date.now() });
    log.info(
      `read ${address}: ${result.values.length} values${result.failure === undefined ? '' : `, ${result.failure.code}`}`,
    );
    if (result.values.length > 0) panels.show('values', result.traceId);
    else if (result.failure !== undefined) {
      const showTrace = { title: vscode.l10n.t('Show Trace'), run: () => panels.show('trace', result.traceId) };
      await showProblem(log, new Error(result.failure.message), [showTrace]);
    }
  } catch (error) {
    await showProblem(log, error);
  }
}
