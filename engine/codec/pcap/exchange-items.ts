import type { Apdu } from '../apdu.ts';
import type { Data } from '../axdr/data.ts';
import type {
  AccessRequest,
  AccessResponse,
  ActionOutcome,
  ActionRequest,
  GetDataResult,
  GetRequest,
  ReadRequest,
  ReadResult,
  SelectiveAccess,
  SetRequest,
  WriteRequest,
} from '../xdlms/types.ts';
import type { ExchangeItem } from './dialogue-types.ts';

/** Requests and results side by side. A result too few leaves its item without one; results too many are dropped. */

export function getItems(request: GetRequest, results: readonly GetDataResult[]): ExchangeItem[] {
  if (request.type === 'next') return [];
  const asked = request.type === 'normal' ? [{ ...request.attr, selective: request.selective }] : request.list;
  return asked.map(({ selective, ...object }, i) => {
    return { op: 'get', object, ...selection(selective), ...results[i] };
  });
}

/** `values`: those that came in blocks. */
export function setItems(request: SetRequest, values: readonly Data[], results: readonly string[]): ExchangeItem[] {
  const sent = 'data' in request ? [request.data] : 'values' in request ? request.values : values;
  const asked =
    'attr' in request ? [{ ...request.attr, selective: request.selective }] : 'list' in request ? request.list : [];
  return asked.map(({ selective, ...object }, i) => ({
    op: 'set',
    object,
    ...selection(selective),
    ...optional('sent', sent[i]),
    ...optional('result', results[i]),
  }));
}

/** `values`: parameters that came in blocks. */
export function actionItems(
  request: ActionRequest,
  values: readonly Data[],
  outcomes: readonly ActionOutcome[],
): ExchangeItem[] {
  const methods = 'method' in request ? [request.method] : 'list' in request ? request.list : [];
  const sent = !('params' in request)
    ? values
    : request.type === 'with-list'
      ? request.params
      : request.params === null
        ? []
        : [request.params];
  return methods.map((object, i) => {
    const outcome = outcomes[i];
    const returned = outcome?.return;
    const data = returned !== undefined && 'data' in returned ? returned.data : undefined;
    return {
      op: 'action',
      object,
      ...optional('sent', sent[i]),
      ...optional('result', outcome?.result),
      ...optional('data', data),
    };
  });
}

export function readItems(request: ReadRequest, results: readonly ReadResult[]): ExchangeItem[] {
  return request.list.map((variable, i) => {
    const result = results[i];
    if (result === undefined) return { op: 'read', variable };
    if ('data' in result) return { op: 'read', variable, data: result.data };
    return 'result' in result ? { op: 'read', variable, result: result.result } : { op: 'read', variable };
  });
}

export function writeItems(request: WriteRequest, results: readonly string[]): ExchangeItem[] {
  return request.list.map((variable, i) => ({
    op: 'write',
    variable,
    ...optional('sent', request.values[i]),
    ...optional('result', results[i]),
  }));
}

export function accessItems(request: Apdu, response: AccessResponse): ExchangeItem[] {
  const asked = request.kind === 'access-request' ? request : undefined;
  const spec = asked?.spec ?? response.spec ?? [];
  return spec.map(({ op, selective, ...object }, i) => ({
    op: op === 'action' ? 'action' : op.startsWith('set') ? 'set' : 'get',
    object,
    ...selection(selective ?? null),
    ...sentIn(asked, i),
    ...optional('data', notNull(response.data[i])),
    ...optional('result', outcomeOf(response, i)),
  }));
}

/** Data of a request stand for each item; null-data where there is nothing to send. */
function sentIn(request: AccessRequest | undefined, i: number): Pick<ExchangeItem, 'sent'> {
  return optional('sent', notNull(request?.data[i]));
}

function notNull(data: Data | undefined): Data | undefined {
  return data?.t === 'null-data' ? undefined : data;
}

function outcomeOf(response: AccessResponse, i: number): string | undefined {
  const outcome = response.results[i];
  return outcome === undefined ? undefined : Object.values(outcome)[0];
}

function selection(selective: SelectiveAccess | null): Pick<ExchangeItem, 'selective'> {
  return selective === null ? {} : { selective };
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { [Key in Name]?: T } {
  const members: { [Key in Name]?: T } = {};
  if (value !== undefined) members[name] = value;
  return members;
}
