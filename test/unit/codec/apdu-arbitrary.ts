import fc from 'fast-check';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { CONFORMANCE_BITS } from '../../../engine/codec/xdlms/conformance.ts';
import { invokeFromRaw } from '../../../engine/codec/xdlms/invoke.ts';
import { ACTION_RESULTS, DATA_ACCESS_RESULTS } from '../../../engine/codec/xdlms/results.ts';
import type { SelectiveAccess } from '../../../engine/codec/xdlms/types.ts';
import { data, octets } from './axdr-arbitrary.ts';

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const invoke = u8.map(invokeFromRaw);
const obis = fc.tuple(u8, u8, u8, u8, u8, u8).map(([a, b, c, d, e, f]) => `${a}-${b}:${c}.${d}.${e}.${f}`);
const attr = fc.record({ class: u16, obis, index: fc.integer({ min: -128, max: 127 }) });
const selective = fc.option<SelectiveAccess>(fc.record({ selector: u8, params: data }), { nil: null });
const list = fc.array(
  fc.tuple(attr, selective).map(([descriptor, selected]) => ({ ...descriptor, selective: selected })),
  { maxLength: 4 },
);
const block = { last: fc.boolean(), block: u32, raw: octets() };
const dataResult = u8.map((value) => DATA_ACCESS_RESULTS.nameOf(value));
const actionResult = u8.map((value) => ACTION_RESULTS.nameOf(value));
const getResult = fc.oneof(fc.record({ data }), fc.record({ result: dataResult }));
const dateTime = fc.oneof(octets(0), octets(12));
const constant = <T extends string>(value: T): fc.Arbitrary<T> => fc.constant(value);

const APDUS: readonly fc.Arbitrary<Apdu>[] = [
  fc.record({
    kind: constant('initiate-request'),
    dedicatedKey: fc.option(octets(), { nil: null }),
    responseAllowed: fc.boolean(),
    proposedQoS: fc.option(fc.integer({ min: -128, max: 127 }), { nil: null }),
    dlmsVersion: u8,
    conformance: fc.subarray([...CONFORMANCE_BITS]),
    maxPdu: u16,
  }),
  fc.record({ kind: constant('get-request'), invoke, type: constant('normal'), attr, selective }),
  fc.record({ kind: constant('get-request'), invoke, type: constant('with-list'), list }),
  fc.record({ kind: constant('get-response'), invoke, type: constant('normal'), data }),
  fc.record({ kind: constant('get-response'), invoke, type: constant('with-datablock'), ...block }),
  fc.record({
    kind: constant('get-response'),
    invoke,
    type: constant('with-list'),
    list: fc.array(getResult, { maxLength: 4 }),
  }),
  fc.record({ kind: constant('set-request'), invoke, type: constant('normal'), attr, selective, data }),
  fc.record({
    kind: constant('set-request'),
    invoke,
    type: constant('with-list'),
    list,
    values: fc.array(data, { maxLength: 4 }),
  }),
  fc.record({
    kind: constant('set-response'),
    invoke,
    type: constant('last-datablock-with-list'),
    results: fc.array(dataResult, { maxLength: 4 }),
    block: u32,
  }),
  fc.record({
    kind: constant('action-request'),
    invoke,
    type: constant('normal'),
    method: attr,
    params: fc.option(data, { nil: null }),
  }),
  fc.record({
    kind: constant('action-response'),
    invoke,
    type: constant('with-list'),
    list: fc.array(
      fc.oneof(fc.record({ result: actionResult }), fc.record({ result: actionResult, return: getResult })),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    kind: constant('read-request'),
    list: fc.array(
      fc.oneof(
        u16.map((name) => ({ 'variable-name': name })),
        fc.record({ name: u16, selector: u8, parameter: data }).map((access) => ({ 'parameterized-access': access })),
      ),
      { maxLength: 4 },
    ),
  }),
  fc.record({ kind: constant('data-notification'), longInvokeId: u32, dateTime, data }),
  fc.record({ kind: constant('event-notification'), time: fc.option(octets(12), { nil: null }), attr, data }),
  fc.record({
    kind: constant('general-block-transfer'),
    last: fc.boolean(),
    streaming: fc.boolean(),
    window: fc.integer({ min: 0, max: 63 }),
    block: u16,
    blockAck: u16,
    raw: octets(),
  }),
  fc.record({
    kind: constant('general-signing'),
    transactionId: octets(),
    originatorSystemTitle: octets(),
    recipientSystemTitle: octets(),
    dateTime: octets(),
    otherInformation: octets(),
    content: octets(),
    signature: octets(),
  }),
];

/** Any APDU of these kinds, with values that its encoding can hold. */
export const apdu: fc.Arbitrary<Apdu> = fc.oneof(...APDUS);
