import * as vscode from 'vscode';
import { formatAddress, type MeterAddress } from '../inputs/addresses.ts';
import type { Memory } from '../model/memory.ts';
import { describeMore } from './more-settings.ts';
import type { ConnectionPlan } from './read-questions.ts';

const kind = 'connection';
/** Counts up when the shape changes: older ones are forgotten. */
const version = 1;

/** The connection of the last read of this meter. */
export function recallConnection(memory: Memory, address: MeterAddress): ConnectionPlan | undefined {
  const last = memory.recall<{ readonly version: number; readonly plan: ConnectionPlan }>(kind, formatAddress(address));
  return last?.version === version ? last.plan : undefined;
}

/** Keeps everything but secrets: of those, the names. */
export async function rememberConnection(memory: Memory, address: MeterAddress, plan: ConnectionPlan): Promise<void> {
  const { framing, referencing, client, server, hdlc, serial, authentication, security, suite, more, secretNames } =
    plan;
  const kept: ConnectionPlan = {
    framing,
    referencing,
    client,
    server,
    authentication,
    security,
    suite,
    more,
    secretNames,
    ...(hdlc === undefined ? {} : { hdlc }),
    ...(serial === undefined ? {} : { serial }),
  };
  await memory.remember(kind, formatAddress(address), { version, plan: kept });
}

/** `client 1, gmac, authenc`. */
export function describeConnection({ client, authentication, security, framing, more }: ConnectionPlan): string {
  const parts = [vscode.l10n.t('client {0}', client), framing, authentication === 'none' ? '' : authentication];
  return [...parts, security === 'none' ? '' : security, describeMore(more)].filter(Boolean).join(', ');
}
