/**
 * Stable codes of what keeps a fleet from starting, or from changing as asked.
 * - `port-in-use`: another program (or fleet) listens there
 * - `not-permitted`: the system does not allow this address or port
 * - `serial-port`: a serial port is not there, or its driver cannot open it
 * - `bad-listen`: a `--listen` text that is none, or one that does not fit the number of meters
 * - `too-few-descriptors`: the process may not open enough sockets
 * - `secret-missing`: keys or passwords the template refers to are not at hand
 * - `no-transport`: no meter has a transport that could be opened
 * - `bad-count`: a number of meters that is not possible
 * - `bad-time`: a simulated time or speed outside of its limits
 * - `state-unusable`: the kept state cannot be read, or another emulator uses it
 * - `template-invalid`: the templates have errors
 * - `unknown-name`: there is no meter, fleet or object of that name
 * - `meter-refuses`: a meter that cannot push, or whose button has no effect in its control mode
 */
export type EmulatorErrorCode =
  | 'port-in-use'
  | 'not-permitted'
  | 'serial-port'
  | 'bad-listen'
  | 'too-few-descriptors'
  | 'secret-missing'
  | 'no-transport'
  | 'bad-count'
  | 'bad-time'
  | 'state-unusable'
  | 'template-invalid'
  | 'unknown-name'
  | 'meter-refuses';

/** Why a fleet did not start: the message says what was found and expected, `next` what to do. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
  readonly code: EmulatorErrorCode;
  readonly next: string;
  /** Names of missing secrets. */
  readonly names: readonly string[];

  constructor(code: EmulatorErrorCode, message: string, next: string, names: readonly string[] = []) {
    super(message);
    this.code = code;
    this.next = next;
    this.names = names;
  }
}
