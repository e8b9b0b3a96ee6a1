import { formatObis, parseObis } from '../../cosem/obis/obis.ts';
import type { Association } from '../../session/association.ts';
import { connect } from '../../session/connect.ts';
import { asSessionError } from '../../session/errors.ts';
import { type ReadItem, readEverything, readItems } from '../../session/reader.ts';
import { engineError } from '../errors.ts';
import type { ReadMeterParams, ReadMeterResult, ReadValue } from '../protocol.ts';
import type { TraceStore } from '../trace-store.ts';

/** Associates, reads, releases. What was read before a failure is kept; the trace is there in any case. */
export async function readMeter(
  { connection, items }: ReadMeterParams,
  traces: TraceStore,
  now: () => number,
  signal: AbortSignal,
): Promise<ReadMeterResult> {
  const wanted = items.map(itemOf);
  const { host, port, transport, client } = connection;
  const title = `${transport === 'serial' ? `serial:${host}` : `${host}:${port}`} client ${client}`;
  const { traceId, sink } = traces.begin(title, now());
  const values: ReadValue[] = [];
  let association: Association | undefined;
  try {
    association = await connect(connection, { trace: sink, now, signal });
    const source = wanted.length === 0 ? readEverything(association) : readItems(association, wanted);
    for await (const value of source) values.push(value);
    return { traceId, values };
  } catch (error) {
    const failure = asSessionError(error);
    if (failure === undefined) throw error;
    return { traceId, values, failure: { code: failure.code, message: failure.message } };
  } finally {
    await association?.release();
  }
}

/** `1-0:1.8.0.255` or `1-0:1.8.0.255#3`. */
function itemOf(text: string): ReadItem {
  const [code = '', attribute] = text.split('#');
  const obis = parseObis(code);
  const index = attribute === undefined ? undefined : Number(attribute);
  if (obis === undefined || (index !== undefined && !Number.isInteger(index))) {
    throw engineError('badInput', `"${text}" is not an OBIS code with an optional #attribute.`, {
      next: 'Write for example 1-0:1.8.0.255 or 1-0:1.8.0.255#3.',
    });
  }
  return { obis: formatObis(obis), ...(index === undefined ? {} : { attribute: index }) };
}
