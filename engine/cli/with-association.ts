import type { Association } from '../session/association.ts';
import { connect } from '../session/connect.ts';
import type { Connection } from '../session/connection.ts';
import { CounterFile } from '../session/counter-file.ts';
import { InvocationCounters } from '../session/invocation-counters.ts';
import type { CliIo } from './io.ts';

/**
 * Opens an association, with the invocation counters of a file if one is named, runs `use`, and releases both whatever
 * happens. Rejects as `connect`, `CounterFile` and `use` do.
 */
export async function withAssociation<Result>(
  connection: Connection,
  countersPath: string | undefined,
  io: CliIo,
  use: (association: Association) => Promise<Result>,
): Promise<Result> {
  let association: Association | undefined;
  let counters: CounterFile | undefined;
  try {
    counters = countersPath === undefined ? undefined : new CounterFile(countersPath);
    association = await connect(connection, {
      signal: io.signal,
      ...(counters === undefined ? {} : { counters: new InvocationCounters(counters) }),
    });
    return await use(association);
  } finally {
    await association?.release();
    counters?.close();
  }
}
