/**
 * Stable codes of errors thrown by this room. Only functions whose contract asks for well-formed input throw;
 * everything that looks at text or octets from outside returns `undefined` instead.
 * - `bad-obis`: text that is no OBIS code
 * - `bad-conformance`: a name that is no conformance bit
 */
export type CosemErrorCode = 'bad-obis' | 'bad-conformance';

/** An error with a stable `code`; the message says what was found, what was expected and what to do. */
export class CosemError extends Error {
  override readonly name = 'CosemError';
  readonly code: CosemErrorCode;

  constructor(code: CosemErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
