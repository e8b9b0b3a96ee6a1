/**
 * Stable codes of serial ports.
 * - `no-driver`: the native part of the serial driver is missing or does not fit this system
 * - `no-such-port`: the path does not exist
 * - `not-permitted`: this user may not use the port
 * - `busy`: another program has it
 * - `bad-settings`: the driver refuses speed or character format
 * - `failed`: whatever else the driver says
 * - `closed`: the port went away, for example because the adapter was unplugged
 */
export type SerialErrorCode =
  | 'no-driver'
  | 'no-such-port'
  | 'not-permitted'
  | 'busy'
  | 'bad-settings'
  | 'failed'
  | 'closed';

/** What is wrong with a serial port; `next` says what to do. */
export class SerialError extends Error {
  override readonly name = 'SerialError';
  readonly code: SerialErrorCode;
  readonly next: string;

  constructor(code: SerialErrorCode, message: string, next: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}
