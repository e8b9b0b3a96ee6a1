import type {
  EmulatorActivity,
  EmulatorFigures,
  EmulatorInstance,
  MeterDetails,
  PressedButton,
  PushFigures,
  SimulatedTime,
} from '../../emulator/types.ts';

/** What emulators look like over REST: schemas, and what becomes of our types. */

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const moment = { type: 'string', format: 'date-time' } as const;

export const idParams = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', maxLength: 64 } },
} as const;

export const meterParams = {
  type: 'object',
  required: ['id', 'serial'],
  properties: { id: { type: 'string', maxLength: 64 }, serial: { type: 'string', maxLength: 256 } },
} as const;

export const time = {
  type: 'object',
  properties: {
    now: moment,
    speed: { type: 'number', description: 'Simulated seconds in a second' },
    frozen: { type: 'boolean' },
    real: { type: 'boolean', description: 'It follows the clock of the system' },
  },
} as const;

const figures = {
  type: 'object',
  properties: {
    sessions: { ...count, description: 'Connections open now' },
    requests: count,
    octets_in: count,
    octets_out: count,
    errors: count,
    refused: { ...count, description: 'Connections that were not taken' },
  },
} as const;

const pushes = {
  type: 'object',
  properties: {
    sent: { ...count, description: 'Arrived, and confirmed where that was asked for' },
    failed: { ...count, description: 'Given up after their last retry, or refused' },
    failed_tries: count,
    skipped: { ...count, description: 'Left out because a later one of the same push setup was due already' },
    waiting: count,
    octets: count,
    last_failure: { ...text, description: 'The last failure in words' },
  },
} as const;

export const endpoint = {
  type: 'object',
  properties: {
    meter: text,
    serial: text,
    transport: text,
    framing: { type: 'string', enum: ['wrapper', 'hdlc'] },
    host: text,
    port: count,
    address: { ...count, description: 'Number of the meter where several share the address' },
  },
} as const;

export const instance = {
  type: 'object',
  properties: {
    id: text,
    path: text,
    name: text,
    count,
    fleets: { type: 'array', items: { type: 'object', properties: { name: text, count } } },
    started_at: moment,
    endpoint_count: count,
    figures,
    time,
    requests_per_second: count,
    octets_per_second: count,
    top: {
      type: 'array',
      items: {
        type: 'object',
        properties: { meter: text, serial: text, requests_per_second: count, requests: count, sessions: count },
      },
    },
    pushes: { description: 'Pushes since the start; absent where no meter can push', ...pushes },
    state_failure: { ...text, description: 'Why the state of meters is not being kept at the moment' },
  },
} as const;

export const meter = {
  type: 'object',
  properties: {
    meter: text,
    serial: text,
    logical_device_name: text,
    endpoints: { type: 'array', items: endpoint },
    figures,
    clock_shift_ms: { type: 'number' },
    changed: { type: 'boolean', description: 'It remembers something that was done to it' },
    behaviours: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: text,
          kind: { type: 'string', enum: ['quirk', 'fault'] },
          source: { type: 'string', enum: ['template', 'catalogue'] },
          describes: text,
          on: { type: 'boolean' },
          default: { type: 'boolean', description: 'What it is without anybody having switched it' },
        },
      },
    },
    clients: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          from: text,
          transport: text,
          since: moment,
          client_sap: count,
          server_sap: count,
          association: text,
          pending: { type: 'boolean' },
        },
      },
    },
  },
} as const;

export const startRequest = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string', minLength: 1, maxLength: 4096, description: 'A .dlmsmeter file' },
    fleet: { type: 'string', description: 'Names of fleets, separated by commas, or all' },
    meter: text,
    count: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    listen: { type: 'string', description: 'As --listen of dlms emulate' },
    seed: { type: 'integer', minimum: 0, maximum: 0xffff_ffff },
  },
} as const;

export const scaleRequest = {
  type: 'object',
  additionalProperties: false,
  required: ['count'],
  properties: { count: { type: 'integer', minimum: 1, maximum: 1_000_000 }, fleet: text },
} as const;

export const behaviourParams = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'string', maxLength: 64 }, name: { type: 'string', maxLength: 256 } },
} as const;

export const behaviourRequest = {
  type: 'object',
  additionalProperties: false,
  required: ['on'],
  properties: {
    on: { type: ['boolean', 'null'], description: 'null: as the template says' },
    serial: { type: 'string', maxLength: 256, description: 'One meter; absent = all' },
  },
} as const;

export const switched = {
  type: 'object',
  properties: { meters: { ...count, description: 'How many meters know it' } },
} as const;

const objectName = { type: 'string', minLength: 1, maxLength: 256 } as const;

export const pushRequest = {
  type: 'object',
  additionalProperties: false,
  properties: { setup: { ...objectName, description: 'Name or OBIS code of the push setup; absent = the first' } },
} as const;

export const pressRequest = {
  type: 'object',
  additionalProperties: false,
  properties: { object: { ...objectName, description: 'Name or OBIS code of the breaker; absent = the first' } },
} as const;

export const pressed = {
  type: 'object',
  properties: {
    object: { ...text, description: 'Name of the disconnect control' },
    control_state: { type: 'string', enum: ['disconnected', 'connected', 'ready-for-reconnection'] },
  },
} as const;

export const timeRequest = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    real: { type: 'boolean', description: 'Back to the clock of the system' },
    to: { type: 'string', description: 'Jumps to a moment: 2026-01-01T00:00Z' },
    by_seconds: { type: 'number', description: 'Jumps on, or back' },
    speed: { type: 'number', exclusiveMinimum: 0 },
    frozen: { type: 'boolean' },
  },
} as const;

export function timeOf({ now, ...rest }: SimulatedTime) {
  return { now: new Date(now).toISOString(), ...rest };
}

function figuresOf({ octetsIn, octetsOut, ...rest }: EmulatorFigures) {
  return { ...rest, octets_in: octetsIn, octets_out: octetsOut };
}

export function instanceOf(found: EmulatorInstance) {
  const { endpoints: _paged, endpointCount, startedAt, figures: counted, time: clock, ...rest } = found;
  return {
    ...rest,
    started_at: new Date(startedAt).toISOString(),
    endpoint_count: endpointCount,
    figures: figuresOf(counted),
    time: timeOf(clock),
  };
}

export function activityOf({
  requestsPerSecond,
  octetsPerSecond,
  top,
  pushes: pushed,
  stateFailure,
}: EmulatorActivity) {
  return {
    requests_per_second: requestsPerSecond,
    octets_per_second: octetsPerSecond,
    top: top.map(({ requestsPerSecond: rate, ...rest }) => ({ ...rest, requests_per_second: rate })),
    ...(pushed === undefined ? {} : { pushes: pushesOf(pushed) }),
    ...(stateFailure === undefined ? {} : { state_failure: stateFailure }),
  };
}

function pushesOf({ failedTries, lastFailure, ...rest }: PushFigures) {
  return {
    ...rest,
    failed_tries: failedTries,
    ...(lastFailure === undefined ? {} : { last_failure: lastFailure }),
  };
}

export function pressedOf({ object, controlState }: PressedButton) {
  return { object, control_state: controlState };
}

export function meterOf({ logicalDeviceName, figures: counted, clockShift, clients, ...rest }: MeterDetails) {
  return {
    ...rest,
    logical_device_name: logicalDeviceName,
    figures: figuresOf(counted),
    clock_shift_ms: clockShift,
    clients: clients.map(({ since, clientSap, serverSap, ...client }) => ({
      ...client,
      since: new Date(since).toISOString(),
      ...(clientSap === undefined ? {} : { client_sap: clientSap }),
      ...(serverSap === undefined ? {} : { server_sap: serverSap }),
    })),
  };
}
