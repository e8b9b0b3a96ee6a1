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
}

/** Figures since the start of the instance; `sessions` is the number open now. */
export interface EmulatorFigures {
  readonly sessions: number;
  readonly requests: number;
  readonly octetsIn: number;
  readonly octetsOut: number;
  readonly errors: number;
}

/** One start of a template or fleet, with what it listens on. Plain JSON: it goes to clients as it is. */
export interface EmulatorInstance {
  readonly id: string;
  readonly path: string;
  /** Name of the meter template or fleet. */
  readonly name: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** At most 1,000; `endpointCount` has the number. */
  readonly endpoints: readonly Endpoint[];
  readonly endpointCount: number;
  readonly figures: EmulatorFigures;
}
