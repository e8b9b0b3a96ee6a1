import type { StartRequest } from '../api/routes/emulators.ts';
import { timeText } from './activity-line.ts';
import { type ControlClient, ControlError, controlClient } from './control-client.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { table } from './table.ts';

/** Options of all `dlms emulator` commands. */
export interface EmulatorCommandOptions {
  /** HOST:PORT of the process; only needed if several run. */
  readonly control?: string;
  /** Emulator; only needed if a process runs several. */
  readonly id?: string;
  readonly json?: boolean;
}

/** What to do with an emulator. */
export type EmulatorAction =
  | { readonly do: 'list' }
  | { readonly do: 'status' }
  | { readonly do: 'start'; readonly request: StartRequest }
  | { readonly do: 'meter'; readonly serial: string }
  | { readonly do: 'scale'; readonly count: number; readonly fleet?: string }
  | { readonly do: 'reload' }
  | { readonly do: 'quirk'; readonly name: string; readonly on: boolean | null; readonly serial?: string }
  | { readonly do: 'push'; readonly serial: string; readonly setup?: string }
  | { readonly do: 'press'; readonly serial: string; readonly object?: string }
  | { readonly do: 'stop' }
  | {
      readonly do: 'time';
      readonly real?: boolean;
      readonly to?: string;
      readonly by?: number;
      readonly speed?: number;
      readonly freeze?: boolean;
      readonly run?: boolean;
    };

/** Answers of the API, as far as they are shown. */
interface Instance {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly endpoint_count: number;
  readonly fleets: readonly { readonly name: string; readonly count: number }[];
  readonly figures: Readonly<Record<string, number>>;
  readonly time: Time;
  readonly requests_per_second?: number;
  readonly octets_per_second?: number;
  readonly top?: readonly Readonly<Record<string, string | number>>[];
  readonly pushes?: Pushes;
  readonly state_failure?: string;
}
interface Pushes {
  readonly sent: number;
  readonly failed: number;
  readonly failed_tries: number;
  readonly skipped: number;
  readonly waiting: number;
  readonly octets: number;
  readonly last_failure?: string;
}
interface Time {
  readonly now: string;
  readonly speed: number;
  readonly frozen: boolean;
  readonly real: boolean;
}
interface Meter {
  readonly meter: string;
  readonly serial: string;
  readonly logical_device_name: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly clock_shift_ms: number;
  readonly changed: boolean;
  readonly behaviours: readonly { readonly name: string; readonly on: boolean; readonly default: boolean }[];
  readonly endpoints: readonly { readonly transport: string; readonly host: string; readonly port: number }[];
  readonly clients: readonly {
    readonly from: string;
    readonly transport: string;
    readonly since: string;
    readonly client_sap?: number;
    readonly association?: string;
    readonly pending?: boolean;
  }[];
}

/** `dlms emulator ...`: asks and tells emulators that run in other processes. 0 done, 1 refused, 2 wrong usage. */
export async function emulator(action: EmulatorAction, options: EmulatorCommandOptions, io: CliIo): Promise<ExitCode> {
  try {
    const client = controlClient(options);
    const answer = await perform(client, action, options);
    if (options.json === true) io.out(`${JSON.stringify(answer ?? {})}\n`);
    else io.out(show(action, answer));
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    io.err(`dlms emulator: ${error.message} [${error.code}]\n${error.next}\n`);
    return USAGE.has(error.code) ? exitCodes.usage : exitCodes.failed;
  }
}

const USAGE: ReadonlySet<string> = new Set(['bad-control', 'several-run', 'several-emulators', 'invalid-request']);

async function perform(
  client: ControlClient,
  action: EmulatorAction,
  options: EmulatorCommandOptions,
): Promise<unknown> {
  if (action.do === 'list') return client.ask('GET', '/emulators');
  if (action.do === 'start') return client.ask('POST', '/emulators', action.request);
  const path = `/emulators/${encodeURIComponent(options.id ?? (await onlyId(client)))}`;
  switch (action.do) {
    case 'status':
      return client.ask('GET', path);
    case 'meter':
      return client.ask('GET', `${path}/meters/${encodeURIComponent(action.serial)}`);
    case 'scale': {
      const { count, fleet } = action;
      return client.ask('POST', `${path}/scale`, { count, ...(fleet === undefined ? {} : { fleet }) });
    }
    case 'reload':
      return client.ask('POST', `${path}/reload`);
    case 'quirk': {
      const { name, on, serial } = action;
      const body = { on, ...(serial === undefined ? {} : { serial }) };
      return client.ask('PUT', `${path}/behaviours/${encodeURIComponent(name)}`, body);
    }
    case 'push': {
      const { serial, setup } = action;
      const body = setup === undefined ? {} : { setup };
      return client.ask('POST', `${path}/meters/${encodeURIComponent(serial)}/push`, body);
    }
    case 'press': {
      const { serial, object } = action;
      const body = object === undefined ? {} : { object };
      return client.ask('POST', `${path}/meters/${encodeURIComponent(serial)}/press`, body);
    }
    case 'stop':
      return client.ask('DELETE', path);
    case 'time': {
      const change = changeOf(action);
      return Object.keys(change).length === 0
        ? client.ask('GET', `${path}/time`)
        : client.ask('PATCH', `${path}/time`, change);
    }
  }
}

function changeOf({ real, to, by, speed, freeze, run }: Extract<EmulatorAction, { do: 'time' }>): object {
  return {
    ...(real === true ? { real } : {}),
    ...(to === undefined ? {} : { to }),
    ...(by === undefined ? {} : { by_seconds: by }),
    ...(speed === undefined ? {} : { speed }),
    ...(freeze === true ? { frozen: true } : {}),
    ...(run === true ? { frozen: false } : {}),
  };
}

async function onlyId(client: ControlClient): Promise<string> {
  const [only, second] = (await client.ask('GET', '/emulators')) as Instance[];
  if (only !== undefined && second === undefined) return only.id;
  throw only === undefined
    ? new ControlError('nothing-runs', `${client.url} runs no emulator`, 'Start one.')
    : new ControlError(
        'several-emulators',
        `${client.url} runs several emulators`,
        'Choose one with --id; dlms emulator list has them.',
      );
}

function show(action: EmulatorAction, answer: unknown): string {
  switch (action.do) {
    case 'list':
      return list(answer as Instance[]);
    case 'status':
      return status(answer as Instance);
    case 'meter':
      return meter(answer as Meter);
    case 'time':
      return `${timeLine(answer as Time)}\n`;
    case 'stop':
      return 'Stopped.\n';
    case 'push':
      return `${action.serial} pushes. dlms emulator status shows what arrived.\n`;
    case 'press': {
      const { object, control_state } = answer as { readonly object: string; readonly control_state: string };
      return `${object} is ${control_state.replaceAll('-', ' ')}.\n`;
    }
    case 'quirk': {
      const { meters } = answer as { readonly meters: number };
      const state = action.on === null ? 'as the template says' : action.on ? 'on' : 'off';
      return `${action.name} is ${state} at ${meters} ${meters === 1 ? 'meter' : 'meters'}.\n`;
    }
    case 'start':
    case 'scale':
    case 'reload': {
      const { id, count, endpoint_count } = answer as Instance;
      return `${id}: ${count} meters on ${endpoint_count} endpoints.\n`;
    }
  }
}

function list(instances: readonly Instance[]): string {
  return table(
    ['ID', 'NAME', 'METERS', 'SESSIONS', 'REQUESTS', 'TIME'],
    instances.map(({ id, name, count, figures, time }) => [
      id,
      name,
      `${count}`,
      `${figures.sessions ?? 0}`,
      `${figures.requests ?? 0}`,
      timeLine(time),
    ]),
  );
}

function status(found: Instance): string {
  const { id, name, count, fleets, figures, time, top = [], pushes, state_failure } = found;
  const lines = [
    `${id}: ${name}, ${count} meters on ${found.endpoint_count} endpoints`,
    ...(fleets.length > 1 ? [`fleets: ${fleets.map((fleet) => `${fleet.name} ${fleet.count}`).join(', ')}`] : []),
    `time: ${timeLine(time)}`,
    `now: ${found.requests_per_second ?? 0} requests/s, ${found.octets_per_second ?? 0} octets/s, ${figures.sessions} sessions`,
    `since the start: ${figures.requests} requests, octets ${figures.octets_in} in ${figures.octets_out} out, ${figures.errors} errors, ${figures.refused} connections refused`,
    ...(pushes === undefined ? [] : pushLines(pushes)),
    ...(state_failure === undefined ? [] : [`STATE NOT KEPT: ${state_failure}`]),
  ];
  const rows = top.map((one) =>
    ['serial', 'meter', 'requests_per_second', 'requests', 'sessions'].map((name) => `${one[name]}`),
  );
  return `${lines.join('\n')}\n${rows.length === 0 ? '' : table(['BUSIEST', 'METER', 'REQUESTS/S', 'REQUESTS', 'SESSIONS'], rows)}`;
}

function pushLines({ sent, failed, failed_tries, skipped, waiting, octets, last_failure }: Pushes): string[] {
  return [
    `pushes: ${sent} sent (${octets} octets), ${waiting} waiting, ${failed} failed, ${failed_tries} failed tries, ${skipped} skipped`,
    ...(last_failure === undefined ? [] : [`the last push that failed: ${last_failure}`]),
  ];
}

function meter({
  meter: model,
  serial,
  logical_device_name,
  figures,
  clients,
  endpoints,
  behaviours,
  ...rest
}: Meter): string {
  const lines = [
    `${model} ${serial} (${logical_device_name}) at ${endpoints.map(({ host, port, transport }) => `${host}:${port} ${transport}`).join(', ')}`,
    `${figures.requests} requests, octets ${figures.octets_in} in ${figures.octets_out} out, ${figures.errors} errors, ${figures.refused} connections refused`,
    ...(rest.clock_shift_ms === 0 ? [] : [`its clock was put by ${rest.clock_shift_ms / 1000} s`]),
    ...behaviourLine(behaviours),
    rest.changed ? 'it remembers what was done to it' : 'nothing was changed in it',
  ];
  const rows = clients.map(({ from, transport, since, client_sap, association, pending }) => [
    from,
    transport,
    since,
    client_sap === undefined ? '-' : `${client_sap}`,
    association === undefined ? '-' : `${association}${pending === true ? ' (pending)' : ''}`,
  ]);
  return `${lines.join('\n')}\n${rows.length === 0 ? 'nobody is connected\n' : table(['CLIENT', 'TRANSPORT', 'SINCE', 'SAP', 'ASSOCIATION'], rows)}`;
}

function behaviourLine(behaviours: Meter['behaviours']): string[] {
  const names = behaviours
    .filter(({ on }) => on)
    .map(({ name, default: usual }) => `${name}${usual ? '' : ' (switched on)'}`);
  const off = behaviours.filter(({ on, default: usual }) => usual && !on).map(({ name }) => `${name} (switched off)`);
  return names.length + off.length === 0 ? [] : [`quirks and faults: ${[...names, ...off].join(', ')}`];
}

function timeLine({ now, ...rest }: Time): string {
  return timeText({ ...rest, now: Date.parse(now) });
}
