import type { Json } from '../../../engine/codec/apdu-json.ts';

type Vector = readonly [what: string, hex: string, json: { readonly kind: string; readonly [name: string]: Json }];

const C1 = { raw: 0xc1, id: 1, confirmed: true, highPriority: true };
const CLOCK_TIME = { class: 8, obis: '0-0:1.0.0.255', index: 2 };
const CLOCK_TIME_HEX = '00 08 00 00 01 00 00 ff 02';
const ENERGY = { class: 3, obis: '1-0:1.8.0.255', index: 2 };
const ENERGY_HEX = '00 03 01 00 01 08 00 ff 02';
const RESET = { class: 3, obis: '1-0:1.8.0.255', index: 1 };
const RESET_HEX = '00 03 01 00 01 08 00 ff 01';
const ENTRY = { selector: 2, params: { t: 'structure', v: [{ t: 'double-long-unsigned', v: 1 }] } };
const ENTRY_HEX = '02 02 01 06 00 00 00 01';
const BLOCK = { last: false, block: 1, raw: 'aabb' };
const BLOCK_HEX = '00 00 00 00 01 02 aa bb';
const FIVE = { t: 'unsigned', v: 5 };
const DATE_TIME = '07dc030c07161e0000ff8880';
const DATE_TIME_HEX = '07 dc 03 0c 07 16 1e 00 00 ff 88 80';

/**
 * One vector or more for each service and choice of Green Book 9.5, laid out by hand from its abstract syntax.
 * JSON is what `apduToJson` gives.
 */
export const XDLMS_VECTORS: readonly Vector[] = [
  [
    'InitiateRequest with dedicated key, no response, quality of service',
    '01 01 04 00 11 22 33 01 00 01 fe 06 5f 1f 04 00 62 fe df 00 00',
    {
      kind: 'initiate-request',
      dedicatedKey: '00112233',
      responseAllowed: false,
      proposedQoS: -2,
      dlmsVersion: 6,
      conformance: [
        'general-protection',
        'general-block-transfer',
        'delta-value-encoding',
        'attribute0-supported-with-set',
        'priority-mgmt-supported',
        'attribute0-supported-with-get',
        'block-transfer-with-get-or-read',
        'block-transfer-with-set-or-write',
        'block-transfer-with-action',
        'multiple-references',
        'data-notification',
        'access',
        'get',
        'set',
        'selective-access',
        'event-notification',
        'action',
      ],
      maxPdu: 0,
    },
  ],
  [
    'InitiateResponse in short-name referencing',
    '08 01 00 06 5f 1f 04 00 1c 03 20 01 f4 fa 00',
    {
      kind: 'initiate-response',
      negotiatedQoS: 0,
      dlmsVersion: 6,
      conformance: [
        'read',
        'write',
        'unconfirmed-write',
        'multiple-references',
        'information-report',
        'parameterized-access',
      ],
      maxPdu: 500,
      vaaName: 0xfa00,
    },
  ],
  [
    'InitiateResponse with the reserved bits',
    '08 00 06 5f 1f 04 00 81 00 00 00 10 00 07',
    {
      kind: 'initiate-response',
      negotiatedQoS: null,
      dlmsVersion: 6,
      conformance: ['reserved-zero', 'reserved-seven'],
      maxPdu: 16,
      vaaName: 7,
    },
  ],
  [
    'ConfirmedServiceError of Read',
    '0e 05 05 02',
    { kind: 'confirmed-service-error', service: 'read', error: 'access', value: 'object-access-violated' },
  ],
  [
    'ConfirmedServiceError with numbers that have no name',
    '0e 14 08 07',
    { kind: 'confirmed-service-error', service: 'unknown(20)', error: 'unknown(8)', value: 'unknown(7)' },
  ],
  [
    'GET.request normal',
    `c0 01 c1 ${ENERGY_HEX} 00`,
    { kind: 'get-request', invoke: C1, type: 'normal', attr: ENERGY, selective: null },
  ],
  [
    'GET.request normal with selection, unconfirmed',
    `c0 01 02 ${ENERGY_HEX} 01 ${ENTRY_HEX}`,
    {
      kind: 'get-request',
      invoke: { raw: 2, id: 2, confirmed: false, highPriority: false },
      type: 'normal',
      attr: ENERGY,
      selective: ENTRY,
    },
  ],
  ['GET.request next', 'c0 02 c1 00 00 00 03', { kind: 'get-request', invoke: C1, type: 'next', block: 3 }],
  [
    'GET.request with-list',
    `c0 03 c1 02 ${ENERGY_HEX} 00 ${CLOCK_TIME_HEX} 01 ${ENTRY_HEX}`,
    {
      kind: 'get-request',
      invoke: C1,
      type: 'with-list',
      list: [
        { ...ENERGY, selective: null },
        { ...CLOCK_TIME, selective: ENTRY },
      ],
    },
  ],
  [
    'GET.response normal with data',
    'c4 01 c1 00 06 00 01 e2 40',
    { kind: 'get-response', invoke: C1, type: 'normal', data: { t: 'double-long-unsigned', v: 123456 } },
  ],
  [
    'GET.response normal with result',
    'c4 01 c1 01 04',
    { kind: 'get-response', invoke: C1, type: 'normal', result: 'object-undefined' },
  ],
  [
    'GET.response normal with a result that has no name',
    'c4 01 c1 01 63',
    { kind: 'get-response', invoke: C1, type: 'normal', result: 'unknown(99)' },
  ],
  [
    'GET.response with-datablock',
    'c4 02 c1 01 00 00 00 02 00 02 aa bb',
    { kind: 'get-response', invoke: C1, type: 'with-datablock', last: true, block: 2, raw: 'aabb' },
  ],
  [
    'GET.response with-datablock with result',
    'c4 02 c1 01 00 00 00 02 01 13',
    {
      kind: 'get-response',
      invoke: C1,
      type: 'with-datablock',
      last: true,
      block: 2,
      result: 'data-block-number-invalid',
    },
  ],
  [
    'GET.response with-list',
    'c4 03 c1 03 00 11 05 01 03 00 00',
    {
      kind: 'get-response',
      invoke: C1,
      type: 'with-list',
      list: [{ data: FIVE }, { result: 'read-write-denied' }, { data: { t: 'null-data' } }],
    },
  ],
  [
    'SET.request normal',
    `c1 01 c1 ${CLOCK_TIME_HEX} 00 11 05`,
    { kind: 'set-request', invoke: C1, type: 'normal', attr: CLOCK_TIME, selective: null, data: FIVE },
  ],
  [
    'SET.request with-first-datablock',
    `c1 02 c1 ${CLOCK_TIME_HEX} 01 ${ENTRY_HEX} ${BLOCK_HEX}`,
    {
      kind: 'set-request',
      invoke: C1,
      type: 'with-first-datablock',
      attr: CLOCK_TIME,
      selective: ENTRY,
      ...BLOCK,
    },
  ],
  [
    'SET.request with-datablock',
    `c1 03 c1 ${BLOCK_HEX}`,
    { kind: 'set-request', invoke: C1, type: 'with-datablock', ...BLOCK },
  ],
  [
    'SET.request with-list',
    `c1 04 c1 02 ${CLOCK_TIME_HEX} 00 ${ENERGY_HEX} 00 02 11 05 00`,
    {
      kind: 'set-request',
      invoke: C1,
      type: 'with-list',
      list: [
        { ...CLOCK_TIME, selective: null },
        { ...ENERGY, selective: null },
      ],
      values: [FIVE, { t: 'null-data' }],
    },
  ],
  [
    'SET.request with-list-and-first-datablock',
    `c1 05 c1 01 ${CLOCK_TIME_HEX} 00 ${BLOCK_HEX}`,
    {
      kind: 'set-request',
      invoke: C1,
      type: 'with-list-and-first-datablock',
      list: [{ ...CLOCK_TIME, selective: null }],
      ...BLOCK,
    },
  ],
  ['SET.response normal', 'c5 01 c1 00', { kind: 'set-response', invoke: C1, type: 'normal', result: 'success' }],
  ['SET.response datablock', 'c5 02 c1 00 00 00 01', { kind: 'set-response', invoke: C1, type: 'datablock', block: 1 }],
  [
    'SET.response last-datablock',
    'c5 03 c1 0c 00 00 00 02',
    { kind: 'set-response', invoke: C1, type: 'last-datablock', result: 'type-unmatched', block: 2 },
  ],
  [
    'SET.response last-datablock-with-list',
    'c5 04 c1 02 00 03 00 00 00 02',
    {
      kind: 'set-response',
      invoke: C1,
      type: 'last-datablock-with-list',
      results: ['success', 'read-write-denied'],
      block: 2,
    },
  ],
  [
    'SET.response with-list',
    'c5 05 c1 02 00 fa',
    { kind: 'set-response', invoke: C1, type: 'with-list', results: ['success', 'other-reason'] },
  ],
  [
    'ACTION.request normal without parameters',
    `c3 01 c1 ${RESET_HEX} 00`,
    { kind: 'action-request', invoke: C1, type: 'normal', method: RESET, params: null },
  ],
  [
    'ACTION.request normal',
    `c3 01 c1 ${RESET_HEX} 01 0f 00`,
    { kind: 'action-request', invoke: C1, type: 'normal', method: RESET, params: { t: 'integer', v: 0 } },
  ],
  [
    'ACTION.request next-pblock',
    'c3 02 c1 00 00 00 07',
    { kind: 'action-request', invoke: C1, type: 'next-pblock', block: 7 },
  ],
  [
    'ACTION.request with-list',
    `c3 03 c1 02 ${RESET_HEX} ${RESET_HEX} 02 0f 00 00`,
    {
      kind: 'action-request',
      invoke: C1,
      type: 'with-list',
      list: [RESET, RESET],
      params: [{ t: 'integer', v: 0 }, { t: 'null-data' }],
    },
  ],
  [
    'ACTION.request with-first-pblock',
    `c3 04 c1 ${RESET_HEX} ${BLOCK_HEX}`,
    { kind: 'action-request', invoke: C1, type: 'with-first-pblock', method: RESET, ...BLOCK },
  ],
  [
    'ACTION.request with-list-and-first-pblock',
    `c3 05 c1 01 ${RESET_HEX} ${BLOCK_HEX}`,
    { kind: 'action-request', invoke: C1, type: 'with-list-and-first-pblock', list: [RESET], ...BLOCK },
  ],
  [
    'ACTION.request with-pblock',
    `c3 06 c1 ${BLOCK_HEX}`,
    { kind: 'action-request', invoke: C1, type: 'with-pblock', ...BLOCK },
  ],
  [
    'ACTION.response normal without data',
    'c7 01 c1 00 00',
    { kind: 'action-response', invoke: C1, type: 'normal', result: 'success' },
  ],
  [
    'ACTION.response normal with data',
    'c7 01 c1 00 01 00 11 05',
    { kind: 'action-response', invoke: C1, type: 'normal', result: 'success', return: { data: FIVE } },
  ],
  [
    'ACTION.response normal with a result in place of data',
    'c7 01 c1 0f 01 01 03',
    {
      kind: 'action-response',
      invoke: C1,
      type: 'normal',
      result: 'long-action-aborted',
      return: { result: 'read-write-denied' },
    },
  ],
  [
    'ACTION.response with-pblock',
    `c7 02 c1 ${BLOCK_HEX}`,
    { kind: 'action-response', invoke: C1, type: 'with-pblock', ...BLOCK },
  ],
  [
    'ACTION.response with-list',
    'c7 03 c1 02 00 00 03 01 00 11 05',
    {
      kind: 'action-response',
      invoke: C1,
      type: 'with-list',
      list: [{ result: 'success' }, { result: 'read-write-denied', return: { data: FIVE } }],
    },
  ],
  [
    'ACTION.response next-pblock',
    'c7 04 c1 00 00 00 01',
    { kind: 'action-response', invoke: C1, type: 'next-pblock', block: 1 },
  ],
  [
    'ReadRequest of every kind of access',
    '05 05 02 fa 08 04 fa 10 02 11 05 05 00 02 06 00 00 01 02 aa bb 07 01 00 09',
    {
      kind: 'read-request',
      list: [
        { 'variable-name': 0xfa08 },
        { 'parameterized-access': { name: 0xfa10, selector: 2, parameter: FIVE } },
        { 'block-number-access': 2 },
        { 'read-data-block-access': BLOCK },
        { 'write-data-block-access': { last: true, block: 9 } },
      ],
    },
  ],
  [
    'ReadResponse of every kind of result',
    '0c 04 00 11 05 01 03 02 00 00 01 02 aa bb 03 00 02',
    {
      kind: 'read-response',
      list: [{ data: FIVE }, { result: 'read-write-denied' }, { 'data-block-result': BLOCK }, { 'block-number': 2 }],
    },
  ],
  [
    'WriteRequest',
    '06 01 02 fa 08 01 11 05',
    { kind: 'write-request', list: [{ 'variable-name': 0xfa08 }], values: [FIVE] },
  ],
  [
    'UnconfirmedWriteRequest',
    '16 01 02 fa 08 01 11 05',
    { kind: 'unconfirmed-write-request', list: [{ 'variable-name': 0xfa08 }], values: [FIVE] },
  ],
  [
    'WriteResponse',
    '0d 03 00 01 0c 02 00 02',
    { kind: 'write-response', list: ['success', 'type-unmatched', { 'block-number': 2 }] },
  ],
  [
    'InformationReport without time',
    '18 00 01 02 fa 00 01 09 02 aa bb',
    {
      kind: 'information-report',
      time: null,
      list: [{ 'variable-name': 0xfa00 }],
      values: [{ t: 'octet-string', v: 'aabb' }],
    },
  ],
  [
    'InformationReport with time',
    '18 01 0f 32 30 32 36 31 31 32 33 30 39 35 39 33 32 5a 00 00',
    { kind: 'information-report', time: '20261123095932Z', list: [], values: [] },
  ],
  [
    'EventNotification without time',
    `c2 00 ${ENERGY_HEX} 11 05`,
    { kind: 'event-notification', time: null, attr: ENERGY, data: FIVE },
  ],
  [
    'EventNotification with time',
    `c2 01 0c ${DATE_TIME_HEX} ${ENERGY_HEX} 11 05`,
    { kind: 'event-notification', time: DATE_TIME, attr: ENERGY, data: FIVE },
  ],
  [
    'DataNotification without date-time',
    '0f 40 00 00 01 00 02 01 11 05',
    {
      kind: 'data-notification',
      longInvokeId: 0x40000001,
      dateTime: '',
      data: { t: 'structure', v: [FIVE] },
    },
  ],
  [
    'DataNotification with date-time',
    `0f ff ff ff ff 0c ${DATE_TIME_HEX} 00`,
    { kind: 'data-notification', longInvokeId: 0xffffffff, dateTime: DATE_TIME, data: { t: 'null-data' } },
  ],
  [
    'DataNotificationConfirm',
    '10 00 00 00 07 00',
    { kind: 'data-notification-confirm', longInvokeId: 7, dateTime: '' },
  ],
  [
    'exception-response',
    'd8 02 02',
    { kind: 'exception-response', stateError: 'service-unknown', serviceError: 'service-not-supported' },
  ],
  [
    'exception-response with the expected invocation counter',
    'd8 01 06 00 00 01 2c',
    {
      kind: 'exception-response',
      stateError: 'service-not-allowed',
      serviceError: 'invocation-counter-error',
      invocationCounter: 300,
    },
  ],
  [
    'ACCESS.request of every operation',
    `d9 40 00 00 00 0c ${DATE_TIME_HEX} 05 01 ${ENERGY_HEX} 02 ${CLOCK_TIME_HEX} 03 ${RESET_HEX}
     04 ${ENERGY_HEX} ${ENTRY_HEX} 05 ${ENERGY_HEX} ${ENTRY_HEX} 05 00 11 05 00 00 00`,
    {
      kind: 'access-request',
      longInvokeId: 0x40000000,
      dateTime: DATE_TIME,
      spec: [
        { op: 'get', ...ENERGY },
        { op: 'set', ...CLOCK_TIME },
        { op: 'action', ...RESET },
        { op: 'get-with-selection', ...ENERGY, selective: ENTRY },
        { op: 'set-with-selection', ...ENERGY, selective: ENTRY },
      ],
      data: [{ t: 'null-data' }, FIVE, { t: 'null-data' }, { t: 'null-data' }, { t: 'null-data' }],
    },
  ],
  [
    'ACCESS.response without echo',
    `da 40 00 00 00 00 00 04 09 08 30 30 30 30 30 30 30 31 09 0c ${DATE_TIME_HEX} 00 00 04 01 00 01 00 02 00 02 00`,
    {
      kind: 'access-response',
      longInvokeId: 0x40000000,
      dateTime: '',
      spec: null,
      data: [
        { t: 'octet-string', v: '3030303030303031' },
        { t: 'octet-string', v: DATE_TIME },
        { t: 'null-data' },
        { t: 'null-data' },
      ],
      results: [{ get: 'success' }, { get: 'success' }, { set: 'success' }, { set: 'success' }],
    },
  ],
  [
    'ACCESS.response with echo',
    `da 00 00 00 01 00 01 01 03 ${RESET_HEX} 01 00 01 03 0f`,
    {
      kind: 'access-response',
      longInvokeId: 1,
      dateTime: '',
      spec: [{ op: 'action', ...RESET }],
      data: [{ t: 'null-data' }],
      results: [{ action: 'long-action-aborted' }],
    },
  ],
  [
    'general-block-transfer, last block',
    'e0 81 00 02 00 01 02 aa bb',
    {
      kind: 'general-block-transfer',
      last: true,
      streaming: false,
      window: 1,
      block: 2,
      blockAck: 1,
      raw: 'aabb',
    },
  ],
  [
    'general-block-transfer, streaming with window 63, nothing in it',
    'e0 7f ff ff 00 00 00',
    {
      kind: 'general-block-transfer',
      last: false,
      streaming: true,
      window: 63,
      block: 65535,
      blockAck: 0,
      raw: '',
    },
  ],
  [
    'gateway request',
    'e6 00 02 12 34 c0 01 c1',
    { kind: 'gateway-request', networkId: 0, address: '1234', apdu: 'c001c1' },
  ],
  ['gateway response', 'e7 01 00', { kind: 'gateway-response', networkId: 1, address: '', apdu: '' }],
];

/** Vectors of the other APDUs: association, protection. Octets of the Green Book's examples or laid out by hand. */
export const OTHER_VECTORS: readonly (readonly [what: string, hex: string])[] = [
  ['AARQ without security', '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0'],
  [
    'AARQ with password',
    '6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400007e1f04b0',
  ],
  [
    'AARQ with titles, qualifiers and ids',
    '6054a109060760857405080103a2040402aabba3040402ccdda403020101a504020200ffa60a04084d4d4d0000bc614ea703040111a803020105' +
      'a90402020102bd02aabbbe10040e01000000065f1f0400007e1f04b0',
  ],
  ['AARQ with an object identifier of somebody else', '600ba1090607608574050801ff'],
  [
    'AARE of high level security',
    '6142a109060760857405080101a203020100a305a10302010e88020780890760857405080205aa0a8008503677524a323146be10040e0800065f1f040000501f01f40007',
  ],
  ['AARE refused by the provider', '6117a109060760857405080101a203020101a305a203020102'],
  ['AARE refused with a ConfirmedServiceError', '611fa109060760857405080101a203020101a305a103020101be0604040e010600'],
  ['RLRQ', '6203800100'],
  ['RLRQ empty', '6200'],
  ['RLRE with InitiateResponse', '6315800100be10040e0800065f1f0400621e5d04000007'],
  ['RLRE with a reason of its own', '630380011e'],
  [
    'RLRQ protected',
    '6239800100be34043221303001234567801302ff8a7874133d414ced25b42534d28db0047720606b175bd52211be6841db204d39ee6fdb8e356855',
  ],
  ['glo-get-request', 'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b'],
  ['ded-set-response, encrypted only', 'd5072000000001aabb'],
  ['general-glo-ciphering', 'db084d4d4d0000bc614e072000000001aabb'],
  ['general-ded-ciphering with an empty title', 'dc00072000000001aabb'],
  ['general-ciphering, identified key', 'dd01aa02bbbb0000000100000720000000 01aabb'],
  ['general-ciphering, wrapped key', 'dd0000000000010102 02 cccc 0720000000 01aabb'],
  ['general-ciphering, agreed key', 'dd000000000001020102 02 cccc 0720000000 01aabb'],
  ['general-ciphering without key-info', 'dd0000000000000720000000 01aabb'],
  ['general-signing', 'df01aa00000002bbbb03d80101 02eeff'],
];
