import { utf8FromText } from '../../../../engine/codec/axdr/text.ts';
import { toHex } from '../../../../engine/codec/hex.ts';
import { obisToOctets } from '../../../../engine/cosem/obis/obis.ts';
import type { Expression, MeterModel, ObjectModel, SecurityModel } from '../../../../engine/template/model.ts';
import { call, meterModel, number, object, standardObjects } from './models.ts';

/** Push setups, and the meters that have them, as models. */

const structure = (...parts: Expression[]): Expression => call('structure', parts);
const array = (...items: Expression[]): Expression => call('array', items);
const long = (value: number): Expression => call('long-unsigned', [number(value)]);
const octets = (hex: string): Expression => call('octet-string', [{ k: 'octets', hex }]);

export const GUEK = '000102030405060708090a0b0c0d0e0f';
export const GAK = 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';
export const GUARD: SecurityModel = {
  name: 'guard',
  suite: 0,
  globalUnicastKey: { literal: GUEK, encoding: 'hex' },
  authenticationKey: { literal: GAK, encoding: 'hex' },
  policy: ['authenticated-response', 'encrypted-response'],
};

/** TCP, UDP and HDLC as transport_service. */
export const SERVICES = { tcp: 0, udp: 1, hdlc: 5 } as const;

export const pushed = (
  classId: number,
  obis: string,
  attribute = 2,
  dataIndex = 0,
  ...more: Expression[]
): Expression =>
  structure(
    long(classId),
    octets(toHex(obisToOctets(obis))),
    call('integer', [number(attribute)]),
    long(dataIndex),
    ...more,
  );

export interface PushOptions {
  readonly name?: string;
  readonly obis?: string;
  readonly version?: number;
  readonly service?: number;
  readonly destination?: string;
  readonly message?: number;
  readonly list?: readonly Expression[];
  readonly windows?: readonly (readonly [start: string, end: string])[];
  readonly startInterval?: number;
  readonly retries?: number;
  readonly delay?: Expression;
  readonly confirmed?: boolean;
  readonly settings?: ObjectModel['settings'];
}

/** The clock and the meter's serial number, unless it says otherwise. */
export function pushSetup(options: PushOptions = {}): ObjectModel {
  const { service = SERVICES.tcp, destination, version = 0 } = options;
  const list = options.list ?? [pushed(8, '0-0:1.0.0.255'), pushed(1, '0-0:96.1.0.255')];
  const way =
    destination === undefined
      ? {}
      : {
          3: {
            value: structure(
              call('enum', [number(service)]),
              octets(toHex(utf8FromText(destination))),
              call('enum', [number(options.message ?? 0)]),
            ),
          },
        };
  return object({
    name: options.name ?? 'push',
    obis: options.obis ?? '0-0:25.9.0.255',
    class: 40,
    version,
    attributes: {
      2: { value: array(...list) },
      ...way,
      4: { value: array(...(options.windows ?? []).map(([start, end]) => structure(octets(start), octets(end)))) },
      5: { type: 'long-unsigned', value: number(options.startInterval ?? 0) },
      6: { type: 'unsigned', value: number(options.retries ?? 0) },
      7: { value: options.delay ?? number(0) },
      ...(options.confirmed === true ? { 11: { type: 'enum', value: number(2) } } : {}),
    },
    settings: options.settings ?? {},
  });
}

/** Executes `push` of a push setup: script 1 of its table. */
export const pushScripts = (setup: ObjectModel): ObjectModel =>
  object({
    name: 'push_scripts',
    obis: '0-0:10.0.108.255',
    class: 9,
    attributes: {
      2: {
        value: array(
          structure(
            long(1),
            array(
              structure(
                call('enum', [number(2)]),
                long(40),
                octets(toHex(obisToOctets(setup.obis))),
                call('integer', [number(1)]),
                call('integer', [number(0)]),
              ),
            ),
          ),
        ),
      },
    },
  });

/** Pushes by schedule: at each of these moments, octets of a time and a date. */
export const pushSchedule = (...moments: readonly (readonly [time: string, date: string])[]): ObjectModel =>
  object({
    name: 'push_schedule',
    obis: '0-0:15.0.4.255',
    class: 22,
    attributes: {
      2: { value: structure(octets('00000a006cff'), long(1)) },
      4: { value: array(...moments.map(([time, date]) => structure(octets(time), octets(date)))) },
    },
  });

export function pushingModel(objects: readonly ObjectModel[], part: Partial<MeterModel> = {}): MeterModel {
  return meterModel({ securities: [GUARD], objects: [...standardObjects, ...objects], ...part });
}
