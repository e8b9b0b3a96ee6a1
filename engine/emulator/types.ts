import type { BehaviourStatus } from '../meter/behaviours/behaviour-switches.ts';
import type { PushFigures } from './push-figures.ts';
import type { SimulatedTime } from './simulated-clock.ts';

export type { BehaviourStatus } from '../meter/behaviours/behaviour-switches.ts';
export type { PushFigures } from './push-figures.ts';
export type { SimulatedTime, TimeChange } from './simulated-clock.ts';

/** One address at which an emulated meter listens. */
export interface Endpoint {
  readonly meter: string;
  readonly serial: string;
  readonly transport: string;
  readonly framing: 'wrapper' | 'hdlc';
  /** An address, or the path of a serial port. */
  readonly host: string;
  /** 0 for serial ports. */
  readonly port: number;
  /** Where several meters share the address: the wPort of this one, or its lower HDLC address. */
  readonly address?: number;
}

/** Figures since the start of the instance; `sessions` is the number open now. */
export interface EmulatorFigures {
  readonly sessions: number;
  readonly requests: number;
  readonly octetsIn: number;
  readonly octetsOut: number;
  /** Broken frames, connections that were refused, faults of this program. */
  readonly errors: number;
  /** Connections that were not taken: more than the transport allows, or than this process may have open. */
  readonly refused: number;
}

/** A meter that is being talked to. */
export interface MeterActivity {
  readonly meter: string;
  readonly serial: string;
  readonly requestsPerSecond: number;
  /** Since the start, and open now. */
  readonly requests: number;
  readonly sessions: number;
}

/** What an emulator is doing at the moment. Plain JSON. */
export interface EmulatorActivity {
  readonly figures: EmulatorFigures;
  readonly requestsPerSecond: number;
  /** In and out together. */
  readonly octetsPerSecond: number;
  /** The busiest meters, the busiest first. */
  readonly top: readonly MeterActivity[];
  readonly time: SimulatedTime;
  /** Absent where no meter can push. */
  readonly pushes?: PushFigures;
  /** Why the state of meters is not being kept at the moment. */
  readonly stateFailure?: string;
}

/** A client that is connected to a meter. */
export interface ConnectedClient {
  /** `127.0.0.1:40112`, or the path of a serial port. */
  readonly from: string;
  readonly transport: string;
  /** When the connection was made, milliseconds since the epoch. */
  readonly since: number;
  /** SAP of the client; absent as long as it has not said anything. */
  readonly clientSap?: number;
  readonly serverSap?: number;
  /** Name of the association it has opened. */
  readonly association?: string;
  /** The association waits for passes 3 and 4 of HLS. */
  readonly pending?: boolean;
}

/** What the button of a breaker did. */
export interface PressedButton {
  /** Name of the disconnect control. */
  readonly object: string;
  readonly controlState: 'disconnected' | 'connected' | 'ready-for-reconnection';
}

/** One meter in full. Plain JSON. */
export interface MeterDetails {
  readonly meter: string;
  readonly serial: string;
  readonly logicalDeviceName: string;
  readonly endpoints: readonly Endpoint[];
  readonly figures: EmulatorFigures;
  /** Milliseconds a client put its clock forward by. */
  readonly clockShift: number;
  /** It remembers something that was done to it. */
  readonly changed: boolean;
  readonly clients: readonly ConnectedClient[];
  /** Quirks and faults it has or could be given. */
  readonly behaviours: readonly BehaviourStatus[];
}

/** One start of a template or fleet, with what it listens on. Plain JSON: it goes to clients as it is. */
export interface EmulatorInstance {
  readonly id: string;
  readonly path: string;
  /** Name of the meter template or fleet. */
  readonly name: string;
  readonly count: number;
  /** Meters by fleet; the empty name stands for those of no fleet. */
  readonly fleets: readonly { readonly name: string; readonly count: number }[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** At most 1,000; `endpointCount` has the number. */
  readonly endpoints: readonly Endpoint[];
  readonly endpointCount: number;
  readonly figures: EmulatorFigures;
  readonly time: SimulatedTime;
}
