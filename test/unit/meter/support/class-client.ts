import type { Data } from '../../../../engine/codec/axdr/data.ts';
import type { ActionOutcome, SelectiveAccess } from '../../../../engine/codec/xdlms/types.ts';
import { obisToOctets } from '../../../../engine/cosem/obis/obis.ts';
import { createMeter, type VirtualMeter } from '../../../../engine/meter/meter.ts';
import { exportState, readState, restoreState } from '../../../../engine/meter/meter-state.ts';
import type { AssociationModel, Expression, MeterModel, ObjectModel } from '../../../../engine/template/model.ts';
import { association, call, meterModel, number } from './models.ts';
import { ALL_LN, INVOKE, NOW, result, TestClient } from './test-client.ts';

/** Interface classes as a client meets them: GET, SET and ACTION with all their checks, in one call each. */

export const name = (value: string): Expression => ({ k: 'name', value });
export const duration = (ms: number): Expression => ({ k: 'duration', ms });
export const list = (...parts: Expression[]): Expression => ({ k: 'list', items: parts });
export const structure = (...parts: Expression[]): Expression => call('structure', parts);
export const array = (...parts: Expression[]): Expression => call('array', parts);
export const longUnsigned = (value: number): Expression => call('long-unsigned', [number(value)]);
export const logicalName = (object: string): Expression => call('octet-string', [call('logical_name', [name(object)])]);

export const u8 = (v: number): Data => ({ t: 'unsigned', v });
export const u16 = (v: number): Data => ({ t: 'long-unsigned', v });
export const u32 = (v: number): Data => ({ t: 'double-long-unsigned', v });
export const int8 = (v: number): Data => ({ t: 'integer', v });
export const enumeration = (v: number): Data => ({ t: 'enum', v });
export const truth = (v: boolean): Data => ({ t: 'boolean', v });
export const bytes = (v: Uint8Array | string): Data => ({
  t: 'octet-string',
  v: typeof v === 'string' ? Uint8Array.from(Buffer.from(v, 'hex')) : v,
});
export const struct = (...v: Data[]): Data => ({ t: 'structure', v });
export const arrayOf = (...v: Data[]): Data => ({ t: 'array', v });
/** Class, logical name and attribute, as monitored values and captured columns begin. */
export const reference = (classId: number, obis: string, attribute: number): Data[] => [
  u16(classId),
  bytes(obisToOctets(obis)),
  int8(attribute),
];

/** Elements of an array or structure; nothing for anything else. */
export const items = (data: unknown): readonly Data[] =>
  typeof data === 'object' && data !== null && 'v' in data && Array.isArray(data.v) ? data.v : [];

/** The number in an answer; NaN for a refusal or data without one. */
export function numberOf(data: unknown): number {
  if (typeof data !== 'object' || data === null || !('v' in data)) return Number.NaN;
  return typeof data.v === 'number' || typeof data.v === 'bigint' ? Number(data.v) : Number.NaN;
}

export function managed(objects: readonly ObjectModel[], part: Partial<AssociationModel> = {}): MeterModel {
  return meterModel({
    associations: [
      association({ name: 'public', clientSap: 16, conformance: ALL_LN }),
      association({ name: 'management', clientSap: 1, conformance: ALL_LN, maxPdu: 0xffff, ...part }),
    ],
    objects,
  });
}

/** A client of the management association, which may do everything, of a meter with these objects. */
export function clientOf(objects: readonly ObjectModel[], sap = 1): TestClient {
  return clientOfMeter(createMeter(managed(objects), { startedAt: NOW }), sap);
}

export function clientOfMeter(meter: VirtualMeter, sap = 1): TestClient {
  const client = new TestClient(meter, sap);
  client.open();
  return client;
}

/** The same meter after its emulator was stopped and started: what is kept of it went through JSON. */
export function restarted(client: TestClient): TestClient {
  const meter = createMeter(client.meter.model, { startedAt: client.now, number: client.meter.number });
  const kept = exportState(client.meter);
  if (kept !== undefined) restoreState(meter, readState(JSON.parse(JSON.stringify(kept)), meter));
  const again = clientOfMeter(meter);
  again.now = client.now;
  return again;
}

export function read(
  client: TestClient,
  obis: string,
  classId: number,
  index: number,
  selective: SelectiveAccess | null = null,
): unknown {
  return result(
    client.plain({
      kind: 'get-request',
      type: 'normal',
      invoke: INVOKE,
      attr: { class: classId, obis, index },
      selective,
    }),
  );
}

export function write(client: TestClient, obis: string, classId: number, index: number, data: Data): unknown {
  return result(
    client.plain({
      kind: 'set-request',
      type: 'normal',
      invoke: INVOKE,
      attr: { class: classId, obis, index },
      selective: null,
      data,
    }),
  );
}

export function invoke(
  client: TestClient,
  obis: string,
  classId: number,
  index: number,
  params: Data | null = null,
): unknown {
  return result(action(client, obis, classId, index, params));
}

/** What an ACTION gave back; undefined if it gave nothing. */
export function returned(
  client: TestClient,
  obis: string,
  classId: number,
  index: number,
  params: Data | null = null,
): ActionOutcome['return'] {
  const answer = action(client, obis, classId, index, params);
  return answer.kind === 'action-response' && answer.type === 'normal' ? answer.return : undefined;
}

function action(client: TestClient, obis: string, classId: number, index: number, params: Data | null) {
  const method = { class: classId, obis, index };
  return client.plain({ kind: 'action-request', type: 'normal', invoke: INVOKE, method, params });
}
