import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { CodecError, Deviation, Field } from '../codec/result.ts';
import type { MeterFinding, ScanEvent, ScanOptions } from '../discovery/types.ts';
import type {
  EmulatorActivity,
  EmulatorInstance,
  MeterDetails,
  PressedButton,
  SimulatedTime,
  TimeChange,
} from '../emulator/types.ts';
import type { Connection } from '../session/connection.ts';
import type { ReadValue } from '../session/reader.ts';

export type {
  BehaviourStatus,
  ConnectedClient,
  EmulatorActivity,
  EmulatorFigures,
  EmulatorInstance,
  Endpoint,
  MeterActivity,
  MeterDetails,
  PressedButton,
  PushFigures,
  SimulatedTime,
  TimeChange,
} from '../emulator/types.ts';
export type { ReadValue } from '../session/reader.ts';

/**
 * The contract between the engine process and its clients, over vscode-jsonrpc. Everything here is plain JSON;
 * octets are lower-case hex. Secrets travel only from the client to the engine and are never sent back.
 */

/** Secret name -> value: `hex:001122..` or `text:...`. Held in memory for the call's subject only. */
export type Secrets = Readonly<Record<string, string>>;

export interface InitializeParams {
  /** Path of the SQLite file; absent = no store (translator only). */
  readonly databasePath?: string;
}
export interface InitializeResult {
  readonly version: string;
  readonly node: string;
}

export interface StartEmulatorParams {
  /** Path of a `.dlmsmeter` file; the files it uses are found from there. */
  readonly path: string;
  /** Text of the editor when it is not saved yet. */
  readonly text?: string;
  /** Meter to start; absent with `fleet`. Default: the first meter that is not abstract. */
  readonly meter?: string;
  readonly fleet?: string;
  /** Number of meters; default 1 for a meter, the fleet's count for a fleet. */
  readonly count?: number;
  /** `HOST:PORT`, `HOST:PORT-PORT` or `127.x.y.z/NN:PORT`. Default: 127.0.0.1, the template's port or the next free one. */
  readonly listen?: string;
  readonly seed?: number;
  readonly secrets: Secrets;
  /** Simulated time to begin with; default the system's, or as it was kept. */
  readonly time?: TimeChange;
  /** SQLite file in which the state of the meters is kept; one emulator at a time. Absent = it is forgotten. */
  readonly statePath?: string;
}
/** What one emulator is doing; told while any are running, at most twice a second. */
export interface EmulatorActivityOf extends EmulatorActivity {
  readonly id: string;
}
export interface ScanSummary {
  readonly scanId: string;
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly targets: readonly string[];
  readonly ports: readonly number[];
  readonly state: 'running' | 'finished' | 'cancelled' | 'interrupted';
  readonly found: number;
}
export interface ScanFailure {
  readonly scanId: string;
  readonly message: string;
  readonly next: string;
}
/** A finding as listed: without evidence, which is asked for per meter. */
export type MeterRow = Omit<MeterFinding, 'evidence' | 'objects'> & {
  readonly id: string;
  readonly scanId: string;
  readonly objectCount: number;
};

/** How to reach and to address a meter, and as whom; `secrets` has `password`, `guek`, `gak`, `systemTitle`. */
export type ConnectionParams = Connection;
export interface ReadMeterParams {
  readonly connection: ConnectionParams;
  /** `A-B:C.D.E.F` or `A-B:C.D.E.F#attribute`; empty = every readable attribute of the object list. */
  readonly items: readonly string[];
}
export interface ReadMeterResult {
  readonly traceId: string;
  readonly values: readonly ReadValue[];
  /** Set when the association failed or broke; values read before it are kept. */
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface TraceSummary {
  readonly traceId: string;
  readonly title: string;
  readonly startedAt: number;
  readonly entries: number;
}
export interface TraceRow {
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly direction: 'tx' | 'rx' | 'note';
  readonly layer: 'link' | 'apdu';
  readonly octets: string;
  readonly summary: string;
  readonly error?: CodecError;
  /** Ids of the departures from the standard that were accepted. */
  readonly deviations?: readonly string[];
}
/** Octets decoded: `octets` are what the field ranges and offsets refer to. */
export interface DecodedOctets {
  readonly octets: string;
  readonly kind: string;
  readonly fields: readonly Field[];
  readonly deviations: readonly Deviation[];
  readonly error?: CodecError;
}
export interface DecodedRow extends DecodedOctets {
  /** Second view when the APDU was ciphered and could be deciphered. */
  readonly plain?: DecodedOctets;
  /** It has an encrypted APDU that is not open. */
  readonly locked?: true;
}
/** Forms in which a row can be copied; JSON and XML of the translator. */
export type RowText = 'hex' | 'json' | 'xml';

export interface TranslateParams {
  /** Hex with spaces, comments, log prefixes; a log with TX and RX becomes a row for each message. */
  readonly text: string;
  readonly layer?: 'auto' | 'hdlc' | 'wrapper' | 'llc' | 'apdu' | 'data' | 'mbus';
}
export interface TranslateResult {
  readonly traceId: string;
  /** Of the first message. */
  readonly layer: string;
  readonly kind: string;
  /** Messages with an encrypted APDU. */
  readonly locked: number;
}
export interface UnlockTraceParams {
  readonly traceId: string;
  /**
   * Keys to try. What they are for is told by the last word of their names (`acme/guek`, `acme/gak`,
   * `192.0.2.1:4059 guek`); keys without such a word are tried as well.
   */
  readonly secrets: Secrets;
  /** System title of the sender, 16 hex digits, for APDUs that do not carry it. */
  readonly systemTitle?: string;
}
export interface UnlockTraceResult {
  /** Rows opened now, and those where no key fits. */
  readonly opened: number;
  readonly closed: number;
  /** Names of the secrets that opened them. */
  readonly keyNames: readonly string[];
  /** Some closed row does not carry the system title of its sender: with the title a key may fit. */
  readonly titleMissing: boolean;
}

export interface OpenCaptureParams {
  /** Path of a pcap or pcapng file. */
  readonly path: string;
  /** Keys to decipher with, as in `UnlockTraceParams`. */
  readonly secrets?: Secrets;
}
/** One connection of a capture. */
export interface CapturedTrace {
  readonly traceId: string;
  readonly title: string;
  readonly apdus: number;
  /** APDUs that are encrypted and not open. */
  readonly locked: number;
  /** Names of the secrets that opened others. */
  readonly keyNames: readonly string[];
}
export interface OpenCaptureResult {
  readonly traces: readonly CapturedTrace[];
  /** Connections that speak DLMS/COSEM beyond the limit of those shown. */
  readonly omitted: number;
  readonly packets: number;
  /** Connections of other protocols. */
  readonly otherConnections: number;
  /** What could not be used of the file. */
  readonly problems: readonly string[];
}
export interface ExportTraceParams {
  readonly traceId: string;
  /** pcapng file to write. */
  readonly path: string;
}
export interface ExportTraceResult {
  readonly packets: number;
  readonly comments: number;
}

/** Where pushes come from: meters that connect or send datagrams, a serial server, or a serial line. */
export type ListenSource =
  | { readonly kind: 'tcp' | 'udp' | 'connect'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly speed?: number; readonly format?: string };
export interface StartListenerParams {
  readonly source: ListenSource;
  /** Keys of the meters, as in `UnlockTraceParams`. */
  readonly secrets: Secrets;
}
export interface ListenerStarted {
  readonly listenerId: string;
  readonly traceId: string;
  /** `tcp 127.0.0.1:4059`, with the port that was chosen where 0 was asked for. */
  readonly title: string;
  readonly port?: number;
}
export interface ListenerEnded {
  readonly listenerId: string;
  readonly traceId: string;
  readonly pushes: number;
  /** Pushes that came faster than they could be taken. */
  readonly lost: number;
  /** Set when it ended without being asked to. */
  readonly failure?: { readonly code: string; readonly message: string };
}
export interface SerialPortRow {
  readonly path: string;
  readonly manufacturer?: string;
}

export const Initialize = new RequestType<InitializeParams, InitializeResult, void>('engine/initialize');
export const Shutdown = new RequestType0<void, void>('engine/shutdown');

export const StartEmulator = new RequestType<StartEmulatorParams, EmulatorInstance, void>('emulator/start');
export const StopEmulator = new RequestType<{ readonly id: string }, void, void>('emulator/stop');
export const ListEmulators = new RequestType0<readonly EmulatorInstance[], void>('emulator/list');
/** Adds or removes meters, of one fleet where there are several; those that stay keep their connections. */
export const ScaleEmulator = new RequestType<
  { readonly id: string; readonly count: number; readonly fleet?: string },
  EmulatorInstance,
  void
>('emulator/scale');
/** Reads the template again; meters whose model did not change keep connections and state. */
export const ReloadEmulator = new RequestType<{ readonly id: string }, EmulatorInstance, void>('emulator/reload');
/** Freezes simulated time, lets it jump, or go faster or slower. */
export const ChangeEmulatorTime = new RequestType<
  { readonly id: string; readonly change: TimeChange },
  SimulatedTime,
  void
>('emulator/time');
/** One meter: figures, who is connected, quirks and faults. */
export const GetEmulatedMeter = new RequestType<{ readonly id: string; readonly serial: string }, MeterDetails, void>(
  'emulator/meter',
);
/** Switches a quirk or fault of one meter or of all; null puts it back to what the template says. */
export const SwitchBehaviour = new RequestType<
  { readonly id: string; readonly name: string; readonly on: boolean | null; readonly serial?: string },
  { readonly meters: number },
  void
>('emulator/behaviour');
/** A meter pushes now what a push setup says, of this name or OBIS code or its first. The figures tell what arrives. */
export const PushNow = new RequestType<
  { readonly id: string; readonly serial: string; readonly setup?: string },
  void,
  void
>('emulator/push');
/** A person presses the button of a breaker, of this name or OBIS code or the meter's first. */
export const PressButton = new RequestType<
  { readonly id: string; readonly serial: string; readonly object?: string },
  PressedButton,
  void
>('emulator/press');
export const EmulatorActivityChanged = new NotificationType<readonly EmulatorActivityOf[]>('emulator/activity');
export const EmulatorsChanged = new NotificationType<readonly EmulatorInstance[]>('emulator/changed');
/** Secret names a template refers to, so that the client can ask for those it does not hold. */
export const TemplateSecrets = new RequestType<
  { readonly path: string; readonly text?: string },
  { readonly names: readonly string[]; readonly meters: readonly string[]; readonly fleets: readonly string[] },
  void
>('template/secrets');

export const StartScan = new RequestType<ScanOptions, { readonly scanId: string }, void>('scan/start');
export const CancelScan = new RequestType<{ readonly scanId: string }, void, void>('scan/cancel');
export const ListScans = new RequestType0<readonly ScanSummary[], void>('scan/list');
/** Meters in events come without evidence. */
export const ScanProgress = new NotificationType<ScanEvent>('scan/event');
/** A scan stopped before its end; what was found until then is stored. */
export const ScanFailed = new NotificationType<ScanFailure>('scan/failed');
export const ListMeters = new RequestType<
  { readonly scanId?: string; readonly offset: number; readonly limit: number },
  { readonly total: number; readonly rows: readonly MeterRow[] },
  void
>('meter/list');
export const GetMeter = new RequestType<{ readonly id: string }, MeterFinding & { readonly id: string }, void>(
  'meter/get',
);

export const ReadMeter = new RequestType<ReadMeterParams, ReadMeterResult, void>('meter/read');
export const ListTraces = new RequestType0<readonly TraceSummary[], void>('trace/list');
export const GetTrace = new RequestType<
  { readonly traceId: string },
  { readonly summary: TraceSummary; readonly rows: readonly TraceRow[] },
  void
>('trace/get');
export const DecodeTraceRow = new RequestType<{ readonly traceId: string; readonly index: number }, DecodedRow, void>(
  'trace/decode',
);
/** One row as text, as it was on the wire or in clear. */
export const GetRowText = new RequestType<
  { readonly traceId: string; readonly index: number; readonly format: RowText; readonly view: 'wire' | 'plain' },
  { readonly text: string },
  void
>('trace/text');
/** A row was added to a running trace. */
export const TraceAdded = new NotificationType<{ readonly traceId: string; readonly row: TraceRow }>('trace/added');

/** Opens encrypted rows with any of the keys; their `plain` is there afterwards. Keys are kept for this call only. */
export const UnlockTrace = new RequestType<UnlockTraceParams, UnlockTraceResult, void>('trace/unlock');

/** Reads a capture into traces, one for each connection. */
export const OpenCapture = new RequestType<OpenCaptureParams, OpenCaptureResult, void>('capture/open');
/** Writes a trace as pcapng, with what was decoded as comments of the packets. */
export const ExportTrace = new RequestType<ExportTraceParams, ExportTraceResult, void>('trace/export');

/** Listens for pushes into a trace until it is stopped. */
export const StartListener = new RequestType<StartListenerParams, ListenerStarted, void>('listener/start');
export const StopListener = new RequestType<{ readonly listenerId: string }, void, void>('listener/stop');
export const ListenerStopped = new NotificationType<ListenerEnded>('listener/stopped');
export const ListSerialPorts = new RequestType0<readonly SerialPortRow[], void>('serial/list');

export const Translate = new RequestType<TranslateParams, TranslateResult, void>('translate');

/** Codes of ResponseError the engine answers with; `data.next` tells the next step. */
export const engineErrors = {
  templateInvalid: 4001,
  secretMissing: 4002,
  portInUse: 4003,
  notPermitted: 4004,
  hostUnknown: 4005,
  notFound: 4006,
  storage: 4007,
  targetsRefused: 4008,
  badInput: 4009,
  scanFailed: 4010,
  connectionFailed: 4011,
  meterRefuses: 4012,
} as const;
export interface EngineErrorData {
  readonly code: keyof typeof engineErrors;
  readonly next?: string;
  /** For `templateInvalid`. */
  readonly findings?: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
    readonly code: string;
  }[];
  /** For `secretMissing`. */
  readonly names?: readonly string[];
}
